// SPDX-License-Identifier: Apache-2.0

import OperatorConsole
import OperatorErrors
import PublishedTallies

/// `eoverify TALLY`: digests first, then a line for each check as it is made, then the verdict.
struct VerifyMode {
    let archive: PublishedArchive
    let path: String
    let options: VerificationOptions
    let json: Bool
    private let output = TextOutput.standardOutput

    init(archive: PublishedArchive, path: String, options: VerificationOptions, json: Bool) {
        self.archive = archive
        self.path = path
        self.options = options
        self.json = json
    }

    func run() throws {
        let identities = archive.tallies.map(\.identity)
        if !json { for identity in identities { print(identity) } }
        let ballots = ProgressDisplay("checking ballots")
        let report = try archive.verify(options: options) { progress in
            switch progress {
            case .checked(let check):
                if check.name == .ballots { ballots.finish() }
                if !json { output.line(line(check)) }
            case .ballots(let done, let total): ballots.update(done, of: total)
            }
        }
        if json {
            try output.printJSON(ReportJSON(report, identities))
        } else {
            for ballot in report.droppedBallots { output.line("left out: \(ballot)") }
            for remark in report.remarks { output.line(remark) }
        }
        guard report.isAccepted else {
            throw TallyNotAccepted(failures: report.failures, path: path)
        }
        let isWhole = !report.checks.contains { if case .skipped = $0.outcome { true } else { false } }
        if !json {
            output.line(
                output.painted("valid", .green) + (isWhole ? "" : ", but for results.json, which was not recounted"))
        }
    }

    private func print(_ identity: TallyIdentity) {
        if let name = identity.name { output.line("tally \(name)") }
        for (question, session) in identity.sessions.enumerated() {
            output.line("joint key     \(session.keyDigest ?? "unreadable")  question \(question)")
        }
        if identity.sessions.count > 1 { output.line("all keys      \(identity.keysDigest ?? "unreadable")") }
        output.line("tally digest  \(identity.digest)")
        output.line("tally hash    \(identity.hash)")
    }

    private func line(_ check: VerificationCheck) -> String {
        switch check.outcome {
        case .passed(let detail):
            "\(output.painted("ok", .green))    \(check.subject)" + (detail.map { ": \($0)" } ?? "")
        case .failed(let reason), .unchecked(let reason):
            "\(output.painted("FAIL", .red))  \(check.subject): \(reason)"
        case .skipped(let reason): "\(output.painted("skip", .yellow))  \(check.subject): \(reason)"
        }
    }
}

/// The verdict for standard error, with every check that failed.
struct TallyNotAccepted: OperatorError {
    let failures: [VerificationCheck]
    let path: String

    var message: String {
        let verdict =
            failures.allSatisfy(\.isUnchecked)
            ? "not everything was verified"
            : failures.allSatisfy { $0.name == .results } ? "the results are not valid" : "the tally is not valid"
        return verdict + ": " + failures.compactMap(\.failure).joined(separator: "; ")
    }

    var hint: String? {
        failures.contains(where: \.isUnchecked) ? "to leave results.json out: eoverify --skip-recount \(path)" : nil
    }
}
