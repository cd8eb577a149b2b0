import Headroom
import HeadroomAgents
import TestSupport
import Testing
