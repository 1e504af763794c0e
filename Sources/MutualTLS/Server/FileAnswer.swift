// SPDX-License-Identifier: Apache-2.0

package import Foundation
import HTTPTypes
package import Hummingbird
import NIOCore

/// Answers a GET request with a file, or with one range of its bytes (RFC 9110, section 14), streamed from disk.
package struct FileAnswer {
    private let file: URL

    package init(file: URL) { self.file = file }

    /// Nil where there is no such file; a link is none.
    package func response(to request: Request, context: some RequestContext) async throws -> Response? {
        guard let count = Self.byteCount(of: file) else { return nil }
        var headers: HTTPFields = [.contentType: Self.type(of: file.lastPathComponent), .acceptRanges: "bytes"]
        switch request.headers[.range].map({ ByteRange($0, in: count) }) ?? .whole {
        case .whole:
            let body = count == 0 ? ResponseBody() : try await FileIO().loadFile(path: file.path, context: context)
            return Response(status: .ok, headers: headers, body: body)
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(count)"
            let body = try await FileIO().loadFile(path: file.path, range: range, context: context)
            return Response(status: .partialContent, headers: headers, body: body)
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(count)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    private static func byteCount(of file: URL) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
        return (attributes?[.size] as? NSNumber)?.intValue
    }

    private static func type(of name: String) -> String {
        if name.hasSuffix(".xml") { return "application/xml" }
        if name.hasSuffix("_json") { return "application/json" }
        if name.hasSuffix(".sha256") { return "text/plain" }
        return "application/octet-stream"
    }
}

/// What a Range header asks for. Anything but one range of bytes is ignored, as the RFC allows.
enum ByteRange: Equatable {
    case whole
    case part(ClosedRange<Int>)
    case unsatisfiable

    init(_ header: String, in count: Int) {
        self = .whole
        guard let match = header.wholeMatch(of: /bytes=(\d{0,18})-(\d{0,18})/) else { return }
        switch (Int(match.1), Int(match.2)) {
        case (let first?, let last):
            if let last, last < first { return }
            self = first < count ? .part(first...min(last ?? count - 1, count - 1)) : .unsatisfiable
        case (nil, let suffix?):
            self = suffix > 0 && count > 0 ? .part(max(0, count - suffix)...count - 1) : .unsatisfiable
        case (nil, nil): return
        }
    }
}
