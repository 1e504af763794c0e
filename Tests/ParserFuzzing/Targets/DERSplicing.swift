// SPDX-License-Identifier: Apache-2.0

/// A place in an element of DER: some of the children of one that lies in it.
struct DERPlace {
    /// Which child each time, from the outermost element on.
    let path: [Int]
    let children: Range<Int>
}

/// `element` with other bytes in one place, and with the lengths that it has then.
func splicing(_ bytes: [UInt8], into place: DERPlace, of element: [UInt8]) -> [UInt8] {
    var children = derChildren(of: element)
    if let next = place.path.first {
        let inner = DERPlace(path: Array(place.path.dropFirst()), children: place.children)
        children[next] = splicing(bytes, into: inner, of: children[next])
    } else {
        children.replaceSubrange(place.children, with: [bytes])
    }
    return derElement(element[0], Array(children.joined()))
}

/// What stands in that place.
func derBytes(at place: DERPlace, of element: [UInt8]) -> [UInt8] {
    let children = place.path.reduce(derChildren(of: element)) { derChildren(of: $0[$1]) }
    return Array(children[place.children].joined())
}

func derElement(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt32(content.count).bigEndian) { Array($0) }.drop { $0 == 0 }
    return [tag] + (content.count < 0x80 ? [UInt8(content.count)] : [0x80 | UInt8(length.count)] + length) + content
}

/// - Precondition: `element` is DER as we wrote it ourselves, of one byte a tag.
private func derChildren(of element: [UInt8]) -> [[UInt8]] {
    var (children, rest) = ([[UInt8]](), element[derContent(of: element[...])])
    while !rest.isEmpty {
        let end = derContent(of: rest).upperBound
        children.append(Array(rest[..<end]))
        rest = rest[end...]
    }
    return children
}

/// Where the content of the first element lies.
private func derContent(of bytes: ArraySlice<UInt8>) -> Range<Int> {
    let first = Int(bytes[bytes.startIndex + 1])
    let lengthCount = first < 0x80 ? 0 : first & 0x7F
    let start = bytes.startIndex + 2 + lengthCount
    let length = first < 0x80 ? first : bytes[(start - lengthCount)..<start].reduce(0) { $0 << 8 | Int($1) }
    return start..<start + length
}
