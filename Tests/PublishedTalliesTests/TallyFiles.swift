// SPDX-License-Identifier: Apache-2.0

import Foundation
import PublishedTallies
import TallyArchives
import TestSupport

/// The files of a tally in memory, which a test changes before it has them verified.
struct TallyFiles {
    private(set) var names: [String] = []
    private var contents: [String: [UInt8]] = [:]
    private var folders: Set<String> = []

    /// Unpacks a tally.tar.gz.
    init(_ path: String) throws {
        let folder = try PrivateFolder()
        for entry in try ArchiveReader.unpack(path, into: folder.path) {
            names.append(entry.name)
            if entry.isDirectory {
                folders.insert(entry.name)
            } else {
                contents[entry.name] = try [UInt8](
                    Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + entry.name)))
            }
        }
    }

    /// Unpacks the one tally inside an outer archive of the shared vectors.
    init(shared name: String) throws {
        let folder = try PrivateFolder()
        _ = try ArchiveReader.unpack(SharedVectors.folder.appendingPathComponent(name).path, into: folder.path)
        try self.init(folder.path + "/8.tar.gz")
    }

    /// The content of a file; nil takes it out.
    subscript(name: String) -> [UInt8]? {
        get { contents[name] }
        set {
            if newValue == nil { names.removeAll { $0 == name } } else if contents[name] == nil { names.append(name) }
            contents[name] = newValue
        }
    }

    var files: [String] { names.filter { contents[$0] != nil } }

    mutating func addFolder(_ name: String) {
        names.append(name)
        folders.insert(name)
    }

    /// Replaces text in a file that must hold it.
    mutating func replace(_ old: String, with new: String, in name: String) throws {
        let text = String(decoding: contents[name] ?? [], as: UTF8.self)
        guard let range = text.range(of: old) else { throw NotInFile(text: old, file: name) }
        contents[name] = Array(text.replacingCharacters(in: range, with: new).utf8)
    }

    func pack(to path: String) throws {
        try DeterministicArchive.write(
            names.map { name in
                ArchiveEntry(name: name, content: contents[name].map { .bytes($0) } ?? .directory)
            }, to: path)
    }

    func verified(_ options: VerificationOptions = VerificationOptions()) throws -> VerificationReport {
        let folder = try PrivateFolder()
        let path = folder.path + "/tally.tar.gz"
        try pack(to: path)
        return try PublishedArchive(path: path).verify(options: options)
    }
}

struct NotInFile: Error {
    let text: String
    let file: String
}
