// SPDX-License-Identifier: Apache-2.0

import Elections
import PublishedTallies

extension Board {
    /// Why this authority does not begin a tally of such a votes file: its disk would be full before the end.
    ///
    /// - Parameters:
    ///   - votes: bytes of the votes file.
    ///   - ballots: how many it holds; nil as long as only its size is known.
    ///   - isStored: whether the votes file is on the disk already.
    /// - Returns: nil if there is room for all, or nobody knows how much there is.
    package func diskShortage(
        for votes: Int, ballots: Int? = nil, isStored: Bool, storage: any ElectionStorage, me: Int
    ) -> Failure? {
        guard let free = storage.freeByteCount,
            let infos = try? offer.sessions.map({ try ProtocolInfo(parsing: $0.protocolInfo) })
        else { return nil }
        let needed = TallyDiskUse(of: infos, votes: votes, ballots: ballots).byteCount - (isStored ? votes : 0)
        guard needed > free else { return nil }
        return Failure(
            check: "disk.space", accused: me,
            message: "the disk of \(name(of: me)) has too little room: the tally takes \(gigabytes(needed)), "
                + "\(gigabytes(free)) are free where DATA_PATH lies; free some there and ask for the tally again")
    }
}

/// With one decimal, rounded up: `15.9 GB`.
private func gigabytes(_ count: Int) -> String {
    let tenths = (count + 99_999_999) / 100_000_000
    return "\(tenths / 10).\(tenths % 10) GB"
}
