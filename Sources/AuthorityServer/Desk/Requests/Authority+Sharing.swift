// SPDX-License-Identifier: Apache-2.0

package import Orchestration

extension Authority {
    /// The elections of which that certificate is one of the authorities' or the creator's.
    package func electionsShared(with certificate: Digest) -> Set<String> {
        let shared = elections.values.filter { live in
            peers.isSame(certificate, live.board.offer.creator)
                || peers.author(certificate: certificate, in: live.board.offer) != nil
        }
        return Set(shared.map(\.board.election))
    }
}
