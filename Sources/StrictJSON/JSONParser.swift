// SPDX-License-Identifier: Apache-2.0

/// How much of a JSON text is taken before it is refused.
package struct JSONLimits: Sendable {
    package var byteCount: Int
    /// How many arrays and objects may stand inside each other.
    package var depth: Int

    /// 16 MiB and 32 levels unless told otherwise: above every request that clients send.
    package init(byteCount: Int = 16 << 20, depth: Int = 32) {
        self.byteCount = byteCount
        self.depth = depth
    }
}

extension JSONValue {
    /// Reads one JSON text that fills `bytes`, white space around it allowed.
    ///
    /// Stricter than most readers: UTF-8 is checked, keys may not repeat, no byte order mark, nothing behind the value.
    ///
    /// - Throws: ``JSONSyntaxError`` with the byte offset of the first fault.
    package init(parsing bytes: some Sequence<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
        let fast = bytes.withContiguousStorageIfAvailable { buffer in
            Result { () throws(JSONSyntaxError) in try JSONValue(parsingBuffer: buffer, limits: limits) }
        }
        if let fast {
            self = try fast.get()
            return
        }
        let copy = Array(bytes.prefix(limits.byteCount + 1))
        self = try copy.withUnsafeBufferPointer { buffer in
            Result { () throws(JSONSyntaxError) in try JSONValue(parsingBuffer: buffer, limits: limits) }
        }.get()
    }

    package init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
        try self.init(parsing: text.utf8, limits: limits)
    }

    /// The same for memory that the caller keeps alive during the call, such as a line of a mapped file.
    package init(
        parsingBuffer bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits = JSONLimits()
    ) throws(JSONSyntaxError) {
        guard bytes.count <= limits.byteCount else {
            throw .tooLarge(byteCount: bytes.count, limit: limits.byteCount)
        }
        var parser = JSONParser(bytes: bytes, depthLimit: limits.depth)
        self = try parser.wholeText()
    }
}

/// A recursive descent over a buffer; the depth limit bounds the recursion.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let depthLimit: Int
    var offset = 0

    init(bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    mutating func wholeText() throws(JSONSyntaxError) -> JSONValue {
        let result = try value(depth: 0)
        skipWhiteSpace()
        if offset < bytes.count { throw unexpected("the end of the text") }
        return result
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        skipWhiteSpace()
        switch try peek("a value") {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), 0x30...0x39: return try number()
        default: throw unexpected("a value")
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        if depth > depthLimit { throw .tooDeep(offset: offset, limit: depthLimit) }
        offset += 1
        var elements: [JSONValue] = []
        skipWhiteSpace()
        if try peek("a value or ]") == UInt8(ascii: "]") {
            offset += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth))
            skipWhiteSpace()
            switch try peek(", or ]") {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "]"):
                offset += 1
                return .array(elements)
            default: throw unexpected(", or ]")
            }
        }
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        if depth > depthLimit { throw .tooDeep(offset: offset, limit: depthLimit) }
        offset += 1
        var members: [JSONObject.Member] = []
        // A set only once the object is large: nearly all have a handful of keys.
        var seen: Set<[UInt8]> = []
        skipWhiteSpace()
        if try peek("a key or }") == UInt8(ascii: "}") {
            offset += 1
            return .object(JSONObject())
        }
        while true {
            skipWhiteSpace()
            let start = offset
            guard try peek("a key") == UInt8(ascii: "\"") else { throw unexpected("a key") }
            let key = try string()
            if members.count == 16 { for member in members { seen.insert(Array(member.key.utf8)) } }
            let repeated =
                members.count < 16
                ? members.contains { sameCodePoints($0.key, key) } : !seen.insert(Array(key.utf8)).inserted
            if repeated { throw .duplicateKey(key, offset: start) }
            skipWhiteSpace()
            guard try peek(":") == UInt8(ascii: ":") else { throw unexpected(":") }
            offset += 1
            members.append(JSONObject.Member(key: key, value: try value(depth: depth)))
            skipWhiteSpace()
            switch try peek(", or }") {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "}"):
                offset += 1
                return .object(JSONObject(distinct: members))
            default: throw unexpected(", or }")
            }
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount {
            guard try peek("\(word)") == word.utf8Start[index] else { throw unexpected("\(word)") }
            offset += 1
        }
        return value
    }

    mutating func skipWhiteSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0a, 0x0d: offset += 1
            default: return
            }
        }
    }

    func peek(_ expected: @autoclosure () -> String) throws(JSONSyntaxError) -> UInt8 {
        guard offset < bytes.count else { throw .unexpectedEnd(expected: expected()) }
        return bytes[offset]
    }

    func unexpected(_ expected: String) -> JSONSyntaxError {
        .unexpected(byte: bytes[offset], offset: offset, expected: expected)
    }
}
