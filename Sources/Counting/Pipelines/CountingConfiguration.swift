// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

/// config.json: which pipes count an election, in their order (specification of counting, 3.6).
package struct CountingConfiguration: Sendable {
    package let json: JSONValue
    /// What messages call it.
    let name: String
    let pipes: [NamedPipe]

    /// A pipe and what messages call it, such as `do_tallies`.
    struct NamedPipe: Sendable {
        let name: String
        let pipe: any Pipe
    }

    /// What counts an election that has no configuration of its own.
    package static let standard = CountingConfiguration(
        json: [
            "version": "10.2.0",
            "pipes": [
                ["type": "tally_pipes.pipes.results.do_tallies", "params": [:]],
                ["type": "tally_pipes.pipes.sort.sort_non_iterative", "params": [:]],
            ],
        ], name: "the standard configuration",
        pipes: [
            NamedPipe(name: "do_tallies", pipe: CountTallies()),
            NamedPipe(name: "sort_non_iterative", pipe: SortByTotals()),
        ])

    private init(json: JSONValue, name: String, pipes: [NamedPipe]) {
        self.json = json
        self.name = name
        self.pipes = pipes
    }

    /// - Parameter name: what messages call it.
    /// - Throws: for anything that is not known, since a count without it would be another one.
    package init(_ json: JSONValue, name: String = "config.json") throws(CountingError) {
        self.json = json
        self.name = name
        do { pipes = try Self.pipes(JSONField(json, name: "the configuration")) } catch { throw .at(name, error) }
    }

    package init(parsing bytes: some Sequence<UInt8>, name: String = "config.json") throws(CountingError) {
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes, limits: JSONLimits(byteCount: 64 << 20)) } catch {
            throw .syntax(error, file: name)
        }
        try self.init(json, name: name)
    }

    private static func pipes(_ field: JSONField) throws(CountingError) -> [NamedPipe] {
        let elements: [JSONField]
        do {
            try field.requireKeys(["version", "pipes"])
            let version = try field.member("version").string(maximum: 128)
            guard isSupported(version) else { throw CountingError.version(version) }
            elements = try field.member("pipes").elements(0...100)
        } catch { throw CountingError(of: error) }
        var pipes: [NamedPipe] = []
        for element in elements { pipes.append(try pipe(element)) }
        return pipes
    }

    /// `a.b.c` with a = 10 and b at most 2: the versions whose rules are known here.
    private static func isSupported(_ version: String) -> Bool {
        version.wholeMatch(of: #/10\.[0-2]\.[0-9A-Za-z_.-]+/#) != nil
    }

    private static func pipe(_ field: JSONField) throws(CountingError) -> NamedPipe {
        let short: String
        let type: JSONField
        let parameters: JSONField
        do {
            try field.requireKeys(["type", "params"])
            type = try field.member("type")
            let name = try type.string(maximum: 256)
            parameters = try field.member("params")
            _ = try parameters.object()
            guard name.hasPrefix(prefix) else { throw CountingError.unknownPipe(place: type.path, type: name) }
            short = String(name.dropFirst(prefix.count))
            if broken.contains(short) { throw CountingError.brokenPipe(place: type.path, type: name) }
            guard silent[short] != nil || makers[short] != nil else {
                throw CountingError.unknownPipe(place: type.path, type: name)
            }
        } catch { throw CountingError(of: error) }
        let name = String(short.drop { $0 != "." }.dropFirst())
        do {
            if let make = makers[short] { return NamedPipe(name: name, pipe: try make(parameters)) }
            try parameters.requireParameters(silent[short] ?? [])
            return NamedPipe(name: name, pipe: NoEffect())
        } catch { throw .at(name, CountingError(of: error)) }
    }

    private static let prefix = "tally_pipes.pipes."

    /// The parameters of pipes that change nothing in the result.
    private static let silent: [String: Set<String>] = [
        "pdf.configure_pdf": [
            "title", "first_description_paragraph", "last_description_paragraph", "languages", "timezone",
            "date_format",
            "hide_logo", "hide_dates", "theme_colors",
        ],
        "pretty_print.pretty_print_not_iterative": ["mark_winners"],
        "results.to_files": ["paths"],
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
        "multipart.make_multipart": { try NameTallies($0) },
        "multipart.data_list_reverse": { try ReverseTallies($0) },
        "results.apply_removals": { try ApplyRemovals($0) },
        "bcnencomu.team_count_weight_correction": { try TeamWeights($0) },
        "parity.parity_zip_non_iterative": { try ParityZip($0) },
        "parity.proportion_rounded": { try ProportionRounded($0) },
        "parity.podemos_parity2_loreg_zip_non_iterative": { try GroupParity($0) },
        "desborda.podemos_desborda": { try TeamParity($0, method: .desborda) },
        "desborda2.podemos_desborda2": { try TeamParity($0, method: .desborda2) },
        "desborda3.podemos_desborda3": { try TeamParity($0, method: .desborda3) },
        "desborda4.podemos_desborda4": { try LeaderTeams($0) },
    ]
}

extension CountingError {
    /// What the two readers of a configuration throw, as one type.
    fileprivate init(of error: any Error) {
        switch error {
        case let error as CountingError: self = error
        case let error as JSONShapeError: self = .shape(error)
        default: preconditionFailure("\(error) is none of the two errors above")
        }
    }
}

/// A step of counting.
protocol Pipe: Sendable {
    func run(_ count: inout ElectionCount) throws(CountingError)
}

/// A step that writes or shows something and leaves the result as it is.
private struct NoEffect: Pipe {
    func run(_ count: inout ElectionCount) {}
}
