// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import PublishedTallies
import StrictJSON
import TestSupport
import Testing

@Suite("Every check of a tally fails when exactly its object is wrong")
struct BrokenTallyTests {
    typealias Name = VerificationCheck.Name

    /// The failures after one change of the tally that our authorities made.
    func failures(_ change: (inout TallyFiles) throws -> Void) throws -> [VerificationCheck] {
        var files = try TallyFiles(MadeElection.shared.get().archive)
        try change(&files)
        return try files.verified().failures
    }

    func session(_ question: Int, _ file: String) -> String { MadeElection.session(question, file) }

    @Test(
        "questions_json missing, malformed or with another number of questions",
        arguments: ["[]", "[{}]", "[{},{},{}]", "[1,2]", "[{},{}", "{}"])
    func questions(text: String) throws {
        // The proofs are bound to the questions, so that check fails as well.
        let found = try failures { $0["questions_json"] = Array(text.utf8) }
        #expect(found.map(\.name) == [.questions, .binding, .binding], "\(found.compactMap(\.failure))")
    }

    @Test("questions_json other than those that the proofs are bound to")
    func binding() throws {
        let found = try failures { try $0.replace("What?", with: "Why??", in: "questions_json") }
        #expect(found.map(\.name) == [.binding, .binding])
        #expect(found.map(\.session) == [MadeElection.session(0), MadeElection.session(1)])
    }

    @Test("a stray folder, a stray file in a session's folder")
    func layout() throws {
        #expect(try failures { $0.addFolder("8") }.map(\.name) == [.layout])
        #expect(try failures { $0[session(0, "notes")] = [1] }.map(\.name) == [.layout])
        #expect(try failures { $0[session(0, "proofs/x/y")] = [1] }.map(\.name) == [.layout])
    }

    @Test("a session missing, or twice for one question")
    func sessions() throws {
        let missing = try failures { files in
            for name in files.names where name.hasPrefix("0-") { files[name] = nil }
        }
        #expect(missing.map(\.name).prefix(2) == [.layout, .questions])
        let twice = try failures { files in
            for name in files.files where name.hasPrefix("1-") {
                files["0-" + name.dropFirst(2)] = files[name]
                files[name] = nil
            }
        }
        #expect(twice.first?.name == .layout)
    }

    @Test("a file at top level that the format does not know is ignored, but said")
    func ignored() throws {
        var files = try TallyFiles(MadeElection.shared.get().archive)
        files["notes"] = [1]
        let report = try files.verified()
        #expect(report.isAccepted)
        #expect(report.remarks == ["not looked at: \"notes\""])
    }

