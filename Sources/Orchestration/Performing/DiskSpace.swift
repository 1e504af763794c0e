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
    ///   - promised: bytes that other tallies under way will still write.
    /// - Returns: nil if there is room for all, or nobody knows how much there is.
    package func diskShortage(
        for votes: Int, ballots: Int? = nil, isStored: Bool, promised: Int = 0, storage: any ElectionStorage, me: Int
    ) -> Failure? {
        guard let free = storage.freeByteCount, let use = diskUse(votes: votes, ballots: ballots) else { return nil }
        let needed = use - (isStored ? votes : 0)
        guard needed > free - promised else { return nil }
        let others = promised > 0 ? ", \(gigabytes(promised)) of them for other tallies under way" : ""
        return Failure(
            check: "disk.space", accused: me,
            message: "the disk of \(name(of: me)) has too little room: the tally takes \(gigabytes(needed)), "
                + "\(gigabytes(free)) are free where DATA_PATH lies\(others); "
                + "free some there and ask for the tally again")
    }

    /// Bytes of disk that a tally of such a votes file takes in all; nil if that cannot be said.
    package func diskUse(votes: Int, ballots: Int? = nil) -> Int? {
        let infos = try? offer.sessions.map { try ProtocolInfo(parsing: $0.protocolInfo) }
        return infos.map { TallyDiskUse(of: $0, votes: votes, ballots: ballots).byteCount }
    }
}

/// With one decimal, rounded up: `15.9 GB`.
private func gigabytes(_ count: Int) -> String {
    let tenths = (count + 99_999_999) / 100_000_000
    return "\(tenths / 10).\(tenths % 10) GB"
}
