// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// What came of an action.
package enum Performed: Equatable, Sendable {
    /// Sign this, make it durable, tell the others.
    case post(EntryContent)
    /// The proofs of the entry with that digest hold.
    case verified(Digest)
}

/// Everything that performing an action may look at.
package struct ActionContext: Sendable {
    package let board: Board
    package let me: Int
    package let storage: any ElectionStorage
    /// The parties whose identity this authority could make sure of, by itself: installed here and signed for by their
    /// certificates.
    package let knownParties: [Party]
    /// Bytes of the disk that other tallies under way will still write.
    package let promised: Int
    /// Takes what operators should read in the log: one line, no secret.
    package let note: @Sendable (String) -> Void
    /// Takes what something cost, for the log: its name, and figures by name.
    package let report: @Sendable (String, [String: Int]) -> Void
    /// Takes how many ballots the action is through with, and of how many.
    package let progress: @Sendable (Int, Int) -> Void

    package init(
        board: Board, me: Int, storage: any ElectionStorage, knownParties: [Party], promised: Int = 0,
        note: @escaping @Sendable (String) -> Void = { _ in },
        report: @escaping @Sendable (String, [String: Int]) -> Void = { _, _ in },
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) {
        self.progress = progress
        self.note = note
        self.report = report
        self.board = board
        self.me = me
        self.storage = storage
        self.knownParties = knownParties
        self.promised = promised
    }
}

/// Performs actions: the mathematics behind the plan.
///
/// Synchronous and on all cores. Performed again after a crash, an action begins anew, and nothing of the first try was shown.
package protocol ActionPerformer: Sendable {
    /// - Throws: what hindered this authority itself, its disk for instance. What others did wrong comes back as a failure
    ///   entry to post.
    func perform(_ action: Action, in context: ActionContext) throws -> Performed

    /// A check of a file that is on its way, for what can be checked before it is whole; `nil` if that is nothing.
    ///
    /// - Parameters:
    ///   - blob: one of the files of `entry`.
    ///   - file: where it grows.
    func arrival(of blob: BlobReference, in entry: Entry, at file: URL, on board: Board, as me: Int) -> ArrivalCheck?

    /// Compares the files of an election with the digests that stand on its board, removes those that have changed, and publishes
    /// anew what was published.
    ///
    /// - Complexity: reads all files of a tally under way.
    func inspect(_ context: ActionContext) throws -> Inspection

    /// Takes a file with the digest of the tally as this authority's archive, and publishes it where that was done before.
    func takeTally(_ file: URL, attempt: Int, in context: ActionContext) throws

    /// Drops what is remembered of an election's verified files: whoever asks again reads and verifies them anew.
    func forget(_ election: String)
}

/// Looks at a file while it arrives.
package struct ArrivalCheck: Sendable {
    /// Takes as long as checking what has come since the last call.
    package let advance: @Sendable () -> Void
    /// Call it once the file is whole, before it is moved.
    package let finish: @Sendable () -> Void
}
