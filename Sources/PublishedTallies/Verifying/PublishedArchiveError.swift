// SPDX-License-Identifier: Apache-2.0

public import OperatorErrors

/// Why a file was not even looked at as a tally.
public enum PublishedArchiveError: Error, Equatable, Sendable {
    /// It holds neither questions_json nor a file such as `8.tar.gz`.
    case noTally
}

extension PublishedArchiveError: OperatorError {
    public var message: String {
        switch self {
        case .noTally: "the archive holds no tally: neither questions_json nor a file such as 8.tar.gz"
        }
    }

    public var hint: String? { "give tally.tar.gz, or the .tar with results.json that the ballot box published" }
}
