// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import DurableFiles
import Foundation
import HostTestSupport
@testable import PeerPackages
import Testing
import TrustStores

@Suite("Installing and uninstalling: all of it or none of it")
struct PeerInstallationTests {
    private let host: InstallationHost
    private let b: PeerPackage
    private let c: PeerPackage

    init() throws {
        host = try InstallationHost()
        b = try .test("b.example", "192.0.2.2")
        c = try .test("c.example", "192.0.2.3")
    }

    @Test("installing adds the certificate, the hosts line and the package; uninstalling takes out exactly that")
    func comesAndGoes() throws {
        let before = try host.files()
        #expect(try host.installation.install([b, c]) == [.installed(b), .installed(c)])
        #expect(try TrustStore(file: host.calist).certificates == [host.own, b.certificate, c.certificate])
        #expect(try host.scratch.text("hosts") == "127.0.0.1 localhost\n192.0.2.2 b.example\n192.0.2.3 c.example\n")
        #expect(try PeerPackage(json: Array(host.scratch.text("peers/b.example.package").utf8)) == b)
        #expect(try host.installation.directory.packages() == [b, c])
        #expect(try host.installation.uninstall(["c.example", "B.example"]) == [c, b])
        #expect(try host.files() == before)
    }

    @Test("the same package again changes nothing and says so")
    func again() throws {
        _ = try host.installation.install([b])
        let before = try host.files()
        #expect(try host.installation.install([b, b]) == [.unchanged(b), .unchanged(b)])
        #expect(try host.files() == before)
    }

    @Test("another package for an installed host, or in the same command, is refused and nothing changes")
    func conflict() throws {
        let other = try PeerPackage.test("b.example", "192.0.2.2")
        _ = try host.installation.install([b])
        let before = try host.files()
        #expect(throws: PeerPackageError.conflict(b.hostName, installed: b.certificate.fingerprint)) {
            try host.installation.install([c, other])
        }
        #expect(try host.files() == before)
        _ = try host.installation.uninstall(["b.example"])
        #expect(throws: PeerPackageError.conflict(b.hostName, installed: b.certificate.fingerprint)) {
            try host.installation.install([b, other])
        }
    }

    @Test("a certificate that another peer has, my own and my name, and localhost are refused, and nothing changes")
    func refused() throws {
        _ = try host.installation.install([b])
        let before = try host.files()
        let thief = PeerPackage(hostName: c.hostName, address: c.address, certificate: b.certificate)
        #expect(throws: PeerPackageError.certificateInUse(c.hostName, by: b.hostName)) {
            try host.installation.install([thief])
        }
        let mirror = PeerPackage(hostName: c.hostName, address: c.address, certificate: host.own)
        #expect(throws: PeerPackageError.ownCertificate(c.hostName)) { try host.installation.install([mirror]) }
        let namesake = try PeerPackage.test("a.example", "192.0.2.9")
        #expect(throws: PeerPackageError.own(namesake.hostName)) { try host.installation.install([namesake]) }
        let local = try PeerPackage.test("localhost", "192.0.2.9")
        #expect(throws: PeerPackageError.localhost(local.hostName)) { try host.installation.install([local]) }
        #expect(try host.files() == before)
    }

    @Test("what stood in the shared files before installing stays there after uninstalling")
    func keepsForeignEntries() throws {
        var store = try TrustStore(file: host.calist)
        store.add(b.certificate)
        try store.write(to: host.calist)
        _ = try host.scratch.write("127.0.0.1 localhost\n192.0.2.2 b.example\n198.51.100.1 c.example\n", to: "hosts")
        let before = try host.files()
        _ = try host.installation.install([b, c])
        #expect(try host.scratch.text("hosts") == before["hosts"])
        #expect(try host.installation.otherAddresses(of: c).map(\.text) == ["198.51.100.1"])
        _ = try host.installation.uninstall(["b.example", "c.example"])
        #expect(try host.files() == before)
    }

    @Test("a peer that is not installed cannot be uninstalled, nor any other in the same command")
    func notInstalled() throws {
        _ = try host.installation.install([b])
        let before = try host.files()
        for name in ["c.example", "../peers/b.example", ""] {
            #expect(throws: PeerPackageError.notInstalled(name)) {
                try host.installation.uninstall(["b.example", name])
            }
        }
        #expect(try host.files() == before)
    }

    @Test("a package that another program put there is uninstalled too")
    func foreignPackage() throws {
        let before = try host.files()
        _ = try host.scratch.write(b.json, to: "peers/b.example.package")
        _ = try host.scratch.write("127.0.0.1 localhost\n192.0.2.2 b.example\n", to: "hosts")
        var store = try TrustStore(file: host.calist)
        store.add(b.certificate)
        try store.write(to: host.calist)
        _ = try host.installation.uninstall(["b.example"])
        #expect(try host.files() == before)
    }

    @Test("what others wrote between a killed run and the next stays")
    func changedMeanwhile() throws {
        let files = host.installationFiles
        let peer = InstalledPeer(package: b, addedTrust: true, addedHosts: true)
        try InstallationJournal(changes: [.install(peer)], files: []).write(to: host.scratch.path("peers/.journal"))
        _ = try host.scratch.write("half", to: ".calist.123456.new")
        _ = try host.scratch.write("# made anew at boot\n127.0.0.1 localhost\n", to: "hosts")
        try files.finishUnfinished()
        #expect(try host.installation.directory.packages() == [b])
        #expect(try host.scratch.text("hosts") == "# made anew at boot\n127.0.0.1 localhost\n192.0.2.2 b.example\n")
        #expect(!host.scratch.exists(".calist.123456.new") && !host.scratch.exists("peers/.journal"))
    }

    @Test("a line like ours that somebody else adds after a killed run had taken ours out is not taken out too")
    func notTwice() throws {
        _ = try host.installation.install([b])
        let peer = InstalledPeer(package: b, addedTrust: true, addedHosts: true)
        let hosts = "127.0.0.1 localhost\n192.0.2.2 b.example\n"
        let change = try FileChange(path: host.scratch.path("hosts")) { _ in Array(hosts.utf8) }
        try InstallationJournal(changes: [.uninstall(peer)], files: [change]).write(
            to: host.scratch.path("peers/.journal"))
        try host.installationFiles.finishUnfinished()
        #expect(try host.scratch.text("hosts") == hosts)
        #expect(try host.installation.directory.packages().isEmpty)
    }

    @Test("a run that fails half-way is taken back")
    func failure() throws {
        _ = try host.installation.install([c])
        let before = try host.files()
        // Something stands where the package is to be written.
        try FileManager.default.createDirectory(
            atPath: host.scratch.path("peers/.b.example.installed"), withIntermediateDirectories: true)
        #expect(throws: FileError.self) { try host.installation.install([b]) }
        try FileManager.default.removeItem(atPath: host.scratch.path("peers/.b.example.installed"))
        #expect(try host.files() == before)
    }

    @Test("two at once do not lose each other's peers")
    func concurrent() async throws {
        let packages = try (1...6).map { try PeerPackage.test("p\($0).example", "192.0.2.\($0)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for package in packages { group.addTask { _ = try host.installation.install([package]) } }
            try await group.waitForAll()
        }
        #expect(try Set(host.installation.directory.packages()) == Set(packages))
        #expect(try Set(TrustStore(file: host.calist).certificates) == Set(packages.map(\.certificate) + [host.own]))
    }

    @Test("a file that holds no package, or another host's, is named and hides no other")
    func damaged() throws {
        _ = try host.installation.install([b])
        _ = try host.scratch.write("{}", to: "peers/x.example.package")
        _ = try host.scratch.write(c.json, to: "peers/y.example.package")
        #expect(try host.installation.directory.packages() == [b])
        #expect(try host.installation.directory.damagedFiles() == ["x.example.package", "y.example.package"])
    }
}

