// SPDX-License-Identifier: Apache-2.0

import Elections
package import Foundation
import MixNets
import PublishedTallies

/// Files at rest: each is compared with the digest that stands for it on the board, and what has changed is no file any more.
extension Performer {
    package func inspect(_ context: ActionContext) throws -> Inspection {
        let board = context.board
        var inspection = Inspection()
        inspection.damagedSecrets = try context.storage.damagedSecrets()
        if board.entry(.keyPublished, by: context.me) != nil { try inspectKeys(context, &inspection) }
        let attempt = board.attempt
        guard attempt > 0, board.failure(attempt: attempt) == nil else { return inspection }
        if !board.isPublished(attempt: attempt) { try inspectFiles(attempt, context, &inspection) }
        if board.entry(.tally, attempt: attempt, by: context.me) != nil {
            try inspectTally(attempt, context, &inspection)
        }
        return inspection
    }

    private func inspectKeys(_ context: ActionContext, _ inspection: inout Inspection) throws {
        for (path, content) in try publishedKeyFiles(context) {
            if let found = try? Data(contentsOf: context.storage.published(path)), Array(found) == content { continue }
            inspection.note(path)
            try context.storage.publish(content, at: path)
        }
    }

    private func inspectFiles(_ attempt: Int, _ context: ActionContext, _ inspection: inout Inspection) throws {
        let board = context.board
        for entry in board.entries where entry.content.attempt == attempt {
            for blob in entry.content.blobs { try inspect(blob, of: entry, context, &inspection) }
        }
        if let votes = board.tallyRequest(attempt: attempt)?.votesDigest,
            try keepIntact(context.storage.blob(votes), votes, "votes", &inspection)
        {
            inspection.held.insert(votes)
        }
        for (session, digest) in (try ballots(attempt, context)?.inputs ?? []).enumerated() {
            let folder = try context.proofs(Action.Step(attempt: attempt, session: session))
            let name = ProofFileName.ciphertextList(0)
            _ = try keepIntact(folder.appending(path: name), digest, name, &inspection)
        }
    }

    /// A blob has two names: its digest and, once it was shown, its name in the proof folder. Either gives back the other.
    private func inspect(
        _ blob: BlobReference, of entry: Entry, _ context: ActionContext, _ inspection: inout Inspection
    ) throws {
        let held = context.storage.blob(blob.digest)
        var isHeld = try keepIntact(held, blob.digest, blob.name, &inspection)
        // Only names that are the author's to fill: any other would be somebody else's file.
        if let session = entry.content.session, context.board.proofFileNames(of: entry)?.contains(blob.name) == true {
            let step = Action.Step(attempt: entry.content.attempt, session: session)
            let shown = try context.proofs(step).appending(path: blob.name)
            let isShared = isHeld && held.map(shown.isSameFile) ?? false
            if !isShared, try keepIntact(shown, blob.digest, blob.name, &inspection), !isHeld {
                _ = try context.storage.adoptBlob(shown, digest: blob.digest)
                isHeld = true
                inspection.note(blob.name)
            }
        }
        if isHeld {
            inspection.held.insert(blob.digest)
        } else if entry.content.author == context.me {
            inspection.note(blob.name)
        }
    }

    private func inspectTally(_ attempt: Int, _ context: ActionContext, _ inspection: inout Inspection) throws {
        guard let digest = context.ownTallyDigest(attempt) else { return }
        let archive = try context.storage.archiveFolder(attempt: attempt).appending(path: TallyLayout.archive)
        let isArchived = try keepIntact(archive, digest, TallyLayout.archive, &inspection)
        guard context.board.entry(.tallyPublished, attempt: attempt, by: context.me) != nil else {
            inspection.lacksTally = !isArchived
            return
        }
        let published = context.storage.published(context.board.archivePath(attempt: attempt) + TallyLayout.archive)
        if isArchived, published.isSameFile(as: archive) { return try publish(archive, digest, attempt, context) }
        if try keepIntact(published, digest, TallyLayout.archive, &inspection) { return }
        if isArchived { try publish(archive, digest, attempt, context) } else { inspection.lacksTally = true }
    }

