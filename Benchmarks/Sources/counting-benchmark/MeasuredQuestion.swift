// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A question of ten answers and how voters answer it.
struct MeasuredQuestion: Sendable {
    let name: String
    let type: String
    let maximum: Int
    let namesOfWriteIns: Bool
    /// The digits behind the flag, one an answer.
    let digits: @Sendable () -> [Int]

    static let all = [
        MeasuredQuestion(name: "one of ten", type: "plurality-at-large", maximum: 1, namesOfWriteIns: false) {
            var digits = Array(repeating: 0, count: 10)
            digits[Int.random(in: 0..<10)] = 1
            return digits
        },
        MeasuredQuestion(name: "all ten ranked", type: "borda", maximum: 10, namesOfWriteIns: false) {
            (1...10).shuffled()
        },
        MeasuredQuestion(name: "a name written in", type: "plurality-at-large", maximum: 1, namesOfWriteIns: true) {
            Array(repeating: 0, count: 9) + [1]
        },
    ]

    /// tally.tar.gz in a folder of its own, with nothing in it but what counting needs.
    func tally(ballots: Int) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        let session = "0-00000000-0000-0000-0000-000000000000"
        let tally = folder.appendingPathComponent("tally")
        try FileManager.default.createDirectory(
            at: tally.appendingPathComponent(session), withIntermediateDirectories: true)
        try Data(questions.utf8).write(to: tally.appendingPathComponent("questions_json"))
        // Sorted, as published.
        let lines = (0..<ballots).map { _ in "\"\(plaintext)\"\n" }.sorted().joined()
        try Data(lines.utf8).write(to: tally.appendingPathComponent("\(session)/plaintexts_json"))
        let archive = folder.appendingPathComponent("tally.tar.gz")
        try Self.run(
            "/usr/bin/env",
            ["tar", "--format=ustar", "-czf", archive.path, "-C", tally.path, "questions_json", session])
        return archive
    }

    /// v + 1: below 2^53 for every question here (specification of counting, 1.4).
    private var plaintext: Int {
        let base = type == "borda" ? maximum + 1 : 2
        // Two letters, least significant byte first; the zero behind them adds nothing.
        var value = namesOfWriteIns ? Int.random(in: 97..<123) + 256 * Int.random(in: 97..<123) : 0
        for digit in digits().reversed() { value = value * base + digit }
        return 2 * value + 1
    }

    private var questions: String {
        let answers = (0..<10).map { id in
            let urls = namesOfWriteIns && id == 9 ? #"{"title":"isWriteIn","url":"true"}"# : ""
            return #"{"id":\#(id),"text":"A\#(id)","category":"","details":"","urls":[\#(urls)]}"#
        }
        return """
            [{"title":"Q","tally_type":"\(type)","min":0,"max":\(maximum),"num_winners":1,\
            "answer_total_votes_percentage":"over-total-valid-votes","extra_options":{"allow_writeins":\(namesOfWriteIns)},\
            "answers":[\(answers.joined(separator: ","))]}]
            """
    }

    static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }
}
