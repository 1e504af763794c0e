// SPDX-License-Identifier: Apache-2.0

@testable import AuthorityServer
import Orchestration
import Testing

@Suite("How often a client may ask")
struct RequestAllowanceTests {
    @Test("so often at once, then as time fills it up again, and no client takes from another")
    func fills() {
        let allowance = RequestAllowance(atOnce: 3, perSecond: 2)
        let (one, other) = (Digest(of: [1]), Digest(of: [2]))
        let start = ContinuousClock.now
        for _ in 0..<3 { #expect(allowance.takes(one, now: start)) }
        #expect(!allowance.takes(one, now: start))
        #expect(allowance.takes(other, now: start))
        #expect(!allowance.takes(one, now: start + .milliseconds(400)))
        #expect(allowance.takes(one, now: start + .milliseconds(600)))
        #expect(!allowance.takes(one, now: start + .milliseconds(700)))
        let later = start + .seconds(3600)
        for _ in 0..<3 { #expect(allowance.takes(one, now: later)) }
        #expect(!allowance.takes(one, now: later))
    }
}
