// SPDX-License-Identifier: Apache-2.0

/// A regular expression of a counting configuration, matched at the beginning of a text as Python's `re.match` does.
///
/// Configurations are foreign: the automaton looks at each character once for each of its states, so that no expression takes
/// long. What it does not know (looking around, back references, flags) is refused instead of read otherwise.
struct Pattern: Sendable {
    private let program: [Instruction]

    enum Instruction: Sendable {
        case take(CharacterClass)
        case fork(Int, Int)
        case jump(Int)
        case atStart
        /// At the end, or with `beforeNewline` before a line feed that ends the text.
        case atEnd(beforeNewline: Bool)
        case atWordBoundary(Bool)
        case accept
    }

    /// Nil for an expression that is wrong or not known here.
    init?(_ expression: String) {
        var parser = PatternParser(expression)
        guard let node = parser.wholeExpression() else { return nil }
        var program: [Instruction] = []
        guard Self.compile(node, into: &program) else { return nil }
        self.program = program + [.accept]
    }

    /// Whether some beginning of the text, also the empty one, is what the expression says.
    func matchesBeginning(of text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var states: Set<Int> = [0]
        for place in 0...scalars.count {
            var reached: Set<Int> = []
            for state in states where follow(state, at: place, scalars, &reached) { return true }
            guard place < scalars.count, !reached.isEmpty else { return false }
            states = []
            for state in reached {
                if case .take(let characters) = program[state], characters.contains(scalars[place]) {
                    states.insert(state + 1)
                }
            }
        }
        return false
    }

    /// Follows all instructions that take no character. True if the expression is matched.
    private func follow(_ state: Int, at place: Int, _ text: [UnicodeScalar], _ reached: inout Set<Int>) -> Bool {
        var open = [state]
        while let state = open.popLast() {
            guard reached.insert(state).inserted else { continue }
            switch program[state] {
            case .take: break
            case .fork(let first, let second): open += [second, first]
            case .jump(let target): open.append(target)
            case .atStart: if place == 0 { open.append(state + 1) }
            case .atEnd(let beforeNewline):
                let isLast = place == text.count - 1 && text[place] == "\n"
                if place == text.count || (beforeNewline && isLast) { open.append(state + 1) }
            case .atWordBoundary(let wanted):
                let before = place > 0 && CharacterClass.isWord(text[place - 1])
                let after = place < text.count && CharacterClass.isWord(text[place])
                if (before != after) == wanted { open.append(state + 1) }
            case .accept: return true
            }
        }
        return false
    }

    /// False if the program becomes too long.
    private static func compile(_ node: PatternNode, into program: inout [Instruction]) -> Bool {
        guard program.count < 1000 else { return false }
        switch node {
        case .take(let characters): program.append(.take(characters))
        case .assertion(let instruction): program.append(instruction)
        case .sequence(let nodes):
            for node in nodes { guard compile(node, into: &program) else { return false } }
        case .choice(let nodes):
            var ends: [Int] = []
            for (index, node) in nodes.enumerated() {
                let fork = program.count
                if index + 1 < nodes.count { program.append(.jump(0)) }
                guard compile(node, into: &program) else { return false }
                if index + 1 < nodes.count {
                    ends.append(program.count)
                    program.append(.jump(0))
                    program[fork] = .fork(fork + 1, program.count)
                }
            }
            for end in ends { program[end] = .jump(program.count) }
        case .repeated(let node, let least, let most):
            for _ in 0..<least { guard compile(node, into: &program) else { return false } }
            if let most {
                var forks: [Int] = []
                for _ in least..<max(least, most) {
                    forks.append(program.count)
                    program.append(.jump(0))
                    guard compile(node, into: &program) else { return false }
                }
                for fork in forks { program[fork] = .fork(fork + 1, program.count) }
            } else {
                let fork = program.count
                program.append(.jump(0))
                guard compile(node, into: &program) else { return false }
                program.append(.jump(fork))
                program[fork] = .fork(fork + 1, program.count)
            }
        }
        return true
    }
}

indirect enum PatternNode {
    case take(CharacterClass)
    case assertion(Pattern.Instruction)
    case sequence([PatternNode])
    case choice([PatternNode])
    case repeated(PatternNode, Int, Int?)
}
