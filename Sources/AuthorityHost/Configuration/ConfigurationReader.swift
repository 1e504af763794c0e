// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TrustStores

/// Reads typed values out of a configuration's JSON object, and remembers which keys somebody knows.
struct ConfigurationReader {
    let object: JSONObject
    let path: String
    private(set) var known: Set<String> = []

    init(bytes: [UInt8], path: String) throws(ConfigurationError) {
        self.path = path
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, limits: JSONLimits(byteCount: 1 << 20, depth: 16))
        } catch {
            throw .notJSON(path: path, reason: error.message)
        }
        guard let object = value.asObject else {
            throw .notJSON(path: path, reason: "it is \(value.kind), not an object")
        }
        self.object = object
    }

    /// Keys that nobody asked for, in the file's order.
    var unknownKeys: [String] { object.keys.filter { !known.contains($0) } }

    mutating func text(_ key: String, default fallback: String) throws(ConfigurationError) -> String {
        try value(key, default: fallback, takes: "a text") { $0.asString }
    }

    /// An absolute path.
    mutating func path(_ key: String, default fallback: String) throws(ConfigurationError) -> String {
        try value(key, default: fallback, takes: "an absolute path") { $0.asString.flatMap(absolutePath) }
    }

    /// An absolute path, or null for nil.
    mutating func pathOrNull(_ key: String, default fallback: String) throws(ConfigurationError) -> String? {
        if case .null? = object[key] {
            known.insert(key)
            return nil
        }
        return try value(key, default: fallback, takes: "an absolute path or null") {
            $0.asString.flatMap(absolutePath)
        }
    }

    mutating func port(_ key: String, default fallback: Int) throws(ConfigurationError) -> Int {
        try integer(key, default: fallback, in: 1...65535)
    }

    mutating func integer(
        _ key: String, default fallback: Int, in range: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int {
        try value(key, default: fallback, takes: "an integer from \(range.lowerBound) to \(range.upperBound)") {
            value in
            value.asInteger.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// An integer, or null for nil.
    mutating func integerOrNull(
        _ key: String, default fallback: Int, in range: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int? {
        if case .null? = object[key] {
            known.insert(key)
            return nil
        }
        return try value(
            key, default: fallback, takes: "an integer from \(range.lowerBound) to \(range.upperBound), or null"
        ) { value in
            value.asInteger.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func flag(_ key: String, default fallback: Bool) throws(ConfigurationError) -> Bool {
        try value(key, default: fallback, takes: "true or false") { $0.asBool }
    }

    mutating func address(_ key: String) throws(ConfigurationError) -> IPAddress? {
        try optional(key, takes: "an IPv4 or IPv6 address") { IPAddress($0) }
    }

    mutating func hostName(_ key: String) throws(ConfigurationError) -> HostName? {
        try optional(key, takes: "a host name (RFC 1123)") { HostName($0) }
    }

    mutating func userName(_ key: String) throws(ConfigurationError) -> String? {
        try optional(key, takes: "the name of a user") { text in
            (1...32).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? text : nil
        }
    }

    /// A list of addresses, which may be empty.
    mutating func addresses(_ key: String) throws(ConfigurationError) -> Set<IPAddress> {
        try value(key, default: [], takes: "a list of IPv4 and IPv6 addresses") { value in
            guard let texts = value.asArray?.map({ $0.asString ?? "" }), texts.count <= 64 else { return nil }
            let addresses = texts.compactMap { IPAddress($0) }
            return addresses.count == texts.count ? Set(addresses) : nil
        }
    }

    /// A program by its absolute path, and its arguments as they are: no shell ever reads them.
    mutating func command(_ key: String) throws(ConfigurationError) -> [String]? {
        try value(key, default: nil, takes: "a list of texts: the absolute path of a program, then its arguments") {
            value in
            guard let words = value.asArray?.map(\.asString), (1...64).contains(words.count) else { return nil }
            let texts = words.compactMap { word in word.flatMap { $0.utf8.contains(0) ? nil : $0 } }
            guard texts.count == words.count, absolutePath(texts[0]) != nil else { return nil }
            return .some(texts)
        }
    }

    mutating func choice(_ key: String, default fallback: String, of choices: [String]) throws(ConfigurationError)
        -> String
    {
        try value(key, default: fallback, takes: "one of \(choices.joined(separator: ", "))") { value in
            value.asString.flatMap { choices.contains($0) ? $0 : nil }
        }
    }

    private mutating func optional<Value>(
        _ key: String, takes: String, _ read: (String) -> Value?
    ) throws(ConfigurationError) -> Value? {
        known.insert(key)
        guard let found = object[key] else { return nil }
        guard let text = found.asString, let value = read(text) else {
            throw .wrongValue(key: key, takes: takes, path: path)
        }
        return value
    }

    private mutating func value<Value>(
        _ key: String, default fallback: Value, takes: String, _ read: (JSONValue) -> Value?
    ) throws(ConfigurationError) -> Value {
        known.insert(key)
        guard let found = object[key] else { return fallback }
        guard let value = read(found) else { throw .wrongValue(key: key, takes: takes, path: path) }
        return value
    }
}

private func absolutePath(_ text: String) -> String? {
    guard text.hasPrefix("/"), text.utf8.count <= 4096, !text.utf8.contains(0) else { return nil }
    return text
}
