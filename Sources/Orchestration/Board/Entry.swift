// SPDX-License-Identifier: Apache-2.0

package import TrustStores

/// Names one entry of a board: whose, which of theirs, and what it must be.
package struct EntryReference: Hashable, Sendable {
    /// 1-based party number.
    package let author: Int
    /// 0-based, without gaps for each author.
    package let sequence: Int
    package let digest: Digest

    package init(author: Int, sequence: Int, digest: Digest) {
        self.author = author
        self.sequence = sequence
        self.digest = digest
    }
}

/// A file that belongs to an entry: its name in the proof directory, SHA-256 and length.
package struct BlobReference: Hashable, Sendable {
    package let name: String
    package let digest: Digest
    /// In bytes, at most ``maximumByteCount``.
    package let byteCount: Int

    package static let maximumByteCount = 1 << 36

    package init(name: String, digest: Digest, byteCount: Int) {
        self.name = name
        self.digest = digest
        self.byteCount = byteCount
    }
}

/// What an author says in one entry, before it is signed.
package struct EntryContent: Equatable, Sendable {
    package var election: String
    /// The 0-based question, for kinds that are about one.
    package var session: Int?
    /// 0 for key generation, then the number of the tally request, from 1.
    package var attempt: Int
    package var kind: EntryKind
    package var author: Int
    package var sequence: Int
    /// The last entry of every author that this author has seen.
    package var inputs: [EntryReference]
    package var blobs: [BlobReference]
    /// A serialised byte tree whose form the kind decides.
    package var payload: [UInt8]

    package init(
        election: String, session: Int? = nil, attempt: Int = 0, kind: EntryKind, author: Int, sequence: Int,
        inputs: [EntryReference] = [], blobs: [BlobReference] = [], payload: [UInt8] = []
    ) {
        self.election = election
        self.session = session
        self.attempt = attempt
        self.kind = kind
        self.author = author
        self.sequence = sequence
        self.inputs = inputs
        self.blobs = blobs
        self.payload = payload
    }
}

/// An immutable, signed statement of one authority.
package struct Entry: Equatable, Sendable {
    package let content: EntryContent
    /// Ed25519 over the canonical bytes of the content.
    package let signature: [UInt8]
    /// SHA-256 of the canonical bytes.
    package let digest: Digest

    package var reference: EntryReference {
        EntryReference(author: content.author, sequence: content.sequence, digest: digest)
    }

    package static let signatureByteCount = 64

    package init(signing content: EntryContent, with key: SigningKey) throws {
        let bytes = content.canonicalBytes
        self.content = content
        signature = try key.sign(bytes)
        digest = Digest(of: bytes)
    }

    /// Whether `key` signed this entry.
    package func isSigned(by key: VerifyingKey) -> Bool {
        key.verifies(signature, over: content.canonicalBytes)
    }

    init(content: EntryContent, signature: [UInt8]) {
        self.content = content
        self.signature = signature
        digest = Digest(of: content.canonicalBytes)
    }
}
