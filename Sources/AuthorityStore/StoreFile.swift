// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import GroupArithmetic

/// The files of DATA_PATH. What fails names a kind of file, because its path may be private; that a folder cannot be synced is a
/// failure.
enum StoreFile {
    static func write(_ content: [UInt8], to file: URL, mode: mode_t, kind: String) throws(StoreError) {
        try content.withUnsafeBufferPointer { (content) throws(StoreError) in
            try naming(kind, write(UnsafeRawBufferPointer(content), to: file, mode: mode))
        }
    }

    /// Writes a secret without another copy of it in memory; mode 0600.
    static func write(_ secret: borrowing SecretBytes, to file: URL, kind: String) throws(StoreError) {
        let result = secret.withBytes { content in
            Result { () throws(StoreError) in try naming(kind, write(content, to: file, mode: 0o600)) }
        }
        try result.get()
    }

    private static func write(_ content: UnsafeRawBufferPointer, to file: URL, mode: mode_t) throws(FileError) {
        let temporary = file.deletingLastPathComponent().appending(path: ".\(file.lastPathComponent).\(getpid()).new")
        var pending = try PendingFile(file.path, as: temporary.path, mode: mode)
        try pending.write(content)
        try pending.replace(folderSync: .required)
    }

    static func read(_ file: URL, atMost limit: Int, kind: String) throws(StoreError) -> [UInt8]? {
        try naming(kind, DurableFile.read(file.path, limit: limit))
    }

    /// Reads a secret straight into memory that is wiped.
    static func readSecret(_ file: URL, atMost limit: Int, kind: String) throws(StoreError) -> SecretBytes? {
        guard let file = try naming(kind, OpenFile.existing(file.path)) else { return nil }
        var content = SecretBytes(count: try naming(kind, file.byteCount(atMost: limit)))
        let result = content.withMutableBytes { bytes in
            Result { () throws(StoreError) in try naming(kind, file.fill(bytes)) }
        }
        try result.get()
        return content
    }

    static func rename(_ source: URL, to target: URL, kind: String) throws(StoreError) {
        try naming(kind, DurableFile.rename(source.path, to: target.path, folderSync: .required))
    }

    /// Gives a file a second name; a name that is there already is replaced.
    static func link(_ source: URL, as target: URL, kind: String) throws(StoreError) {
        try naming(kind, DurableFile.link(source.path, as: target.path))
    }

    static func sync(_ file: URL, kind: String) throws(StoreError) {
        try naming(kind, DurableFile.sync(file.path))
    }

    static func remove(_ file: URL, kind: String) throws(StoreError) {
        try naming(kind, DurableFile.remove(file.path, folderSync: .required))
    }

    static func wipe(_ file: URL, kind: String) throws(StoreError) {
        try naming(kind, DurableFile.wipe(file.path))
    }

    /// Makes a folder and those above it, with `mode` for all that are new.
    static func makeFolder(_ folder: URL, mode: mode_t, kind: String) throws(StoreError) {
        try naming("of \(kind)", DurableFile.makeFolder(folder.path, mode: mode, parents: mode))
    }

    private static func naming<Value: ~Copyable>(
        _ kind: String, _ body: @autoclosure () throws(FileError) -> Value
    ) throws(StoreError) -> Value {
        do throws(FileError) { return try body() } catch {
            throw .file(kind, operation: error.operation.rawValue, errno: error.reason)
        }
    }
}
