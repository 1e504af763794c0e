// SPDX-License-Identifier: Apache-2.0

package import Foundation
import OperatorErrors

/// What one authority hands to others so that they can see by themselves who broke an election: its board, what the parties say
/// of themselves, and the files that failed checks are about. In a folder, nothing of which is believed:
///
///     board/000000.entry        the entries in the order in which they came to that authority
///     forks/HOST.entries        the two entries of one number by that party, either of which others may name as seen
///     identities/HOST.json      ``SignedIdentity`` of each other party
///     files/DIGEST              files of entries, and lists of ciphertexts, by SHA-256
package struct Evidence: Sendable {
    package let board: Board
    /// What each party says of itself, by host name; unchecked.
    let identities: [String: [UInt8]]
    private let folder: URL

    package static func entryName(_ number: Int) -> String {
        let digits = String(number)
        return "board/\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).entry"
    }
    package static func forkName(_ host: String) -> String { "forks/\(host).entries" }
    package static func identityName(_ host: String) -> String { "identities/\(host).json" }
    package static func fileName(_ digest: Digest) -> String { "files/\(digest.hex)" }

    /// Reads a board and checks all its signatures.
    package init(folder: URL) throws(EvidenceError) {
        self.folder = folder
        var board: Board?
        while let bytes = Evidence.bytes(
            Evidence.entryName(board?.entries.count ?? 0), in: folder, atMost: EntryLimit.entryByteCount + 200)
        {
            let number = board?.entries.count ?? 0
            do {
                let entry = try Entry(serialized: bytes)
                if board == nil {
                    board = try Evidence.begin(with: entry, in: folder)
                } else if try board?.append(entry) != .added {
                    throw EvidenceError.entry(number, "it stands there twice")
                }
            } catch let error as EvidenceError { throw error } catch {
                throw .entry(number, (error as? BoardError)?.message ?? "its form is wrong")
            }
        }
        guard let board else { throw .noBoard }
        self.board = board
        identities = Dictionary(
            uniqueKeysWithValues: board.offer.parties.compactMap { party in
                Evidence.bytes(Evidence.identityName(party.name), in: folder, atMost: 1 << 16).map { (party.name, $0) }
            })
    }

    private static func begin(with entry: Entry, in folder: URL) throws(BoardError) -> Board {
        var board = try Board(first: entry)
        for party in board.offer.parties {
            let bytes = bytes(forkName(party.name), in: folder, atMost: EntryLimit.evidenceByteCount)
            if let entries = bytes.flatMap({ try? [Entry](serialized: $0) }) { _ = board.recall(entries) }
        }
        return board
    }

    private static func bytes(_ name: String, in folder: URL, atMost limit: Int) -> [UInt8]? {
        guard let handle = try? FileHandle(forReadingFrom: folder.appending(path: name)) else { return nil }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: limit + 1)).flatMap { $0.count <= limit ? Array($0) : nil }
    }

    func size(of digest: Digest) -> Int? {
        try? folder.appending(path: Evidence.fileName(digest)).resourceValues(forKeys: [.fileSizeKey]).fileSize
    }

    /// The file of that content, if it is there and has it.
    func file(_ digest: Digest) -> URL? {
        let file = folder.appending(path: Evidence.fileName(digest))
        return (try? Digest(ofFile: file)) == digest ? file : nil
    }
}

/// Why a file is no evidence of anything.
package enum EvidenceError: Error, Equatable, Sendable {
    case noBoard
    /// - Parameter number: from 0.
    case entry(Int, String)
    /// Nobody accuses anybody.
    case noAccusation
}

extension EvidenceError: OperatorError {
    package var message: String {
        switch self {
        case .noBoard: "there is no board in the evidence"
        case .entry(let number, let why): "entry \(number) of the board cannot be believed: \(why)"
        case .noAccusation: "on this board nobody accuses an authority"
        }
    }

    package var hint: String? {
        self == .noBoard ? "such a file is made by: eotasks --evidence ELECTION --to FILE" : nil
    }
}
