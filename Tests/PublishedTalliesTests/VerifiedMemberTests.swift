// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import GroupArithmetic
import PublishedTallies
import TallyArchives
import TestSupport
import Testing

@testable import MixNets

@Suite("An archive before it is published")
struct VerifiedMemberTests {
    let election: MadeElection

    init() throws {
        election = try MadeElection.shared.get()
    }

    /// The first question's session with one proof file's bytes changed after they were verified.
    private func changed(_ name: String, in folder: PrivateFolder) throws -> TallyAssembly {
        let session = election.assembly.sessions[0]
        let original = election.scratch.path + "/0"
        let proofs = folder.path + "/proofs"
        try FileManager.default.copyItem(atPath: original, toPath: proofs)
        let verified = try VerifiedProofs(trusting: proofs, of: session.info)
        let file = URL(fileURLWithPath: "\(proofs)/\(name)")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: file)
        return TallyAssembly(
            questions: election.assembly.questions, votes: election.assembly.votes,
            votesDigest: election.assembly.votesDigest,
            sessions: [.init(info: session.info, key: session.key, plaintexts: session.plaintexts, proofs: verified)])
    }

    @Test(
        "is refused and removed when a proof file is not what was verified",
        arguments: ["PoSReply01.bt", "CiphertextList00.bt", "PlaintextElements.bt", "FullPublicKey.bt"])
    func changedProof(_ name: String) throws {
        let folder = try PrivateFolder()
        let assembly = try changed(name, in: folder)
        #expect(throws: AssemblyError.changedMember(MadeElection.session(0, "proofs/\(name)"))) {
            try assembly.write(into: folder.path)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["proofs"])
    }

    @Test("is refused when the votes file is not the one that was asked for")
    func changedVotes() throws {
        let folder = try PrivateFolder()
        let assembly = TallyAssembly(
            questions: election.assembly.questions, votes: election.assembly.votes,
            votesDigest: HashFunction.sha256.digest(of: "others".utf8), sessions: election.assembly.sessions)
        #expect(throws: AssemblyError.changedMember("ciphertexts_json")) { try assembly.write(into: folder.path) }
    }

    @Test("cannot be made with a proof file that nobody verified")
    func unverified() throws {
        let session = election.assembly.sessions[0]
        let names = ProofFileName.needed(parties: 2, threshold: 2).filter { $0 != "KeepList02.bt" }
        let digests = Dictionary(names.map { ($0, [UInt8](repeating: 0, count: 32)) }) { $1 }
        #expect(throws: AssemblyError.unverified("KeepList02.bt")) {
            try VerifiedProofs(folder: "/", digests: digests, of: session.info)
        }
    }

    @Test("says how many bytes went in and came out, and what compressing them took")
    func cost() throws {
        let folder = try PrivateFolder()
        let tally = try election.assembly.write(into: folder.path)
        let size = try FileManager.default.attributesOfItem(atPath: folder.path + "/tally.tar.gz")[.size] as? Int
        #expect(tally.byteCount == size)
        #expect(tally.unpackedByteCount > tally.byteCount && tally.unpackedByteCount.isMultiple(of: 10240))
        #expect(tally.compressionSeconds > 0)
    }
}
