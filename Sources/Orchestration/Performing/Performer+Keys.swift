// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import Elections
import ElGamal
import GroupArithmetic
import PublishedTallies
import StrictJSON

/// Key generation: hash, open, deal, check, publish. Each entry holds one part for every question, in order.
extension Performer {
    func countersign(_ context: ActionContext) throws -> Performed {
        if let failure = ProtocolReview.failure(of: context.board, known: context.knownParties) { throw Stop(failure) }
        return .post(context.board.draft(.countersignature, by: context.me))
    }

    func hashKeys(_ context: ActionContext) throws -> Performed {
        let digests = try dealings(context) { dealing, _ in ByteTree.leaf(dealing.openingDigest) }
        return .post(context.board.draft(.keyHash, by: context.me, payload: ByteTree.node(digests).serialized))
    }

    func openKeys(_ context: ActionContext) throws -> Performed {
        let openings = try dealings(context) { dealing, _ in dealing.opening }
        return .post(context.board.draft(.keyCommitments, by: context.me, payload: ByteTree.node(openings).serialized))
    }

    func dealShares(_ context: ActionContext) throws -> Performed {
        let openings = try verifiedOpenings(context)
        let shares = try dealings(context) { dealing, session in dealing.encryptedShares(for: openings[session]) }
        return .post(context.board.draft(.keyShares, by: context.me, payload: ByteTree.node(shares).serialized))
    }

    /// Checks what the others dealt, keeps the shares, and says what the keys are.
    func computeKeys(_ context: ActionContext) throws -> Performed {
        let board = context.board
        let openings = try verifiedOpenings(context)
        var messages: [Int: [ByteTree]] = [:]
        for author in board.parties where author != context.me {
            messages[author] = try parts(of: .keyShares, by: author, check: "keyShares.form", context)
        }
        _ = try dealings(context) { dealing, session -> ByteTree in
            do {
                let share = try dealing.receive(messages.mapValues { $0[session] }, openings: openings[session])
                try context.storage.storeShare(share.bytes, session: context.sessionID(session))
            } catch let error as KeySharingError {
                throw Performer.stop(error, session: session, context)
            }
            return .leaf([])
        }
        let sessions = try openings.enumerated().map { session, openings in
            guard let keys = JointPublicKey(openings.map(\.publicKey)) else {
                throw Stop(Failure(check: "publicKey.identity", index: session, message: "the joint key is 1"))
            }
            return keys
        }
        return .post(board.draft(.publicKey, by: context.me, payload: ElectionKeys(sessions: sessions).payload))
    }

    /// Publishes the keys on which all agree. The dealing's seed has done its work then.
    func publishKeys(_ context: ActionContext) throws -> Performed {
        for (path, content) in try publishedKeyFiles(context) { try context.storage.publish(content, at: path) }
        for session in context.board.offer.sessions {
            try context.storage.wipeSeed(Performer.dealingSeed, session: session.id)
        }
        return .post(context.board.draft(.keyPublished, by: context.me))
    }

    /// What is published of the keys, by path.
    func publishedKeyFiles(_ context: ActionContext) throws -> [(path: String, content: [UInt8])] {
        try zip(context.board.offer.sessions, keys(context).sessions).flatMap { session, keys in
            [
                ("\(session.id)/\(TallyLayout.protocolInfo)", session.protocolInfo),
                ("\(session.id)/publicKey_json", PublishedKey(keys.key).json.compactBytes),
            ]
        }
    }

    /// The keys as this authority computed them itself.
    func keys(_ context: ActionContext) throws -> ElectionKeys {
        guard let entry = context.board.entry(.publicKey, by: context.me) else {
            throw Stop(Failure(check: "publicKey.missing", message: "there are no keys yet"))
        }
        let groups = try context.board.offer.sessions.indices.map { try context.info($0).group }
        return try ElectionKeys(payload: entry.content.payload, groups: groups)
    }
}

extension Performer {
    package static let dealingSeed = "dealing"

