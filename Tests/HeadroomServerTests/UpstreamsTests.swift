import HeadroomServer
import Testing

@Suite struct UpstreamsTests {
  @Test func theProvidersOwnAddressesAreTheDefault() {
    #expect(Upstreams().anthropic == "https://api.anthropic.com")
  }
}
