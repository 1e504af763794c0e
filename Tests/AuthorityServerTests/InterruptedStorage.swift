// SPDX-License-Identifier: Apache-2.0

import Foundation
import GroupArithmetic
import Orchestration
import Synchronization

/// Stops an authority once at each place that it names.
final class Interruptions: Sendable {
    struct Interruption: Error {}

    private let seen = Mutex<Set<String>>([])

    var count: Int { seen.withLock { $0.count } }

    func pass(_ place: String) throws {
        if seen.withLock({ $0.insert(place).inserted }) { throw Interruption() }
    }
}

/// The real storage, where an authority is stopped once before and once behind everything durable.
struct InterruptedStorage: ElectionStorage {
    let storage: any ElectionStorage
    let me: Int
    let interruptions: Interruptions

    private func durably<Value>(_ what: String, _ body: () throws -> Value) throws -> Value {
        try interruptions.pass("\(me) before \(what)")
        let value = try body()
        try interruptions.pass("\(me) behind \(what)")
        return value
    }

    func proofFolder(session id: String, attempt: Int) throws -> URL {
        try durably("proof folder \(id)") { try storage.proofFolder(session: id, attempt: attempt) }
    }

    func archiveFolder(attempt: Int) throws -> URL {
        try durably("archive folder") { try storage.archiveFolder(attempt: attempt) }
    }

    var freeByteCount: Int? { storage.freeByteCount }

    func seed(_ name: String, session id: String) throws -> SecretBytes {
        try interruptions.pass("\(me) before seed \(name) \(id)")
        let seed = try storage.seed(name, session: id)
        try interruptions.pass("\(me) behind seed \(name) \(id)")
        return seed
    }

    func storedSeed(_ name: String, session id: String) throws -> SecretBytes? {
        try storage.storedSeed(name, session: id)
    }

    func storeShare(_ bytes: borrowing SecretBytes, session id: String) throws {
        try interruptions.pass("\(me) before share \(id)")
        try storage.storeShare(bytes, session: id)
        try interruptions.pass("\(me) behind share \(id)")
    }

    func share(session id: String) throws -> SecretBytes { try storage.share(session: id) }

    func wipeSeed(_ name: String, session id: String) throws {
        try durably("wiping \(name) \(id)") { try storage.wipeSeed(name, session: id) }
    }

    func wipeSecrets() throws { try durably("wiping") { try storage.wipeSecrets() } }

    func damagedSecrets() throws -> [String] { try storage.damagedSecrets() }

    func adoptBlob(_ file: URL, digest: Digest) throws -> BlobReference {
        try durably("blob \(file.lastPathComponent)") { try storage.adoptBlob(file, digest: digest) }
    }

    func blob(_ digest: Digest) -> URL? { storage.blob(digest) }

    func place(_ blob: BlobReference, in folder: URL) throws {
        try durably("placing \(blob.name)") { try storage.place(blob, in: folder) }
    }

    func publish(_ content: [UInt8], at path: String) throws {
        try durably("publishing \(path)") { try storage.publish(content, at: path) }
    }

    func publish(file: URL, at path: String) throws {
        try durably("publishing \(path)") { try storage.publish(file: file, at: path) }
    }

    func published(_ path: String) -> URL { storage.published(path) }
}