    /// Whether `file` is there with that content; if it is there with another one, it is removed.
    private func keepIntact(_ file: URL?, _ digest: Digest, _ name: String, _ inspection: inout Inspection) throws
        -> Bool
    {
        guard let file, FileManager.default.fileExists(atPath: file.path) else { return false }
        if file.holds(digest) { return true }
        try FileManager.default.removeItem(at: file)
        inspection.note(name)
        return false
    }

    package func takeTally(_ file: URL, attempt: Int, in context: ActionContext) throws {
        guard let digest = context.ownTallyDigest(attempt), file.holds(digest) else {
            throw ChangedFile(what: "what came in place of \(TallyLayout.archive)")
        }
        let archive = try context.storage.archiveFolder(attempt: attempt).appending(path: TallyLayout.archive)
        try FileManager.default.moveItem(at: file, to: archive)
        if context.board.entry(.tallyPublished, attempt: attempt, by: context.me) != nil {
            try publish(archive, digest, attempt, context)
        }
    }
}

// MARK: - Getting back what is missing

extension Performer {
    /// What this authority found in the votes file, if it has said so.
    func ballots(_ attempt: Int, _ context: ActionContext) throws -> BallotsSummary? {
        try context.board.entry(.ballots, attempt: attempt, by: context.me).map {
            try BallotsSummary(payload: $0.content.payload)
        }
    }

    /// Shows blobs whose names are gone from the proof folder, and makes the input lists again if one of them is.
    func showBlobs(of step: Action.Step, _ context: ActionContext) throws {
        let folder = try context.proofs(step)
        let (attempt, session) = (step.attempt, step.session)
        for entry in context.board.entries
        where entry.content.attempt == attempt && entry.content.session == session {
            guard let names = context.board.proofFileNames(of: entry) else { continue }
            for blob in entry.content.blobs where names.contains(blob.name) && context.storage.blob(blob.digest) != nil
            {
                guard !FileManager.default.fileExists(atPath: folder.appending(path: blob.name).path) else { continue }
                try context.storage.place(blob, in: folder)
            }
        }
        let list = folder.appending(path: ProofFileName.ciphertextList(0))
        guard let said = try ballots(attempt, context), !FileManager.default.fileExists(atPath: list.path) else {
            return
        }
        guard let order = context.board.tallyRequest(attempt: attempt),
            let votes = context.storage.blob(order.votesDigest),
            try writeInputLists(of: votes, order, attempt, context).summary == said
        else { throw ChangedFile(what: "the votes file is not the one that was reviewed") }
    }

    /// After a check of somebody's files failed: they are to blame only if what lies here is what they sent, and what it was checked
    /// against is what it was.
    func requireUnchanged(_ context: ActionContext) throws {
        if let name = try inspect(context).changed.first { throw ChangedFile(what: name) }
    }
}

extension ElectionStorage {
    /// The archive of that tally, if it is made.
    package func archive(attempt: Int) throws -> URL? {
        let file = try archiveFolder(attempt: attempt).appending(path: TallyLayout.archive)
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }
}

extension ActionContext {
    fileprivate func ownTallyDigest(_ attempt: Int) -> Digest? {
        board.entry(.tally, attempt: attempt, by: me).flatMap { Digest(bytes: $0.content.payload) }
    }
}

extension Board {
    /// The names in the proof folder that are the author's to fill with that entry.
    fileprivate func proofFileNames(of entry: Entry) -> [String]? {
        let (author, place) = (
            entry.content.author, roster(attempt: entry.content.attempt).place(of: entry.content.author)
        )
        return switch entry.content.kind {
        case .permutation: place.map(ProofFileName.permutation)
        case .shuffle: place.map(ProofFileName.shuffle)
        case .decryption: ProofFileName.decryption(author)
        default: nil
        }
    }
}

extension URL {
    /// Whether that content can be read there.
    func holds(_ digest: Digest) -> Bool { (try? Digest(ofFile: self)) == digest }

    /// Whether both are names of one file.
    fileprivate func isSameFile(as other: URL) -> Bool {
        let numbers = [self, other].map { url in
            (try? FileManager.default.attributesOfItem(atPath: url.path))?[.systemFileNumber] as? Int
        }
        return numbers[0] != nil && numbers[0] == numbers[1]
    }
}
