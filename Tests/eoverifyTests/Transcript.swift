// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A recorded call of a tool: what was typed, the exit status, all of standard output and standard error.
///
/// The file is `$ COMMAND`, `exit N`, and the two outputs behind `--- stdout` and `--- stderr`. With EO_RECORD_TRANSCRIPTS=1 the
/// tests write what the tools say now; whoever does that reads the difference.
struct Transcript: Equatable {
    let command: String
    var status: Int32 = 0
    var output = ""
    var errors = ""

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "transcripts")

    init(named name: String) throws {
        let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let first = lines.first, first.hasPrefix("$ ") else { throw NotATranscript(name: name) }
        command = String(first.dropFirst(2))
        guard let output = lines.firstIndex(of: "--- stdout"), let errors = lines.firstIndex(of: "--- stderr"),
            let status = Int32(lines[1].dropFirst("exit ".count))
        else { return }
        self.status = status
        self.output = lines[(output + 1)..<errors].map { $0 + "\n" }.joined()
        self.errors = lines[(errors + 1)...].dropLast().map { $0 + "\n" }.joined()
    }

    /// Runs the command, whose first word is a tool of this package, in a folder.
    init(running command: String, in folder: URL) throws {
        self.command = command
        let words = command.split(separator: " ").map(String.init)
        let process = Process()
        process.executableURL = Self.builtTools.appendingPathComponent(words[0])
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "COLUMNS" }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // What eoverify says fits into a pipe: nobody waits for anybody here.
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        let complained = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        status = process.terminationStatus
        self.output = String(decoding: said, as: UTF8.self)
        self.errors = String(decoding: complained, as: UTF8.self)
    }

    var text: String { "$ \(command)\nexit \(status)\n--- stdout\n\(output)--- stderr\n\(errors)" }

    func record(as name: String) throws {
        try Data(text.utf8).write(to: Self.folder.appendingPathComponent(name))
    }

    static var isRecording: Bool { ProcessInfo.processInfo.environment["EO_RECORD_TRANSCRIPTS"] == "1" }

    /// The folder in which this test and the tools were built.
    private static let builtTools = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()
}

struct NotATranscript: Error {
    let name: String
}
