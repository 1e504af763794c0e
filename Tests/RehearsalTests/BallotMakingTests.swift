// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import ElGamal
import Elections
import Foundation
import GroupArithmetic
import OperatorErrors
import Rehearsal
import TestSupport
import Testing

@Suite("Ballots for a rehearsal, specification of the tally sections 1.7 and 2")
struct BallotMakingTests {
    private let scratch: ScratchDirectory
    /// A key pair for each of two questions.
    private let secrets: [Exponent]
    private let keys: [PublicKey]

    init() throws {
        scratch = try ScratchDirectory()
        var random = SeededRandomSource()
        let secrets = [SmallGroups.fiveLimbs, SmallGroups.fiveLimbs].map { random.exponent(of: $0) }
        self.secrets = secrets
        keys = try secrets.map { try #require(PublicKey($0.group.generator.powerVariableTime($0))) }
    }

    private func make(_ source: VoteSource, count: Int) throws -> [UInt8] {
        try making(source, count: count).run().digest
    }

    private func making(
        _ source: VoteSource, count: Int, boundTo election: ElectionIdentifier? = nil
    ) -> BallotMaking {
        BallotMaking(
            keys: keys, boundTo: election, source: source, count: count, votesPath: path("votes"),
            plaintextPaths: [path("plaintexts-0"), path("plaintexts-1")], batchCount: 600)
    }

    private func path(_ name: String) -> String { scratch.file(name).path }

    private func review() throws -> ReviewedBallots {
        var random = SystemRandomSource()
        return try ReviewedBallots(of: VotesFile(path: path("votes")), groups: keys.map(\.group), random: &random)
    }

    private func plaintexts(_ question: Int) throws -> [String] {
        try String(contentsOfFile: path("plaintexts-\(question)"), encoding: .utf8).split(separator: "\n").map(
            String.init)
    }

    private func decrypted(_ ciphertexts: CiphertextVector, with secret: Exponent) -> [String] {
        (0..<ciphertexts.count).map { index in
            let ciphertext = ciphertexts[index]
            return "\"\((ciphertext.beta / ciphertext.alpha.powerVariableTime(secret)).plaintext.decimal)\""
        }
    }

    @Test("all proofs hold, and each ballot decrypts to what was written down as its plaintext")
    func honest() throws {
        // More than one batch, and a last one that is not full.
        _ = try make(.random, count: 1100)
        let review = try review()
        #expect(review.review.dropped.isEmpty)
        #expect(review.review.lineCount == 1100)
        for question in keys.indices {
            #expect(try decrypted(review.ciphertexts[question], with: secrets[question]) == plaintexts(question))
        }
    }

    @Test("bound proofs hold for each ballot's voter, and not in an election of another name")
    func bound() throws {
        let election = try #require(ElectionIdentifier("77"))
        let making = making(.random, count: 1100, boundTo: election)
        _ = try making.run()
        let size = try #require(FileManager.default.attributesOfItem(atPath: path("votes"))[.size] as? Int)
        #expect(size < making.byteCount)
        func review(_ election: String) throws -> ReviewedBallots {
            let contexts = keys.enumerated().map { BallotContext(key: $1, election: election, question: $0) }
            var random = SystemRandomSource()
            return try ReviewedBallots(
                of: VotesFile(path: path("votes")), groups: keys.map(\.group), bound: contexts, random: &random)
        }
        #expect(try review("77").review.validCount == 1100)
        #expect(throws: VotesFileError.refused(line: 1, .boundProof(question: 0))) { try review("78") }
        let text = try VotesFile(path: path("votes")).line(700).ballot
        #expect(try Ballot(parsing: text, groups: keys.map(\.group), bound: true).text == text)
    }

    @Test("the votes of a list come in its order, then picks from it, and stand as vote plus one")
    func list() throws {
        _ = try make(.list([7, 0, 3]), count: 40)
        for question in 0...1 {
            let lines = try plaintexts(question)
            #expect(Array(lines.prefix(3)) == ["\"8\"", "\"1\"", "\"4\""])
            #expect(lines.count == 40)
            #expect(Set(lines) == ["\"8\"", "\"1\"", "\"4\""])
        }
    }

    @Test("fewer ballots than votes take the first ones")
    func prefix() throws {
        _ = try make(.list([7, 0, 3]), count: 2)
        #expect(try plaintexts(0) == ["\"8\"", "\"1\""])
    }

    @Test("random votes differ, and use the upper half of the range too")
    func randomVotes() throws {
        _ = try make(.random, count: 200)
        let lines = try plaintexts(0)
        #expect(Set(lines).count == 200)
        let half = keys[0].group.q.half
        let large = lines.filter { line in
            BigInteger(canonicalDecimal: line.trimmingCharacters(in: ["\""])).map { $0 > half } ?? false
        }
        // 200 fair coins: fewer than 40 heads come up once in 10^17 runs.
        #expect((40...160).contains(large.count))
    }

    @Test("every line has the plain form with an id of its own and weight index 1")
    func lines() throws {
        _ = try make(.list([1]), count: 30)
        let file = try VotesFile(path: path("votes"))
        #expect(file.form == .plain)
        for index in 0..<file.lineCount {
            let text = try file.line(index).ballot
            #expect(try Ballot(parsing: text, groups: keys.map(\.group)).text == text)
        }
        let voters = try (0..<file.lineCount).map { try #require(file.line($0).voter) }
        #expect(Set(voters.map(\.name)).count == 30)
        #expect(voters.allSatisfy { $0.index == 1 })
    }

    @Test("the digest is that of the whole file, which only its owner can read")
    func digest() throws {
        let digest = try make(.random, count: 700)
        let bytes = try Data(contentsOf: scratch.file("votes"))
        #expect(digest == HashFunction.sha256.digest(of: bytes))
        let mode = try FileManager.default.attributesOfItem(atPath: path("votes"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).count == 3)
    }

    @Test("the bytes that are written are known before, within a few per cent")
    func size() throws {
        let making = making(.random, count: 500)
        _ = try making.run()
        let written = try ["votes", "plaintexts-0", "plaintexts-1"].reduce(0) { sum, name in
            sum + (try FileManager.default.attributesOfItem(atPath: path(name))[.size] as? Int ?? 0)
        }
        #expect(written <= making.byteCount)
        #expect(written * 100 >= making.byteCount * 90)
    }

    @Test("more ballots than the disk holds are refused before anything is made")
    func diskSpace() throws {
        let error = #expect(throws: RehearsalError.self) { try make(.list([1]), count: 1 << 48) }
        #expect(error?.exitCode == .disk)
        #expect(error?.message.contains("GB are needed in") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).isEmpty)
    }

    @Test("a vote that is not below q is refused by its place, and leaves no file")
    func tooLarge() throws {
        let group = keys[0].group
        _ = try make(.list([group.q - 1]), count: 1)
        #expect(try decrypted(review().ciphertexts[0], with: secrets[0]) == ["\"\(group.q.decimal)\""])
        try FileManager.default.removeItem(at: scratch.file("votes"))
        #expect(throws: RehearsalError.voteTooLarge(path: nil, index: 1, bits: group.q.bitCount - 1)) {
            try make(.list([0, group.q]), count: 2)
        }
        #expect(!FileManager.default.fileExists(atPath: path("votes")))
    }
}

@Suite("Lists of votes")
struct VoteSourceTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    private func source(_ json: String) throws -> VoteSource {
        try Data(json.utf8).write(to: scratch.file("votes.json"))
        return try VoteSource(file: scratch.file("votes.json").path)
    }

