// SPDX-License-Identifier: Apache-2.0

package import OperatorErrors

/// Why a backup was not made or not restored. When one of these is thrown, nothing is there that was not there before.
package enum BackupError: Error, Equatable, Sendable {
    case exists(path: String)
    case shortPassphrase(byteCount: Int, least: Int)
    case noAuthority(dataPath: String)
    /// What decrypts well, but is not made as backups are.
    case malformed(String)
    case otherFormat(Int)
    case missing(String)
    /// A check of what was unpacked failed.
    case unfit(String)
}

extension BackupError: OperatorError {
    package var message: String {
        switch self {
        case .exists(let path): "\(quoted(path, limit: 300)) is there already"
        case .shortPassphrase(let count, let least): "the passphrase has \(count) bytes, at least \(least) are needed"
        case .noAuthority(let path): "no authority has been running with DATA_PATH \(quoted(path, limit: 300))"
        case .malformed(let what): "the backup is not made as backups are: \(what) is wrong"
        case .otherFormat(let number): "the backup has format \(number), this software reads format 1"
        case .missing(let what): "the backup has no \(what)"
        case .unfit(let what): "the backup does not hold together: \(what)"
        }
    }

    package var hint: String? {
        switch self {
        case .exists: "choose another name, or move that away"
        case .shortPassphrase: "six random words are a good one"
        case .noAuthority: "name another configuration with --config"
        case .otherFormat: "install the version that made it"
        case .malformed, .missing, .unfit: "take another backup; age -d FILE | tar -tv shows what this one holds"
        }
    }

    package var exitCode: ExitStatus {
        switch self {
        case .shortPassphrase: .usage
        case .noAuthority: .configuration
        default: .refused
        }
    }
}
