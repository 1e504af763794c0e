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

    @Test("a file keeps its mode and owner when it is replaced, also by one that is moved there")
    func modes() throws {
        let (path, other) = (try scratch.write("old", to: "a"), try scratch.write("moved", to: "b"))
        chmod(path, 0o640)
        chmod(other, 0o600)
        // Who runs the tests may be nobody who may give files away.
        let owner: uid_t = chown(path, 65_534, 65_534) == 0 ? 65_534 : geteuid()
        func expectKept() throws {
            #expect(try scratch.mode("a") == 0o640)
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.ownerAccountID] as? Int == Int(owner))
        }
        try DurableFile.write(Array("new".utf8), to: path, mode: 0o600)
        #expect(try scratch.text("a") == "new")
        try expectKept()
        try DurableFile.move(other, to: path)
        #expect(try names == ["a"] && scratch.text("a") == "moved")
        try expectKept()
    }

    @Test("a folder in the place of a file is not written into, nor taken away")
    func folderInPlace() throws {
        try DurableFile.makeFolder(scratch.path("a"), mode: 0o700)
        let path = DurableFile.resolved(scratch.path("a"))
        #expect(throws: FileError(operation: .rename, path: path, reason: EISDIR)) {
            try DurableFile.write([1], to: path, mode: 0o600)
        }
        #expect(try names == ["a"])
    }

    @Test("what a disk does not take or does not keep is an error")
    func fullDisk() throws {
        let file = try OpenFile("/dev/full", to: .write, O_WRONLY)
        #expect(throws: FileError(operation: .write, path: "/dev/full", reason: ENOSPC)) {
            try [UInt8](repeating: 1, count: 9).withUnsafeBytes { try file.write($0) }
        }
        #expect(throws: FileError(operation: .sync, path: "/dev/full", reason: EINVAL)) { try file.synchronize() }
    }

    @Test("an open file is read to its length or not at all, and no child has it")
    func openFiles() throws {
        let path = try scratch.write("1234", to: "a")
        let file = try OpenFile(path, to: .read, O_RDONLY)
        let (flags, count) = (fcntl(file.number, F_GETFD), try file.byteCount(atMost: 4))
        #expect(flags & FD_CLOEXEC != 0 && count == 4)
        #expect(throws: FileError(operation: .read, path: path, reason: EFBIG)) { try file.byteCount(atMost: 3) }
        var buffer = [UInt8](repeating: 0, count: 5)
        #expect(throws: FileError(operation: .read, path: path, reason: EIO)) {
            try buffer.withUnsafeMutableBytes { try file.fill($0) }
        }
        for (other, reason) in [("/dev/null", EINVAL), (scratch.path, EISDIR)] {
            let file = try OpenFile(other, to: .read, O_RDONLY)
            #expect(throws: FileError(operation: .read, path: other, reason: reason)) { try file.byteCount() }
        }
        #expect(throws: FileError(operation: .create, path: path, reason: EEXIST)) {
            try OpenFile(creating: path, mode: 0o600)
        }
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
        let other = try scratch.write("other", to: "c")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: other)
        #expect(throws: FileError(operation: .wipe, path: path, reason: ELOOP)) { try DurableFile.wipe(path) }
        #expect(try scratch.text("c") == "other")
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
