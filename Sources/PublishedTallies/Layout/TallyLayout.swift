// SPDX-License-Identifier: Apache-2.0

package import Elections
package import MixNets

/// The names inside tally.tar.gz and their order (specification of the tally, 1.2).
package enum TallyLayout {
    package static let archive = "tally.tar.gz"
    package static let archiveDigest = "tally.tar.gz.sha256"

    package static let questions = "questions_json"
    package static let votes = "ciphertexts_json"
    package static let publicKeys = "pubkeys_json"

    // Inside a session's folder
    package static let plaintexts = "plaintexts_json"
    package static let protocolInfo = "protInfo.xml"
    package static let proofs = "proofs"

    // In the outer archive that ballot boxes make
    package static let results = "results.json"
    package static let configuration = "config.json"
    package static let segmentation = "segmented_election_config.json"

    /// Free text that original tallies have among their proofs.
    package static let readme = "README"

    /// What the proofs folder of a session may hold besides the files that the proof needs.
    package static func optionalProofs(of info: ProtocolInfo) -> Set<String> {
        Set((1...info.parties.count).map { ProofFileName.secretKey($0) } + [readme])
    }
}

extension MixNetParameters {
    /// The parameters that a session's protInfo.xml states.
    package init(_ info: ProtocolInfo) {
        self.init(
            group: info.group, partyCount: info.parties.count, threshold: info.threshold,
            maximumCiphertexts: info.maximumCiphertexts, statisticalDistance: info.statisticalDistance,
            challengeBits: info.challengeBitCount, batchingBits: info.batchBitCount, hash: info.oracleHash,
            prg: info.generatorHash, prefix: info.prefix)
    }
}
