// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import HostTestSupport
import Orchestration
import Testing

@Suite("The director is gone at tally time", .serialized, .timeLimit(.minutes(10)))
struct AbsentDirectorTests {
    @Test(
        "killed before anybody asked for the tally, and in the middle of it: the ballot box asks another authority, and gets a valid tally without it"
    )
    func killed() async throws {
        try await withAuthorities(["a.test", "b.test", "c.test"]) { authorities in
            let (a, others) = (authorities[0], Array(authorities[1...]))
            let box = try await BallotBox(knowing: authorities)
            let (unasked, begun) = (
                try await box.castVotes(in: "1001", by: a), try await box.castVotes(in: "1002", by: a)
            )

            // In the place of its decryption of the second: by then both have mixed.
            _ = await a.stop()
            let place = "rename data/private/\(begun.election.text)/*/tally-1/DecrFactReply01.bt"
            let server = try a.launch(
                environment: try StepFaults.killing(at: .firstOf([.init(number: 1, name: place)]), a))
            try await a.awaitListening(server)
            let interrupted = try box.request(begun, asking: a)
            try await box.serving(interrupted) {
                let answer = try await box.post(interrupted, to: a)
                #expect(answer.status == "202", "\(answer)")
                #expect(await a.ended() == -SIGKILL)
            }
            await a.kill()
            try await others[0].tree(of: begun.election.text, shows: "tallying, 8 ballots, waiting for a.test\n")

            let early = try await box.post(box.request(unasked, asking: others[0]), to: others[0])
            #expect(early.status == "409" && early.text.contains("is directed by a.test"), "\(early)")
            for votes in [unasked, begun] {
                for authority in others {
                    let said = try await authority.tool("eotasks").run(
                        ["--go-on-without", a.hostName, "--election", votes.election.text])
                    #expect(said.status == 0 && said.errors.isEmpty, "\(said)")
                }
            }
            try await expectTally(of: unasked, for: box, from: others)
            // What was asked of the director goes on by itself; who asks again is told.
            try await others[0].tree(of: begun.election.text, shows: "sees it: tallied, 8 ballots, without a.test\n")
            try await expectTally(of: begun, for: box, from: others)

            // Back again it learns what became of both, and tells the ballot box what it had promised to.
            try await box.serving(interrupted) {
                try await a.start()
                guard case .tallied(_, let url, _) = try await box.reply(to: interrupted) else {
                    Issue.record("a.test never answers: \(a.told)")
                    return
                }
                _ = try await box.download(url, from: others[0])
            }
            for votes in [unasked, begun] {
                try await a.tree(of: votes.election.text, shows: "sees it: tallied, 8 ballots, without a.test\n")
            }
            #expect(try a.tallies().isEmpty)
        }
    }

    /// The ballot box, and nobody else, gets the tally of its votes from the first of the others, once all of those agree.
    private func expectTally(
        of votes: BallotBox.CastVotes, for box: BallotBox, from others: [AuthorityProcess]
    ) async throws {
        let leader = others[0]
        let request = try box.request(votes, asking: leader)
        try await box.serving(request) {
            // Operators have said so, and authorities tell each other.
            #expect(try await eventually { try await box.post(request, to: leader).status == "202" })
            let other = try await box.post(request, to: leader, as: others[1])
            #expect(other.status == "403" && other.text.contains("only the client that created"), "\(other)")
            guard case .tallied(votes.election, let url, let digest) = try await box.reply(to: request) else {
                Issue.record("no tally of \(votes.election.text): \(leader.told)")
                return
            }
            let tally = try await box.download(url, from: leader)
            #expect(try Digest(ofFile: URL(filePath: tally)).bytes == digest)
            try await expectValid(tally, of: votes)
            for authority in others {
                let published = try #require(try authority.tallies()[votes.election.text])
                #expect(FileManager.default.contentsEqual(atPath: published, andPath: tally))
            }
        }
    }

    /// A verified tally of exactly these votes, with the absent authority's key in place of its decryption.
    private func expectValid(_ tally: String, of votes: BallotBox.CastVotes) async throws {
        let verified = try await BuiltTool("eoverify").run([tally])
        #expect(verified.status == 0, "\(verified)")
        var tar = BuiltTool("tar")
        tar.path = "/usr/bin/tar"
        let names = Set(
            try await tar.run(["-tzf", tally]).output.split(separator: "\n").compactMap {
                $0.split(separator: "/").last
            })
        #expect(names.contains("SecretKey01.bt") && !names.contains("DecryptionFactors01.bt"), "\(names)")
        #expect(!names.contains("SecretKey02.bt") && !names.contains("SecretKey03.bt"), "\(names)")
        let decrypted = try await tar.run(["-xzOf", tally, "--wildcards", "*/plaintexts_json"]).output
        let encrypted = try String(contentsOfFile: votes.plaintextsPath, encoding: .utf8)
        let lines = [decrypted, encrypted].map { $0.split(separator: "\n").sorted() }
        #expect(lines[0].count == 8 && lines[0] == lines[1])
    }
}

extension BallotBox {
    /// Eight votes in a new election of those three of which two suffice.
    fileprivate func castVotes(in id: String, by director: AuthorityProcess) async throws -> CastVotes {
        let election = try #require(ElectionIdentifier(id))
        return try cast(8, under: try await create(election, through: director, threshold: 2), in: election)
    }
}
