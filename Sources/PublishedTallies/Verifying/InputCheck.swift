// SPDX-License-Identifier: Apache-2.0

import ElGamal

extension TallyVerification {
    /// CiphertextList00.bt holds the valid ballots, all of them, in the order of the votes file (1.7).
    mutating func checkInput(of session: TallyContents.Session, _ input: CiphertextVector, _ ballots: MixedBallots) {
        if input.count != ballots.count {
            recorder.fail(
                .ballotsAreInput, session: session.id,
                "\(input.count) ciphertexts were mixed, but \(ballots.count) ballots are valid")
        } else if let index = ballots.firstDifference {
            recorder.fail(
                .ballotsAreInput, session: session.id, index: index, "the ciphertext that was mixed is not the ballot's"
            )
        } else {
            recorder.pass(.ballotsAreInput, session: session.id, counted(input.count, "ciphertext"))
        }
    }
}
