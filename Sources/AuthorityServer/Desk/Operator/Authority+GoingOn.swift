// SPDX-License-Identifier: Apache-2.0

import AuthorityStore
import Foundation
import Logging
import Orchestration

/// Going on without an authority that is gone: never by itself, only when the operator said so (AUTOACCEPT_REQUESTS is
/// no such word). eotasks, another process, leaves it in the database.
extension Authority {
    func takeAbsences() {
        do {
            for record in try database.waitingAbsences() {
                guard let number = record.number else { continue }
                // Whoever is gone need not be heard either; whoever is not comes first.
                excuse(Set(record.hostNames), on: record.election)
                guard elections[record.election]?.facts.unheard.isEmpty ?? true else { continue }
                let isSaid = say(record)
                try database.setAbsence(number, state: isSaid ? .said : .over)
            }
        } catch {
            log.error("cannot read what the operator said about absent authorities: \(error)")
        }
    }

    private func say(_ record: AbsenceRecord) -> Bool {
        let log = log(record.election, step: "absence")
        guard let live = elections[record.election], live.board.attempt == record.attempt else {
            log.error("the operator went on without \(record.hosts), but another tally was asked for meanwhile")
            return false
        }
        do {
            let absence = try live.board.absence(of: record.hostNames, as: live.me)
            guard live.board.absence(by: live.me, attempt: record.attempt) != absence.absent else { return true }
            log.notice("the operator goes on without \(record.hosts)")
            post(live.board.draft(.absence, attempt: record.attempt, by: live.me, payload: absence.payload))
            return elections[record.election]?.board.absence(by: live.me, attempt: record.attempt) == absence.absent
        } catch {
            log.error("cannot go on without \(record.hosts): \(error.message)")
            return false
        }
    }
}
