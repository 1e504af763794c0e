// SPDX-License-Identifier: Apache-2.0

/// What a look at the files of one election found.
package struct Inspection: Equatable, Sendable {
    /// Blobs and votes files of the tally under way whose whole content is here.
    package var held: Set<Digest> = []
    /// Names of files that were no longer what their digests say, or that were here once. What had changed is removed, so that it is
    /// fetched or made again.
    package var changed: [String] = []
    /// Names of secrets that are damaged: nothing brings them back but a backup.
    package var damagedSecrets: [String] = []
    /// Whether the archive of the tally is to be fetched from another authority.
    package var lacksTally = false

    package init() {}

    mutating func note(_ name: String) {
        if !changed.contains(name) { changed.append(name) }
    }
}
