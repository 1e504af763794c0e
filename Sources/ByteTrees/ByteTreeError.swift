// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not the byte tree that was expected. Offsets count bytes from the start of the tree.
public enum ByteTreeError: Error, Equatable, Sendable {
    case tag(offset: Int, expected: UInt8, found: UInt8)
    case truncated(offset: Int, needed: Int, found: Int)
    case trailingBytes(offset: Int, count: Int)
    case tooDeep(offset: Int)
    case childCount(offset: Int, expected: Int, found: Int)
    case leafLength(offset: Int, expected: Int, found: Int)
}

extension ByteTreeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tag(let offset, let expected, let found):
            "byte \(offset): tag \(found) where \(expected) was expected"
        case .truncated(let offset, let needed, let found):
            "byte \(offset): \(needed) bytes are announced, \(found) are left"
        case .trailingBytes(let offset, let count): "byte \(offset): \(count) bytes follow the tree"
        case .tooDeep(let offset): "byte \(offset): nested more than \(ByteTree.maximumDepth) levels deep"
        case .childCount(let offset, let expected, let found):
            "byte \(offset): a node of \(found) children where \(expected) were expected"
        case .leafLength(let offset, let expected, let found):
            "byte \(offset): a leaf of \(found) bytes where \(expected) were expected"
        }
    }
}