    @Test("integers of any size are read")
    func integers() throws {
        let large = "123456789012345678901234567890123456789"
        #expect(try source("[0, 1, \(large)]") == .list([0, 1, #require(BigInteger(canonicalDecimal: large))]))
    }

    @Test(
        "anything but a list of integers from 0 on is refused",
        arguments: ["", "[]", "{}", "[-1]", "[1.5]", "[\"1\"]", "[1e3]", "[null]", "[[1]]", "[1,]"])
    func refused(json: String) throws {
        #expect {
            try source(json)
        } throws: { error in
            if case .voteList? = error as? RehearsalError { true } else { false }
        }
    }

    @Test("a file that is not there is named, as what the disk does not have")
    func absent() throws {
        let path = scratch.file("none").path
        let error = #expect(throws: FileError.self) { try VoteSource(file: path) }
        #expect(error?.path == path && error?.exitCode == .disk)
        #expect(try VoteSource(fileIfAny: path) == nil)
    }

    @Test("a vote that no group takes is named with its file")
    func tooLarge() throws {
        let source = try source("[0, 1, 999]")
        let error = #expect(throws: RehearsalError.self) {
            try source.check(fits: [SmallGroups.toy])
        }
        #expect(error?.message.hasPrefix("vote 2 in \"\(scratch.file("votes.json").path)\" is too large") == true)
    }
}
