// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import MixNets
import OperatorErrors
import PublishedTallies

/// The end of a tally: the archive that everybody builds, compares with what was verified, and publishes by itself.
///
/// Nothing is verified twice. Others' proofs were verified when they came, and the archive must hold the very bytes, by the
/// digests that stand on the board. What this authority made itself is what the others verified: all of them signed
/// `verified` entries that name its shuffle, and sign `tally` entries only when its decryption holds for them as well.
/// What everybody computes alone (keys, plaintexts, the archive) is compared through the archive's digest: nothing is
/// published before all signed the same.
extension Performer {
    func buildTally(_ attempt: Int, _ context: ActionContext) throws -> Performed {
        let board = context.board
        guard let order = board.tallyRequest(attempt: attempt), let votes = context.storage.blob(order.votesDigest)
        else {
            throw ChangedFile(what: "the votes file is gone")
        }
        var sessions: [TallyAssembly.Session] = []
        for session in board.offer.sessions.indices {
            sessions.append(try finish(Action.Step(attempt: attempt, session: session), context))
        }
        let assembly = TallyAssembly(
            questions: try context.request().questionsFile, votes: votes.path, votesDigest: order.votesDigest.bytes,
            sessions: sessions)
        let digest = try write(assembly, attempt, context)
        forget(attempt, context)
        return .post(board.draft(.tally, attempt: attempt, by: context.me, payload: digest))
    }

    private func write(_ assembly: TallyAssembly, _ attempt: Int, _ context: ActionContext) throws -> [UInt8] {
        let tally = try assembly.write(into: context.storage.archiveFolder(attempt: attempt).path)
        context.report(
            "archive compressed",
            [
                "cpu_milliseconds": Int(tally.compressionSeconds * 1000),
                "unpacked_bytes": tally.unpackedByteCount, "bytes": tally.byteCount,
            ])
        return tally.digest
    }

    /// Decrypts: divides by everybody's factors, one's own checked like the others'. That costs two short powers a
    /// ciphertext, and keeps what a fault of this host made of a secret key out of the plaintexts.
    private func finish(_ step: Action.Step, _ context: ActionContext) throws -> TallyAssembly.Session {
        try showBlobs(of: step, context)
        var progress = try progress(step, context)
        let list = try list(after: context.board.threshold, &progress, context)
        if progress.decryptions[context.me] == nil {
            progress.decryptions[context.me] = try progress.mixing.verifyDecryption(of: context.me, list)
            try checkReleased(entry(.decryption, step, by: context.me, context), step, progress.mixing, context)
        }
        let present = context.board.roster(attempt: step.attempt).present
        let decryptions = present.compactMap { progress.decryptions[$0] }
        guard decryptions.count == present.count else {
            throw Stop(
                Failure(check: "decryption.missing", accused: context.me, message: "not all decryptions were verified"))
        }
        let opened = try openAbsentKeys(list, step, progress.mixing, context)
        let (plaintexts, file) = try progress.mixing.writePlaintexts(
            list, decryptions: decryptions + opened.map(\.decryption))
        return TallyAssembly.Session(
            info: try context.info(step.session), key: progress.mixing.keys.key, plaintexts: plaintexts,
            proofs: try verifiedProofs(step, progress.mixing, ownFiles: [file] + opened.map(\.file), context))
    }

    /// The proof files of a question with the digests of what was verified of them.
    private func verifiedProofs(
        _ step: Action.Step, _ mixing: Mixing, ownFiles: [WrittenProofFile], _ context: ActionContext
    ) throws -> VerifiedProofs {
        let board = context.board
        let roster = board.roster(attempt: step.attempt)
        var digests: [String: [UInt8]] = [:]
        for (kind, authors) in [
            (EntryKind.permutation, roster.mixers), (.shuffle, roster.mixers), (.decryption, roster.present),
        ] {
            for author in authors {
                let entry = board.entry(kind, attempt: step.attempt, session: step.session, by: author)
                for blob in entry?.content.blobs ?? [] { digests[blob.name] = blob.digest.bytes }
            }
        }
        if let entry = board.entry(.ballots, attempt: step.attempt, by: context.me) {
            let summary = try BallotsSummary(payload: entry.content.payload)
            digests[ProofFileName.ciphertextList(0)] = summary.inputs[step.session].bytes
        }
        // Small, and made anew from the keys on which all agreed.
        for file in try mixing.keys.write(to: mixing.folder) + ownFiles { digests[file.name] = file.digest }
        return try VerifiedProofs(
            folder: context.proofs(step).path, digests: digests, of: context.info(step.session),
            recovered: roster.absent)
    }

    /// Publishes the archive on which all agree. Everything secret about the election has done its work then, but for the key's
    /// shares if the operator keeps them for further ballots.
    func publishTally(_ attempt: Int, _ context: ActionContext) throws -> Performed {
        guard let digest = context.board.tallyDigest(attempt: attempt) else {
            throw Stop(Failure(check: "tally.missing", message: "there is no tally yet"))
        }
        let archive = try context.storage.archiveFolder(attempt: attempt).appending(path: TallyLayout.archive)
        guard archive.holds(digest) else { throw ChangedFile(what: TallyLayout.archive) }
        try publish(archive, digest, attempt, context)
        if keepsShares {
            for session in context.board.offer.sessions {
                try context.storage.wipeSeed(Performer.mixingSeed(attempt: attempt), session: session.id)
            }
        } else {
            try context.storage.wipeSecrets()
        }
        return .post(context.board.draft(.tallyPublished, attempt: attempt, by: context.me))
    }

    /// Opens the next tally, without those whom all agreed to leave out.
    func goOn(_ attempt: Int, _ context: ActionContext) throws -> Performed {
        let board = context.board
        guard let absent = board.agreedAbsence(after: attempt - 1),
            var order = board.latestOrder
        else { throw Stop(Failure(check: "tally.absence", message: "nothing was agreed on")) }
        order.absent = absent
        return .post(board.draft(.tallyRequest, attempt: attempt, by: context.me, payload: order.payload))
    }

    func publish(_ archive: URL, _ digest: Digest, _ attempt: Int, _ context: ActionContext) throws {
        let folder = context.board.archivePath(attempt: attempt)
        try context.storage.publish(file: archive, at: folder + TallyLayout.archive)
        try context.storage.publish(
            Array(DigestURI.base64(of: digest.bytes).utf8), at: folder + TallyLayout.archiveDigest)
    }
}
