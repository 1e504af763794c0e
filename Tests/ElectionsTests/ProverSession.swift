// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import GroupArithmetic
import TestSupport

/// The session of the vectors whose secrets are all known: two authorities, three ballots.
struct ProverSession: Decodable {
    struct Ballot: Decodable {
        let json: String
        let tracker: String
    }
    let protInfo_xml: String
    let rho: Hexadecimal
    let y: HexadecimalNumber
    let ballots: [Ballot]
    let plaintexts_json: String
    let files: [String: Hexadecimal]

    static func load() throws -> ProverSession { try vector("sequent/prover_n3.json") }

    var group: SafePrimeGroup { .sequent2048 }

    /// The votes file of these ballots in one of the three forms.
    func votes(_ form: VotesFile.Form, carriageReturns: Bool = false) -> Data {
        Data(
            ballots.enumerated().map { index, ballot in
                let end = carriageReturns ? "\r\n" : "\n"
                return switch form {
                case .bare: ballot.json + end
                case .plain: "\(ballot.json)|voter\(index).1\(end)"
                case .quoted: "\"\(ballot.json.replacingOccurrences(of: "\"", with: "\"\""))\"|voter\(index).1\(end)"
                }
            }.joined().utf8)
    }
}
