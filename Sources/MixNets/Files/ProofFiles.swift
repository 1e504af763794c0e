// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
public import Foundation
private import Glibc

/// Where proof files are read from: a folder, or an unpacked archive.
public protocol ProofFiles: Sendable {
    /// The bytes of one file; `nil` if it is not there.
    func data(_ name: String) throws(MixNetError) -> Data?
}

/// The proof files of one session in a folder. Reading maps them; writing goes to a temporary name, is made durable, and is then
/// renamed, so that no half-written list is ever taken for a whole one.
public struct ProofFolder: ProofFiles {
    public let url: URL

    public init(_ url: URL) { self.url = url }

    public func data(_ name: String) throws(MixNetError) -> Data? {
        let path = url.appendingPathComponent(name).path
        guard access(path, F_OK) == 0 else { return nil }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch { throw .storage(file: name, code: errno) }
    }

    /// Writes one file through `body`, with mode 0600.
    func write(_ name: String, _ body: (inout FileSink) -> Void) throws(MixNetError) {
        let path = url.appendingPathComponent(name).path
        var sink = FileSink(temporary: path + ".new")
        body(&sink)
        if let code = sink.finish(renamingTo: path) { throw .storage(file: name, code: code) }
    }

    func write(_ name: String, tree: ByteTree) throws(MixNetError) {
        try write(name) { $0.append(tree: tree) }
    }
}

extension ProofFiles {
    /// Reads a file that must be there and hold exactly one byte tree, through `body`.
    func read<Value>(
        _ name: String, _ body: (inout ByteTreeReader) throws(ProofReadingError) -> Value
    ) throws(MixNetError) -> Value {
        guard let data = try data(name) else { throw .missingFile(name) }
        let result: Result<Value, ProofReadingError> = data.withUnsafeBytes { bytes in
            do throws(ProofReadingError) {
                return .success(try readingByteTree(bytes, body, orElse: { ProofReadingError($0) }))
            } catch { return .failure(error) }
        }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw .malformed(file: name, reason: error.reason)
        }
    }
}
