// SPDX-License-Identifier: Apache-2.0

/// Everything that the authorities of one election said to each other, as this authority received it: append-only,
/// signed, and in an order in which each entry follows those that it names.
///
/// - Invariant: every entry is signed by the party that it names as author, the sequence numbers of an author have no
///   gap, an author said each thing once, and every named input is held with the digest that the author names, but for those
///   that are forked (``isForked(_:)``).
package struct Board: Sendable {
    package let election: String
    package let offer: ProtocolOffer
    /// 1-based party number of the author of the protocol entry.
    package let director: Int
    /// In order of arrival here, which differs between authorities.
    package private(set) var entries: [Entry]
    /// Proofs that an author signed two different entries in one place, one of each author: of the lowest number that is known.
    /// Such a board is stopped.
    package private(set) var equivocations: [Equivocation] = []
    /// Signed entries, one of an author at most, that nobody who follows the rules of a board can have made. Such a board is stopped.
    package private(set) var violations: [Entry] = []

    /// Every request for a tally, in order of arrival.
    private(set) var requests: [Request] = []
    /// Every absence entry, in order of arrival.
    private(set) var absences: [Entry] = []

    private var byAuthor: [[Int]]
    private var byPlace: [Place: Int]

    /// Two entries of one author with one sequence number, both with valid signatures.
    package struct Equivocation: Equatable, Sendable {
        package let held: Entry
        package let other: Entry
        package var author: Int { held.content.author }
        package var sequence: Int { held.content.sequence }

        package init(held: Entry, other: Entry) {
            self.held = held
            self.other = other
        }
    }

    struct Request: Sendable {
        let entry: Entry
        /// Nil if it cannot be read.
        let order: TallyOrder?
    }

    package enum Appended: Equatable, Sendable {
        case added
        /// The same entry is there already; a message that was sent twice changes nothing.
        case alreadyHeld
    }

    fileprivate struct Place: Hashable, Sendable {
        let kind: EntryKind
        let attempt: Int
        let session: Int?
        let author: Int
    }

    /// Begins with a protocol entry: number 0 of its author, signed by the key that it names for that author.
    package init(first entry: Entry) throws(BoardError) {
        let content = entry.content
        guard content.kind == .protocol, content.sequence == 0, content.attempt == 0, content.session == nil,
            content.inputs.isEmpty, content.blobs.isEmpty
        else { throw .misplaced(.init(content), why: "a board begins with a protocol entry") }
        do { offer = try ProtocolOffer(payload: content.payload) } catch { throw .payload(.init(content), error) }
        guard content.author <= offer.parties.count else { throw .unknownAuthor(content.author) }
        guard entry.isSigned(by: offer.parties[content.author - 1].signingKey) else { throw .signature(.init(content)) }
        election = content.election
        director = content.author
        entries = [entry]
        byAuthor = Array(repeating: [], count: offer.parties.count)
        byAuthor[content.author - 1] = [0]
        byPlace = [Place(kind: .protocol, attempt: 0, session: nil, author: content.author): 0]
    }

    /// Takes an entry that somebody sent. If it throws, nothing but ``equivocations`` and ``violations`` has changed.
    @discardableResult
    package mutating func append(_ entry: Entry) throws(BoardError) -> Appended {
        let content = entry.content
        guard content.election == election else { throw .otherElection(found: content.election) }
        guard content.author <= partyCount else { throw .unknownAuthor(content.author) }
        guard entry.isSigned(by: offer.parties[content.author - 1].signingKey) else { throw .signature(.init(content)) }
        if let held = self.entry(author: content.author, sequence: content.sequence) {
            if held.digest == entry.digest { return .alreadyHeld }
            convict(of: Equivocation(held: held, other: entry))
            throw .equivocation(author: content.author, sequence: content.sequence)
        }
        let next = byAuthor[content.author - 1].count
        guard content.sequence == next else {
            throw .gap(author: content.author, expected: next, found: content.sequence)
        }
        try checkInputs(of: content)
        do throws(BoardError) { try checkRules(of: content) } catch {
            // All that the author had seen is here, but for the other side of another's fork: what does not fit now never will.
            let isExcused = content.inputs.contains { $0.author != content.author && isForked($0) }
            if !isExcused { convict(of: entry) }
            throw error
        }
        byPlace[Place(content)] = entries.count
        byAuthor[content.author - 1].append(entries.count)
        entries.append(entry)
        if content.kind == .tallyRequest {
            requests.append(Request(entry: entry, order: try? TallyOrder(payload: content.payload)))
        }
        if content.kind == .absence { absences.append(entry) }
        return .added
    }

    mutating func convict(of evidence: Equivocation) {
        guard let known = equivocations.firstIndex(where: { $0.author == evidence.author }) else {
            return equivocations.append(evidence)
        }
        if evidence.sequence < equivocations[known].sequence { equivocations[known] = evidence }
    }

    mutating func convict(of violation: Entry) {
        let author = violation.content.author
        if !violations.contains(where: { $0.content.author == author }) { violations.append(violation) }
    }

    private func checkInputs(of content: EntryContent) throws(BoardError) {
        for input in content.inputs {
            guard (1...partyCount).contains(input.author) else { throw .unknownAuthor(input.author) }
            if isForked(input) { continue }
            guard let held = entry(author: input.author, sequence: input.sequence) else { throw .missingInput(input) }
            guard held.digest == input.digest else {
                throw .differentInput(by: content.author, input, held: held.digest)
            }
        }
    }

    private func checkRules(of content: EntryContent) throws(BoardError) {
        guard
            content.sequence == 0
                || content.inputs.contains(where: { $0.author == content.author && $0.sequence == content.sequence - 1 }
                ),
            content.inputs.contains(where: { $0.author == director })
        else { throw .misplaced(.init(content), why: "it does not name the entries before it") }
        try checkPlace(of: content)
        // Who went on without one may have to go on without another as well.
        guard byPlace[Place(content)] == nil || content.kind == .absence else {
            throw .misplaced(.init(content), why: "the author said this before")
        }
    }
}