    @Test("protInfo.xml missing, malformed, or of another session")
    func protocolInfo() throws {
        let name = session(1, "protInfo.xml")
        #expect(try failures { $0[name] = nil }.map(\.name) == [.protocolInfo])
        #expect(
            try failures { try $0.replace("<width>1<", with: "<width>2<", in: name) }.map(\.name) == [.protocolInfo])
        let renamed = try failures { try $0.replace("<name>7<", with: "<name>8<", in: name) }
        #expect(renamed.first?.name == .protocolInfo)
        #expect(renamed.first?.failure?.contains("the election is \"8\", expected \"7\"") == true)
        let other = try failures { $0[name] = $0[session(0, "protInfo.xml")] }
        #expect(other.first?.name == .protocolInfo)
        #expect(other.first?.session == MadeElection.session(1))
    }

    @Test("a proof file missing or surplus")
    func proofFiles() throws {
        let missing = try failures { $0[session(0, "proofs/KeepList02.bt")] = nil }
        #expect(missing.map(\.name) == [.proofFiles, .permutation])
        #expect(missing[1].party == 2)
        let surplus = try failures { $0[session(0, "proofs/KeepList03.bt")] = [1] }
        #expect(surplus.map(\.name) == [.proofFiles])
    }

    @Test("pubkeys_json missing, of another key, another group, another order of keys, or written otherwise")
    func publicKeys() throws {
        let name = "pubkeys_json"
        #expect(try failures { $0[name] = nil }.map(\.name) == [.publicKeys])
        #expect(try failures { try $0.replace("\"y\": \"", with: "\"y\": \"1", in: name) }.map(\.name) == [.publicKeys])
        #expect(
            try failures { try $0.replace("\"g\": \"2\"", with: "\"g\": \"4\"", in: name) }.map(\.name) == [.publicKeys]
        )
        #expect(try failures { try $0.replace("\n    {", with: "\n\t   {", in: name) }.map(\.name) == [.publicKeys])
        let swapped = try failures { files in
            let keys = try #require(try JSONValue(parsing: files[name] ?? []).asArray)
            files[name] = JSONValue.array(keys.reversed()).indentedBytes
        }
        #expect(swapped.map(\.name) == [.publicKeys])
    }

    @Test("a votes file that is refused, naming the line")
    func refusedBallots() throws {
        let found = try failures { try $0.replace("|bea.2", with: "|bea.3", in: "ciphertexts_json") }
        #expect(found.map(\.name) == [.ballots])
        #expect(found.first?.failure?.contains("line 3") == true)
        #expect(try failures { $0["ciphertexts_json"] = nil }.map(\.name) == [.ballots])
    }

    @Test("a ballot taken out, put in, or exchanged with another")
    func otherBallots() throws {
        func lines(_ change: (inout [Substring]) -> Void) throws -> [VerificationCheck] {
            try failures { files in
                var lines = String(decoding: files["ciphertexts_json"] ?? [], as: UTF8.self).split(separator: "\n")
                change(&lines)
                files["ciphertexts_json"] = Array(lines.map { $0 + "\n" }.joined().utf8)
            }
        }
        let removed = try lines { $0.removeLast() }
        #expect(removed.map(\.name) == [.ballotsAreInput, .ballotsAreInput])
        #expect(removed.first?.failure?.contains("4 ciphertexts were mixed, but 3 ballots are valid") == true)
        let exchanged = try lines { $0.swapAt(0, 4) }
        #expect(exchanged.map(\.name) == [.ballotsAreInput, .ballotsAreInput])
        #expect(exchanged.first?.index == 0)
        // The dropped ballot is in no list: without it the tally is the same.
        #expect(try lines { $0.remove(at: 3) }.isEmpty)
    }

    @Test("plaintexts_json missing, unsorted, with a line more or less")
    func plaintexts() throws {
        let name = session(0, "plaintexts_json")
        for text in [
            "\"10\"\n\"1\"\n\"6\"\n\"6\"\n", "\"1\"\n\"10\"\n\"6\"\n", "\"1\"\n\"10\"\n\"6\"\n\"6\"\n\n",
            "\"1\"\n\"10\"\n\"6\"\n\"7\"\n",
        ] {
            let found = try failures { $0[name] = Array(text.utf8) }
            #expect(found.map(\.name) == [.plaintexts])
            #expect(found.first?.session == MadeElection.session(0))
        }
        #expect(try failures { $0[name] = nil }.map(\.name) == [.plaintexts])
        let last = try failures { $0[name] = Array("\"1\"\n\"10\"\n\"6\"\n\"7\"\n".utf8) }
        #expect(last.first?.index == 3)
    }

    @Test("a permutation commitment copied from another authority, proof and all")
    func copiedCommitment() throws {
        let found = try failures { files in
            for file in ["PermutationCommitment", "PoSCommitment", "PoSReply", "KeepList"] {
                files[session(0, "proofs/\(file)02.bt")] = files[session(0, "proofs/\(file)01.bt")]
            }
        }
        #expect(found.contains { $0.name == .permutation && $0.party == 2 && $0.failure?.contains("copy") == true })
    }

    @Test("pubkeys_json and the proofs taken out, which the original's verifier reports as verified")
    func strippedProofs() throws {
        let found = try failures { files in
            for name in files.names where name == "pubkeys_json" || name.contains("/proofs") || name.hasSuffix(".xml") {
                files[name] = nil
            }
        }
        #expect(found.map(\.name) == [.publicKeys])
    }

    @Test("more than ten questions are taken in the order of their numbers")
    func manyQuestions() throws {
        var files = try TallyFiles(MadeElection.shared.get().archive)
        for name in files.names where name != "questions_json" { files[name] = nil }
        files["questions_json"] = JSONValue.array([JSONValue](repeating: [:], count: 12)).indentedBytes
        for question in 0..<12 { files["\(question)-x/plaintexts_json"] = [] }
        #expect(try files.verified().isAccepted)
        files["11-x/plaintexts_json"] = nil
        files["12-x/plaintexts_json"] = []
        #expect(try files.verified().failures.map(\.name) == [.layout])
    }

    @Test("a tally without votes is accepted only if it has no ballots and no plaintexts")
    func noVotes() throws {
        var files = try TallyFiles(MadeElection.shared.get().archive)
        for name in files.names where name != "questions_json" && !name.hasSuffix("plaintexts_json") {
            files[name] = nil
        }
        for question in 0..<2 { files[session(question, "plaintexts_json")] = [] }
        let report = try files.verified()
        #expect(report.isAccepted, "\(report.failures.compactMap(\.failure))")
        #expect(report.checks.last?.name == .noVotes)

        var withPlaintext = files
        withPlaintext[session(1, "plaintexts_json")] = Array("\"1\"\n".utf8)
        #expect(try withPlaintext.verified().failures.map(\.name) == [.publicKeys])
        var withBallot = files
        withBallot["ciphertexts_json"] = Array("x\n".utf8)
        #expect(try withBallot.verified().failures.map(\.name) == [.publicKeys])
        var withoutFile = files
        withoutFile[session(1, "plaintexts_json")] = nil
        #expect(try !withoutFile.verified().isAccepted)
    }
}
