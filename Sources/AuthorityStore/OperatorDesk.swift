// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
package import Orchestration
package import OperatorErrors

/// What another process than the server may see and decide at this authority, whether the server runs or not.
package struct OperatorDesk: Sendable {
    package let database: AuthorityDatabase
    let data: DataFolder
    private let boards: BoardFolder

    /// Makes nothing: where no authority has been, there is nothing to open.
    ///
    /// - Throws: ``NoAuthority``, or what the database says.
    package init(dataPath: String) throws {
        data = DataFolder(existing: URL(filePath: dataPath))
        for file in [data.database, data.privateFolder] where access(file.path, R_OK | W_OK) != 0 {
            throw NoAuthority(dataPath: dataPath, errno: errno)
        }
        database = try AuthorityDatabase(file: data.database)
        boards = BoardFolder(data: data)
    }

    /// Whether an election's key is there, and this authority's share of it is not.
    package func isShareAway(_ board: Board) -> Bool {
        guard board.isReady, let storage = try? data.election(board.election) else { return false }
        return !storage.holdsShares(of: board.offer.sessions.map(\.id))
    }

    /// The board as it lies on disk, every signature checked, and when its entries came.
    package func timeline(of election: String) throws -> Timeline? {
        guard DataFolder.isName(election), boards.exists(election) else { return nil }
        var triesLeft = 3
        while true {
            triesLeft -= 1
            do {
                let board = try boards.load(election)
                return Timeline(board, arrivals: try boards.arrivals(of: election, count: board.entries.count))
            } catch StoreError.damagedEntry where triesLeft > 0 {
                // The server may just have appended one: what is damaged stays so.
                usleep(100_000)
            }
        }
    }
}

/// There is no authority's data where DATA_PATH says, or they are somebody else's.
package struct NoAuthority: Error, Equatable {
    let dataPath: String
    let errno: Int32
}

extension NoAuthority: OperatorError {
    package var message: String {
        errno == ENOENT
            ? "no authority has been running with DATA_PATH \(quoted(dataPath, limit: 300))"
            : "cannot read the authority's data in \(quoted(dataPath, limit: 300)): \(String(cString: strerror(errno)).lowercased())"
    }

    package var hint: String? {
        errno == ENOENT
            ? "start it once: eorchestra serve, or name another configuration with --config"
            : "run eotasks as the user that runs eorchestra, such as: sudo -u eorchestra eotasks --list"
    }

    package var exitCode: ExitStatus { .disk }
}
