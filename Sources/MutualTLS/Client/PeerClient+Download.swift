// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import DurableFiles
import Foundation
import NIOHTTP1
import NIOCore
import OperatorErrors
import TrustStores

extension PeerClient {
    /// How much of a file there is to fetch.
    package enum ExpectedLength: Sendable {
        /// Known beforehand: what the file holds already is kept, and the transfer goes on behind it.
        case exactly(Int)
        /// Unknown: the transfer starts anew.
        case atMost(Int)
        /// Unknown: what the file holds already is kept, where the peer knows ranges. Whether both parts are of one file, the digest
        /// tells.
        case beyond(upTo: Int)
    }

    /// Fetches `path` into `file`, which only its owner may read; nothing about the bytes is believed, the caller checks a digest.
    ///
    /// - Parameters:
    ///   - accept: called with the length that the peer states of the whole file, if it does, before anything is stored; what it
    ///     throws ends the transfer.
    ///   - progress: called with the bytes of the file so far, from any thread.
    /// - Throws: ``PeerClientError`` or ``FileError``. What has come stays in the file; but for ``ExpectedLength/atMost(_:)``, another
    ///   call goes on there.
    package func download(
        _ path: String, from peer: PeerEndpoint, to file: String, length: ExpectedLength,
        accept: @Sendable (Int) async throws -> Void = { _ in }, progress: @Sendable (Int) -> Void = { _ in }
    ) async throws {
        var target = try PartialFile(path: file)
        switch length {
        case .exactly(let count):
            if target.count > count { try target.truncate() }
            if target.count == count { return }
        case .atMost: try target.truncate()
        case .beyond(let limit): if target.count > limit { try target.truncate() }
        }
        var request = self.request(.get, path, to: peer)
        if target.count > 0 { request.headers.add(name: "range", value: "bytes=\(target.count)-") }
        let limit = length.limit
        // The read timeout ends a transfer that stalls; a long one may take its hours.
        try await translatingErrors(of: peer) {
            let response = try await self.client(for: peer).execute(request, timeout: .hours(24))
            // Nothing lies behind what has come already.
            if case .beyond = length, Self.isWhole(target.count, by: response) { return }
            try await Self.prepare(&target, for: response, peer: peer)
            if let stated = response.headers.first(name: "content-length").flatMap({ Int($0) }), stated >= 0 {
                let (whole, overflow) = target.count.addingReportingOverflow(stated)
                guard !overflow, whole <= limit else {
                    throw PeerClientError.answerTooLarge(peer: peer.name, limit: limit)
                }
                try await accept(whole)
            }
            for try await chunk in response.body {
                guard target.count + chunk.readableBytes <= limit else {
                    throw PeerClientError.answerTooLarge(peer: peer.name, limit: limit)
                }
                try target.append(chunk.readableBytesView)
                progress(target.count)
            }
        }
        if case .exactly(let count) = length, target.count < count {
            throw PeerClientError.unreachable(peer: peer.name, reason: "it sent \(target.count) of \(count) bytes")
        }
        try target.sync()
    }

    /// Whether the peer says that its file has no more than so many bytes.
    private static func isWhole(_ count: Int, by response: HTTPClientResponse) -> Bool {
        response.status == .rangeNotSatisfiable && count > 0
            && response.headers.first(name: "content-range") == "bytes */\(count)"
    }

    /// Makes the file end where the answer begins.
    private static func prepare(
        _ target: inout PartialFile, for response: HTTPClientResponse, peer: PeerEndpoint
    ) async throws {
        switch response.status {
        case .ok:
            // A server that knows no ranges begins at the beginning.
            try target.truncate()
        case .rangeNotSatisfiable where target.count > 0:
            // What is there is of another file: the next call begins anew.
            try target.truncate()
            throw PeerClientError.wrongRange(peer: peer.name)
        case .partialContent:
            let start = response.headers.first(name: "content-range").flatMap(firstByte)
            guard start == target.count else { throw PeerClientError.wrongRange(peer: peer.name) }
        default:
            let text = try? await response.body.collect(upTo: 4096)
            throw PeerClientError.status(
                peer: peer.name, status: Int(response.status.code), text: text.map { String(buffer: $0) } ?? "")
        }
    }

    /// The first position of `bytes FIRST-LAST/TOTAL`.
    private static func firstByte(_ contentRange: String) -> Int? {
        guard let match = contentRange.wholeMatch(of: /bytes (\d{1,18})-\d{1,18}\/(\d{1,18}|\*)/) else { return nil }
        return Int(match.1)
    }
}

extension PeerClient.ExpectedLength {
    fileprivate var limit: Int {
        switch self {
        case .exactly(let count), .atMost(let count), .beyond(let count): count
        }
    }
}

/// A file that grows at its end.
private struct PartialFile: ~Copyable {
    private let file: OpenFile
    private let path: String
    private(set) var count: Int

    init(path: String) throws(FileError) {
        self.path = path
        file = try OpenFile(path, to: .write, O_WRONLY | O_CREAT, mode: 0o600)
        count = Int(lseek(file.number, 0, SEEK_END))
    }

    mutating func truncate() throws(FileError) {
        guard ftruncate(file.number, 0) == 0, lseek(file.number, 0, SEEK_SET) == 0 else {
            throw FileError.now(.write, path)
        }
        count = 0
    }

    mutating func append(_ bytes: ByteBufferView) throws(FileError) {
        let result = bytes.withUnsafeBytes { bytes in Result { () throws(FileError) in try file.write(bytes) } }
        try result.get()
        count += bytes.count
    }

    func sync() throws(FileError) { try file.synchronize() }
}
