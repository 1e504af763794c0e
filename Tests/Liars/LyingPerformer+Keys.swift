// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Elections
import GroupArithmetic
import Orchestration

/// Lies while the key is made. An opening is ⟨[nonce], C, [D], proof⟩ with the public key C_0.
extension LyingPerformer {
    /// y = g^x / Π y_j: its author would know the joint key. The announced digest is that of an honest opening.
    func rogueKeys(_ context: ActionContext) throws -> Performed {
        let board = context.board
        let others = try board.parties.filter { $0 != context.me }.map { party in
            guard let entry = board.entry(.keyCommitments, by: party) else { throw NotYet() }
            return try children(entry.content.payload)
        }
        return try changingOpenings(context) { opening, session in
            let group = try context.board.group(of: session)
            let known = group.generator.powerVariableTime(Exponent(reducing: 5, in: group))
            let product = try others.reduce(known) { key, openings in
                guard let theirs = openings[session].children?[1].children?[0], let y = group.element(leaf: theirs)
                else { throw NotYet() }
                return key / y
            }
            return product
        }
    }

    /// The secret of an independent generator is known to nobody.
    func unpossessedKeys(_ context: ActionContext) throws -> Performed {
        try changingOpenings(context) { _, session in
            let info = try ProtocolInfo(parsing: context.board.offer.sessions[session].protocolInfo)
            return ElementVector.independentGenerators(
                count: 1, in: info.group, oracle: RandomOracle(.sha256, prefix: info.prefix), function: .sha256,
                statisticalDistance: 100)[0]
        }
    }

    func digestsOfUnpossessed(_ context: ActionContext) throws -> Performed {
        guard case .post(let openings) = try unpossessedKeys(context),
            case .post(var content) = try honest.perform(.hashKeys, in: context)
        else { throw NotYet() }
        let digests = try children(openings.payload).map { ByteTree.leaf(Digest(of: $0.serialized).bytes) }
        content.payload = ByteTree.node(digests).serialized
        return .post(content)
    }

    func wrongShares(_ context: ActionContext) throws -> Performed {
        guard case .post(var content) = try honest.perform(.dealShares, in: context) else { throw NotYet() }
        content.payload[content.payload.count - 1] ^= 1
        return .post(content)
    }

    /// Puts another key into each of the honest openings.
    private func changingOpenings(
        _ context: ActionContext, _ key: (ByteTree, Int) throws -> GroupElement
    ) throws -> Performed {
        guard case .post(var content) = try honest.perform(.openKeys, in: context) else { throw NotYet() }
        let changed = try children(content.payload).enumerated().map { session, opening in
            guard var parts = opening.children, var commitments = parts[1].children else { throw NotYet() }
            commitments[0] = .leaf(try key(opening, session).bytes)
            parts[1] = .node(commitments)
            return ByteTree.node(parts)
        }
        content.payload = ByteTree.node(changed).serialized
        return .post(content)
    }

    private func children(_ payload: [UInt8]) throws -> [ByteTree] {
        try ByteTree(serialized: payload).children ?? []
    }
}

extension ByteTree {
    var children: [ByteTree]? {
        guard case .node(let children) = self else { return nil }
        return children
    }
}

extension Board {
    func group(of session: Int) throws -> SafePrimeGroup {
        try ProtocolInfo(parsing: offer.sessions[session].protocolInfo).group
    }
}
