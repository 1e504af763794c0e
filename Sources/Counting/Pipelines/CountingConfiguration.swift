// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// config.json: which pipes count an election, in their order (specification of counting, 3.6).
package struct CountingConfiguration: Sendable {
    package let json: JSONValue
    let pipes: [any Pipe]

    /// What counts an election that has no configuration of its own.
    package static let standard = CountingConfiguration(
        json: [
            "version": "10.2.0",
            "pipes": [
                ["type": "tally_pipes.pipes.results.do_tallies", "params": [:]],
                ["type": "tally_pipes.pipes.sort.sort_non_iterative", "params": [:]],
            ],
        ], pipes: [CountTallies(), SortByTotals()])

    private init(json: JSONValue, pipes: [any Pipe]) {
        self.json = json
        self.pipes = pipes
    }

    /// - Throws: for anything that is not known, since a count without it would be another one.
    package init(_ json: JSONValue) throws(CountingError) {
        self.json = json
        do {
            let field = JSONField(json, name: "config.json")
            try field.requireKeys(["version", "pipes"])
            let version = try field.member("version").string(maximum: 128)
            guard Self.isSupported(version) else { throw CountingError.version(version) }
            var pipes: [any Pipe] = []
            for pipe in try field.member("pipes").elements(0...100) {
                try pipe.requireKeys(["type", "params"])
                pipes.append(try Self.pipe(pipe))
            }
            self.pipes = pipes
        } catch let error as CountingError {
            throw error
        } catch let error as JSONShapeError {
            throw .shape(error)
        } catch {
            preconditionFailure("\(error) is none of the two errors above")
        }
    }

    package init(parsing bytes: some Sequence<UInt8>) throws(CountingError) {
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes, limits: JSONLimits(byteCount: 64 << 20)) } catch {
            throw .syntax(error, file: "config.json")
        }
        try self.init(json)
    }

    /// `a.b.c` with a = 10 and b at most 2: the versions whose rules are known here.
    private static func isSupported(_ version: String) -> Bool {
        let parts = version.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, parts[0] == 10, let minor = parts[1], parts[2] != nil else { return false }
        return (0...2).contains(minor)
    }

    private static func pipe(_ field: JSONField) throws -> any Pipe {
        let type = try field.member("type")
        let name = try type.string(maximum: 256)
        let parameters = try field.member("params")
        _ = try parameters.object()
        guard name.hasPrefix(prefix) else { throw CountingError.unknownPipe(place: type.path, type: name) }
        let short = String(name.dropFirst(prefix.count))
        if broken.contains(short) { throw CountingError.brokenPipe(place: type.path, type: name) }
        // These change nothing in the result.
        if silent.contains(short) { return NoEffect() }
        guard let make = makers[short] else { throw CountingError.unknownPipe(place: type.path, type: name) }
        return try make(parameters)
    }

    private static let prefix = "tally_pipes.pipes."

    private static let silent: Set = [
        "pdf.configure_pdf", "pretty_print.pretty_print_not_iterative", "results.to_files",
    ]

    /// They fail in the original when they are called (3.7).
    private static let broken: Set = [
        "parity.reorder_winners", "parity.podemos_parity_loreg_zip_non_iterative", "sort.sort_non_iterative_losers",
        "stv_tiebreak.stv_tiebreak",
    ]

    private static let makers: [String: @Sendable (JSONField) throws -> any Pipe] = [
        "results.do_tallies": { try CountTallies($0) },
        "sort.sort_non_iterative": { try SortByTotals($0) },
        "modifications.apply_modifications": { try ApplyModifications($0) },
        "withdraw_candidates.withdraw_candidates": { try WithdrawCandidates($0) },
        "ballot_boxes.count_tally_sheets": { try CountTallySheets($0) },
        "duplicate_questions.duplicate_questions": { try DuplicateQuestions($0) },
        "multipart.multipart_tally_plaintexts_append_joiner": { try AppendPlaintexts($0) },
        "parity.parity_zip_non_iterative": { try ParityZip($0) },
        "parity.proportion_rounded": { try ProportionRounded($0) },
        "parity.podemos_parity2_loreg_zip_non_iterative": { try GroupParity($0) },
        "desborda.podemos_desborda": { try TeamParity($0, method: .desborda) },
        "desborda2.podemos_desborda2": { try TeamParity($0, method: .desborda2) },
        "desborda3.podemos_desborda3": { try TeamParity($0, method: .desborda3) },
        "desborda4.podemos_desborda4": { try LeaderTeams($0) },
    ]
}

/// A step of counting.
protocol Pipe: Sendable {
    func run(_ count: inout ElectionCount) throws(CountingError)
}

/// A step that writes or shows something and leaves the result as it is.
private struct NoEffect: Pipe {
    func run(_ count: inout ElectionCount) {}
}
