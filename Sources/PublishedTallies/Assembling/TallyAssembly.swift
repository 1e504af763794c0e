// SPDX-License-Identifier: Apache-2.0

package import ElGamal
package import Elections
package import GroupArithmetic
import TallyArchives
import Glibc

/// A whole tally that is about to be published: every authority makes the same bytes of it.
package struct TallyAssembly: Sendable {
    /// One question's session when it is over.
    package struct Session: Sendable {
        package let info: ProtocolInfo
        /// The joint key.
        package let key: PublicKey
        /// The decrypted elements, as PlaintextElements.bt has them.
        package let plaintexts: ElementVector
        package let proofs: VerifiedProofs

        package init(info: ProtocolInfo, key: PublicKey, plaintexts: ElementVector, proofs: VerifiedProofs) {
            self.info = info
            self.key = key
            self.plaintexts = plaintexts
            self.proofs = proofs
        }
    }

    /// questions_json.
    package let questions: [UInt8]
    /// The votes file as it was downloaded: a path, and the SHA-256 that was asked for.
    package let votes: String
    package let votesDigest: [UInt8]
    /// One a question, in order.
    package let sessions: [Session]

    package init(questions: [UInt8], votes: String, votesDigest: [UInt8], sessions: [Session]) {
        self.questions = questions
        self.votes = votes
        self.votesDigest = votesDigest
        self.sessions = sessions
    }

    /// Writes tally.tar.gz and tally.tar.gz.sha256 into an existing folder; each appears whole or not at all.
    ///
    /// Every member is hashed as zlib takes it and compared with the digest of what was verified, and the compressed file is
    /// read back from the disk. Unpacking it again would cost as much as all other hashing, and find what zlib did wrong:
    /// that shows as another digest than the other authorities have, without which nothing is published.
    ///
    /// - Throws: `ArchiveError`, or ``AssemblyError`` if the archive is not what was verified.
    package func write(into folder: String) throws -> WrittenTally {
        let archive = folder + "/" + TallyLayout.archive
        let lists = sessions.map { "\(folder)/\($0.info.sessionID).\(TallyLayout.plaintexts)" }
        defer { for path in lists { unlink(path) } }
        var members = top
        for (session, list) in zip(sessions, lists) {
            var hash = IncrementalHash(.sha256)
            try PublishedPlaintexts.write(session.plaintexts, to: list) { hash.append($0) }
            members += Self.members(of: session, plaintexts: list, digest: hash.digest())
        }
        var contents = MemberDigests()
        var hash = IncrementalHash(.sha256)
        let written = try DeterministicArchive.write(
            members.map(\.entry), to: archive, observe: { hash.append($0) }, content: { contents.append($1, of: $0) })
        let digest = hash.digest()
        do {
            try contents.compare(members)
            guard try StreamDigest.digest(ofFile: archive) == digest else { throw AssemblyError.changedArchive }
        } catch {
            unlink(archive)
            throw error
        }
        try ArchiveFile.write(Array(DigestURI.base64(of: digest).utf8), to: folder + "/" + TallyLayout.archiveDigest)
        return WrittenTally(
            digest: digest, unpackedByteCount: written.unpackedByteCount, byteCount: written.byteCount,
            compressionSeconds: written.compressionSeconds)
    }

    private var top: [AssembledMember] {
        [
            AssembledMember(TallyLayout.questions, bytes: questions),
            AssembledMember(TallyLayout.votes, file: votes, digest: votesDigest),
            AssembledMember(
                TallyLayout.publicKeys, bytes: PublishedKeys.file(of: sessions.map { PublishedKey($0.key) })),
        ]
    }

    private static func members(
        of session: Session, plaintexts: String, digest: [UInt8]
    ) -> [AssembledMember] {
        let folder = session.info.sessionID + "/"
        let proofs = session.proofs
        return [
            AssembledMember(folder + TallyLayout.plaintexts, file: plaintexts, digest: digest),
            AssembledMember(directory: folder + TallyLayout.proofs),
        ]
            + proofs.names.map { name in
                AssembledMember(
                    "\(folder)\(TallyLayout.proofs)/\(name)", file: "\(proofs.folder)/\(name)",
                    digest: proofs.digests[name])
            }
            + [AssembledMember(folder + TallyLayout.protocolInfo, bytes: session.info.bytes)]
    }
}

/// A tally.tar.gz that holds what was verified, and what it took to write.
package struct WrittenTally: Sendable {
    /// SHA-256 of the file.
    package let digest: [UInt8]
    /// Of the tar.
    package let unpackedByteCount: Int
    /// Of the file.
    package let byteCount: Int
    /// CPU time of zlib alone: the format wants one serial stream of level 9, which nothing makes shorter.
    package let compressionSeconds: Double
}
