// SPDX-License-Identifier: Apache-2.0

import ElGamal
import GroupArithmetic

extension TallyVerification {
    /// CiphertextList00.bt holds the valid ballots, all of them, in the order of the votes file (1.7).
    mutating func checkInput(
        of session: TallyContents.Session, _ input: CiphertextVector, _ ballots: CiphertextVector
    ) {
        guard input.count == ballots.count else {
            recorder.fail(
                .ballotsAreInput, session: session.id,
                "\(input.count) ciphertexts were mixed, but \(ballots.count) ballots are valid")
            return
        }
        let differences = [
            input.alphas.firstDifference(from: ballots.alphas), input.betas.firstDifference(from: ballots.betas),
        ]
        if let index = differences.compactMap(\.self).min() {
            recorder.fail(
                .ballotsAreInput, session: session.id, index: index, "the ciphertext that was mixed is not the ballot's"
            )
        } else {
            recorder.pass(.ballotsAreInput, session: session.id, counted(input.count, "ciphertext"))
        }
    }
}
