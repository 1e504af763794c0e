// SPDX-License-Identifier: Apache-2.0

package import ByteTrees

/// Greatest sizes of what an entry from outside may hold.
package enum EntryLimit {
    package static let electionByteCount = 200
    /// Two entries of any other kind fit into the failure that shows them to others.
    package static func payloadByteCount(_ kind: EntryKind) -> Int {
        switch kind {
        case .protocol: 6 << 20
        case .failure: 14 << 20
        default: 2 << 20
        }
    }
    package static let partyCount = 64
    package static let blobCount = 16
    package static let blobNameByteCount = 100
    package static let sessionCount = 20
    package static let entryByteCount = payloadByteCount(.failure) + (1 << 16)
    /// Of two entries in one node.
    package static let evidenceByteCount = 2 * (entryByteCount + 200) + 100
}

extension EntryContent {
    private static let domain = "election authority board entry 1"

    /// What is hashed and signed: a byte tree that begins with a domain tag.
    package var canonicalBytes: [UInt8] {
        ByteTree.node([
            .string(EntryContent.domain),
            .string(election),
            .leaf(session.map { [UInt8($0)] } ?? []),
            .number(attempt),
            .string(kind.rawValue),
            .number(author),
            .number(sequence),
            .node(inputs.map { .node([.number($0.author), .number($0.sequence), .leaf($0.digest.bytes)]) }),
            .node(blobs.map { .node([.string($0.name), .leaf($0.digest.bytes), .number($0.byteCount)]) }),
            .leaf(payload),
        ]).serialized
    }

    init(canonical tree: ByteTree) throws(FieldError) {
        var fields = try TreeFields(tree)
        try fields.domain(EntryContent.domain)
        election = try fields.text(atMost: EntryLimit.electionByteCount)
        let index = try fields.bytes(atMost: 1)
        session = index.first.map(Int.init)
        if let session, session >= EntryLimit.sessionCount { throw .value("session") }
        attempt = try fields.number()
        guard let kind = EntryKind(rawValue: try fields.text(atMost: 40)) else { throw .value("kind") }
        self.kind = kind
        author = try fields.number()
        guard (1...EntryLimit.partyCount).contains(author) else { throw .value("author") }
        sequence = try fields.number()
        inputs = try fields.list(atMost: EntryLimit.partyCount) { tree throws(FieldError) in
            var fields = try TreeFields(tree)
            let reference = EntryReference(
                author: try fields.number(), sequence: try fields.number(), digest: try fields.digest())
            try fields.finish()
            return reference
        }
        blobs = try fields.list(atMost: EntryLimit.blobCount) { tree throws(FieldError) in
            var fields = try TreeFields(tree)
            let name = try fields.text(atMost: EntryLimit.blobNameByteCount)
            guard BlobReference.isPlain(name) else { throw .value("blob name") }
            let blob = BlobReference(name: name, digest: try fields.digest(), byteCount: try fields.number())
            guard blob.byteCount <= BlobReference.maximumByteCount else { throw .value("blob length") }
            try fields.finish()
            return blob
        }
        payload = try fields.bytes(atMost: EntryLimit.payloadByteCount(kind))
        try fields.finish()
    }
}

extension BlobReference {
    /// Letters and digits with single dots between: what can be a file's name in any folder.
    static func isPlain(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy { byte in
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
                }
        }
    }
}

extension Entry {
    /// How an entry travels and lies on disk: content and signature.
    package var tree: ByteTree {
        .node([.leaf(content.canonicalBytes), .leaf(signature)])
    }

    /// Reads what ``tree`` gave. Nothing is verified but the form.
    package init(tree: ByteTree) throws(FieldError) {
        var fields = try TreeFields(tree)
        let bytes = try fields.bytes(atMost: EntryLimit.entryByteCount)
        let signature = try fields.bytes()
        guard signature.count == Entry.signatureByteCount else {
            throw .length(expected: Entry.signatureByteCount, found: signature.count)
        }
        try fields.finish()
        let parsed: ByteTree
        do { parsed = try ByteTree(serialized: bytes) } catch { throw .notANode }
        self.init(content: try EntryContent(canonical: parsed), signature: signature)
    }

    package init(serialized bytes: [UInt8]) throws(FieldError) {
        let parsed: ByteTree
        do { parsed = try ByteTree(serialized: bytes) } catch { throw .notANode }
        try self.init(tree: parsed)
    }
}

extension [Entry] {
    /// A byte tree node of them.
    package var serialized: [UInt8] { ByteTree.node(map(\.tree)).serialized }

    package init(serialized bytes: [UInt8]) throws(FieldError) {
        guard case .node(let trees)? = try? ByteTree(serialized: bytes) else { throw .notANode }
        self = []
        for tree in trees { append(try Entry(tree: tree)) }
    }
}
