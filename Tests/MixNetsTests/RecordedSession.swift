// SPDX-License-Identifier: Apache-2.0

import ByteTrees
import ElGamal
import Foundation
import GroupArithmetic
import TestSupport

@testable import MixNets

/// The session prover_n3 with all its secrets.
struct RecordedSession: Decodable {
    let protInfo_xml: String
    let rho: Hexadecimal
    let N: Int
    let parties: [Party]
    let x: [HexadecimalNumber]
    let files: [String: Hexadecimal]

    struct Party: Decodable {
        let pi: [Int]
        let r, pos_b, pos_beta, pos_epsilon, s, ccpos_epsilon: [HexadecimalNumber]
        let pos_alpha, pos_gamma, pos_delta, ccpos_alpha, ccpos_beta, dec_r: HexadecimalNumber
    }

    static func load() throws -> RecordedSession { try vector("sequent/prover_n3.json") }

    var group: SafePrimeGroup { .sequent2048 }

    var parameters: MixNetParameters {
        MixNetParameters(
            group: group, partyCount: parties.count, threshold: parties.count,
            prefix: HashFunction.sha256.digest(of: protInfo_xml.utf8))
    }

    var recordedFiles: RecordedFiles { RecordedFiles(contents: files.mapValues { Data($0.bytes) }) }
}

/// Proof files in memory, which a test may change.
struct RecordedFiles: ProofFiles {
    var contents: [String: Data]

    func bytes(_ name: String) throws(MixNetError) -> SharedBytes? { contents[name].map { SharedBytes(copying: $0) } }
}

extension RecordedSession.Party {
    func drawn(_ numbers: [HexadecimalNumber], in group: SafePrimeGroup) -> DrawnExponents {
        DrawnExponents(ExponentVector(numbers.map { Exponent(reducing: $0.value, in: group) }, in: group))
    }

    func exponent(_ number: HexadecimalNumber, in group: SafePrimeGroup) -> Exponent {
        Exponent(reducing: number.value, in: group)
    }
}
