// SPDX-License-Identifier: Apache-2.0

public import ByteTrees
private import CCrypto

/// The hash functions that protInfo.xml may name as `rohash` and `prg`.
public enum HashFunction: String, Sendable, CaseIterable {
    case sha256 = "SHA-256"
    case sha384 = "SHA-384"
    case sha512 = "SHA-512"

    /// Bytes of a digest.
    public var byteCount: Int {
        switch self {
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    public func digest(of bytes: some Sequence<UInt8>) -> [UInt8] {
        var hashing = IncrementalHash(self)
        hashing.append(bytes: Array(bytes))
        return hashing.digest()
    }
}

/// A hash that takes its input piece by piece, so that a list is hashed without standing in memory a second time.
///
/// OpenSSL's allocations are taken not to fail: without memory the process ends.
public struct IncrementalHash: ~Copyable, ByteTreeSink {
    private let context: OpaquePointer
    private let function: HashFunction

    public init(_ function: HashFunction) {
        self.function = function
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("no memory for a hash") }
        self.context = context
        let initialized = EVP_DigestInit_ex(context, function.implementation, nil)
        precondition(initialized == 1, "the system's libcrypto has no \(function.rawValue)")
    }

    deinit { EVP_MD_CTX_free(context) }

    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "hashing failed")
    }

    /// The digest of all that was appended; the hash begins anew afterwards.
    public mutating func digest() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: function.byteCount)
        digest.withUnsafeMutableBytes { self.digest(into: $0) }
        return digest
    }

    /// As ``digest()``, into bytes of the digest's length that the caller wipes.
    package mutating func digest(into digest: UnsafeMutableRawBufferPointer) {
        precondition(digest.count == function.byteCount, "\(digest.count) bytes for a digest of \(function.byteCount)")
        let place = digest.bindMemory(to: UInt8.self).baseAddress
        precondition(EVP_DigestFinal_ex(context, place, nil) == 1, "hashing failed")
        // Without a name the context keeps its function, and nobody looks it up under a lock.
        precondition(EVP_DigestInit_ex(context, nil, nil) == 1, "hashing failed")
    }
}

extension HashFunction {
    fileprivate var implementation: OpaquePointer? {
        switch self {
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}
