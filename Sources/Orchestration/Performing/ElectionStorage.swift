// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import GroupArithmetic

/// Where one authority keeps the files of one election: what performing actions needs from the disk.
///
/// Every call is synchronous and durable when it returns. Paths below the private folder never enter an error message.
package protocol ElectionStorage: Sendable {
    /// The folder of one question in one tally, mode 0700: byte trees under the names of the published proof directory.
    func proofFolder(session id: String, attempt: Int) throws -> URL

    /// A folder for the archive of one tally, mode 0700.
    func archiveFolder(attempt: Int) throws -> URL

    /// Bytes that may still be written where all these folders lie, less what has to stay free; nil if nobody knows.
    var freeByteCount: Int? { get }

    /// The 32-byte seed of that name: drawn from the system's generator and made durable at its first use, then always
    /// the same until ``wipeSecrets()``.
    func seed(_ name: String, session id: String) throws -> SecretBytes

    /// The seed of that name if it was drawn, and neither wiped since nor lost.
    func storedSeed(_ name: String, session id: String) throws -> SecretBytes?

    /// A key share's bytes, kept in a file of mode 0600.
    func storeShare(_ bytes: borrowing SecretBytes, session id: String) throws
    func share(session id: String) throws -> SecretBytes

    /// Overwrites and removes one seed that has done its work.
    func wipeSeed(_ name: String, session id: String) throws

    /// Overwrites and removes all seeds and shares of the election.
    func wipeSecrets() throws

    /// Names of the files of secrets that are there and no longer what was written.
    func damagedSecrets() throws -> [String]

    /// Makes a file of a proof folder a blob that others can fetch; it must not change any more.
    ///
    /// - Parameter digest: the SHA-256 of what was written into it.
    func adoptBlob(_ file: URL, digest: Digest) throws -> BlobReference
    /// The file that holds the blob's whole, checked content.
    func blob(_ digest: Digest) -> URL?
    /// Shows a blob under its name in a proof folder.
    func place(_ blob: BlobReference, in folder: URL) throws

    /// Whole files below the public folder of the election, replaced at once.
    func publish(_ content: [UInt8], at path: String) throws
    func publish(file: URL, at path: String) throws
    /// Where such a file lies, if it does.
    func published(_ path: String) -> URL
}

/// Where boards lie.
package protocol BoardStorage: Sendable {
    /// Makes an entry durable before anyone else can see it. `number` is its place in the order of arrival.
    func append(_ entry: Entry, number: Int, to election: String) throws
    /// Reads a board back, checking every digest and signature again.
    func load(_ election: String) throws -> Board
    func elections() throws -> [String]
}
