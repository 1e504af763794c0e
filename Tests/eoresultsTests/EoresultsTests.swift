// SPDX-License-Identifier: Apache-2.0

import Foundation
import GroupArithmetic
import HostTestSupport
import PublishedTallies
import StrictJSON
import TallyArchives
import TestSupport
import Testing

@Suite("What eoresults counts, writes and prints")
struct EoresultsTests {
    @Test(
        "results.json and the files beside it are the original's, and the outer archive is counted again",
        arguments: ["two questions", "virtual election, ballots of two sub-elections appended", "apply_modifications"])
    func files(_ name: String) async throws {
        let vector = try CountedTallies.vector(name)
        let tallies = try CountedTallies(vector)
        let ended = try await tallies.run(
            "--pipeline", tallies.scratch.path("pipeline.json"), "--output", tallies.scratch.path("out"))
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.output.contains("SHA-256 of results.json  \(vector["sha256"]?.asString ?? "-")"))
        let results = try tallies.bytes("out/results.json")
        #expect(results == (vector["results"] ?? .null).indentedBytes + [0x0a])
        #expect(String(decoding: try tallies.bytes("out/results.txt"), as: UTF8.self) == vector["pretty"]?.asString)

        let unpacked = try PrivateFolder()
        let outer = tallies.scratch.path("out/50.tar")
        let entries = try ArchiveReader.unpack(outer, into: unpacked.path).map(\.name)
        let numbers = tallies.paths.indices.map { "\(50 + $0).tar.gz" }
        #expect(entries == ["results.json", "config.json"] + numbers)
        #expect(try Data(contentsOf: URL(filePath: "\(unpacked.path)/results.json")) == Data(results))
        for (path, number) in zip(tallies.paths, numbers) {
            #expect(FileManager.default.contentsEqual(atPath: path, andPath: "\(unpacked.path)/\(number)"))
        }
        // Nothing but the count can be verified of tallies without proofs.
        let check = try PublishedArchive(path: outer).verify().checks.first { $0.name == .results }
        #expect(check?.hasFailed == false, "\(check?.failure ?? "no check")")

