// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Foundation
import Elections
import MixNets
import OperatorErrors
import PublishedTallies

/// The end of a tally: the archive that everybody builds, verifies and publishes by itself.
extension Performer {
    func buildTally(_ attempt: Int, _ context: ActionContext) throws -> Performed {
        let board = context.board
        guard let order = board.tallyRequest(attempt: attempt), let votes = context.storage.blob(order.votesDigest)
        else {
            throw Stop(Failure(check: "votes.missing", message: "the votes file is not here"))
        }
        var sessions: [TallyAssembly.Session] = []
        for session in board.offer.sessions.indices {
            sessions.append(try finish(Action.Step(attempt: attempt, session: session), context))
        }
        let folder = try context.storage.archiveFolder(attempt: attempt)
        let assembly = TallyAssembly(
            questions: try context.request().questionsFile, votes: votes.path, sessions: sessions)
        let bytes = try assembly.write(into: folder.path)
        try verify(folder.appending(path: TallyLayout.archive), keys: sessions.map { PublishedKey($0.key).digest })
        forget(attempt, context)
        return .post(board.draft(.tally, attempt: attempt, by: context.me, payload: bytes))
    }

    /// Decrypts: divides by everybody's factors, one's own proof checked like the others'.
    private func finish(_ step: Action.Step, _ context: ActionContext) throws -> TallyAssembly.Session {
        var progress = try progress(step, context)
        let list = try list(after: context.board.threshold, &progress, context)
        if progress.decryptions[context.me] == nil {
            progress.decryptions[context.me] = try progress.mixing.verifyDecryption(of: context.me, list)
        }
        let decryptions = context.board.parties.compactMap { progress.decryptions[$0] }
        guard decryptions.count == context.board.partyCount else {
            throw Stop(
                Failure(check: "decryption.missing", accused: context.me, message: "not all decryptions were verified"))
        }
        let plaintexts = try progress.mixing.writePlaintexts(list, decryptions: decryptions)
        return TallyAssembly.Session(
            info: try context.info(step.session), key: progress.mixing.keys.key, plaintexts: plaintexts,
            proofs: try context.proofs(step).path)
    }

    /// What is about to be published must stand the verification that anybody can make.
    private func verify(_ archive: URL, keys: [[UInt8]]) throws {
        let options = VerificationOptions(skipsRecount: true, expectedKeys: keys)
        let report = try PublishedArchive(path: archive.path, scratch: archive.deletingLastPathComponent().path).verify(
            options: options)
        guard !report.isAccepted else { return }
        let check = report.failures.first
        throw Stop(
            Failure(
                check: "tally.\(check?.name.rawValue ?? "verification")", accused: check?.party ?? 0,
                index: check?.index,
                message: "the archive does not verify: \(check?.failure ?? "nothing was checked")"))
    }

    /// Publishes the archive on which all agree. Everything secret about the election has done its work then.
    func publishTally(_ attempt: Int, _ context: ActionContext) throws -> Performed {
        let folder = try context.storage.archiveFolder(attempt: attempt)
        for name in [TallyLayout.archive, TallyLayout.archiveDigest] {
            try context.storage.publish(file: folder.appending(path: name), at: name)
        }
        try context.storage.wipeSecrets()
        return .post(context.board.draft(.tallyPublished, attempt: attempt, by: context.me))
    }
}
