// SPDX-License-Identifier: Apache-2.0

import ByteTrees

extension Board {
    /// What an author signed that no honest one signs, with the entries that show it to anybody; nil if there is nothing.
    package var offence: Failure? {
        if let evidence = equivocations.first {
            return Failure(
                check: "board.equivocation", accused: evidence.author, index: evidence.held.content.sequence,
                message: "\(name(of: evidence.author)) signed two different entries in one place",
                evidence: [evidence.held.tree.serialized, evidence.other.tree.serialized])
        }
        guard let entry = violations.first else { return nil }
        let content = entry.content
        return Failure(
            check: "board.rules", accused: content.author, index: content.sequence,
            message: "\(name(of: content.author)) signed a \(content.kind.rawValue) entry where none can stand",
            evidence: [entry.tree.serialized])
    }
}
