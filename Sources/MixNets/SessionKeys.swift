// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
public import ElGamal
internal import GroupArithmetic

/// FullPublicKey.bt and the PublicKeyNN.bt of a session.
///
/// - SeeAlso: specification of the published tally, sections 5.1 and 6.1.
extension JointPublicKey {
    /// Reads the keys of all parties and checks that their product is the joint key, in the session's group.
    public init(reading files: some ProofFiles, parameters: MixNetParameters) throws(MixNetError) {
        let group = parameters.group
        var keys: [PublicKey] = []
        for party in 1...parameters.partyCount {
            let y = try files.read(ProofFileName.publicKey(party)) { reader throws(ProofReadingError) in
                try reader.element(in: group)
            }
            guard let key = PublicKey(y) else { throw .failed(.keyIsOne, party: party, index: nil) }
            keys.append(key)
        }
        let name = ProofFileName.fullPublicKey
        let tree = try files.read(name) { reader throws(ProofReadingError) in
            do throws(ByteTreeError) { return try reader.tree() } catch { throw ProofReadingError(error) }
        }
        guard case .node(let parts) = tree, parts.count == 2, case .node(let pair) = parts[1], pair.count == 2 else {
            throw .malformed(file: name, reason: "a pair of group and key was expected")
        }
        guard parts[0] == group.marshalled else { throw .failed(.fullKeyGroup, party: 0, index: nil) }
        guard pair[0] == .leaf(group.generator.bytes) else { throw .failed(.fullKeyGenerator, party: 0, index: nil) }
        guard let joint = JointPublicKey(keys) else { throw .failed(.keyIsOne, party: 0, index: nil) }
        guard pair[1] == .leaf(joint.key.y.bytes) else { throw .failed(.jointKey, party: 0, index: nil) }
        self = joint
    }

    /// Writes them.
    ///
    /// - Returns: the files.
    public func write(to folder: ProofFolder) throws(MixNetError) -> [WrittenProofFile] {
        var files = [try folder.write(ProofFileName.fullPublicKey, tree: key.marshalled)]
        for (index, key) in trustees.enumerated() {
            files.append(try folder.write(ProofFileName.publicKey(index + 1), tree: .leaf(key.y.bytes)))
        }
        return files
    }
}
