// SPDX-License-Identifier: Apache-2.0

/// Reads the part of Python's expressions that ``Pattern`` knows; nil wherever it meets something else.
struct PatternParser {
    private let text: [UnicodeScalar]
    private var offset = 0
    private var depth = 0

    init(_ expression: String) { text = Array(expression.unicodeScalars) }

    mutating func wholeExpression() -> PatternNode? {
        guard text.count <= 1000, let node = choice(), offset == text.count else { return nil }
        return node
    }

    private var next: UnicodeScalar? { offset < text.count ? text[offset] : nil }

    private mutating func skip(_ scalar: UnicodeScalar) -> Bool {
        guard next == scalar else { return false }
        offset += 1
        return true
    }

    private mutating func choice() -> PatternNode? {
        var branches: [PatternNode] = []
        repeat {
            guard let branch = sequence() else { return nil }
            branches.append(branch)
        } while skip("|")
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() -> PatternNode? {
        var nodes: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            guard let atom = atom(), let node = repetition(of: atom) else { return nil }
            nodes.append(node)
        }
        return .sequence(nodes)
    }

    private mutating func repetition(of atom: PatternNode) -> PatternNode? {
        let node: PatternNode
        switch next {
        case "*": (node, offset) = (.repeated(atom, 0, nil), offset + 1)
        case "+": (node, offset) = (.repeated(atom, 1, nil), offset + 1)
        case "?": (node, offset) = (.repeated(atom, 0, 1), offset + 1)
        case "{":
            guard let bounds = bounds() else { return nil }
            node = .repeated(atom, bounds.0, bounds.1)
        default: return atom
        }
        // Whether much or little is taken does not change whether there is a match. More signs are an error or possessive.
        _ = skip("?")
        if let next, "*+?{".unicodeScalars.contains(next) { return nil }
        if case .assertion = atom { return nil }
        return node
    }

    /// `{m}`, `{m,}`, `{m,n}`.
    private mutating func bounds() -> (Int, Int?)? {
        offset += 1
        guard let least = number() else { return nil }
        var most: Int? = least
        if skip(",") { most = next == "}" ? nil : number() }
        guard skip("}"), (most ?? least) >= least else { return nil }
        return (least, most)
    }

    private mutating func number() -> Int? {
        let start = offset
        while let scalar = next, ("0"..."9").contains(scalar), offset - start < 4 { offset += 1 }
        return Int(String(String.UnicodeScalarView(text[start..<offset])))
    }

    private mutating func atom() -> PatternNode? {
        guard let scalar = next else { return nil }
        offset += 1
        switch scalar {
        case "(": return group()
        case "[": return bracket().map { .take($0) }
        case ".": return .take(CharacterClass(members: [.range(0x0a...0x0a)], isNegated: true))
        case "^": return .assertion(.atStart)
        case "$": return .assertion(.atEnd(beforeNewline: true))
        case "\\": return escape()
        case "*", "+", "?", "{", "}", "]": return nil
        default: return .take(Self.only(scalar))
        }
    }

    private mutating func group() -> PatternNode? {
        if skip("?") { guard skip(":") else { return nil } }
        depth += 1
        guard depth < 50, let node = choice(), skip(")") else { return nil }
        depth -= 1
        return node
    }

    private mutating func escape() -> PatternNode? {
        guard let scalar = next else { return nil }
        switch scalar {
        case "A":
            (offset) = offset + 1
            return .assertion(.atStart)
        case "Z":
            offset += 1
            return .assertion(.atEnd(beforeNewline: false))
        case "b", "B":
            offset += 1
            return .assertion(.atWordBoundary(scalar == "b"))
        default: return member().map { .take(CharacterClass(members: [$0])) }
        }
    }

    /// What stands behind a backslash and takes a character.
    private mutating func member() -> CharacterClass.Member? {
        guard let scalar = next else { return nil }
        offset += 1
        switch scalar {
        case "d", "D": return .digit(scalar == "d")
        case "w", "W": return .word(scalar == "w")
        case "s", "S": return .space(scalar == "s")
        case "n": return .range(0x0a...0x0a)
        case "t": return .range(0x09...0x09)
        case "r": return .range(0x0d...0x0d)
        case "a"..."z", "A"..."Z", "0"..."9": return nil
        default: return .range(scalar.value...scalar.value)
        }
    }

    private mutating func bracket() -> CharacterClass? {
        var members: [CharacterClass.Member] = []
        let isNegated = skip("^")
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            offset += 1
            // Python warns of these: their meaning may change.
            if scalar == "[" { return nil }
            guard let member = scalar == "\\" ? member() : .range(scalar.value...scalar.value) else { return nil }
            guard next == "-", offset + 1 < text.count, text[offset + 1] != "]", case .range(let first) = member else {
                members.append(member)
                continue
            }
            offset += 1
            guard let end = next else { return nil }
            offset += 1
            guard let last = end == "\\" ? self.member() : .range(end.value...end.value), case .range(let bound) = last,
                first.lowerBound <= bound.upperBound
            else { return nil }
            members.append(.range(first.lowerBound...bound.upperBound))
        }
        return skip("]") ? CharacterClass(members: members, isNegated: isNegated) : nil
    }

    private static func only(_ scalar: UnicodeScalar) -> CharacterClass {
        CharacterClass(members: [.range(scalar.value...scalar.value)])
    }
}
