// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import TallyArchives

/// What lies where in an unpacked tally.
struct TallyContents {
    /// One question's folder.
    struct Session {
        let id: String
        /// The question that the id begins with.
        let index: Int
        let folder: String
        /// Names of the files in the folder itself.
        var files: Set<String> = []
        /// Names of the files in `proofs/`; nil without such a folder.
        var proofs: Set<String>?

        var proofFolder: URL { URL(fileURLWithPath: folder + "/" + TallyLayout.proofs) }
    }

    let path: String
    /// Names of the files at top level.
    private(set) var files: Set<String> = []
    /// By the number of the question.
    private(set) var sessions: [Session] = []
    /// Entries that have no place in a tally.
    private(set) var strangers: [String] = []

    init(_ tally: UnverifiedTally) {
        path = tally.path
        var found: [String: Session] = [:]
        for entry in tally.entries {
            let parts = entry.name.split(separator: "/").map(String.init)
            if parts.count == 1, !entry.isDirectory {
                files.insert(entry.name)
                continue
            }
            let id = parts[0]
            guard let index = ProtocolInfo.questionIndex(of: id), ProtocolInfo.isSessionID(id) else {
                strangers.append(entry.name)
                continue
            }
            var session = found[id] ?? Session(id: id, index: index, folder: path + "/" + id)
            switch (parts.count, entry.isDirectory) {
            case (1, true): break
            case (2, false) where [TallyLayout.plaintexts, TallyLayout.protocolInfo].contains(parts[1]):
                session.files.insert(parts[1])
            case (2, true) where parts[1] == TallyLayout.proofs: session.proofs = session.proofs ?? []
            case (3, false) where parts[1] == TallyLayout.proofs:
                session.proofs = (session.proofs ?? []).union([parts[2]])
            default: strangers.append(entry.name)
            }
            found[id] = session
        }
        sessions = found.values.sorted { ($0.index, $0.id) < ($1.index, $1.id) }
    }

    /// A file at top level; nil if it is not there.
    func data(_ name: String) throws -> Data? {
        files.contains(name) ? try mapped(path + "/" + name) : nil
    }

    func data(_ name: String, of session: Session) throws -> Data? {
        session.files.contains(name) ? try mapped(session.folder + "/" + name) : nil
    }

    private func mapped(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    }
}