/// An authority a.example in a scratch folder, as far as installing needs one.
private struct InstallationHost {
    let scratch: ScratchFolder
    let own: Certificate
    let configuration: HostConfiguration
    var calist: String { scratch.path("calist") }
    var installation: PeerInstallation { PeerInstallation(configuration: configuration) }

    init() throws {
        scratch = try ScratchFolder()
        let identity = try TestIdentity("a.example")
        try identity.write(to: scratch.path)
        own = identity.certificate
        _ = try scratch.write("# peers\n" + own.pem, to: "calist")
        _ = try scratch.write("127.0.0.1 localhost\n", to: "hosts")
        try FileManager.default.createDirectory(atPath: scratch.path("peers"), withIntermediateDirectories: true)
        let json = """
            {"HOSTNAME": "a.example", "PEER_LIST": "\(scratch.path)/peers", "HOSTS_PATH": "\(scratch.path)/hosts",
             "TLS_CERT_PATH": "\(scratch.path)/cert.pem", "TLS_CALIST_PATH": "\(scratch.path)/calist"}
            """
        configuration = try HostConfiguration(bytes: Array(json.utf8), path: scratch.path("eoconf.json"))
    }

    var installationFiles: InstallationFiles {
        InstallationFiles(
            directory: installation.directory, trustStorePath: calist, hostsPath: scratch.path("hosts"))
    }

    /// Every file but the lock, by its path.
    func files() throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: scratch.path) where name != "peers/.lock" {
            if let contents = FileManager.default.contents(atPath: scratch.path(name)) {
                files[name] = String(decoding: contents, as: UTF8.self)
            }
        }
        return files
    }
}

extension PeerPackage {
    fileprivate static func test(_ name: String, _ address: String) throws -> PeerPackage {
        let identity = try TestIdentity(name)
        guard let address = IPAddress(address) else { throw PeerPackageError.invalidAddress(address) }
        return PeerPackage(hostName: identity.hostName, address: address, certificate: identity.certificate)
    }
}
