// SPDX-License-Identifier: Apache-2.0

/// Walks through the bytes of one byte tree and refuses whatever is not canonical, before it allocates for it.
///
/// Only valid inside the closure of ``readingByteTree(_:_:)``, which also refuses bytes that are left over.
public struct ByteTreeReader {
    private let bytes: UnsafeRawBufferPointer
    /// Who keeps the bytes beyond the closure, if anybody does: then a long array may stay where it is.
    package let owner: SharedBytes?
    /// Where the next tree begins, in bytes from the start of the whole.
    public private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer, owner: SharedBytes? = nil) {
        self.bytes = bytes
        self.owner = owner
    }

    var remaining: Int { bytes.count - offset }

    /// Enters a node and gives the number of its children, of which each has at least five bytes.
    public mutating func node() throws(ByteTreeError) -> Int {
        let start = offset
        let count = try header(.node)
        guard count <= remaining / ByteTreeTag.headerByteCount else {
            throw .truncated(offset: start, needed: count * ByteTreeTag.headerByteCount, found: remaining)
        }
        return count
    }

    /// Enters a node that must have `count` children.
    public mutating func node(of count: Int) throws(ByteTreeError) {
        let start = offset
        let found = try node()
        guard found == count else { throw .childCount(offset: start, expected: count, found: found) }
    }

    /// The number of children of the node that comes next, without entering it.
    public func upcomingNode() throws(ByteTreeError) -> Int {
        var ahead = self
        return try ahead.node()
    }

    /// The data of a leaf.
    public mutating func leaf() throws(ByteTreeError) -> [UInt8] {
        let start = offset
        let count = try header(.leaf)
        return Array(try take(count, from: start))
    }

    /// The data of a leaf that must have `count` bytes.
    public mutating func leaf(of count: Int) throws(ByteTreeError) -> [UInt8] {
        let start = offset
        let found = try header(.leaf)
        guard found == count else { throw .leafLength(offset: start, expected: count, found: found) }
        return Array(try take(count, from: start))
    }

    /// The bytes of the next `count` leaves of `width` bytes each, headers included. The caller checks the headers.
    package mutating func leaves(_ count: Int, width: Int) throws(ByteTreeError) -> UnsafeRawBufferPointer {
        let stride = width + ByteTreeTag.headerByteCount
        let (needed, overflow) = count.multipliedReportingOverflow(by: stride)
        guard !overflow, needed <= remaining else {
            throw .truncated(offset: offset, needed: overflow ? .max : needed, found: remaining)
        }
        return try take(needed, from: offset)
    }

    /// The next tree, whatever it is.
    public mutating func tree() throws(ByteTreeError) -> ByteTree {
        try tree(depth: 1)
    }

    private mutating func tree(depth: Int) throws(ByteTreeError) -> ByteTree {
        guard depth <= ByteTree.maximumDepth else { throw .tooDeep(offset: offset) }
        guard remaining > 0, bytes[offset] == ByteTreeTag.node.rawValue else { return .leaf(try leaf()) }
        let count = try node()
        var children: [ByteTree] = []
        children.reserveCapacity(count)
        for _ in 0..<count { children.append(try tree(depth: depth + 1)) }
        return .node(children)
    }

    private mutating func header(_ tag: ByteTreeTag) throws(ByteTreeError) -> Int {
        let start = offset
        let header = try take(ByteTreeTag.headerByteCount, from: start)
        guard header[header.startIndex] == tag.rawValue else {
            throw .tag(offset: start, expected: tag.rawValue, found: header[header.startIndex])
        }
        let count = header.dropFirst().reduce(0) { $0 << 8 | Int($1) }
        guard count < 1 << 31 else { throw .truncated(offset: start, needed: count, found: remaining) }
        return count
    }

    private mutating func take(_ count: Int, from start: Int) throws(ByteTreeError) -> UnsafeRawBufferPointer {
        guard count <= remaining else { throw .truncated(offset: start, needed: count, found: remaining) }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    func finish() throws(ByteTreeError) {
        guard remaining == 0 else { throw .trailingBytes(offset: offset, count: remaining) }
    }
}

/// Reads one byte tree that fills `bytes` exactly.
public func readingByteTree<Value, Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ read: (inout ByteTreeReader) throws(Failure) -> Value,
    orElse wrap: (ByteTreeError) -> Failure
) throws(Failure) -> Value {
    var reader = ByteTreeReader(bytes)
    let result = try read(&reader)
    do { try reader.finish() } catch { throw wrap(error) }
    return result
}

/// Reads one byte tree that fills `shared` exactly; arrays that are read keep it and stay in it.
public func readingByteTree<Value, Failure: Error>(
    _ shared: SharedBytes, _ read: (inout ByteTreeReader) throws(Failure) -> Value,
    orElse wrap: (ByteTreeError) -> Failure
) throws(Failure) -> Value {
    var reader = ByteTreeReader(shared.bytes, owner: shared)
    let result = try read(&reader)
    do { try reader.finish() } catch { throw wrap(error) }
    return result
}

/// Reads one byte tree that fills `bytes` exactly.
public func readingByteTree<Value>(
    _ bytes: [UInt8], _ read: (inout ByteTreeReader) throws(ByteTreeError) -> Value
) throws(ByteTreeError) -> Value {
    let result: Result<Value, ByteTreeError> = bytes.withUnsafeBytes { buffer in
        do throws(ByteTreeError) { return .success(try readingByteTree(buffer, read, orElse: { $0 })) } catch {
            return .failure(error)
        }
    }
    return try result.get()
}
