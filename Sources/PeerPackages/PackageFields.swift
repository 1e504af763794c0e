// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// The texts and numbers of a package's JSON, of the right types and without anything that a shell, a path or a hosts line could
/// take for something else.
struct PackageFields {
    let hostName: String
    let address: String
    /// PEM, with at most text around it.
    let certificate: String
    let port: Int
    let version: Int
    let unknownKeys: [String]

    private static let knownKeys = ["hostname", "ip_address", "ssl_certificate", "port", "version"]

    init(json bytes: [UInt8]) throws(PeerPackageError) {
        let limit = PeerPackage.byteLimit
        guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        let object: JSONObject
        do {
            let value = try JSONValue(parsing: bytes, limits: JSONLimits(byteCount: limit, depth: 8))
            let package = JSONField(value, name: "the package")
            object = try package.object()
            hostName = try package.member("hostname").string()
            address = try package.member("ip_address").string()
            certificate = try package.member("ssl_certificate").string()
            port = try package.optional("port")?.integer(in: 1...65535) ?? 5000
            version = try package.optional("version")?.integer(in: 1...1_000_000) ?? 1
        } catch let error as JSONSyntaxError {
            throw .malformed(reason: error.message)
        } catch let error as JSONShapeError {
            throw .malformed(reason: error.message)
        } catch {
            throw .malformed(reason: "it cannot be read")
        }
        unknownKeys = object.keys.filter { !Self.knownKeys.contains($0) }
        for member in object.members where member.value.texts.contains(where: { $0.contains("PRIVATE KEY") }) {
            throw .privateKey(key: member.key)
        }
        try Self.refuse(in: hostName, key: "hostname", ForbiddenText.init(inWord:))
        try Self.refuse(in: address, key: "ip_address", ForbiddenText.init(inWord:))
        try Self.refuse(in: certificate, key: "ssl_certificate", ForbiddenText.init(inLines:))
    }

    private static func refuse(
        in text: String, key: String, _ find: (String) -> ForbiddenText?
    ) throws(PeerPackageError) {
        if let found = find(text) { throw .forbidden(found, key: key) }
    }
}

extension JSONValue {
    /// Every string in it, keys included.
    fileprivate var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(\.texts)
        case .object(let object): object.members.flatMap { [$0.key] + $0.value.texts }
        case .null, .bool, .integer, .number: []
        }
    }
}