    static func sharing(_ session: Int, on board: Board) throws -> KeySharing {
        let info = try ProtocolInfo(parsing: board.offer.sessions[session].protocolInfo)
        return KeySharing(
            group: info.group, trusteeCount: board.partyCount, threshold: board.threshold, session: info.sessionID,
            prefix: info.prefix)
    }

    /// An author's part about one question.
    static func part(of kind: EntryKind, by author: Int, _ session: Int, on board: Board) -> ByteTree? {
        guard let entry = board.entry(kind, by: author),
            case .node(let parts)? = try? ByteTree(serialized: entry.content.payload),
            parts.count == board.sessionCount
        else { return nil }
        return parts[session]
    }

    /// An authority's commitments, as they stand on the board.
    static func opening(of party: Int, _ session: Int, on board: Board) throws -> VerifiedKeyOpening {
        guard let opening = part(of: .keyCommitments, by: party, session, on: board),
            case .leaf(let digest)? = part(of: .keyHash, by: party, session, on: board)
        else { throw KeySharingError.malformedOpening(dealer: party) }
        return try VerifiedKeyOpening(
            opening, announced: digest, dealer: party, sharing: try sharing(session, on: board))
    }

    /// What this authority's dealing gives for each question.
    private func dealings(
        _ context: ActionContext, _ body: (borrowing KeyDealing, Int) throws -> ByteTree
    ) throws -> [ByteTree] {
        var trees: [ByteTree] = []
        for session in context.board.offer.sessions.indices {
            let isFirst = context.board.entry(.keyHash, by: context.me) == nil
            let seed = try context.seed(Performer.dealingSeed, session: session, isFirst: isFirst)
            let dealing = KeyDealing(try Performer.sharing(session, on: context.board), index: context.me, seed: seed)
            trees.append(try body(dealing, session))
        }
        return trees
    }

    /// The parts of an author's entry, one for each question.
    private func parts(of kind: EntryKind, by author: Int, check: String, _ context: ActionContext) throws -> [ByteTree]
    {
        let parts = context.board.offer.sessions.indices.compactMap {
            Performer.part(of: kind, by: author, $0, on: context.board)
        }
        guard parts.count == context.board.sessionCount
        else {
            throw Stop(Failure(check: check, accused: author, message: "the entry has not one part for each question"))
        }
        return parts
    }

    /// All openings, checked against the digests that were there before anybody opened. For each question, in order of dealer.
    private func verifiedOpenings(_ context: ActionContext) throws -> [[VerifiedKeyOpening]] {
        var openings = Array(repeating: [VerifiedKeyOpening](), count: context.board.sessionCount)
        for author in context.board.parties {
            let digests = try parts(of: .keyHash, by: author, check: "keyHash.form", context)
            let opened = try parts(of: .keyCommitments, by: author, check: "keyCommitments.form", context)
            for session in openings.indices {
                guard case .leaf(let digest) = digests[session] else {
                    throw Stop(
                        Failure(
                            check: "keyHash.form", accused: author, index: session, message: "a digest was expected"))
                }
                let sharing = try Performer.sharing(session, on: context.board)
                do throws(KeySharingError) {
                    openings[session].append(
                        try VerifiedKeyOpening(opened[session], announced: digest, dealer: author, sharing: sharing))
                } catch { throw Performer.stop(error, session: session, context) }
            }
        }
        return openings
    }

    private static func stop(_ error: KeySharingError, session: Int, _ context: ActionContext) -> Stop {
        let check =
            switch error {
            case .openingDiffersFromDigest: "keyCommitments.digest"
            case .malformedOpening: "keyCommitments.form"
            case .noPossession: "keyCommitments.possession"
            case .malformedShares: "keyShares.form"
            case .wrongShare: "keyShares.share"
            }
        var evidence: [[UInt8]] = []
        if case .wrongShare(let complaint) = error { evidence = [complaint.byteTree.serialized] }
        return Stop(
            Failure(
                check: check, accused: error.dealer, index: session,
                message: "\(context.board.name(of: error.dealer)): \(error)", evidence: evidence))
    }
}
