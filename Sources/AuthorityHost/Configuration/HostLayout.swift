// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import OperatorErrors

/// Where an authority keeps what below DATA_PATH.
///
///     identity/                   signing key of this authority (mode 0600)
///     authority.sqlite            elections, queue, callbacks
///     private/ELECTION/           board, blobs and key shares: one folder an election, below it one a session
///     public/ELECTION/            what /public_data serves
package struct HostLayout: Sendable, Equatable {
    package let dataPath: String

    package init(dataPath: String) { self.dataPath = dataPath }

    package var identityPath: String { "\(dataPath)/identity" }
    package var signingKeyPath: String { "\(identityPath)/signing.key" }
    package var databasePath: String { "\(dataPath)/authority.sqlite" }
    package var privatePath: String { "\(dataPath)/private" }
    package var publicPath: String { "\(dataPath)/public" }

    package func privatePath(election: String) throws(HostLayoutError) -> String {
        "\(privatePath)/\(try checked(election))"
    }

    package func publicPath(election: String) throws(HostLayoutError) -> String {
        "\(publicPath)/\(try checked(election))"
    }

    /// Makes the folders that every authority has, for their owner alone.
    package func makeFolders() throws {
        for path in [dataPath, identityPath, privatePath, publicPath] { try DurableFile.makeFolder(path, mode: 0o700) }
    }

    /// Election ids come from outside, and may only ever name one folder.
    private func checked(_ election: String) throws(HostLayoutError) -> String {
        let isSafe = election.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard isSafe, (1...64).contains(election.utf8.count) else { throw .unsafeElection(election) }
        return election
    }
}

package enum HostLayoutError: OperatorError, Equatable {
    case unsafeElection(String)

    package var message: String {
        switch self {
        case .unsafeElection(let id):
            "\(quoted(id)) is no election id: 1 to 64 letters, digits, hyphens and underscores"
        }
    }
}
