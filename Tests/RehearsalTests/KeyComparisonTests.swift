// SPDX-License-Identifier: Apache-2.0

import ElGamal
import Elections
import GroupArithmetic
import Rehearsal
import Testing

@Suite("The keys that an authority names")
struct KeyComparisonTests {
    private let election: ElectionIdentifier
    private let group = SafePrimeGroup.ffdhe2048

    init() throws { election = try #require(ElectionIdentifier("5")) }

    private func key(y: String, group: SafePrimeGroup = .ffdhe2048) -> PublishedKey {
        PublishedKey(g: group.generator.value.decimal, p: group.p.decimal, q: group.q.decimal, y: y)
    }

    private func keys(
        _ sessions: [(String, PublishedKey)], questionCount: Int = 1, asked: String? = nil
    ) throws -> [PublicKey] {
        try KeyComparison(election: election, sessions: sessions.map { .init(id: $0.0, key: $0.1) })
            .publicKeys(questionCount: questionCount, asked: asked)
    }

    @Test("a member of a named group is a key")
    func honest() throws {
        let keys = try keys([("0-a", key(y: "4")), ("1-b", key(y: "16"))], questionCount: 2, asked: "ffdhe2048")
        #expect(keys.map(\.y.value) == [4, 16])
        #expect(keys.allSatisfy { $0.group == group })
    }

    @Test(
        "1, 0, a number that is no residue and a number from p on are no keys",
        arguments: ["0", "1", "-", "p", "p-1", "04"])
    func outside(y: String) throws {
        let text =
            switch y {
            case "p": group.p.decimal
            case "p-1": (group.p - 1).decimal
            default: y
            }
        #expect(throws: RehearsalError.keyOutsideGroup(session: "0-a")) { try keys([("0-a", key(y: text))]) }
    }

    @Test("numbers that make none of the named groups are refused")
    func foreignGroup() throws {
        let other = PublishedKey(g: "4", p: group.p.decimal, q: group.q.decimal, y: "16")
        #expect(throws: RehearsalError.keyNotInNamedGroup(session: "0-a")) { try keys([("0-a", other)]) }
    }

    @Test("another group than was asked for is refused")
    func otherGroup() throws {
        #expect(throws: RehearsalError.otherGroup(session: "0-a", found: "ffdhe2048", expected: "ffdhe3072")) {
            try keys([("0-a", key(y: "4"))], asked: "ffdhe3072")
        }
    }

    @Test("there is one session a question, in their order, with an id that is safe in a path")
    func sessions() throws {
        #expect(throws: RehearsalError.sessions(found: 1, expected: 2)) {
            try keys([("0-a", key(y: "4"))], questionCount: 2)
        }
        #expect(throws: RehearsalError.sessionID("1-b", question: 0)) {
            try keys([("1-b", key(y: "4")), ("0-a", key(y: "4"))], questionCount: 2)
        }
        #expect(throws: RehearsalError.sessionID("0-../x", question: 0)) { try keys([("0-../x", key(y: "4"))]) }
    }
}
