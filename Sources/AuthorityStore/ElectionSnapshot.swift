// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Glibc
package import GroupArithmetic

/// The board and the secrets of an election as they stood together at one moment, read while an authority works on them.
///
/// All else below the election's folders follows from these: read later, it has what they need and perhaps more.
package struct ElectionSnapshot: Sendable {
    package struct File: Sendable {
        /// Relative to the election's private folder.
        package let path: String
        /// Seconds since 1970.
        package let modified: Int
        package let content: HeldSecret
    }

    package let files: [File]

    private static let byteLimit = 64 << 20

    /// - Throws: ``StoreError``, such as `busy` where board and secrets never stood still for as long as reading them takes.
    package init(of election: String, in data: DataFolder) throws {
        guard DataFolder.isName(election) else { throw StoreError.electionName(election) }
        let folder = data.privateFolder.appending(path: election)
        for _ in 0..<500 {
            if let files = try Self.read(folder) {
                self.files = files
                return
            }
            usleep(20_000)
        }
        throw StoreError.busy(election: election)
    }

    /// Nil if something changed meanwhile.
    private static func read(_ folder: URL) throws -> [File]? {
        let before = try listing(of: folder)
        var files: [File] = []
        for (path, state) in before.sorted(by: { $0.key < $1.key }) {
            guard let content = try HeldSecret(file: folder.appending(path: path), atMost: byteLimit) else {
                return nil
            }
            files.append(File(path: path, modified: state.modified, content: content))
        }
        return try listing(of: folder) == before ? files : nil
    }

    private struct State: Equatable {
        let inode: UInt
        let size: Int
        let modified: Int
        let nanoseconds: Int
    }

    private static func listing(of folder: URL) throws -> [String: State] {
        var found: [String: State] = [:]
        var paths = try names(in: folder)
        for name in paths where name == "board" || isSession(name, in: folder) {
            paths += try names(in: folder.appending(path: name)).map { "\(name)/\($0)" }
        }
        for path in paths where covers(path) {
            var status = stat()
            guard lstat(folder.appending(path: path).path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                continue
            }
            found[path] = State(
                inode: status.st_ino, size: Int(status.st_size), modified: status.st_mtim.tv_sec,
                nanoseconds: status.st_mtim.tv_nsec)
        }
        return found
    }

    /// Whether what lies there, relative to the election's private folder, is part of a snapshot.
    package static func covers(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        guard let name = parts.last, !name.hasPrefix(".") else { return false }
        switch parts.count {
        case 1: return name != "phases"
        case 2: return parts[0] == "board" || StoredElection.isSecret(String(name))
        default: return false
        }
    }

    private static func isSession(_ name: String, in folder: URL) -> Bool {
        DataFolder.isName(name) && name != "blobs" && !name.hasPrefix("archive-")
    }

    private static func names(in folder: URL) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
            return []
        }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
    }
}

/// The bytes of a small file that may be secret, wiped when the last owner lets go.
package final class HeldSecret: Sendable {
    package let bytes: SecretBytes

    package init(_ bytes: consuming SecretBytes) { self.bytes = bytes }

    /// Nil if there is no such file.
    package init?(file: URL, atMost limit: Int) throws(StoreError) {
        guard let bytes = try StoreFile.readSecret(file, atMost: limit, kind: "a file") else { return nil }
        self.bytes = bytes
    }
}
