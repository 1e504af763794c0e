// SPDX-License-Identifier: Apache-2.0

package import GroupArithmetic
import Foundation
package import Orchestration

/// Key shares that leave this host for a time and come back.
extension StoredElection {
    /// Whether the shares of all these sessions are here.
    package func holdsShares(of sessions: [String]) -> Bool {
        sessions.allSatisfy { session in
            DataFolder.isName(session)
                && FileManager.default.fileExists(
                    atPath: privateFolder.appending(path: session).appending(path: Self.shareName).path)
        }
    }

    /// All shares in one package.
    ///
    /// - Throws: ``StoreError/missingSecret(election:)`` where they are not here.
    package func packedShares(_ package: KeySharePackage, sessions: [String]) throws -> SecretBytes {
        try package.packed { index, place in
            let share = try share(session: sessions[index])
            guard share.count == place.count else { return false }
            share.withBytes { place.copyMemory(from: $0) }
            return true
        }
    }

    /// SHA-256 of the package that left, so that exactly that comes back.
    private var departedFile: URL { privateFolder.appending(path: "share.departed") }

    package func departedShares() throws -> Digest? {
        guard let bytes = try StoreFile.read(departedFile, atMost: 64, kind: "a mark") else { return nil }
        return Digest(bytes: bytes)
    }

    /// Overwrites and removes the shares, which somebody else has now.
    ///
    /// - Parameter departed: of the package that holds them.
    package func wipeShares(of sessions: [String], departed: Digest) throws {
        try StoreFile.write(departed.bytes, to: departedFile, mode: 0o600, kind: "a mark")
        for session in sessions {
            guard DataFolder.isName(session) else { throw StoreError.electionName(session) }
            let file = privateFolder.appending(path: session).appending(path: Self.shareName)
            try StoreFile.wipe(file, kind: "a key share")
        }
    }
}
