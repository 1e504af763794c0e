// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import MixNets
import PublishedTallies
import TallyArchives
import Testing

@Suite("What a tally takes on the disk")
struct TallyDiskUseTests {
    private func byteCount(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }

    @Test("is known to the byte for the proofs, and not less than what the archive takes")
    func exact() throws {
        let election = try MadeElection.shared.get()
        let files = ProofFileName.needed(parties: 2, threshold: 2)
        let proofs = try (0..<2).flatMap { question in
            try files.map { try byteCount("\(election.scratch.path)/\(question)/\($0)") }
        }
        let votes = try byteCount(election.assembly.votes)
        let use = TallyDiskUse(of: election.assembly.sessions.map(\.info), votes: votes, ballots: 4)
        #expect(use.proofs == proofs.reduce(0, +))
        #expect(use.votes == votes)
        #expect(use.archive >= (try byteCount(election.archive)))
        #expect(use.byteCount > use.votes + use.proofs + use.archive)
    }

    @Test("is near the truth when only the size of the votes file is known")
    func estimated() throws {
        let infos = try MadeElection.shared.get().assembly.sessions.map(\.info)
        let exact = TallyDiskUse(of: infos, votes: 5_400_000, ballots: 1000)
        let estimated = TallyDiskUse(of: infos, votes: 5_400_000)
        #expect(Double(estimated.byteCount) > Double(exact.byteCount) * 0.9)
        #expect(Double(estimated.byteCount) < Double(exact.byteCount) * 1.1)
    }

    @Test("is about 15 GB for a million ballots of one question, two authorities and 2048 bits")
    func million() throws {
        let info = try MadeElection.shared.get().assembly.sessions[0].info
        let use = TallyDiskUse(of: [info], votes: 2_800_000_000, ballots: 1_000_000)
        #expect((14_000_000_000..<18_000_000_000).contains(use.byteCount), "\(use.byteCount)")
    }
}
