// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import OperatorErrors
import TrustStores

/// Whether this authority's keys are its own alone, and whether nobody else decides whom it trusts: modes and owners of its files, looked
/// at before anything is served, as ssh does.
package struct HostPrivacy {
    private let configuration: HostConfiguration
    private let user = geteuid()

    package init(_ configuration: HostConfiguration) { self.configuration = configuration }

    /// - Throws: ``ExposedFile`` for the first file or folder that is open to others. What is not there is no fault here.
    package func check() throws(ExposedFile) {
        let layout = configuration.layout
        for path in [configuration.path, configuration.trustStorePath, configuration.certificatePath] {
            try requireUnchangeable(path)
        }
        for path in [configuration.peerListPath, configuration.dataPath] { try requireUnchangeable(path) }
        try requireSecret(configuration.certificateKeyPath)
        if configuration.holdsKeystorePassword { try requireSecret(configuration.path) }
        for path in [layout.identityPath, layout.privatePath, layout.signingKeyPath, layout.databasePath] {
            try requireSecret(path)
        }
        for path in electionSecrets(below: layout.privatePath) {
            try requireSecret(path, shownAs: layout.privatePath)
        }
    }

    /// Seeds and key shares. The rest of private/ is behind the modes of that folder alone.
    private func electionSecrets(below folder: String) -> [String] {
        let manager = FileManager.default
        let names = { (folder: String) in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] }
        return names(folder).flatMap { election in
            names("\(folder)/\(election)").flatMap { session in
                names("\(folder)/\(election)/\(session)").filter { $0.hasSuffix(".seed") || $0.hasSuffix(".share") }
                    .map { "\(folder)/\(election)/\(session)/\($0)" }
            }
        }
    }

    /// Nobody but this user and root may read it; where it is root's, this user's group may.
    private func requireSecret(_ path: String, shownAs shown: String? = nil) throws(ExposedFile) {
        guard let found = try status(path, shownAs: shown) else { return }
        let allowed: mode_t = found.st_uid == 0 && user != 0 ? 0o740 : 0o700
        guard found.st_mode & 0o777 & ~allowed == 0 else {
            throw ExposedFile(path: shown ?? path, finding: .readable(mode: found.st_mode & 0o777))
        }
    }

    /// Nobody but this user and root may change it.
    private func requireUnchangeable(_ path: String) throws(ExposedFile) {
        guard let found = try status(path) else { return }
        guard found.st_mode & 0o022 == 0 else {
            throw ExposedFile(path: path, finding: .writable(mode: found.st_mode & 0o777))
        }
    }

    private func status(_ path: String, shownAs shown: String? = nil) throws(ExposedFile) -> stat? {
        var found = stat()
        // Whoever opens it says what is wrong with a file that cannot be looked at.
        guard stat(path, &found) == 0 else { return nil }
        guard found.st_uid == user || found.st_uid == 0 else {
            throw ExposedFile(path: shown ?? path, finding: .foreign(owner: found.st_uid, user: user))
        }
        return found
    }
}

/// A file or folder that others of this host can read, change, or own.
package struct ExposedFile: OperatorError, Equatable {
    package enum Finding: Equatable, Sendable {
        case readable(mode: mode_t)
        case writable(mode: mode_t)
        case foreign(owner: uid_t, user: uid_t)
    }

    /// Never of a single file below private/: then it is that folder.
    package let path: String
    package let finding: Finding

    package var message: String {
        let name = quoted(path, limit: 300)
        return switch finding {
        case .readable(let mode): "\(name) holds secrets and is open to others of this host (mode \(octal(mode)))"
        case .writable(let mode): "\(name) can be changed by others of this host (mode \(octal(mode)))"
        case .foreign(let owner, let user): "\(name) belongs to user \(owner), and this is user \(user)"
        }
    }

    package var hint: String? {
        let name = quoted(path, limit: 300)
        return switch finding {
        case .readable: "chmod -R go= \(name)"
        case .writable: "chmod go-w \(name)"
        case .foreign(_, let user): "if it is this authority's: chown -R \(user) \(name)"
        }
    }

    package var exitCode: ExitStatus { .configuration }

    private func octal(_ mode: mode_t) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
