// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import Orchestration

extension Authority {
    /// Ends the tallies whose end the operator ordered. An order stands until it shows on the board that the tally is over.
    func takeResets() {
        do {
            for reset in try database.openResets() {
                guard let number = reset.number else { continue }
                if let live = elections[reset.election], live.isTallyUnderWay(reset.attempt) {
                    fail(
                        reset.election, attempt: reset.attempt, .reset(at: peers.ownName, reason: reset.reason))
                    // Where it may not say anything yet, it does so later.
                    guard elections[reset.election]?.isTallyUnderWay(reset.attempt) == false else { continue }
                }
                try database.closeReset(number, at: Date.now.ISO8601Format())
            }
        } catch {
            log.error("cannot read the operator's orders: \(error)")
        }
    }
}

extension LiveElection {
    func isTallyUnderWay(_ attempt: Int) -> Bool { board.isTallyUnderWay && board.attempt == attempt }
}
