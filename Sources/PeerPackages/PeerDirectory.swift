// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import StrictJSON
public import TrustStores

/// PEER_LIST: the folder of the installed packages, one file `<hostname>.package` each.
public struct PeerDirectory: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    /// Every installed package by host name; files that hold none are left out, see ``damagedFiles()``.
    public func packages() throws -> [PeerPackage] {
        try hostNames().compactMap { try? package($0) }
    }

    /// The package of one peer, or nil.
    ///
    /// - Throws: ``PeerPackageError`` for a file that holds no package, or one for another host.
    public func package(_ hostName: HostName) throws -> PeerPackage? {
        guard let bytes = try DurableFile.read(file(hostName), limit: PeerPackage.byteLimit) else { return nil }
        let package = try PeerPackage(json: bytes)
        guard package.hostName == hostName else {
            throw PeerPackageError.malformed(reason: "\(hostName).package is for \(package.hostName)")
        }
        return package
    }

    /// The certificate that a peer's own took the place of, while both count: until the peer has changed over everywhere.
    public func formerCertificate(_ hostName: HostName) throws -> Certificate? {
        guard let package = try package(hostName) else { return nil }
        return try installed(package).former?.certificate
    }

    /// The certificates whose place a peer's own took, the latest first.
    public func lineage(_ hostName: HostName) throws -> [Fingerprint] {
        try package(hostName).map { try installed($0).lineage } ?? []
    }

    /// The names of files that should be packages and are not.
    public func damagedFiles() throws -> [String] {
        try hostNames().filter { (try? package($0)) == nil }.map { "\($0).package" }
    }

    func file(_ hostName: HostName) -> String { "\(path)/\(hostName).package" }

    func record(_ hostName: HostName) -> String { "\(path)/.\(hostName).installed" }

    func installed(_ package: PeerPackage) throws -> InstalledPeer {
        let record = try DurableFile.read(record(package.hostName), limit: PeerPackage.byteLimit)
        return InstalledPeer(package, record: record.flatMap { try? JSONValue(parsing: $0) })
    }

    private func hostNames() throws -> [HostName] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let suffix = ".package"
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(suffix) }
            return names.compactMap { HostName(String($0.dropLast(suffix.count))) }.sorted { $0.text < $1.text }
        } catch {
            throw FileError(operation: .read, path: path, reason: EACCES)
        }
    }
}
