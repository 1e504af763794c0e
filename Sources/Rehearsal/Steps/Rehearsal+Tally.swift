// SPDX-License-Identifier: Apache-2.0

import DurableFiles
package import Elections
import Foundation
import GroupArithmetic
import MutualTLS
import TrustStores

extension Rehearsal {
    /// Hands the votes in, waits until they are mixed and decrypted, and fetches the tally.
    package func tally(_ election: ElectionIdentifier, on host: RehearsalHost) async throws {
        try await folder(election).locked { try await tallyLocked(election, on: host) }
    }

    private func tallyLocked(_ election: ElectionIdentifier, on host: RehearsalHost) async throws {
        let folder = folder(election)
        let record = try folder.electionRecord()
        let votes = try folder.votesRecord()
        learn(record, of: election)
        journal.learn { facts in
            facts.votes = votes.count
            facts.votesHash = DigestURI.text(of: votes.digest)
        }
        try folder.forget(TallyRecord.self)
        try await host.asking(patience: patience) { client in
            let (url, digest, _) = try await journal.step(
                .tally, "waiting for \(host.director.hostName) to mix and decrypt", votes: votes.count
            ) {
                try await handIn(votes, of: record, election, on: host, client)
            } detail: { _, _, absent in
                "mixed, decrypted and published by \(record.authorities.count - absent.count) authorities"
                    + (absent.isEmpty ? "" : ", without \(absent.joined(separator: ", "))")
            }
            let tally = TallyRecord(url: url, digest: digest)
            try await journal.step(.download, "downloading the tally", votes: votes.count) {
                try await download(tally, of: record, to: folder, from: host, client)
            } detail: {
                "\($0) bytes, their hash is as announced"
            }
            try folder.write(tally)
            journal.learn { facts in
                facts.tally = folder.tallyPath
                facts.tallyHash = DigestURI.text(of: digest)
            }
        }
    }

    /// - Returns: the tally's URL and digest, and who was left out.
    private func handIn(
        _ votes: VotesRecord, of record: ElectionRecord, _ election: ElectionIdentifier, on host: RehearsalHost,
        _ client: AuthorityClient
    ) async throws -> (url: String, digest: [UInt8], absent: [String]) {
        let mailbox = Mailbox()
        let authorities = record.authorities
        let routes = routes(
            for: election, on: host,
            authorities: authorities.reduce(into: []) { $0.formUnion(fingerprints(of: $1, on: host)) }, mailbox: mailbox
        )
        return try await host.server.serving(routes) { port in
            let request = TallyRequest.json(
                electionID: election, callback: host.url(routes.callbackPath(.tally), port: port),
                votes: host.url(CallbackRoutes.votesPath(election), port: port), votesDigest: votes.digest)
            let watch = ElectionWatch(election, at: endpoints(of: record, on: host), through: client, journal: journal)
            let reply = try await watch.during {
                try await client.post("/public_api/tally", request)
                return try await awaited(.tally, from: host, in: mailbox, watch: watch) {
                    let waiting = authorities.filter { authority in
                        !fingerprints(of: authority, on: host).contains { routes.readers.contains($0) }
                    }.map(\.hostName)
                    return waiting.isEmpty ? nil : "the votes were not fetched by \(waiting.joined(separator: ", "))"
                }
            }
            switch reply {
            case .tallied(_, let url, let digest): return (url, digest, await watch.absentAtEnd())
            case .tallyFailed(_, let message):
                throw RehearsalError.failed(action: "tally the election", by: host.director.name, words: message)
            case .created, .creationFailed:
                throw RehearsalError.malformedAnswer(from: host.director.name, reason: "an answer about the keys")
            }
        }
    }

    /// The authorities of an election as they are installed now, the director first.
    private func endpoints(of record: ElectionRecord, on host: RehearsalHost) -> [PeerEndpoint] {
        let names = Set(record.authorities.map(\.hostName))
        return [host.director] + host.installed.filter { names.contains($0.hostName.text) }
    }

    /// The certificate that an authority had when the election was made, and what is installed for it now.
    private func fingerprints(of authority: ElectionRecord.Authority, on host: RehearsalHost) -> Set<Fingerprint> {
        let now = ([host.director] + host.installed).filter { $0.hostName.text == authority.hostName }
        return Set([authority.fingerprint] + now.flatMap(\.certificates).map(\.fingerprint))
    }

    /// - Returns: the tally's size in bytes.
    private func download(
        _ tally: TallyRecord, of record: ElectionRecord, to folder: RehearsalFolder, from host: RehearsalHost,
        _ client: AuthorityClient
    ) async throws -> Int {
        guard let url = ServiceURL(tally.url), url.host == host.director.hostName.text else {
            throw RehearsalError.foreignTally(url: tally.url)
        }
        let votesSize = try FileManager.default.attributesOfItem(atPath: folder.votesPath)[.size] as? Int ?? 0
        // A proof holds less than four times a question's ciphertexts for each authority.
        let limit = votesSize * 4 * (record.authorities.count + 1) + 64 << 20
        let part = "\(folder.tallyPath).part"
        try await client.download(url.target, port: url.port, to: part, limit: limit) { [journal] bytes in
            journal.progress(bytes, of: nil)
        }
        let found = try await Self.onOwnThread { try digest(ofFile: part) }
        guard found == tally.digest else {
            throw RehearsalError.tallyHash(
                expected: DigestURI.text(of: tally.digest), found: DigestURI.text(of: found))
        }
        guard rename(part, folder.tallyPath) == 0 else { throw FileError.now(.write, folder.tallyPath) }
        return try FileManager.default.attributesOfItem(atPath: folder.tallyPath)[.size] as? Int ?? 0
    }
}

/// The SHA-256 of a file, which is mapped, not read.
func digest(ofFile path: String) throws -> [UInt8] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    var hash = IncrementalHash(.sha256)
    data.withUnsafeBytes { hash.append($0) }
    return hash.digest()
}
