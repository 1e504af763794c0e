// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic

/// The parameters of one session, as protInfo.xml states them, and the file's own bytes.
///
/// - Invariant: everything that the specification of the tally, 4.1, demands of a reader, minimum values included.
package struct ProtocolInfo: Sendable, Equatable {
    /// An authority in its role inside the session.
    package struct Party: Sendable, Equatable {
        package let name: String
        /// Free text; ours carries a ``PartyBinding``.
        package let description: String
        /// Free text for a verifier.
        package let publicKey: String
        package let http: String
        package let hint: String

        package init(name: String, description: String, publicKey: String, http: String, hint: String) {
            self.name = name
            self.description = description
            self.publicKey = publicKey
            self.http = http
            self.hint = hint
        }
    }

    /// `sid`: letters, digits, `_`, `-`; the name of the session's folder in the tally.
    package let sessionID: String
    /// `name`: the election's id.
    package let electionName: String
    /// `descr`: free text; ours carries a ``SessionBinding``.
    package let description: String
    /// λ, between 1 and the number of parties.
    package let threshold: Int
    package let group: SafePrimeGroup
    /// `maxciph`: M, or 0 for as many as there are ballots.
    package let maximumCiphertexts: Int
    /// n_s, at least 100.
    package let statisticalDistance: Int
    /// n_v, at least 128.
    package let challengeBitCount: Int
    /// n_e, at least 128.
    package let batchBitCount: Int
    /// P.
    package let generatorHash: HashFunction
    /// H.
    package let oracleHash: HashFunction
    /// 1 to 99, sorted by name; party l is `parties[l - 1]`.
    package let parties: [Party]

    /// All bytes of the file: every proof is bound to each of them.
    package let bytes: [UInt8]

    /// ρ = H(all bytes): what stands in front of every input of the random oracle (3.7).
    package var prefix: [UInt8] { oracleHash.digest(of: bytes) }

    /// The index in questions_json that the session id begins with; nil if it begins with none.
    package var questionIndex: Int? { Self.questionIndex(of: sessionID) }

    package static func questionIndex(of sessionID: String) -> Int? {
        guard let dash = sessionID.firstIndex(of: "-"), let index = Int(sessionID[..<dash]), index >= 0,
            String(index) == sessionID[..<dash]
        else { return nil }
        return index
    }

    /// Whether text is a session id: 1 to 64 letters, digits, `_`, `-`.
    package static func isSessionID(_ text: String) -> Bool { ElectionIdentifier(text) != nil }
}
