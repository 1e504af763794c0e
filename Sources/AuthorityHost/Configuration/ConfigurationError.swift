// SPDX-License-Identifier: Apache-2.0

package import OperatorErrors

/// What is wrong with an authority's configuration file. Its values are never shown where they are secret.
package enum ConfigurationError: OperatorError, Equatable {
    case noFile(path: String)
    case notJSON(path: String, reason: String)
    /// `takes` says which values are right.
    case wrongValue(key: String, takes: String, path: String)
    /// Something needs this key, which has no default.
    case missing(key: String, path: String)

    package var message: String {
        switch self {
        case .noFile(let path): "there is no configuration at \(quoted(path, limit: 300))"
        case .notJSON(let path, let reason): "the configuration \(quoted(path, limit: 300)) cannot be read: \(reason)"
        case .wrongValue(let key, let takes, let path): "\(key) in \(quoted(path, limit: 300)) takes \(takes)"
        case .missing(let key, let path): "the configuration \(quoted(path, limit: 300)) has no \(key)"
        }
    }

    package var hint: String? {
        switch self {
        case .noFile:
            "name one with --config PATH or EO_CONFIG, or make an authority: eorchestra init --home DIR --hostname NAME"
        default: nil
        }
    }

    package var exitCode: ExitStatus { .configuration }
}
