// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import GroupArithmetic
import MixNets
import Orchestration
import PublishedTallies

/// Lies about permutations, shuffles and decryptions: honest proofs of something else than was asked for.
extension LyingPerformer {
    func commitToOtherGenerators(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        let mixing = try context.mixing(step)
        let others = mixing.parameters.generators(mixing.count + 1).slice(1..<mixing.count + 1)
        let lying = Mixing(
            parameters: mixing.parameters, keys: mixing.keys, count: mixing.count, folder: mixing.folder,
            generators: others)
        let files = try lying.commitPermutation(as: context.me, seed: try context.mixingSeed(step))
        return try context.post(.permutation, files, step)
    }

    /// The files of the other mixer's commitment, under this one's names.
    func copyCommitment(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        guard
            let entry = context.board.entry(.permutation, attempt: step.attempt, session: step.session, by: 1),
            entry.content.blobs.allSatisfy({ context.storage.blob($0.digest) != nil })
        else { throw NotYet() }
        return context.post(.permutation, renaming: entry.content.blobs, step)
    }

    /// What was proved about the first question.
    func replayCommitment(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        guard let entry = context.board.entry(.permutation, attempt: step.attempt, session: 0, by: context.me) else {
            throw NotYet()
        }
        return context.post(.permutation, renaming: entry.content.blobs, step)
    }

    /// Another list than the one before it, permuted as committed and proved to be that one.
    func shuffleOther(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        let mixing = try context.mixing(step)
        let input = try mixing.list(after: context.me - 1)
        let other: CiphertextVector
        if lie == .droppedAndDoubled {
            other = input.selecting([1] + Array(1..<mixing.count))
        } else {
            let group = mixing.parameters.group
            let one = ExponentVector([Exponent(reducing: 1, in: group)], in: group)
            let mine = Encryption(under: mixing.keys.key)
                .encrypt(ElementVector([group.generator], in: group), randomness: one)
            let rest = input.slice(1..<mixing.count)
            other = CiphertextVector(
                alphas: mine.alphas.appending(rest.alphas), betas: mine.betas.appending(rest.betas))
        }
        let commitment = mixing.commitmentWitness(context.me, seed: try context.mixingSeed(step))
        var random = SystemRandomSource()
        let files = try mixing.shuffle(
            as: context.me, input: input, commitments: try mixing.verifyPermutation(of: context.me).commitments,
            witness: CiphertextShuffleWitness(
                images: commitment.permutation.images, r: commitment.r, s: mixing.drawn(&random)),
            secrets: CiphertextShuffleSecrets(
                alpha: mixing.one(&random), beta: mixing.one(&random), epsilon: mixing.blinding(&random)),
            shuffling: other)
        return try context.post(.shuffle, files, step)
    }

    /// Decryption factors of another list than the last one, proved to be of that one.
    func decryptOther(_ step: Action.Step, _ context: ActionContext) throws -> Performed {
        let mixing = try context.mixing(step)
        let list = try mixing.list(after: mixing.parameters.threshold)
        let alphas = list.alphas
        let other =
            lie == .swappedFactors
            ? alphas.selecting([1, 0] + Array(2..<mixing.count))
            : ElementVector([alphas[0] * list.group.generator], in: list.group)
                .appending(alphas.slice(1..<mixing.count))
        return try context.post(.decryption, context.decrypt(list, factorsOf: other, with: mixing, step), step)
    }
}

extension ActionContext {
    func mixing(_ step: Action.Step) throws -> Mixing {
        let info = try ProtocolInfo(parsing: board.offer.sessions[step.session].protocolInfo)
        guard let keys = board.entry(.publicKey, by: me),
            let count = board.ballotCount(attempt: step.attempt, by: me)
        else { throw LyingPerformer.NotYet() }
        let groups = try board.offer.sessions.indices.map { try board.group(of: $0) }
        let folder = try storage.proofFolder(session: info.sessionID, attempt: step.attempt)
        return Mixing(
            parameters: MixNetParameters(info),
            keys: try ElectionKeys(payload: keys.content.payload, groups: groups).sessions[step.session],
            count: count, folder: ProofFolder(folder))
    }

    func mixingSeed(_ step: Action.Step) throws -> SecretSeed {
        let name = Performer.mixingSeed(attempt: step.attempt)
        guard let seed = SecretSeed(try storage.seed(name, session: board.offer.sessions[step.session].id)) else {
            throw LyingPerformer.NotYet()
        }
        return seed
    }

    func decrypt(
        _ list: CiphertextVector, factorsOf other: ElementVector, with mixing: Mixing, _ step: Action.Step
    ) throws -> [WrittenProofFile] {
        let bytes = try storage.share(session: board.offer.sessions[step.session].id)
        guard let share = PrivateKeyShare(bytes, in: mixing.parameters.group) else { throw LyingPerformer.NotYet() }
        var random = SystemRandomSource()
        return try mixing.decrypt(
            as: me, list, secretKey: share.secretKey, nonce: SecretExponent(in: list.group, from: &random),
            factorsOf: other)
    }

    func post(_ kind: EntryKind, _ files: [WrittenProofFile], _ step: Action.Step) throws -> Performed {
        let folder = try storage.proofFolder(
            session: board.offer.sessions[step.session].id, attempt: step.attempt)
        let blobs = try files.map { file in
            guard let digest = Digest(bytes: file.digest) else { throw LyingPerformer.NotYet() }
            return try storage.adoptBlob(folder.appending(path: file.name), digest: digest)
        }
        return .post(board.draft(kind, attempt: step.attempt, session: step.session, by: me, blobs: blobs))
    }

    /// Files that are there already, under the names that this authority's have.
    func post(_ kind: EntryKind, renaming blobs: [BlobReference], _ step: Action.Step) -> Performed {
        let names = ProofFileName.permutation(me)
        let renamed = zip(names, blobs).map { BlobReference(name: $0, digest: $1.digest, byteCount: $1.byteCount) }
        return .post(board.draft(kind, attempt: step.attempt, session: step.session, by: me, blobs: renamed))
    }
}
