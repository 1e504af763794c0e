// SPDX-License-Identifier: Apache-2.0

import Elections
import Foundation
import Orchestration
import StrictJSON

extension OperatorDesk {
    /// Takes an election away, its secrets first; its id stays taken. Nobody else may work on the data meanwhile.
    ///
    /// - Parameter withPublished: whether what is published goes as well.
    /// - Throws: what the disk says; called again it goes on.
    package func delete(_ election: String, withPublished: Bool, at time: String) throws {
        let storage = try data.election(election)
        try storage.wipeSecrets()
        try database.markDeleted(election, at: time)
        try answerClients(of: election)
        try database.closeConsents(of: election, at: time)
        try FileManager.default.removeItem(at: storage.privateFolder)
        guard withPublished, FileManager.default.fileExists(atPath: storage.publicFolder.path) else { return }
        try FileManager.default.removeItem(at: storage.publicFolder)
    }

    /// Whoever waits for a key or a tally is told.
    private func answerClients(of election: String) throws {
        guard let id = ElectionIdentifier(election) else { return }
        let message = "the election was deleted at its director"
        for task in try database.tasks(of: election) where task.state == .waiting {
            guard let number = task.queueId else { continue }
            let reply: ElectionReply =
                task.action == .createElection
                ? .creationFailed(id, message: message) : .tallyFailed(id, message: message)
            try database.answerTask(number, with: reply.json.compactBytes)
        }
    }
}
