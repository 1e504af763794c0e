// SPDX-License-Identifier: Apache-2.0

/// What an authority says about another one in a failure entry, or about an entry of its own.
package struct Accusation: Equatable, Sendable {
    /// Who says it, and about whom: party numbers.
    package let accuser: Int
    package let accused: Int
    package let attempt: Int
    package let failure: Failure

    /// Who lied may say so before anybody else found it: that ends the checks of all, and is all that they have.
    package var isConfession: Bool { accuser == accused }
}

/// What comes of an accusation when somebody looks who trusts neither of the two.
package enum Finding: Equatable, Sendable {
    /// The accused signed what no honest authority signs.
    case proven(String)
    /// What the accused signed is as it should be.
    case refuted(String)
    /// It may be true, but nothing here shows it.
    case open(String)
}

extension Board {
    /// In the order in which they came. What an operator decided, or a disk did, accuses nobody: who says it of itself shows no entry.
    package var accusations: [Accusation] {
        entries.compactMap { entry in
            guard entry.content.kind == .failure, let failure = try? Failure(payload: entry.content.payload),
                parties.contains(failure.accused),
                failure.accused != entry.content.author || !failure.evidence.isEmpty
            else { return nil }
            return Accusation(
                accuser: entry.content.author, accused: failure.accused, attempt: entry.content.attempt,
                failure: failure)
        }
    }
}
