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
        }
        guard isAboutSession == (content.session != nil), (content.session ?? 0) < sessionCount else {
            throw .misplaced(.init(content), why: "there is no such question")
        }
        if content.kind == .tallyRequest {
            guard content.author == director else {
                throw .misplaced(.init(content), why: "only the director asks for a tally")
            }
            guard content.attempt == attempt + 1 else {
                throw .misplaced(.init(content), why: "tallies are numbered in order")
            }
        } else {
            guard isAboutTally ? (1...max(attempt, 1)).contains(content.attempt) && attempt > 0 : content.attempt == 0
            else {
                throw .misplaced(.init(content), why: "there is no such tally")
            }
        }
        if content.kind == .permutation || content.kind == .shuffle, content.author > threshold {
            throw .misplaced(.init(content), why: "that authority does not mix")
        }
    }
}
