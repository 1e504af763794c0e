// SPDX-License-Identifier: Apache-2.0

import ByteTrees
package import TrustStores

/// One authority of an election, as the protocol entry names it.
package struct Party: Hashable, Sendable {
    /// The host name of its peer package.
    package let name: String
    /// SHA-256 of its certificate in DER.
    package let certificate: Digest
    package let signingKey: VerifyingKey

    package init(name: String, certificate: Digest, signingKey: VerifyingKey) {
        self.name = name
        self.certificate = certificate
        self.signingKey = signingKey
    }
}

/// The payload of a protocol entry: everything that the authorities of an election agree to before they make a key.
///
/// Reading it checks its form only. Whether the parties are who they seem is what countersigning decides.
package struct ProtocolOffer: Equatable, Sendable {
    /// The election request, byte for byte as the client sent it.
    package var request: [UInt8]
    /// SHA-256 of the certificate of the client that asked; only it may ask for the tally.
    package var creator: Digest
    /// Sorted by name, 1-based as authors: `parties[author - 1]`.
    package var parties: [Party]
    package var threshold: Int
    /// protInfo.xml of each question, in order.
    package var sessions: [Session]

    package struct Session: Equatable, Sendable {
        /// `<index>-<uuid4>`.
        package let id: String
        package let protocolInfo: [UInt8]

        package init(id: String, protocolInfo: [UInt8]) {
            self.id = id
            self.protocolInfo = protocolInfo
        }
    }

    package init(request: [UInt8], creator: Digest, parties: [Party], threshold: Int, sessions: [Session]) {
        self.request = request
        self.creator = creator
        self.parties = parties
        self.threshold = threshold
        self.sessions = sessions
    }

    private static let domain = "election authority protocol 1"

    package var payload: [UInt8] {
        ByteTree.node([
            .string(ProtocolOffer.domain),
            .leaf(request),
            .leaf(creator.bytes),
            .node(parties.map { .node([.string($0.name), .leaf($0.certificate.bytes), .leaf($0.signingKey.bytes)]) }),
            .number(threshold),
            .node(sessions.map { .node([.string($0.id), .leaf($0.protocolInfo)]) }),
        ]).serialized
    }

    package init(payload: [UInt8]) throws(FieldError) {
        let tree: ByteTree
        do { tree = try ByteTree(serialized: payload) } catch { throw .notANode }
        var fields = try TreeFields(tree)
        try fields.domain(ProtocolOffer.domain)
        request = try fields.bytes()
        creator = try fields.digest()
        parties = try fields.list(atMost: EntryLimit.partyCount) { tree throws(FieldError) in
            var fields = try TreeFields(tree)
            let name = try fields.text(atMost: 253)
            let certificate = try fields.digest()
            guard let key = VerifyingKey(try fields.bytes()) else { throw .value("signing key") }
            try fields.finish()
            return Party(name: name, certificate: certificate, signingKey: key)
        }
        threshold = try fields.number()
        sessions = try fields.list(atMost: EntryLimit.sessionCount) { tree throws(FieldError) in
            var fields = try TreeFields(tree)
            let session = Session(
                id: try fields.text(atMost: 60), protocolInfo: try fields.bytes(atMost: 1 << 20))
            try fields.finish()
            return session
        }
        try fields.finish()
        guard !parties.isEmpty, parties.map(\.name) == parties.map(\.name).sorted(by: ProtocolOffer.precedes),
            Set(parties.map(\.name)).count == parties.count, Set(parties.map(\.signingKey)).count == parties.count,
            Set(parties.map(\.certificate)).count == parties.count
        else { throw .value("parties") }
        guard (1...parties.count).contains(threshold) else { throw .value("threshold") }
        guard !sessions.isEmpty else { throw .value("sessions") }
    }

    /// The order of parties: by UTF-16 code units, as the format of protInfo.xml has it.
    package static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf16.lexicographicallyPrecedes(right.utf16)
    }

    /// 1-based number of the party with that certificate.
    package func author(certificate: Digest) -> Int? {
        parties.firstIndex { $0.certificate == certificate }.map { $0 + 1 }
    }
}
