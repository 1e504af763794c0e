// SPDX-License-Identifier: Apache-2.0

package import Foundation
import HTTPTypes
package import Hummingbird
import NIOCore
import RequestHeaders

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