extension Board {
    package var partyCount: Int { offer.parties.count }
    package var threshold: Int { offer.threshold }
    package var sessionCount: Int { offer.sessions.count }
    package var parties: ClosedRange<Int> { 1...partyCount }

    package func name(of author: Int) -> String {
        parties.contains(author) ? offer.parties[author - 1].name : "authority \(author)"
    }

    package func entry(author: Int, sequence: Int) -> Entry? {
        guard parties.contains(author), byAuthor[author - 1].indices.contains(sequence) else { return nil }
        return entries[byAuthor[author - 1][sequence]]
    }

    package func entry(_ kind: EntryKind, attempt: Int = 0, session: Int? = nil, by author: Int) -> Entry? {
        byPlace[Place(kind: kind, attempt: attempt, session: session, author: author)].map { entries[$0] }
    }

    /// One entry of that kind by each of `authors`, in their order, or nil while one is missing.
    package func all(
        _ kind: EntryKind, attempt: Int = 0, session: Int? = nil, by authors: some Collection<Int>
    ) -> [Entry]? {
        let found = authors.compactMap { entry(kind, attempt: attempt, session: session, by: $0) }
        return found.count == authors.count ? found : nil
    }

    /// How many entries are held of each author, in order of party number.
    package var counts: [Int] { byAuthor.map(\.count) }

    /// The last entry of every author that said something.
    package var heads: [EntryReference] { byAuthor.compactMap { $0.last.map { entries[$0].reference } } }

    /// In the order of arrival, those entries that somebody lacks who holds `counts` of each author.
    package func entries(beyond counts: [Int]) -> [Entry] {
        entries.filter { entry in
            let author = entry.content.author
            return author > counts.count || entry.content.sequence >= counts[author - 1]
        }
    }

    /// The latest tally's number; 0 before the first.
    package var attempt: Int { attempt(within: counts) }

    /// The latest tally that those entries show.
    ///
    /// - Parameter counts: how many entries of each author to look at.
    func attempt(within counts: [Int]) -> Int {
        requests.lazy.map(\.entry.content).filter { $0.sequence < counts[$0.author - 1] }.map(\.attempt).max() ?? 0
    }

    /// How many entries of each author an entry shows that its own author had seen.
    func counts(namedBy content: EntryContent) -> [Int] {
        var counts = Array(repeating: 0, count: partyCount)
        for input in content.inputs { counts[input.author - 1] = max(counts[input.author - 1], input.sequence + 1) }
        return counts
    }

    /// An entry of mine that names all that I hold.
    package func draft(
        _ kind: EntryKind, attempt: Int = 0, session: Int? = nil, by author: Int, blobs: [BlobReference] = [],
        payload: [UInt8] = []
    ) -> EntryContent {
        EntryContent(
            election: election, session: session, attempt: attempt, kind: kind, author: author,
            sequence: byAuthor[author - 1].count, inputs: heads, blobs: blobs, payload: payload)
    }
}

extension Board.Place {
    init(_ content: EntryContent) {
        self.init(kind: content.kind, attempt: content.attempt, session: content.session, author: content.author)
    }
}
