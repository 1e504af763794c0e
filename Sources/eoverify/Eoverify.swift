// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OperatorConsole
import OperatorErrors
import PublishedTallies
import TallyArchives

@main
struct Eoverify: OperatorTool {
    static let configuration = CommandConfiguration(
        commandName: "eoverify",
        abstract: "Verifies a published tally, offline and from nothing but its own files.",
        discussion: """
            TALLY is tally.tar.gz, or the .tar with results.json that a ballot box published. The digests of the joint keys and \
            of the tally come first: a tally that somebody invented verifies too, so compare them with what was published \
            when the election was made, or give --expect-key.

            With TRACKER only that ballot is looked for and its proof checked; that is no verification of the tally.

            With --evidence, TALLY is what an authority wrote with eotasks --evidence: its board, on which another one is \
            accused. Each accusation is looked into, whoever makes it: proven, refuted, or open. Compare the certificates with \
            those that you know. Status 0 if one is proven.

            Exit status: 0 valid, 1 not valid or refused, 64 wrong use, 74 the disk.

              eoverify 8.tar
              eoverify tally.tar.gz --expect-key 9c4f44c8c60e2718…
              eoverify tally.tar.gz ae38e56fd663c142…
              eoverify --evidence evidence.tar.gz
            """)

    @Argument(help: "The published file: tally.tar.gz or the outer .tar.")
    var tally: String

    @Argument(help: "A ballot tracker: 64 hexadecimal digits.")
    var tracker: String?

    @Flag(help: "The file is evidence against an authority, no tally.")
    var evidence = false

    @Flag(help: "Print one JSON object instead of lines.")
    var json = false

    @Flag(help: "Leave results.json out: do not count again.")
    var skipRecount = false

    @Option(
        help: ArgumentHelp(
            "SHA-256 of a publicKey_json, or of pubkeys_json, that was published when the election was made; may be repeated.",
            valueName: "digest"))
    var expectKey: [String] = []

    func validate() throws {
        for text in expectKey where VerificationOptions.keyDigest(in: text) == nil {
            throw ValidationError(
                "--expect-key \(quoted(text)) is no SHA-256: 64 hexadecimal digits or URL-safe base64")
        }
        if tracker != nil, !expectKey.isEmpty {
            throw ValidationError("--expect-key is for verifying a tally, not for looking up a ballot")
        }
        if evidence, tracker != nil || !expectKey.isEmpty || skipRecount {
            throw ValidationError("--evidence goes with a file and --json alone")
        }
    }

    func run() async throws {
        do {
            let scratch = try TemporaryFolder()
            defer { scratch.remove() }
            if evidence { return try EvidenceMode(path: tally, scratch: scratch.path, json: json).run() }
            let archive = try PublishedArchive(path: tally, scratch: scratch.path)
            if let tracker {
                try LookupMode(archive: archive, tracker: tracker, json: json).run()
            } else {
                let options = VerificationOptions(
                    skipsRecount: skipRecount, expectedKeys: expectKey.compactMap(VerificationOptions.keyDigest))
                try VerifyMode(archive: archive, path: tally, options: options, json: json).run()
            }
        } catch let error as any OperatorError where json && !(error is TallyNotAccepted || error is NothingProven) {
            try TextOutput.standardOutput.printJSON(RefusalJSON(accepted: false, error: error.message))
            throw error
        }
    }
}

/// What `--json` prints when there is nothing to report on.
private struct RefusalJSON: Encodable {
    let accepted: Bool
    let error: String
}
