// SPDX-License-Identifier: Apache-2.0

package import ElGamal
package import Elections
package import GroupArithmetic
import MixNets
import TallyArchives

/// A whole tally that is about to be published: every authority makes the same bytes of it.
package struct TallyAssembly: Sendable {
    /// One question's session when it is over.
    package struct Session: Sendable {
        package let info: ProtocolInfo
        /// The joint key.
        package let key: PublicKey
        /// The decrypted elements, as PlaintextElements.bt has them.
        package let plaintexts: ElementVector
        /// The folder with the proof files; of it only the files that the proof needs are packed.
        package let proofs: String

        package init(info: ProtocolInfo, key: PublicKey, plaintexts: ElementVector, proofs: String) {
            self.info = info
            self.key = key
            self.plaintexts = plaintexts
            self.proofs = proofs
        }
    }

    /// questions_json.
    package let questions: [UInt8]
    /// The votes file as it was downloaded: a path.
    package let votes: String
    /// One a question, in order.
    package let sessions: [Session]

    package init(questions: [UInt8], votes: String, sessions: [Session]) {
        self.questions = questions
        self.votes = votes
        self.sessions = sessions
    }

    /// Writes tally.tar.gz and tally.tar.gz.sha256 into an existing folder; each appears whole or not at all.
    ///
    /// - Returns: the SHA-256 of tally.tar.gz.
    /// - Throws: `ArchiveError`.
    package func write(into folder: String) throws -> [UInt8] {
        var hash = IncrementalHash(.sha256)
        try DeterministicArchive.write(entries, to: folder + "/" + TallyLayout.archive) { hash.append($0) }
        let digest = hash.digest()
        try DurableFile.write(Array(DigestURI.base64(of: digest).utf8), to: folder + "/" + TallyLayout.archiveDigest)
        return digest
    }

    private var entries: [ArchiveEntry] {
        let keys = PublishedKeys.file(of: sessions.map { PublishedKey($0.key) })
        return [
            ArchiveEntry(name: TallyLayout.questions, content: .bytes(questions)),
            ArchiveEntry(name: TallyLayout.votes, content: .file(path: votes)),
            ArchiveEntry(name: TallyLayout.publicKeys, content: .bytes(keys)),
        ] + sessions.flatMap(Self.entries)
    }

    private static func entries(of session: Session) -> [ArchiveEntry] {
        let folder = session.info.sessionID + "/"
        let proofs = ProofFileName.needed(parties: session.info.parties.count, threshold: session.info.threshold)
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return [
            ArchiveEntry(
                name: folder + TallyLayout.plaintexts,
                content: .bytes(PublishedPlaintexts.file(of: session.plaintexts))),
            ArchiveEntry(name: folder + TallyLayout.proofs, content: .directory),
        ]
            + proofs.map { name in
                ArchiveEntry(
                    name: "\(folder)\(TallyLayout.proofs)/\(name)", content: .file(path: session.proofs + "/" + name))
            }
            + [ArchiveEntry(name: folder + TallyLayout.protocolInfo, content: .bytes(session.info.bytes))]
    }
}
