// SPDX-License-Identifier: Apache-2.0

import ByteTrees

/// The payload of a failure entry: who, which check, which index. It stops the key generation or the tally it is about.
package struct Failure: Hashable, Sendable {
    /// Names the check, in a word or two joined by points: `ballots.digest`.
    package var check: String
    /// Party number of the authority whose doing failed the check; 0 if it is nobody's or not known whose.
    package var accused: Int
    /// Of a line, a ciphertext, a proof's element.
    package var index: Int?
    /// One line for operators: what was found and expected. No secret, no path.
    package var message: String
    /// Serialised entries that prove it to others, where there are any.
    package var evidence: [[UInt8]]

    package init(check: String, accused: Int = 0, index: Int? = nil, message: String, evidence: [[UInt8]] = []) {
        self.check = check
        self.accused = accused
        self.index = index
        // Code points, of which each has four bytes at most: a reader takes 8000.
        self.message = String(String.UnicodeScalarView(message.unicodeScalars.prefix(2000)))
        self.evidence = evidence
    }

    private static let domain = "election authority failure 1"

    /// What others wrote goes to logs and callbacks: nothing in it may move a cursor or turn the direction of writing.
    private static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            result.unicodeScalars.append(isPrintable(scalar) ? scalar : "?")
        }
        return result
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.properties.isDefaultIgnorableCodePoint else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return false
        default: return true
        }
    }

    package var payload: [UInt8] {
        let whole = payload(with: evidence)
        // Two failures in one place may be too long for a third: their author is accused all the same.
        return whole.count <= EntryLimit.payloadByteCount(.failure) ? whole : payload(with: [])
    }

    private func payload(with evidence: [[UInt8]]) -> [UInt8] {
        ByteTree.node([
            .string(Failure.domain), .string(check), .number(accused),
            .node(index.map { [.number($0)] } ?? []), .string(message), .node(evidence.map { .leaf($0) }),
        ]).serialized
    }

    package init(payload: [UInt8]) throws(FieldError) {
        let tree: ByteTree
        do { tree = try ByteTree(serialized: payload) } catch { throw .notANode }
        var fields = try TreeFields(tree)
        try fields.domain(Failure.domain)
        check = Failure.printable(try fields.text(atMost: 200))
        accused = try fields.number()
        index = try fields.list(atMost: 1) { tree throws(FieldError) in
            var one = try TreeFields(.node([tree]))
            return try one.number()
        }.first
        message = Failure.printable(try fields.text(atMost: 8000))
        evidence = try fields.list(atMost: 2) { tree throws(FieldError) in
            var one = try TreeFields(.node([tree]))
            return try one.bytes(atMost: EntryLimit.entryByteCount)
        }
        try fields.finish()
    }
}

extension Failure {
    /// An authority cannot go on with what it began.
    package static func missingSeed(of author: Int, on board: Board) -> Failure {
        Failure(
            check: "seed.missing", accused: author,
            message:
                "\(board.name(of: author)) no longer has the secrets of what it said: an older backup was restored")
    }
}

extension Board {
    /// The first failure that stops key generation (attempt 0) or that tally, and who says so.
    package func failure(attempt: Int) -> (author: Int, failure: Failure)? {
        if case .contested(let leaders) = opening(attempt: attempt) {
            let names = leaders.map { name(of: $0) }.joined(separator: " and ")
            let failure = Failure(check: "tally.leader", message: "\(names) each opened it without somebody")
            return (leaders[0], failure)
        }
        for entry in entries where entry.content.kind == .failure && entry.content.attempt == attempt {
            guard isHeard(entry.content) else { continue }
            let unreadable = Failure(check: "failure", message: "a failure without a readable reason")
            return (entry.content.author, (try? Failure(payload: entry.content.payload)) ?? unreadable)
        }
        return nil
    }

    /// Whoever published the keys, or a tally, cannot say any more that they could not be made: one word of one authority
    /// would end an election in which votes are cast. And who is absent from a tally has no say in it.
    private func isHeard(_ failure: EntryContent) -> Bool {
        if failure.attempt > 0, roster(attempt: failure.attempt).absent.contains(failure.author) { return false }
        let end = failure.attempt == 0 ? EntryKind.keyPublished : .tallyPublished
        return entry(end, attempt: failure.attempt, by: failure.author).map { $0.content.sequence > failure.sequence }
            ?? true
    }

    /// Whether nothing more happens with the key of this election.
    package var isStopped: Bool { failure(attempt: 0) != nil }
}
