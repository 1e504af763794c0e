// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Glibc
package import TrustStores

/// DATA_PATH: the signing key, the database, and the private and public folders of all elections.
package struct DataFolder: Sendable {
    package let root: URL
    /// What has to stay free on the disk besides all that a tally takes: boards, database and log go on growing. In bytes.
    let reserve: Int

    /// Makes the folders that are missing: private ones with mode 0700.
    package init(root: URL, reserve: Int = 256 << 20) throws(StoreError) {
        self.root = root
        self.reserve = reserve
        try StoreFile.makeFolder(root, mode: 0o755, kind: "DATA_PATH")
        for folder in [identityFolder, privateFolder] {
            try StoreFile.makeFolder(folder, mode: 0o700, kind: "DATA_PATH")
        }
        try StoreFile.makeFolder(publicFolder, mode: 0o755, kind: "DATA_PATH")
    }

    /// Folders that an authority has made before.
    package init(existing root: URL) {
        self.root = root
        reserve = 0
    }

    package var publicFolder: URL { root.appending(path: "public") }
    package var database: URL { root.appending(path: "authority.sqlite") }
    package var privateFolder: URL { root.appending(path: "private") }
    private var identityFolder: URL { root.appending(path: "identity") }
    package var signingKeyFile: URL { identityFolder.appending(path: "signing.key") }

    /// The key that signs this authority's entries: made at first use, mode 0600.
    package func signingKey() throws -> SigningKey {
        try SigningKey.stored(at: signingKeyFile.path)
    }

    package func election(_ id: String) throws(StoreError) -> StoredElection {
        try StoredElection(id: id, data: self)
    }

    /// Whether `id` can be the name of a folder: 1 to 100 of `A-Z a-z 0-9 _ -`.
    package static func isName(_ id: String) -> Bool {
        (1...100).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: "-")
            }
    }
}
