// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import Foundation
import MixNets

/// What tells one tally from another, to be compared with what was published when the election was made: a tally that
/// somebody invented verifies too (specification of the tally, 7.2, point 3).
public struct TallyIdentity: Sendable, Equatable {
    public struct Session: Sendable, Equatable {
        public let id: String
        /// SHA-256 of the session's publicKey_json in hexadecimal; nil if the proofs hold no key that can be read.
        public let keyDigest: String?
    }

    /// The name in the outer archive.
    public let name: String?
    /// SHA-256 of tally.tar.gz in hexadecimal.
    public let digest: String
    /// The same as `ni:///sha-256;…`, as callbacks carry it.
    public let hash: String
    /// One a question, in order.
    public let sessions: [Session]
    /// SHA-256 of pubkeys_json with the keys of all sessions; nil if one is missing.
    public let keysDigest: String?
}

extension UnverifiedTally {
    /// The digests of the joint keys and of the archive. Nothing is verified but that each joint key is the product of the
    /// authorities' keys.
    public var identity: TallyIdentity {
        let contents = TallyContents(self)
        let keys = contents.sessions.map { session -> PublishedKey? in
            guard let data = try? contents.data(TallyLayout.protocolInfo, of: session),
                let info = try? ProtocolInfo(parsing: [UInt8](data))
            else { return nil }
            return contents.jointKey(of: session, info)
        }
        let known = keys.compactMap(\.self)
        return TallyIdentity(
            name: name, digest: digest.hexadecimal, hash: DigestURI.text(of: digest),
            sessions: zip(contents.sessions, keys).map { .init(id: $0.id, keyDigest: $1?.digest.hexadecimal) },
            keysDigest: known.count == keys.count && !known.isEmpty
                ? PublishedKeys.digest(of: known).hexadecimal : nil)
    }
}

extension TallyContents {
    /// The joint key that a session's proofs are about; nil if it does not hold, which the check of the keys says.
    func jointKey(of session: Session, _ info: ProtocolInfo) -> PublishedKey? {
        let files = ProofFolder(session.proofFolder)
        return (try? JointPublicKey(reading: files, parameters: MixNetParameters(info))).map { PublishedKey($0.key) }
    }
}

extension VerificationOptions {
    /// The digest that somebody typed: 64 hexadecimal digits, or 32 bytes in URL-safe base64 with or without
    /// `ni:///sha-256;` in front. Nil for anything else.
    public static func keyDigest(in text: String) -> [UInt8]? {
        if let bytes = [UInt8](hexadecimal: text.lowercased()), bytes.count == 32 { return bytes }
        return DigestURI.digest(in: text) ?? DigestURI.digest(base64: text)
    }
}