        // Counted again from the archive, by its own configuration.
        let again = try await BuiltTool("eoresults").run([outer, "--output", tallies.scratch.path("again")])
        #expect(again.status == 0 && again.output.contains(vector["sha256"]?.asString ?? "-"))
        #expect(try tallies.bytes("again/results.json") == results && !tallies.scratch.exists("again/50.tar"))
    }

    @Test("the configuration in the archive is one line as the original writes it")
    func configuration() async throws {
        let tallies = try CountedTallies([([Self.question("Zoë")], [["3"]])])
        let pipeline = try tallies.scratch.write(
            #"{"version":"10.2.0", "pipes":[{"type":"tally_pipes.pipes.results.do_tallies","params":{"help":"Ö\u007f😀\n"}}]}"#,
            to: "pipeline.json")
        #expect(try await tallies.run("--pipeline", pipeline, "--output", tallies.scratch.path("out")).status == 0)
        let unpacked = try PrivateFolder()
        _ = try ArchiveReader.unpack(tallies.scratch.path("out/50.tar"), into: unpacked.path)
        #expect(
            try String(contentsOfFile: "\(unpacked.path)/config.json", encoding: .utf8)
                == #"{"version": "10.2.0", "pipes": [{"type": "tally_pipes.pipes.results.do_tallies", "params": {"help": "\u00d6\u007f\ud83d\ude00\n"}}]}"#
        )
    }

    @Test("the table has winners first, and what nobody could have voted is told")
    func table() async throws {
        let tallies = try CountedTallies([
            ([Self.question("Zoë")], [["3", "3", "5", "1", "2", "999999999999999999999999"]])
        ])
        let ended = try await tallies.run("--election-id", "7")
        #expect(ended.status == 0)
        #expect(
            ended.output.hasPrefix(
                """
                1. "Who?"
                6 ballots: 3 valid, 1 blank, 2 null; plurality-at-large, shares of valid ballots
                    answer       votes    share
                1.  "Zoë"            2  66.67 %
                    "\\u{202e}B"      1  33.33 %

                """), "\(ended.output)")
        #expect(
            ended.errors
                == "eoresults: warning: \"\(tallies.paths[0])\", question 0: 1 plaintext is no ballot of the question (too big 1, the first in line 6): counted as null\n"
        )
    }

    @Test(
        "what cannot be counted is refused, and nothing is written",
        arguments: [
            (
                #"{"version":"10.2.0","pipes":[{"type":"x.y","params":{}}]}"#,
                #": "pipes[0].type" is "x.y", a pipe that this version does not know"#
            ),
            (#"{"version":"10.2.0","pipes":[],"z":0}"#, #": "the configuration" has the unknown key "z""#),
            ("[", ": JSON ends too early"),
            (
                #"{"version":"10.2.0","pipes":[{"type":"tally_pipes.pipes.results.do_tallies","params":{"tallies_indexes":[1]}}]}"#,
                #": do_tallies: "pipes[0].params" names tally 1 of 1, counted from 0"#
            ),
        ])
    func refused(_ pipeline: String, _ message: String) async throws {
        let tallies = try CountedTallies([([Self.question("Zoë")], [["3"]])])
        let path = try tallies.scratch.write(pipeline, to: "pipeline.json")
        let ended = try await tallies.run("--pipeline", path, "--output", tallies.scratch.path("out"))
        #expect(
            ended.status == 1 && ended.errors.hasPrefix("eoresults: error: \"\(path)\"\(message)"), "\(ended.errors)")
        #expect(!tallies.scratch.exists("out"))
    }

    @Test("questions that contradict themselves, and a question without plaintexts, are refused")
    func questions() async throws {
        let twice = Self.question("\u{202e}B")
        let tallies = try CountedTallies([([twice], [["3"]])])
        let ended = try await tallies.run()
        #expect(
            ended.status == 1
                && ended.errors.hasPrefix(
                    "eoresults: error: \"\(tallies.paths[0])\": questions_json: \"[0].answers[1].text\" is"),
            "\(ended.errors)")
        let incomplete = try CountedTallies([([Self.question("Zoë"), Self.question("Ann")], [["3"]])])
        let missing = try await incomplete.run()
        #expect(
            missing.status == 1
                && missing.errors.contains("\"\(incomplete.paths[0])\" has no plaintexts for question 1"),
            "\(missing.errors)")
    }

    @Test("an answer whose urls cannot be read is refused, and eoverify does not count it again either")
    func misshapenURLs() async throws {
        let fields = try #require(Self.question("Zoë").asObject)
        var question = fields
        let answers = try (fields["answers"]?.asArray ?? []).map { answer in
            var answer = try #require(answer.asObject)
            answer["urls"] = ["title": "invalidVoteFlag", "url": "true"]
            return JSONValue.object(answer)
        }
        question["answers"] = .array(answers)
        let tallies = try CountedTallies([([.object(question)], [["3"]])])
        let message =
            #"questions_json: "[0].answers[0].urls" is an object, expected an array of objects with title and url"#
        let ended = try await tallies.run("--output", tallies.scratch.path("out"))
        #expect(
            ended.status == 1 && ended.errors == "eoresults: error: \"\(tallies.paths[0])\": \(message)\n",
            "\(ended.errors)")
        #expect(!tallies.scratch.exists("out"))

        let pipeline =
            #"{"version": "10.2.0", "pipes": [{"type": "tally_pipes.pipes.results.do_tallies", "params": {}}]}"#
        let outer = tallies.scratch.path("50.tar.gz")
        try DeterministicArchive.write(
            [
                ArchiveEntry(
                    name: "results.json", content: .bytes(Array(#"{"questions": [], "total_votes": 1}"#.utf8))),
                ArchiveEntry(name: "config.json", content: .bytes(Array(pipeline.utf8))),
                ArchiveEntry(name: "50.tar.gz", content: .file(path: tallies.paths[0])),
            ], to: outer)
        let check = try PublishedArchive(path: outer).verify().checks.first { $0.name == .results }
        #expect(check?.outcome == .unchecked("not recounted: tally 50: \(message)"))
    }

    @Test("plaintexts that belong to no question are refused, as nobody would count them")
    func surplus() async throws {
        let tallies = try CountedTallies([([Self.question("Zoë")], [["3"], ["3"]])])
        let ended = try await tallies.run("--output", tallies.scratch.path("out"))
        #expect(ended.status == 1 && ended.output == "" && !tallies.scratch.exists("out"))
        #expect(
            ended.errors.hasPrefix(
                "eoresults: error: \"\(tallies.paths[0])\": the session \"1-00000000-0000-0000-0000-000000000000\" is of no question, as questions_json has 1 question\n"
            ), "\(ended.errors)")
    }

    @Test("several tallies are counted only with a configuration that says how they come together")
    func several() async throws {
        let question: JSONValue = [Self.question("Zoë")]
        let tallies = try CountedTallies([(question, [["3"]]), (question, [["3", "5"]])])
        let ended = try await tallies.run("--output", tallies.scratch.path("out"))
        #expect(ended.status == 1 && ended.output == "" && !tallies.scratch.exists("out"))
        #expect(
            ended.errors == """
                eoresults: error: 2 tallies and no configuration that joins them: only the first would count
                eoresults: hint: give --pipeline config.json with a pipe multipart_tally_plaintexts_append_joiner before do_tallies, or count each alone

                """, "\(ended.errors)")
        // One that joins nothing counts as it says, but not without a word.
        let pipeline = try tallies.scratch.write(
            #"{"version":"10.2.0","pipes":[{"type":"tally_pipes.pipes.results.do_tallies","params":{}}]}"#, to: "p.json"
        )
        let first = try await tallies.run("--pipeline", pipeline)
        #expect(
            first.status == 0
                && first.errors.contains(
                    "eoresults: warning: \"\(tallies.paths[1])\": its ballots of question 0 are not in the result\n"),
            "\(first.errors)")
        // A joiner that stands too late.
        let joiner =
            #"{"type":"tally_pipes.pipes.multipart.multipart_tally_plaintexts_append_joiner","params":{"mappings":[{"source_election_id":1,"source_question_num":0,"dst_election_id":0,"dst_question_num":0}]}}"#
        let late = try tallies.scratch.write(
            #"{"version":"10.2.0","pipes":[{"type":"tally_pipes.pipes.results.do_tallies","params":{}},\#(joiner)]}"#,
            to: "late.json")
        let refused = try await tallies.run("--pipeline", late)
        #expect(
            refused.status == 1
                && refused.errors == """
                    eoresults: error: "\(late)": "pipes[1].params.mappings[0]" appends ballots behind do_tallies, so that nothing counts them
                    eoresults: hint: put the pipe before do_tallies

                    """,
            "\(refused.errors)")
    }

    @Test("the same tally twice is refused")
    func twice() async throws {
        let question: JSONValue = [Self.question("Zoë")]
        let tallies = try CountedTallies([(question, [["3"]]), (question, [["3"]])])
        let ended = try await tallies.run()
        #expect(
            ended.status == 1
                && ended.errors.hasPrefix(
                    "eoresults: error: \"\(tallies.paths[0])\" and \"\(tallies.paths[1])\" are the same tally\n"),
            "\(ended.errors)")
    }

    @Test("a file that is no tally is named")
    func noTally() async throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("hello", to: "x.tar.gz")
        let ended = try await BuiltTool("eoresults").run([path])
        #expect(
            ended.status == 1 && ended.errors.hasPrefix("eoresults: error: \"\(path)\": the archive ends too early"),
            "\(ended.errors)")
    }

    @Test("an outer archive without config.json is told; one that is counted by another configuration too")
    func outerWithoutConfiguration() async throws {
        let tallies = try CountedTallies([([Self.question("Zoë")], [["3"]])])
        let outer = tallies.scratch.path("50.tar")
        try DeterministicArchive.writeUncompressed(
            [ArchiveEntry(name: "50.tar.gz", content: .file(path: tallies.paths[0]))], to: outer)
        let ended = try await BuiltTool("eoresults").run([outer])
        #expect(
            ended.status == 0
                && ended.errors
                    == "eoresults: warning: the archive has no config.json: counted by do_tallies and sort_non_iterative\n",
            "\(ended.errors)")
    }

    @Test(
        "questions that contradict themselves are told with their place, and counted as the original does, where ballots are lost only if asked to",
        arguments: [
            (["min": 5], 0, #""min" is 5, expected at most 1, which is max: every ballot is null"#),
            (["max": 0], 0, #""max" is 0, expected at least 1: every ballot is blank or null"#),
            (["max": 7], 1, #""max" is 7, expected at most 2, the number of answers: no ballot can choose so many"#),
            (["num_winners": 9], 1, #""num_winners" is 9, expected 1 to 2, the number of answers: every answer wins"#),
            (
                ["extra_options": nil], 0,
                #""extra_options" is null, expected an object, or no such key: every ballot is null"#
            ),
            (
                ["tally_type": "borda-custom"], 0,
                #""borda_custom_weights" is missing, expected a weight for each rank, 1: every ballot is null"#
            ),
            (
                ["tally_type": "cumulative"], 1,
                #""extra_options.cumulative_number_of_checkboxes" is missing, expected the points that one answer may get, at least 1: counted with one"#
            ),
            (
                ["answers": .array([flag(0, "F"), flag(1, "G"), answer(2, "H")])], 0,
                #""answers[1].urls" is a second flag of invalid ballots, expected one at most: every ballot is null"#
            ),
        ] as [([String: JSONValue], Int, String)])
    func contradictions(_ changes: [String: JSONValue], _ valid: Int, _ warning: String) async throws {
        var question = try #require(Self.question("Zoë").asObject)
        for (key, value) in changes { question[key] = .some(value) }
        let tallies = try CountedTallies([([.object(question)], [["3"]])])
        if valid == 0 {
            let refused = try await tallies.run("--output", tallies.scratch.path("out"))
            #expect(
                refused.status == 1
                    && refused.errors.hasPrefix("eoresults: error: \"\(tallies.paths[0])\", question 0: \(warning)\n"),
                "\(refused.errors)")
            #expect(refused.errors.contains("--despite-contradictions"))
            #expect(!tallies.scratch.exists("out"))
        }
        let asked = valid == 0 ? ["--despite-contradictions"] : []
        let ended = try await tallies.run(arguments: asked + ["--output", tallies.scratch.path("out")])
        #expect(ended.status == 0 && ended.output.contains("1 ballot: \(valid) valid, 0 blank"), "\(ended.output)")
        #expect(
            ended.errors.contains("eoresults: warning: \"\(tallies.paths[0])\", question 0: \(warning)\n"),
            "\(ended.errors)")
        let effect = try #require(warning.split(separator: ": ").last)
        #expect(try tallies.scratch.text("out/results.html").contains(effect))
    }

    private static func flag(_ id: Int, _ text: String) -> JSONValue {
        answer(id, text, urls: [["title": "invalidVoteFlag", "url": "true"]])
    }

    private static func answer(_ id: Int, _ text: String, urls: JSONValue = []) -> JSONValue {
        ["id": .integer(id), "text": .string(text), "category": "", "details": "", "urls": urls]
    }

    @Test("a segmented election is counted as a whole and by category")
    func segmented() async throws {
        // Two columns: the primes of sequent2048 are 13, 17 and 19 (vectors counting/segmented.json).
        let tallies = try CountedTallies([([Self.question("Zoë")], [["39", "39", "65", "17"]])])
        let p = try #require(SafePrimeGroup.named("sequent2048")).p.decimal
        let segmentation: JSONValue = [
            "configuration": ["mixingCategorySegmentation": ["categories": ["North", "South"]]],
            "pks": .string(#"[{"p":"\#(p)"}]"#),
        ]
        let outer = tallies.scratch.path("50.tar")
        try DeterministicArchive.writeUncompressed(
            [
                ArchiveEntry(
                    name: "config.json",
                    content: .bytes(
                        Array(
                            #"{"version":"10.2.0","pipes":[{"type":"tally_pipes.pipes.results.do_tallies","params":{}}]}"#
                                .utf8))),
                ArchiveEntry(
                    name: "segmented_election_config.json", content: .bytes(segmentation.compactBytes)),
                ArchiveEntry(name: "50.tar.gz", content: .file(path: tallies.paths[0])),
            ], to: outer)
        let ended = try await BuiltTool("eoresults").run([outer])
        #expect(ended.status == 0, "\(ended.errors)")
        for part in [
            "1. \"Who?\"\n4 ballots: 3 valid, 1 blank, 0 null", "2. \"Who? - North\"\n3 ballots: 3 valid",
            "3. \"Who? - South\"\n1 ballot: 0 valid, 1 blank",
        ] {
            #expect(ended.output.contains(part), "\(part) in \(ended.output)")
        }
    }

    @Test("what voters write cannot move a terminal's cursor; the original's table has it as it is")
    func controlCharacters() async throws {
        let tallies = try CountedTallies([([Self.question("\u{1B}[2J\u{9B}31m\r=A")], [["3"]])])
        let ended = try await tallies.run("--output", tallies.scratch.path("out"))
        for text in [ended.output, ended.errors] {
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
        }
        #expect(ended.output.contains(#""\u{1b}[2J\u{9b}31m\u{d}=A""#))
        let json = try await tallies.run("--json").output
        #expect(
            json.unicodeScalars.allSatisfy {
                $0 == "\n" || ![.control, .format].contains($0.properties.generalCategory)
            })
        let value = try JSONValue(parsing: json.trimmingCharacters(in: .newlines))
        #expect(
            value["questions"]?.asArray?.first?["answers"]?.asArray?.compactMap { $0["text"]?.asString }
                == ["\u{1B}[2J\u{9B}31m\r=A", "\u{202e}B"])
    }

    @Test("a seat that went by the rule for ties is told, on the page too")
    func tie() async throws {
        let tallies = try CountedTallies(try CountedTallies.vector("tie with the sort pipe: by id"))
        let ended = try await tallies.run("--output", tallies.scratch.path("out"))
        #expect(
            ended.errors
                == "eoresults: warning: \"\(tallies.paths[0])\", question 0: another answer has as many votes as the last winner, 1: the rule for ties gave the seat\n"
        )
        #expect(try tallies.scratch.text("out/results.html").contains("the rule for ties gave the seat"))
    }

    @Test(
        "what is told on standard error is in --json and on the page too",
        arguments: [
            (
                "plurality-at-large", ["3", "99999"], "2 ballots: 1 valid, 0 blank, 1 null",
                "1 plaintext is no ballot of the question (too big 1, the first in line 2): counted as null"
            ),
            (
                "plurality-at-large", ["3", "0", "0"], "3 ballots: 1 valid, 2 blank, 0 null",
                "2 plaintexts are 0, which no mix gives (the first in line 2): counted as if nothing was chosen"
            ),
            (
                // Three points for both, and three for the first alone.
                "cumulative", ["31", "7"], "2 ballots: 2 valid, 0 blank, 0 null",
                "1 ballot gives more points together than 3, which is max, as no booth takes for valid (the first in line 1): counted as valid"
            ),
            (
                "plurality-at-large", ["3", "5"], "2 ballots: 2 valid, 0 blank, 0 null",
                "another answer has as many votes as the last winner, 1: the rule for ties gave the seat"
            ),
            (
                "plurality-at-large", ["2"], "1 ballot: 0 valid, 0 blank, 1 null",
                "there is no valid ballot: the rule for ties says who wins"
            ),
        ])
    func remarks(_ type: String, _ plaintexts: [String], _ totals: String, _ remark: String) async throws {
        var question = try #require(Self.question("Zoë").asObject)
        question["tally_type"] = .string(type)
        if type == "cumulative" {
            question["max"] = 3
            question["extra_options"] = ["cumulative_number_of_checkboxes": 3]
        }
        let tallies = try CountedTallies([([.object(question)], [plaintexts])])
        let ended = try await tallies.run("--output", tallies.scratch.path("out"))
        #expect(ended.status == 0 && ended.output.contains(totals), "\(ended.output)")
        let place = "eoresults: warning: \"\(tallies.paths[0])\", question 0: "
        #expect(ended.errors.contains("\(place)\(remark)\n"), "\(ended.errors)")
        #expect(try tallies.scratch.text("out/results.html").contains("<p class=\"notice\">\(remark)</p>"))
        let value = try JSONValue(parsing: try await tallies.run("--json").output.trimmingCharacters(in: .newlines))
        let remarks = value["questions"]?.asArray?.first?["remarks"]?.asArray?.compactMap(\.asString) ?? []
        #expect(remarks.map { "\(place)\($0)\n" }.joined() == ended.errors && remarks.contains(remark))
    }

    @Test("what is told of the input is in --json and on the page too, and an archive of another count is told")
    func remarksOnInput() async throws {
        let tallies = try CountedTallies([([Self.question("Zoë")], [["3"]])])
        let outer = tallies.scratch.path("50.tar")
        try DeterministicArchive.writeUncompressed(
            [ArchiveEntry(name: "50.tar.gz", content: .file(path: tallies.paths[0]))], to: outer)
        let out = tallies.scratch.path("out")
        #expect(try await tallies.run("--output", out).status == 0)
        let ended = try await BuiltTool("eoresults").run([outer, "--output", out, "--json"])
        let remark = "the archive has no config.json: counted by do_tallies and sort_non_iterative"
        #expect(
            ended.errors == """
                eoresults: warning: \(remark)
                eoresults: warning: "\(out)/50.tar" was there before and is not of this count

                """, "\(ended.errors)")
        let value = try JSONValue(parsing: ended.output.trimmingCharacters(in: .newlines))
        #expect(value["remarks"] == [.string(remark)])
        #expect(try tallies.scratch.text("out/results.html").contains(remark))
        // The archive that was counted may lie beside its results.
        let beside = try await BuiltTool("eoresults").run([outer, "--output", tallies.scratch.path(".")])
        #expect(beside.errors == "eoresults: warning: \(remark)\n")
    }

    @Test("--json is one object")
    func json() async throws {
        let tallies = try CountedTallies([([Self.question("Zoë")], [["3", "2"]])])
        let ended = try await tallies.run("--json")
        let value = try JSONValue(parsing: ended.output.trimmingCharacters(in: .newlines))
        #expect(value["questions"]?.asArray?.first?["null_reasons"] == ["explicit": 1])
        #expect(value["results_sha256"]?.asString?.count == 64)
    }

    static func question(_ first: String) -> JSONValue {
        [
            "title": "Who?", "tally_type": "plurality-at-large", "min": 0, "max": 1, "num_winners": 1,
            "answer_total_votes_percentage": "over-total-valid-votes",
            "answers": [
                ["id": 0, "text": .string(first), "category": "", "details": "", "urls": []],
                ["id": 1, "text": "\u{202e}B", "category": "", "details": "", "urls": []],
            ],
        ]
    }
}

