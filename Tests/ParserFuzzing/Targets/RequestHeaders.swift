// SPDX-License-Identifier: Apache-2.0

import Foundation
import RequestHeaders
import TrustStores

/// What comes in front of a request's body: what a proxy says of a connection, ranges, paths, addresses and certificates in headers.
func parseRequestHeaders(_ input: [UInt8]) throws {
    try readProxyHeader(Array(input.prefix(ProxyHeader.byteLimit)))
    let text = String(decoding: input.prefix(8192), as: UTF8.self)
    for line in text.split(separator: "\n", maxSplits: 7).map(String.init) {
        for count in [0, 1, 100] {
            guard case .part(let range) = ByteRange(line, in: count) else { continue }
            try require(range.lowerBound >= 0 && range.upperBound < count, "bytes \(range) of \(count)")
        }
        if let path = PublicPath(line.components(separatedBy: "/")) {
            let file = URL(filePath: "/public").appending(path: path.text).standardized.path
            try require(file == "/public/" + path.text, "a path leads to \(file)")
        }
        if let address = IPAddress(line) {
            try require(IPAddress(address.text) == address, "an address reads as another one when it is written")
        }
    }
    guard let pem = text.removingPercentEncoding else { return }
    if let certificate = try refusing("a certificate", { try Certificate(pem: pem) }) {
        try require(try Certificate(pem: certificate.pem) == certificate, "a certificate reads as another one")
    }
}

private func readProxyHeader(_ input: [UInt8]) throws {
    switch ProxyHeader.read(input) {
    case .incomplete: try require(input.count < ProxyHeader.byteLimit, "a header of \(input.count) bytes has no end")
    case .refused(let fault):
        try require(ProxyHeader.read(input + [0]) == .refused(fault), "what was refused is taken when more comes")
    case .header(let header, let byteCount):
        try require((1...input.count).contains(byteCount), "a header of \(byteCount) bytes in \(input.count)")
        for count in [0, byteCount / 2, byteCount - 1] {
            try require(
                ProxyHeader.read(Array(input.prefix(count))) == .incomplete, "\(count) bytes of a header are one")
        }
        try require(
            ProxyHeader.read(Array(input.prefix(byteCount)) + [0x16, 0x03]) == .header(header, byteCount: byteCount),
            "what follows a header changes it")
    }
}
