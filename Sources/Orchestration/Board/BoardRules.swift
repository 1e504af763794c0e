// SPDX-License-Identifier: Apache-2.0

/// Where each kind of entry may stand.
extension Board {
    func checkPlace(of content: EntryContent) throws(BoardError) {
        let isAboutSession: Bool
        let isAboutTally: Bool
        switch content.kind {
        case .protocol: throw .misplaced(.init(content), why: "a board has one protocol entry")
        case .countersignature, .keyHash, .keyCommitments, .keyShares, .publicKey, .keyPublished:
            (isAboutSession, isAboutTally) = (false, false)
        case .tallyRequest, .ballots, .tally, .tallyPublished: (isAboutSession, isAboutTally) = (false, true)
        case .permutation, .shuffle, .verified, .decryption: (isAboutSession, isAboutTally) = (true, true)
        case .failure:
            guard content.session == nil, content.attempt <= attempt else {
                throw .misplaced(.init(content), why: "there is no such tally")
            }
            return
        case .absence: return try checkAbsence(content)
        }
        guard isAboutSession == (content.session != nil), (content.session ?? 0) < sessionCount else {
            throw .misplaced(.init(content), why: "there is no such question")
        }
        if content.kind == .tallyRequest { return try checkRequest(content) }
        guard isAboutTally ? (1...max(attempt, 1)).contains(content.attempt) && attempt > 0 : content.attempt == 0
        else {
            throw .misplaced(.init(content), why: "there is no such tally")
        }
    }

    /// What is judged by is what the author had seen, so that every board judges alike.
    private func checkRequest(_ content: EntryContent) throws(BoardError) {
        let seen = counts(namedBy: content)
        let absent = (try? TallyOrder(payload: content.payload))?.absent ?? []
        guard content.author == leader(without: absent) else {
            throw .misplaced(.init(content), why: "only the director asks for a tally")
        }
        guard content.attempt == attempt(within: seen) + 1 else {
            throw .misplaced(.init(content), why: "tallies are numbered in order")
        }
        guard absent.isEmpty || isAgreed(without: absent, after: content.attempt - 1, within: seen) else {
            throw .misplaced(.init(content), why: "the others did not agree to go on without somebody")
        }
    }

    /// An author may change its mind that often about one tally.
    private static let absenceLimit = 16

    private func checkAbsence(_ content: EntryContent) throws(BoardError) {
        let absence: Absence
        do { absence = try Absence(payload: content.payload) } catch { throw .payload(.init(content), error) }
        guard content.session == nil, content.blobs.isEmpty,
            content.attempt == attempt(within: counts(namedBy: content)),
            entry(.keyPublished, by: content.author) != nil
        else { throw .misplaced(.init(content), why: "it is not about the latest tally") }
        guard !absence.absent.contains(content.author), absence.absent.allSatisfy(parties.contains),
            Roster.isEnough(of: partyCount, without: absence.absent, threshold: threshold)
        else { throw .misplaced(.init(content), why: "nobody can go on without those") }
        let said = absences.count {
            $0.content.author == content.author && $0.content.attempt == content.attempt
        }
        guard said < Board.absenceLimit else {
            throw .misplaced(.init(content), why: "the author said this too often")
        }
    }
}