@Suite("The page of results, in a real browser", .serialized, .timeLimit(.minutes(5)))
struct ResultPageTests {
    @Test("it shows a chart and a table a question, and asks for nothing")
    func page() async throws {
        let tallies = try CountedTallies(try CountedTallies.vector("two questions"))
        let visit = try await visit(tallies, "--title", "Council <2026>")
        #expect(visit.console == [] && visit.requests == [])
        for text in ["Council &lt;2026&gt;", "1. One", "2. Two", "Ana", "150.00 %", "eoverify 50.tar", "SHA-256"] {
            #expect(visit.document.contains(text), "\(text)")
        }
        #expect(visit.document.matches(of: #/<figure /#).count == 2)
        #expect(visit.document.matches(of: #/<i class="f0"/#).count == 2)
    }

    @Test("the chart marks names that were written in, withdrawn and empty, and one vote is a vote")
    func marks() async throws {
        let question = try #require(EoresultsTests.question(" ").asObject)
        var answers = try #require(question["answers"]?.asArray)
        answers.append([
            "id": 2, "text": "W", "category": "", "details": "", "urls": [["title": "isWriteIn", "url": "true"]],
        ])
        var changed = question
        changed["answers"] = .array(answers)
        changed["extra_options"] = ["allow_writeins": true]
        // 256-base bytes stand behind four digits of base 2; "Q" is 81, an empty name nothing.
        let tallies = try CountedTallies([
            ([.object(changed)], [["3", "3", "1305", "9", "5", "5"]])
        ])
        _ = try tallies.scratch.write(
            #"{"version":"10.2.0","pipes":[{"type":"tally_pipes.pipes.results.do_tallies","params":{}},{"type":"tally_pipes.pipes.withdraw_candidates.withdraw_candidates","params":{"questions":[{"question_index":0,"policy":"minimum-ballots-percent","min_percent":30}]}},{"type":"tally_pipes.pipes.sort.sort_non_iterative","params":{}}]}"#,
            to: "pipeline.json")
        let page = try await visit(tallies, "--pipeline", tallies.scratch.path("pipeline.json")).document
        let chart = try #require(page.split(separator: "</figure>").first)
        for text in [
            "<p>1. [no name]</p>", "<p>Q (written in) (withdrawn)</p>", "<p>[no name] (written in) (withdrawn)</p>",
            "</i>1 vote, 16.67 %", "</i>2 votes, 33.33 %", #"<i class="out""#,
        ] {
            #expect(chart.contains(text), "\(text) in \(chart)")
        }
    }

