// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import HostTestSupport
import Testing

@Suite("Files that are whole or not there")
struct DurableFileTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() }
    }

    @Test("a file that does not get its name leaves what stood there, and nothing else")
    func dropped() throws {
        let path = try scratch.write("old", to: "a")
        func drop(as temporary: String?) throws {
            let file = try PendingFile(path, as: temporary, mode: 0o600)
            try Data("new".utf8).withUnsafeBytes { try file.write($0) }
            #expect(try names.count == 2)
        }
        try drop(as: nil)
        try drop(as: scratch.path("a.part"))
        #expect(try names == ["a"] && scratch.text("a") == "old")
    }

    @Test("what an earlier try left under the other name is removed")
    func leftBehind() throws {
        _ = try scratch.write("half", to: "a.part")
        var file = try PendingFile(scratch.path("a"), as: scratch.path("a.part"), mode: 0o600)
        try file.replace(folderSync: .required)
        #expect(try names == ["a"] && scratch.text("a") == "")
    }

    @Test("making a file never replaces one")
    func creating() throws {
        let path = try scratch.write("old", to: "a")
        #expect(throws: FileError(operation: .create, path: path, reason: EEXIST)) {
            try DurableFile.create([1], at: path, mode: 0o600)
        }
        #expect(try names == ["a"] && scratch.text("a") == "old")
    }

    @Test("a second name replaces what had it, also where it is the same file")
    func links() throws {
        let (path, other) = (try scratch.write("one", to: "a"), try scratch.write("two", to: "b"))
        for _ in 1...2 { try DurableFile.link(path, as: other) }
        #expect(try names == ["a", "b"] && scratch.text("b") == "one")
    }

    @Test("what is wiped is zeros under its other names")
    func wiping() throws {
        let path = try scratch.write("secret", to: "a")
        try DurableFile.link(path, as: scratch.path("b"))
        try DurableFile.wipe(path)
        try DurableFile.wipe(path)
        #expect(try names == ["b"])
        #expect(try DurableFile.read(scratch.path("b")) == [UInt8](repeating: 0, count: 6))
    }

    @Test("a folder that cannot be synced is an error where that is required")
    func folderSync() throws {
        try DurableFile.remove("/proc/self/none")
        #expect(throws: FileError(operation: .syncFolder, path: "/proc/self/none", reason: EINVAL)) {
            try DurableFile.remove("/proc/self/none", folderSync: .required)
        }
    }

    @Test("folders above a new one have a mode of their own; a file in the way is an error")
    func folders() throws {
        for _ in 1...2 { try DurableFile.makeFolder(scratch.path("a/b/c"), mode: 0o700, parents: 0o750) }
        #expect(try scratch.mode("a") == 0o750 && scratch.mode("a/b") == 0o750 && scratch.mode("a/b/c") == 0o700)
        let file = try scratch.write("", to: "a/file")
        for path in [file, file + "/below"] {
            #expect(throws: FileError(operation: .makeFolder, path: path, reason: ENOTDIR)) {
                try DurableFile.makeFolder(path, mode: 0o700)
            }
        }
    }

    @Test("reads files without a size, refuses long ones and folders, and finds none where there is none")
    func reading() throws {
        let path = try scratch.write("1234", to: "a")
        #expect(try DurableFile.read(path, limit: 4)?.count == 4)
        #expect(throws: FileError(operation: .read, path: path, reason: EFBIG)) { try DurableFile.read(path, limit: 3) }
        #expect(throws: FileError(operation: .read, path: scratch.path, reason: EISDIR)) {
            try DurableFile.read(scratch.path)
        }
        #expect(try DurableFile.read("/proc/self/status")?.isEmpty == false)
        #expect(try DurableFile.read(scratch.path("none")) == nil)
    }
}
