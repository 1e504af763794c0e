// SPDX-License-Identifier: Apache-2.0

import Elections
import MixNets
import OperatorErrors

extension TallyVerification {
    /// The files of 5.1: all that are needed, and none that has no meaning (7.6).
    mutating func checkProofFiles(of session: TallyContents.Session, _ info: ProtocolInfo) {
        let found = session.proofs ?? []
        let (parties, threshold) = (info.parties.count, info.threshold)
        var needed = Set(ProofFileName.needed(parties: parties, threshold: threshold))
        let allowed = needed.union(TallyLayout.optionalProofs(of: info))
        for party in 1...parties where found.contains(ProofFileName.secretKey(party)) {
            needed.subtract(ProofFileName.decryption(party))
        }
        if let name = needed.subtracting(found).min() {
            recorder.fail(.proofFiles, session: session.id, "\(name) is missing")
        } else if let name = found.subtracting(allowed).min() {
            recorder.fail(.proofFiles, session: session.id, "\(quoted(name)) is no file of a proof")
        } else {
            recorder.pass(.proofFiles, session: session.id, counted(found.count, "file"))
        }
    }
}