    @Test("without a valid ballot it says that nobody won by votes")
    func noBallots() async throws {
        let page = try await visit(try CountedTallies([([EoresultsTests.question("Zoë")], [["1"]])])).document
        #expect(page.contains("there is no valid ballot: the rule for ties says who wins"))
    }

    @Test("what voters and candidates write is text")
    func hostile() async throws {
        let evil =
            "</title><script>console.error('x')</script><img src=http://127.0.0.1:9/x onerror=alert(1)>\"'&\u{202E}"
        let visit = try await visit(
            try CountedTallies([([EoresultsTests.question(evil)], [["3"]])]), "--title", evil)
        #expect(visit.console == [] && visit.requests == [])
        #expect(
            !visit.document.contains("<script") && !visit.document.contains("<img")
                && !visit.document.contains("\u{202E}"))
    }

    private func visit(_ tallies: CountedTallies, _ more: String...) async throws -> Chromium.Visit {
        let ended = try await BuiltTool("eoresults").run(
            tallies.paths + ["--output", tallies.scratch.path("out")] + more)
        #expect(ended.status == 0, "\(ended.errors)")
        let path = tallies.scratch.path("out/results.html")
        if let folder = ProcessInfo.processInfo.environment["EO_KEEP_PAGES"] {
            try? FileManager.default.copyItem(atPath: path, toPath: "\(folder)/\(UUID().uuidString).html")
        }
        return try await Chromium().open(path)
    }
}
