// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation

/// The calist: a PEM bundle of the certificates that may connect, with everything else in the file kept as it stands.
public struct TrustStore: Sendable {
    /// The largest bundle that is read, in bytes.
    public static let byteLimit = 4 << 20

    /// The file's bytes, changed by ``add(_:)`` and ``remove(_:)``.
    public private(set) var bytes: [UInt8]
    /// In the order of the file, each certificate once.
    public private(set) var certificates: [Certificate]
    /// Certificate blocks that could not be read: they are kept, and trusted no more than a comment.
    public private(set) var unreadableCount: Int

    public init(bytes: [UInt8] = []) {
        self.bytes = bytes
        certificates = []
        unreadableCount = 0
        readAll()
    }

    /// Reads a bundle; a file that is not there is an empty one.
    public init(file path: String) throws {
        self.init(bytes: try DurableFile.read(path, limit: Self.byteLimit) ?? [])
    }

    public func contains(_ fingerprint: Fingerprint) -> Bool { certificate(fingerprint) != nil }

    public func certificate(_ fingerprint: Fingerprint) -> Certificate? {
        certificates.first { $0.fingerprint == fingerprint }
    }

    /// Appends `certificate`, with a last line end if the file has one. Returns false, and changes nothing, if it is there already.
    @discardableResult
    public mutating func add(_ certificate: Certificate) -> Bool {
        guard !contains(certificate.fingerprint) else { return false }
        bytes.appendLine(certificate.pem.utf8)
        certificates.append(certificate)
        return true
    }

    /// Takes out every block that holds the certificate, and nothing around it but a block before it that never ended. Returns false if there was none.
    @discardableResult
    public mutating func remove(_ fingerprint: Fingerprint) -> Bool {
        let blocks = PEM.blocks(in: bytes).filter { block in
            PEM.isCertificate(block.label) && block.contents.map { Fingerprint(ofDER: $0) } == fingerprint
        }
        for block in blocks.reversed() { bytes.removeLine(block.range) }
        readAll()
        return !blocks.isEmpty
    }

    /// Replaces the file in one step. A new one can be read by everybody: certificates are public.
    public func write(to path: String) throws {
        try DurableFile.write(bytes, to: path, mode: 0o644)
    }

    private mutating func readAll() {
        certificates = []
        unreadableCount = 0
        var seen: Set<Fingerprint> = []
        for block in PEM.blocks(in: bytes) where PEM.isCertificate(block.label) {
            guard let contents = block.contents, let certificate = try? Certificate(der: contents) else {
                unreadableCount += 1
                continue
            }
            if seen.insert(certificate.fingerprint).inserted { certificates.append(certificate) }
        }
    }
}
