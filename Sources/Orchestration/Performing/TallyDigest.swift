// SPDX-License-Identifier: Apache-2.0

extension Board {
    /// SHA-256 of the archive as this board's authorities posted it.
    package func tallyDigest(attempt: Int) -> Digest? {
        all(.tally, attempt: attempt, by: roster(attempt: attempt).present)?.first.flatMap {
            Digest(bytes: $0.content.payload)
        }
    }
}
