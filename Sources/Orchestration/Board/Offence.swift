// SPDX-License-Identifier: Apache-2.0

import ByteTrees

extension Board {
    /// What somebody who takes part in the latest tally signed and no honest one signs, with the entries that show it to anybody.
    package var offence: Failure? {
        let absent = roster(attempt: attempt).absent
        if let evidence = equivocations.first(where: { !absent.contains($0.author) }) {
            return Failure(
                check: "board.equivocation", accused: evidence.author, index: evidence.held.content.sequence,
                message: "\(name(of: evidence.author)) signed two different entries in one place",
                evidence: [evidence.held.tree.serialized, evidence.other.tree.serialized])
        }
        guard let entry = violations.first(where: { !absent.contains($0.content.author) }) else { return nil }
        let content = entry.content
        return Failure(
            check: "board.rules", accused: content.author, index: content.sequence,
            message: "\(name(of: content.author)) signed a \(content.kind.rawValue) entry where none can stand",
            evidence: [entry.tree.serialized])
    }
}
