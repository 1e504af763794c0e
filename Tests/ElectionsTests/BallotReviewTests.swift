// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Elections
import Foundation
import GroupArithmetic
import StrictJSON
import TestSupport
import Testing

@Suite("Checking a votes file, specification 7.1")
struct BallotReviewTests {
    let session: ProverSession
    let ballots: [String]

    init() throws {
        session = try ProverSession.load()
        ballots = session.ballots.map(\.json)
    }

    func review(_ data: Data, questions: Int = 1) throws -> ReviewedBallots {
        var random = SystemRandomSource()
        return try ReviewedBallots(
            of: VotesFile(data: data), groups: Array(repeating: session.group, count: questions), random: &random)
    }

    func review(_ lines: [String], questions: Int = 1) throws -> ReviewedBallots {
        try review(Data(lines.map { $0 + "\n" }.joined().utf8), questions: questions)
    }

    /// The first ballot with one number replaced.
    func ballot(_ list: String, _ key: String, _ change: (BigInteger) -> String) throws -> String {
        var json = try JSONValue(parsing: ballots[0])
        let old = try #require(json[list]?.asArray?.first)
        var element = try #require(old.asObject)
        let number = try #require(element[key]?.asString.flatMap { BigInteger(canonicalDecimal: $0) })
        element[key] = .string(change(number))
        var object = try #require(json.asObject)
        object[list] = [.object(element)]
        json = .object(object)
        return json.compact
    }

    @Test(
        "reads all three forms and gives the ciphertexts that were mixed",
        arguments: [VotesFile.Form.bare, .plain, .quoted], [false, true])
    func forms(form: VotesFile.Form, carriageReturns: Bool) throws {
        let file = VotesFile(data: session.votes(form, carriageReturns: carriageReturns))
        #expect(file.form == form)
        let review = try review(session.votes(form, carriageReturns: carriageReturns))
        #expect(review.review.dropped.isEmpty)
        #expect(review.review.validCount == 3)
        var written: [UInt8] = []
        review.ciphertexts[0].write(to: &written)
        #expect(written == session.files["CiphertextList00.bt"]?.bytes)
        #expect(try Ballot.tracker(of: file.line(0).ballot) == session.ballots[0].tracker)
    }

    @Test("writes a ballot back as it was read")
    func roundTrip() throws {
        let text = Array(ballots[0].utf8)
        #expect(try Ballot(parsing: text, groups: [session.group]).text == text)
    }

    @Test("drops a ballot whose challenge or equation is wrong, and nothing else")
    func dropped() throws {
        let wrongChallenge = try ballot("proofs", "challenge") { ($0 + 1).decimal }
        let wrongResponse = try ballot("proofs", "response") { ($0 + 1).decimal }
        let first = try review([wrongChallenge, ballots[1], ballots[2]])
        #expect(first.review.dropped == [.init(line: 1, question: 0, failure: .challenge)])
        #expect(first.ciphertexts[0].count == 2)
        let second = try review([ballots[1], ballots[2], wrongResponse])
        #expect(second.review.dropped == [.init(line: 3, question: 0, failure: .equation)])
        #expect(second.ciphertexts[0] == first.ciphertexts[0])
    }

    @Test("refuses the file for numbers that are not canonical or out of range, naming line and number")
    func numbers() throws {
        let (p, q) = (session.group.p, session.group.q)
        let cases: [(String, String, (BigInteger) -> String)] = [
            ("choices", "alpha", { "0" + $0.decimal }), ("choices", "alpha", { "+" + $0.decimal }),
            ("choices", "alpha", { " " + $0.decimal }), ("choices", "beta", { ($0 + p).decimal }),
            ("choices", "beta", { _ in "0" }), ("choices", "alpha", { _ in p.decimal }),
            ("proofs", "commitment", { _ in "0" }), ("proofs", "commitment", { ($0 + p).decimal }),
            ("proofs", "response", { ($0 + q).decimal }), ("proofs", "response", { _ in "" }),
            ("proofs", "challenge", { ($0 + BigInteger(bigEndian: [1] + [UInt8](repeating: 0, count: 32))).decimal }),
        ]
        for (list, key, change) in cases {
            let bad = try ballot(list, key, change)
            let error = #expect(throws: VotesFileError.self) { try review([ballots[1], bad]) }
            #expect(error?.message.hasPrefix("votes file, line 2: \"\(list)[0].\(key)\" is") == true)
        }
    }

