// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// What the other authorities of the election say of themselves, signed with their certificates' keys: `identities/NAME.json`.
extension StoredElection {
    package var identityFolder: URL { privateFolder.appending(path: "identities") }

    private func identityFile(of name: String) -> URL { identityFolder.appending(path: "\(name).json") }

    /// What the party of that host name says of itself, if it was kept.
    package func identity(of name: String) -> [UInt8]? {
        (try? Data(contentsOf: identityFile(of: name))).map { Array($0) }
    }

    package func holdsIdentity(of name: String) -> Bool {
        FileManager.default.fileExists(atPath: identityFile(of: name).path)
    }

    /// - Parameter name: a host name.
    package func keepIdentity(_ statement: [UInt8], of name: String) throws(StoreError) {
        guard !name.isEmpty, name.utf8.count <= 253, !name.hasPrefix("."), !name.contains("/") else {
            throw .electionName(name)
        }
        try StoreFile.makeFolder(identityFolder, mode: 0o700, kind: "an identity")
        try StoreFile.write(statement, to: identityFile(of: name), mode: 0o600, kind: "an identity")
    }
}
