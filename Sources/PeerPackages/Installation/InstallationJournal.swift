// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import StrictJSON
import TrustStores

/// What is to happen, written down before it does: a run that was killed half-way is brought to its end from it.
struct InstallationJournal: Equatable {
    let changes: [PeerChange]
    /// SHA-256 of each file as it will be; null for one that will be gone. A file that is so already is not touched again.
    let outcomes: [String: String?]
    /// A keystore as it was and will be: it cannot be made again without its password.
    let keystore: Keystore?

    struct Keystore: Equatable {
        let path: String
        /// SHA-256, or nil if there was none.
        let before: String?
        let after: [UInt8]
    }

    init(changes: [PeerChange], files: [FileChange], keystore: FileChange? = nil) {
        self.changes = changes
        self.keystore = keystore.flatMap { file in
            file.after.map { Keystore(path: file.path, before: FileChange.digest(file.before), after: $0) }
        }
        outcomes = Dictionary(uniqueKeysWithValues: files.map { ($0.path, FileChange.digest($0.after)) })
    }

    func isDone(_ file: FileChange) -> Bool {
        guard let outcome = outcomes[file.path] else { return false }
        return outcome == FileChange.digest(file.before)
    }

    /// What is left to do with the keystore; nil if that is done, or somebody else has changed the file since: it is theirs now.
    func unfinishedKeystore() throws -> FileChange? {
        guard let keystore else { return nil }
        let change = try FileChange(path: keystore.path, mode: 0o600) { _ in keystore.after }
        return FileChange.digest(change.before) == keystore.before ? change : nil
    }

    // MARK: On disk

    func write(to path: String) throws {
        var outcomes = JSONObject()
        for (path, digest) in self.outcomes { outcomes[path] = digest.map { .string($0) } ?? .null }
        var journal = JSONObject()
        journal["changes"] = .array(changes.map(\.value))
        journal["outcomes"] = .object(outcomes)
        journal["keystore"] = keystore?.value
        try DurableFile.write(JSONValue.object(journal).compactBytes, to: path, mode: 0o600)
    }

    /// Nil if nothing was left unfinished.
    init?(file path: String) throws {
        guard let bytes = try DurableFile.read(path) else { return nil }
        let journal = JSONField(try JSONValue(parsing: bytes), name: "the journal")
        changes = try journal.member("changes").elements().map { try PeerChange($0) }
        let members = try journal.member("outcomes").object().members
        outcomes = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value.asString) })
        keystore = try journal.optional("keystore").map { try Keystore($0) }
    }
}

extension InstallationJournal.Keystore {
    fileprivate var value: JSONValue {
        [
            "path": .string(path), "before": before.map { .string($0) } ?? .null,
            "after": .string(Data(after).base64EncodedString()),
        ]
    }

    fileprivate init(_ field: JSONField) throws {
        path = try field.member("path").string()
        before = try field.optional("before")?.string()
        guard let bytes = Data(base64Encoded: try field.member("after").string(maximum: 16 << 20)) else {
            throw field.refused(found: "no base64", expected: "the keystore")
        }
        after = [UInt8](bytes)
    }
}
