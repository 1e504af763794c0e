// SPDX-License-Identifier: Apache-2.0

import ByteTrees

/// The payload of an absence entry: without whom its author's operator wants to go on.
package struct Absence: Equatable, Sendable {
    /// Party numbers, ascending, at least one.
    package var absent: [Int]

    package init(of absent: some Sequence<Int>) { self.absent = Set(absent).sorted() }

    private static let domain = "election authority absence 1"

    package var payload: [UInt8] {
        ByteTree.node([.string(Absence.domain), .node(absent.map { .number($0) })]).serialized
    }

    package init(payload: [UInt8]) throws(FieldError) {
        let tree: ByteTree
        do { tree = try ByteTree(serialized: payload) } catch { throw .notANode }
        var fields = try TreeFields(tree)
        try fields.domain(Absence.domain)
        absent = try fields.partyNumbers()
        try fields.finish()
    }
}

extension TreeFields {
    /// At least one party number, ascending.
    mutating func partyNumbers() throws(FieldError) -> [Int] {
        let numbers = try list(atMost: EntryLimit.partyCount) { tree throws(FieldError) in
            var one = try TreeFields(.node([tree]))
            return try one.number()
        }
        guard let first = numbers.first, first > 0, zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .value("party numbers")
        }
        return numbers
    }
}

/// Going on without somebody.
///
/// Every authority that is left says so for itself, because its operator told it to; the same about the same tally. Then one
/// of them, the leader, opens the next tally of the same votes without those who are absent. What counts are the
/// statements that the leader's request names as seen, so that every board judges it alike, whatever came when.
extension Board {
    /// What `author` said last about going on after that tally.
    ///
    /// - Parameter counts: how many entries of each author to look at.
    package func absence(by author: Int, attempt: Int, within counts: [Int]? = nil) -> [Int]? {
        let limit = counts?[author - 1] ?? .max
        let last = absences.last { entry in
            let content = entry.content
            return content.author == author && content.attempt == attempt && content.sequence < limit
        }
        return last.flatMap { try? Absence(payload: $0.content.payload) }?.absent
    }

    /// Whether all others, and at least λ, said that they go on without those.
    func isAgreed(without absent: [Int], after attempt: Int, within counts: [Int]? = nil) -> Bool {
        Roster.isEnough(of: partyCount, without: absent, threshold: threshold)
            && parties.allSatisfy {
                absent.contains($0) || absence(by: $0, attempt: attempt, within: counts) == absent
            }
    }

    /// Without whom the others agreed to go on after that tally; nil while they have not. Were there two groups that each
    /// go on without the other, that of the lowest number counts.
    package func agreedAbsence(after attempt: Int) -> [Int]? {
        for author in parties {
            guard let absent = absence(by: author, attempt: attempt) else { continue }
            if isAgreed(without: absent, after: attempt) { return absent }
        }
        return nil
    }

    /// Who asks for the next tally: the director, or if that one is absent the first of the others.
    package func leader(without absent: [Int]) -> Int {
        absent.contains(director) ? parties.first { !absent.contains($0) } ?? director : director
    }

    /// Who takes the client's requests: the director, and whoever leads the others without it.
    package var takesRequests: [Int] {
        let authors: Set = [director, opener(attempt: attempt), nextLeader]
        return authors.sorted()
    }

    /// Who may ask for another tally than the latest.
    package var nextLeader: Int { leader(without: agreedAbsence(after: attempt) ?? []) }

    /// The tally in which that one ends: itself, or a later one without those who were absent, which may yet have to be
    /// opened.
    package func conclusion(of attempt: Int) -> Int {
        var attempt = attempt
        while !isPublished(attempt: attempt), agreedAbsence(after: attempt) != nil { attempt += 1 }
        return attempt
    }
}
