// SPDX-License-Identifier: Apache-2.0

import ByteTrees
package import ElGamal
package import GroupArithmetic

/// The payload of a publicKey entry: for each question the keys of all authorities and the joint one.
package struct ElectionKeys: Sendable {
    /// In the order of the questions.
    package let sessions: [JointPublicKey]

    private static let domain = "election authority keys 1"

    package var payload: [UInt8] {
        ByteTree.node(
            [.string(ElectionKeys.domain)]
                + sessions.map { keys in
                    .node([.leaf(keys.key.y.bytes), .node(keys.trustees.map { .leaf($0.y.bytes) })])
                }
        ).serialized
    }

    package init(sessions: [JointPublicKey]) { self.sessions = sessions }

    /// - Parameter groups: of the questions, in their order.
    package init(payload: [UInt8], groups: [SafePrimeGroup]) throws(FieldError) {
        let tree: ByteTree
        do { tree = try ByteTree(serialized: payload) } catch { throw .notANode }
        var fields = try TreeFields(tree)
        try fields.domain(ElectionKeys.domain)
        var sessions: [JointPublicKey] = []
        for group in groups {
            var session = try TreeFields(try fields.tree())
            let y = try session.bytes()
            let trustees = try session.list(atMost: EntryLimit.partyCount) { tree throws(FieldError) -> PublicKey in
                guard let element = group.element(leaf: tree), let key = PublicKey(element) else { throw .value("key") }
                return key
            }
            guard let joint = JointPublicKey(trustees), joint.key.y.bytes == y else { throw .value("joint key") }
            sessions.append(joint)
        }
        try fields.finish()
        self.sessions = sessions
    }
}
