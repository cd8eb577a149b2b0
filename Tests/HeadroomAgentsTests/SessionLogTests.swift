import Headroom
import HeadroomAgents
import Testing
import TestSupport
