// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

/// DATA_PATH on a file system of its own, which is full or read-only for a while. Takes root, as mounting does.
@Suite("A full disk", .serialized, .timeLimit(.minutes(60)))
struct FullDiskTests {
    @Test(
        "in the middle of a tally, of the log too, loses nothing: it is told, and the tally goes on once there is room")
    func tally() async throws {
        try await withSmallDisk { a, b, data, log in
            let created = try await a.tool("eotest").run([
                "create", "--group", "ffdhe2048", "--timeout", "120", "--json",
            ])
            try #require(created.status == 0, "\(created.errors)")
            let report = try JSONSerialization.jsonObject(with: Data(created.output.utf8)) as? [String: Any]
            let election = "\(try #require(report?["election_id"] as? Int))"
            let encrypted = try await a.tool("eotest").run(["encrypt", election, "--vmnd", "--vcount", "100"])
            try #require(encrypted.status == 0, "\(encrypted.errors)")
            async let tally = a.tool("eotest").run(["tally", election, "--timeout", "240"])
            // Once it has said that there is room enough, there is none.
            try await b.logs("\"step\":\"review-ballots\"")
            try await data.fill()
            try await b.logs("No space left on device")
            try await log.fill()
            try await Task.sleep(for: .seconds(4))
            #expect(isListening(port: b.port), "\(b.told)")
            #expect(try b.tallies()[election] == nil)
            try await log.empty()
            try await data.empty()
            let ended = try await tally
            #expect(ended.status == 0, "\(ended.errors)\n\(b.told)")
            let verified = try await a.tool("eotest").run(["verify", election])
            #expect(verified.status == 0, "\(verified.errors)")
            // What eotest unpacks has to have room, too.
            let unpacking = try SmallDisk(at: "\(a.home)/eotest-small")
            defer { unpacking.unmount() }
            try FileManager.default.copyItem(
                atPath: "\(a.home)/eotest/data/\(election)", toPath: "\(unpacking.path)/\(election)")
            try a.configure(["EOTEST_DATA_PATH": unpacking.path])
            try await unpacking.fill()
            let refused = try await a.tool("eotest").run(["verify", election])
            #expect(refused.status == 74 && refused.errors.contains("EOTEST_DATA_PATH"), "\(refused.errors)")
            try await unpacking.empty()
            #expect(try await a.tool("eotest").run(["verify", election]).status == 0)
        }
    }

    @Test("is told before the server starts, and so is a read-only one, with exit status 74")
    func atStart() async throws {
        try await withSmallDisk { _, b, disk, _ in
            #expect(await b.stop() == 0)
            try disk.mount("ro")
            let refused = try await b.tool("eorchestra").run(["serve"])
            #expect(refused.status == 74)
            #expect(refused.errors.contains("eorchestra: error: "), "\(refused.errors)")
            #expect(refused.errors.lowercased().contains("read-only file system"), "\(refused.errors)")
            try disk.mount("rw")
            try await b.start()
        }
    }

    @Test("met at every so many writes and syncs of an election, it ends no election and no server")
    func everySoManySteps() async throws {
        try await withKillable { election in
            let (a, b) = (election.authorities[0], election.authorities[1])
            for (first, count) in isLong ? [(9, 61), (5, 73), (3, 97), (20, 83), (11, 67)] : [(17, 61)] {
                for authority in [a, b] {
                    _ = await authority.stop()
                    // Also so that there is a database: whether one can be made is another question.
                    try await authority.start()
                }
                _ = await b.stop()
                let faults = StepFaults.failing(from: first, every: count, b)
                try await b.awaitListening(try b.launch(environment: faults))
                #expect(isListening(port: b.port), "\(b.told)")
                try await election.hold()
                try await b.logs("No space left on device")
            }
        }
    }

    /// Authorities a, and b with DATA_PATH and LOG_PATH on file systems of their own.
    private func withSmallDisk(
        _ body: (_ a: AuthorityProcess, _ b: AuthorityProcess, _ data: SmallDisk, _ log: SmallDisk) async throws -> Void
    ) async throws {
        let scratch = try ScratchFolder()
        let a = try await AuthorityProcess("a.test", in: scratch)
        let b = try await AuthorityProcess("b.test", in: scratch)
        for authority in [a, b] { try await authority.install([a, b]) }
        let path = "\(b.home)/data"
        try FileManager.default.moveItem(atPath: path, toPath: path + ".made")
        let (data, log) = (try SmallDisk(at: path), try SmallDisk(at: "\(b.home)/log"))
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: path + ".made") {
                try FileManager.default.copyItem(atPath: "\(path).made/\(name)", toPath: "\(path)/\(name)")
            }
            for authority in [a, b] { try await authority.start() }
            try await body(a, b, data, log)
        } catch {
            for authority in [a, b] {
                Issue.record("\(authority.hostName):\n\(authority.told)")
                await authority.kill()
            }
            for disk in [data, log] { disk.unmount() }
            throw error
        }
        for authority in [a, b] { _ = await authority.stop() }
        for disk in [data, log] { disk.unmount() }
    }
}

/// A tmpfs whose size follows what it holds, or leaves a gigabyte of room: no memory is taken to fill it.
struct SmallDisk {
    let path: String

    init(at path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run("/bin/mount", ["-t", "tmpfs", "-o", "size=1g,mode=700", "tmpfs", path])
    }

    /// Leaves no room, whatever is written meanwhile.
    func fill() async throws {
        for _ in 0..<200 {
            var status = statvfs()
            try #require(statvfs(path, &status) == 0)
            let used = Int(status.f_blocks - status.f_bfree) * Int(status.f_frsize)
            if (try? mount("size=\(used)")) != nil { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the disk could not be made full")
    }

    func empty() async throws { try mount("size=1g") }

    func mount(_ option: String) throws { try Self.run("/bin/mount", ["-o", "remount,\(option)", path]) }

    func unmount() { try? Self.run("/bin/umount", ["-l", path]) }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let text = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        struct Refused: Error { let words: String }
        guard process.terminationStatus == 0 else { throw Refused(words: String(decoding: text, as: UTF8.self)) }
    }
}
