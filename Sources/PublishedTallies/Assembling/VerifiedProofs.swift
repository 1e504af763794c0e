// SPDX-License-Identifier: Apache-2.0

package import Elections
import MixNets

/// The proof files of one session: where they lie, and for each the SHA-256 of the bytes that were verified.
///
/// A tally is assembled of nothing else. Its archive is compared with these digests before anybody sees it, so that what is
/// published is what was verified, without verifying it again.
package struct VerifiedProofs: Sendable {
    /// Beside the files that the proof needs, others may lie there; they are not packed.
    let folder: String
    let digests: [String: [UInt8]]
    /// What is packed, in the order of the archive.
    let names: [String]

    /// - Parameters:
    ///   - digests: by file name; what the session's proof does not need is ignored.
    ///   - recovered: authorities whose secret key is published, because they did not decrypt.
    /// - Throws: ``AssemblyError/unverified(_:)`` if a file that the proof needs has no digest.
    package init(
        folder: String, digests: [String: [UInt8]], of info: ProtocolInfo, recovered: [Int] = []
    ) throws(AssemblyError) {
        names = ProofFileName.needed(
            parties: info.parties.count, threshold: info.threshold, recovered: recovered
        )
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for name in names where digests[name] == nil { throw .unverified(name) }
        self.folder = folder
        self.digests = digests
    }
}