    @Test("refuses the file for a number outside the group")
    func membership() throws {
        let alpha = try ballot("choices", "alpha") { (session.group.p - $0).decimal }
        let beta = try ballot("choices", "beta") { (session.group.p - $0).decimal }
        #expect(throws: VotesFileError.refused(line: 2, .notInGroup(question: 0, .alpha))) {
            try review([ballots[1], alpha])
        }
        #expect(throws: VotesFileError.refused(line: 1, .notInGroup(question: 0, .beta))) {
            try review([beta, ballots[1]])
        }
    }

    @Test("refuses a repeated alpha, also with another beta or proof, and also where a ballot of the two is dropped")
    func repeatedAlpha() throws {
        let otherBeta = try ballot("choices", "beta") {
            session.group.element($0 * $0 % session.group.p)?.value.decimal ?? ""
        }
        let otherProof = try ballot("proofs", "response") { ($0 + 1).decimal }
        for copy in [ballots[0], otherBeta, otherProof] {
            #expect(throws: VotesFileError.refused(line: 3, .repeatedAlpha(question: 0, line: 1))) {
                try review([ballots[0], ballots[1], copy])
            }
        }
    }

    @Test("refuses an alpha that stands in two questions")
    func repeatedAcrossQuestions() throws {
        let object = try #require(try JSONValue(parsing: ballots[0]).asObject)
        var doubled = object
        for key in ["choices", "proofs"] {
            let element = try #require(object[key]?.asArray?.first)
            doubled[key] = [element, element]
        }
        #expect(throws: VotesFileError.refused(line: 1, .repeatedAlpha(question: 1, line: 1))) {
            try review([JSONValue.object(doubled).compact], questions: 2)
        }
    }

    @Test("takes the lines of one weighted ballot in order, and in no other way")
    func weights() throws {
        let (a, b) = (ballots[0], ballots[1])
        #expect(try review([a + "|ana.1", a + "|ana.2", a + "|ana.3", b + "|bea.1"]).ciphertexts[0].count == 4)
        let cases: [([String], VotesFileError)] = [
            (
                [a + "|ana.1", a + "|bea.2"],
                .refused(line: 2, .voterID("weight index 2 does not follow the same ballot with index 1"))
            ),
            (
                [a + "|ana.2"],
                .refused(line: 1, .voterID("weight index 2 does not follow the same ballot with index 1"))
            ),
            (
                [a + "|ana.1", a + "|ana.3"],
                .refused(line: 2, .voterID("weight index 3 does not follow the same ballot with index 2"))
            ),
            ([a + "|ana.1", a + "|ana.1"], .refused(line: 2, .repeatedAlpha(question: 0, line: 1))),
            (
                [a + "|ana.1", b + "|bea.1", a + "|ana.2"],
                .refused(line: 3, .voterID("weight index 2 does not follow the same ballot with index 1"))
            ),
            (
                [a + "|ana.1", b + "|ana.2"],
                .refused(line: 2, .voterID("weight index 2 does not follow the same ballot with index 1"))
            ),
        ]
        for (lines, error) in cases { #expect(throws: error) { try review(lines) } }
    }

    @Test(
        "refuses malformed voter ids",
        arguments: ["", "ana", "ana.", "ana.0", "ana.01", "ana.x", ".1", "a.b.1", "a\"b.1", "ana.1.", "ana.1234567890"])
    func voterIDs(id: String) throws {
        let error = #expect(throws: VotesFileError.self) { try review([ballots[0] + "|ok.1", ballots[1] + "|" + id]) }
        // For its form, before anything looks whether it follows another line.
        guard case .refused(line: 2, .voterID(let reason)) = error, reason.hasPrefix("expected") else {
            Issue.record("refused for \(String(describing: error))")
            return
        }
    }

    @Test("refuses a file whose lines are of two forms, empty lines and text that is no ballot")
    func malformed() throws {
        let (a, b) = (ballots[0], ballots[1])
        for second in [b + "|bea.1", "", "x", "{}", b + b, b.replacingOccurrences(of: "choices", with: "choice")] {
            let error = #expect(throws: VotesFileError.self) { try review([a, second]) }
            guard case .refused(line: 2, _) = error else {
                Issue.record("\(second.prefix(20)): \(String(describing: error))")
                continue
            }
        }
        #expect(throws: VotesFileError.refused(line: 2, .form("the line is not BALLOT|VOTER.W, as the first line is")))
        {
            try review([a + "|ana.1", b])
        }
        #expect(throws: VotesFileError.refused(line: 2, .form("the line is not BALLOT|VOTER.W, as the first line is")))
        {
            try review([a + "|ana.1", b + "|x|bea.1"])
        }
        let alone = VotesFileError.refused(line: 2, .form("the line is not a ballot alone, as the first line is"))
        let dated = b.replacingOccurrences(of: "\"issue_date\":\"", with: "\"issue_date\":\"|")
        #expect(dated != b)
        for second in [dated, b + " "] { #expect(throws: alone) { try review([a, second]) } }
        func quoted(_ text: String) -> String { "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\"" }
        let form = "the line is not \"BALLOT\"|VOTER.W with every quote of BALLOT doubled, as the first line is"
        #expect(throws: VotesFileError.refused(line: 2, .form(form))) {
            try review([quoted(a) + "|ana.1", quoted(b) + "xbea.1"])
        }
    }

    @Test("takes no date and no voter in a line of the usual form that it would not take in another one")
    func limits() throws {
        let (a, b) = (ballots[0], ballots[1])
        for date in [String(repeating: "x", count: 257), "\u{1}", "|", "\\q", "\\u00e9", "é"] {
            let dated = b.replacingOccurrences(of: "\"issue_date\":\"", with: "\"issue_date\":\"\(date)")
            #expect(dated != b)
            try expectAgreement(Data("\(a)\n\(dated)\n".utf8))
            try expectAgreement(Data("\(a)|ana.1\n\(dated)|bea.1\n".utf8))
        }
        let notText = Data(b.utf8).prefix { $0 != 0x7d } + [0xff]
        try expectAgreement(Data("\(a)\n".utf8) + notText + Data("}\n".utf8))
        for name in [String(repeating: "x", count: 256), String(repeating: "x", count: 257)] {
            try expectAgreement(Data("\(a)|ana.1\n\(b)|\(name).1\n".utf8))
        }
    }

    @Test("refuses ballots with another number of choices or proofs than questions, and further keys in a choice")
    func shape() throws {
        #expect(
            throws: VotesFileError.refused(line: 1, .shape(.value(path: "choices", found: "1 elements", expected: "2")))
        ) {
            try review([ballots[0]], questions: 2)
        }
        let extra = ballots[0].replacingOccurrences(of: "{\"alpha\"", with: "{\"x\":1,\"alpha\"")
        #expect(extra != ballots[0])
        let error = #expect(throws: VotesFileError.self) { try review([extra]) }
        #expect(error?.message.contains("alpha and beta only") == true)
        let number = ballots[0].replacingOccurrences(of: "\"beta\":\"", with: "\"beta\":1,\"gamma\":\"")
        #expect(throws: VotesFileError.self) { try review([number]) }
    }

    @Test("names the same first fault whatever else is wrong behind it")
    func firstFault() throws {
        let outside = try ballot("choices", "beta") { (session.group.p - $0).decimal }
        #expect(throws: VotesFileError.refused(line: 3, .repeatedAlpha(question: 0, line: 2))) {
            try review([ballots[0], ballots[1], ballots[1], outside, "nonsense"])
        }
    }

    @Test("takes no memory for lines behind one that cannot be a ballot")
    func manyEmptyLines() throws {
        var file = Data((ballots[0] + "\n").utf8)
        file.append(Data(repeating: 0x0a, count: 3_000_000))
        // For three million ballots it would be 1.5 GB.
        #expect(throws: VotesFileError.refused(line: 2, .form("the line is empty"))) { try review(file) }
    }

    @Test(
        "however a line is written or damaged, the review finds in it what the readers of lines and ballots find",
        arguments: [VotesFile.Form.bare, .plain, .quoted])
    func damagedLines(form: VotesFile.Form) throws {
        var random = SeededRandomSource()
        let lines = session.votes(form).split(separator: 0x0a).map(Array.init)
        let replacements = Array("0123456789\"\\{}[]:,|. .a\n\r".utf8) + [0, 0xff]
        for round in 0..<400 {
            var line = lines[0]
            let place = Int(random.next() % UInt64(line.count))
            let byte = replacements[Int(random.next() % UInt64(replacements.count))]
            switch round % 4 {
            case 0: line[place] = byte
            case 1: line.insert(byte, at: place)
            case 2: line.remove(at: place)
            // Structure, not digits: from the end.
            default: line[line.count - 1 - place % 40] = byte
            }
            try expectAgreement(Data(lines[1] + [0x0a] + line + [0x0a]))
        }
    }

    @Test("reads ballots with spaces, further keys, other orders of keys, escapes and several questions")
    func otherWriting() throws {
        let object = try #require(try JSONValue(parsing: ballots[0]).asObject)
        var longer = object
        longer["extra"] = ["key": 1]
        let spaced = ballots[0].replacingOccurrences(of: ",", with: ", ").replacingOccurrences(of: ":", with: ": ")
        let texts = [
            spaced, spaced + " ", " " + spaced, "\t" + ballots[0], JSONValue.object(longer).compact,
            ballots[0].replacingOccurrences(of: "alpha", with: "\\u0061lpha"),
            "{" + object.members.reversed().map { "\"\($0.key)\":\($0.value.compact)" }.joined(separator: ",") + "}",
        ]
        for text in texts {
            let data = Data("\(ballots[1])|bea.1\n\(text)|ana.1\n\(text)|ana.2\n".utf8)
            try expectAgreement(data)
            #expect(try review(data).ciphertexts[0].count == 3)
        }
    }

    /// Compares with line after line read by itself; faults of the group, repetitions and proofs left to other tests.
    private func expectAgreement(_ data: Data) throws {
        let file = VotesFile(data: data)
        var alphas: [BigInteger] = []
        var fault: VotesFileError?
        for index in 0..<file.lineCount where fault == nil {
            do throws(BallotFault) {
                let line = try file.line(index)
                alphas.append(try Ballot(parsing: line.ballot, groups: [session.group]).choices[0].alpha)
            } catch { fault = .refused(line: index + 1, error) }
        }
        do throws(VotesFileError) {
            var random = SystemRandomSource()
            let found = try ReviewedBallots(of: file, groups: [session.group], random: &random)
            #expect(fault == nil)
            let dropped = Set(found.review.dropped.map { $0.line - 1 })
            let mixed = alphas.indices.filter { !dropped.contains($0) }.map { alphas[$0] }
            #expect((0..<found.ciphertexts[0].count).map { found.ciphertexts[0].alphas[$0].value } == mixed)
        } catch .refused(let line, .notInGroup), .refused(let line, .repeatedAlpha) {
            if case .refused(let other, _) = fault { #expect(line <= other) }
        } catch .refused(let line, .voterID(let reason)) where reason.contains("does not follow") {
            if case .refused(let other, _) = fault { #expect(line <= other) }
        } catch {
            #expect(fault == error)
        }
    }

    @Test("an empty file has no ballots")
    func empty() throws {
        let review = try review(Data())
        #expect(review.review.lineCount == 0)
        #expect(review.ciphertexts.map(\.count) == [0])
    }
}
