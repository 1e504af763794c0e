// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import MixNets
import PublishedTallies

/// Accusations about permutations, shuffles and decryptions: the check is made again, on the files that the accused named.
extension Evidence {
    /// More ballots than any election has.
    private static let ballotLimit = 1 << 32

    /// Judged by what the accused itself said about keys and ballots: for an honest one that is the truth.
    func files(of entry: Entry) -> Finding {
        let (author, attempt) = (entry.content.author, entry.content.attempt)
        // Who mixes at which place follows from the request: with two of them nobody can be held to one.
        guard board.requests.count(where: { $0.entry.content.attempt == attempt }) <= 1 else {
            return .open("more than one request opened that tally")
        }
        guard let count = board.ballotCount(attempt: attempt, by: author), (1...Evidence.ballotLimit).contains(count)
        else { return .open("it has reviewed no ballots") }
        if let failure = board.failure(ofFilesIn: entry, count: count) { return .proven(failure.message) }
        if entry.content.kind == .permutation, board.isCopied(entry) {
            return .proven("its permutation commitment is a copy of an earlier one")
        }
        guard let wanted = board.files(toJudge: entry) else { return .open("nothing can be computed of such an entry") }
        do {
            let folder = FileManager.default.temporaryDirectory.appending(path: "evidence-\(UUID().uuidString)")
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            defer { try? FileManager.default.removeItem(at: folder) }
            for (name, digest) in wanted {
                guard let file = file(digest) else { return .open("\(name) is not in the evidence") }
                try FileManager.default.createSymbolicLink(at: folder.appending(path: name), withDestinationURL: file)
            }
            // The memory that a check takes goes by the lengths that the entry announces.
            for blob in entry.content.blobs where size(of: blob.digest) != blob.byteCount {
                return .open("\(blob.name) has not the announced length")
            }
            let mixing = try mixing(for: entry, count: count, in: folder)
            return repeatCheck(of: entry, mixing)
        } catch {
            return .open("it cannot be computed: \(error)")
        }
    }

    private func mixing(for entry: Entry, count: Int, in folder: URL) throws -> Mixing {
        let infos = try board.offer.sessions.map { try ProtocolInfo(parsing: $0.protocolInfo) }
        guard let keys = board.entry(.publicKey, by: entry.content.author), let session = entry.content.session else {
            throw FieldError.missing
        }
        let sessions = try ElectionKeys(payload: keys.content.payload, groups: infos.map(\.group)).sessions
        let parameters = MixNetParameters(infos[session])
        guard parameters.partyCount == board.partyCount, parameters.threshold == board.threshold,
            sessions[session].trustees.count == parameters.partyCount
        else { throw FieldError.missing }
        return Mixing(parameters: parameters, keys: sessions[session], count: count, folder: ProofFolder(folder))
    }

    private func repeatCheck(of entry: Entry, _ mixing: Mixing) -> Finding {
        let author = entry.content.author
        let place = board.roster(attempt: entry.content.attempt).place(of: author) ?? 0
        do throws(MixNetError) {
            switch entry.content.kind {
            case .permutation: _ = try mixing.verifyPermutation(of: place)
            case .shuffle:
                let input = try mixing.list(after: place - 1)
                let permutation = try mixing.verifyPermutation(of: place)
                _ = try mixing.verifyShuffle(of: place, input: input, permutation: permutation)
            default: _ = try mixing.verifyDecryption(of: author, mixing.list(after: board.threshold))
            }
            return .refuted("the proof holds")
        } catch {
            switch error {
            case .failed: return .proven(error.message)
            case .malformed(let file, _) where entry.content.blobs.contains { $0.name == file }:
                return .proven(error.message)
            default: return .open(error.message)
            }
        }
    }
}

extension Board {
    /// Whether a permutation commitment is, byte for byte, that of an earlier mixer.
    func isCopied(_ entry: Entry) -> Bool {
        let content = entry.content
        let roster = roster(attempt: content.attempt)
        guard let place = roster.place(of: content.author) else { return false }
        let commitment = { (place: Int) -> Digest? in
            let author = roster.mixers[place - 1]
            return self.entry(.permutation, attempt: content.attempt, session: content.session, by: author)?
                .content.blobs.first { $0.name == ProofFileName.permutationCommitment(place) }?.digest
        }
        return (1..<place).contains { commitment($0) != nil && commitment($0) == commitment(place) }
    }

    /// The files that it takes to check an entry, by name; nil if it is none that comes with a proof, or the board lacks something.
    package func files(toJudge entry: Entry) -> [String: Digest]? {
        let content = entry.content
        guard let session = content.session else { return nil }
        var files: [String: Digest] = [:]
        let add = { (entry: Entry?) in
            for blob in entry?.content.blobs ?? [] { files[blob.name] = blob.digest }
        }
        let roster = roster(attempt: content.attempt)
        let list = { (place: Int) -> Bool in
            let name = ProofFileName.ciphertextList(place)
            if place == 0 {
                let summary = self.entry(.ballots, attempt: content.attempt, by: content.author)
                    .flatMap { try? BallotsSummary(payload: $0.content.payload) }
                guard let inputs = summary?.inputs, inputs.indices.contains(session) else { return false }
                files[name] = inputs[session]
                return true
            }
            let shuffle = self.entry(.shuffle, attempt: content.attempt, session: session, by: roster.mixers[place - 1])
            files[name] = shuffle?.content.blobs.first { $0.name == name }?.digest
            return files[name] != nil
        }
        switch content.kind {
        case .permutation: add(entry)
        case .shuffle:
            guard let place = roster.place(of: content.author), list(place - 1) else { return nil }
            add(self.entry(.permutation, attempt: content.attempt, session: session, by: content.author))
            add(entry)
        case .decryption:
            guard list(threshold) else { return nil }
            add(entry)
        default: return nil
        }
        return files
    }

    /// All files that the accusations on this board are about, with the folder that each has in a tally: attempt, question, name.
    package var filesOfAccusations: [(step: Action.Step, name: String, digest: Digest)] {
        accusations.flatMap { accusation -> [(step: Action.Step, name: String, digest: Digest)] in
            accusation.failure.evidence.compactMap { try? Entry(serialized: $0) }.flatMap { entry in
                (files(toJudge: entry) ?? [:]).map { name, digest in
                    (Action.Step(attempt: entry.content.attempt, session: entry.content.session ?? 0), name, digest)
                }
            }
        }
    }
}
