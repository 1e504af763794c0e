// SPDX-License-Identifier: Apache-2.0

import ByteTrees

extension Board {
    /// Whether boards differ in that entry: its author is known to have signed two of that number, or of an earlier one.
    ///
    /// Each authority holds the one that it got first, and has named it in entries of its own. Others take those all the same, or an
    /// equivocator would keep the others from ever speaking with each other again: nothing of what it said behind the fork counts, as
    /// every tally that it takes part in fails. Two protocol entries are not two sides of one board, but two boards.
    func isForked(_ reference: EntryReference) -> Bool {
        equivocations.contains { fork in
            fork.author == reference.author && fork.sequence <= reference.sequence
                && (fork.author != director || fork.sequence > 0)
        }
    }

    /// Of each author that broke the rules of boards, what it signed: two entries of one number, or one that cannot stand here.
    package var evidence: [[Entry]] { equivocations.map { [$0.held, $0.other] } + violations.map { [$0] } }

    /// Takes ``evidence`` back that was kept elsewhere.
    ///
    /// - Returns: false if it shows nothing.
    package mutating func recall(_ entries: [Entry]) -> Bool {
        guard let author = entries.first?.content.author, parties.contains(author),
            entries.allSatisfy({ entry in
                entry.content.author == author && entry.content.election == election
                    && entry.isSigned(by: offer.parties[author - 1].signingKey)
            })
        else { return false }
        switch entries.count {
        case 1:
            // With all that its author had seen, it still cannot stand here.
            var copy = self
            guard (try? copy.append(entries[0])) == nil else { return false }
            convict(of: entries[0])
        case 2:
            guard entries[0].content.sequence == entries[1].content.sequence, entries[0].digest != entries[1].digest
            else { return false }
            convict(of: Equivocation(held: entries[0], other: entries[1]))
        default: return false
        }
        return true
    }

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
