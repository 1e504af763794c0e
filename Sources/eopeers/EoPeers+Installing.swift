// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import OperatorConsole
import OperatorErrors
import PeerPackages
import TrustStores

extension EoPeers {
    func install(_ installation: PeerInstallation, replacing: PeerInstallation.Replacing) throws {
        let packages = try operands.map(readPackage)
        if let fingerprint { for package in packages { try package.require(fingerprint) } }
        let outcomes = try installation.install(packages, replacing: replacing)
        for package in packages { try warn(about: package, installation) }
        if json { return try TextOutput.standardOutput.printJSON(outcomes.map(ChangedPeer.init)) }
        for outcome in outcomes {
            let name = outcome.package.hostName
            switch outcome {
            case .installed: print("installed \(name)", outcome.package.certificate)
            case .unchanged:
                TextOutput.standardOutput.line("\(name) is installed already, with this very package")
            case .replaced(let package, let former):
                print("replaced the package of \(name)", package.certificate)
                guard former != package.certificate else { continue }
                TextOutput.standardOutput.line(
                    keepsOld
                        ? "the former certificate counts too, until you type: eopeers --replace FILE"
                        : "the former certificate counts no more")
            }
        }
    }

    func uninstall(_ installation: PeerInstallation) throws {
        let removed = try installation.uninstall(operands)
        if json {
            return try TextOutput.standardOutput.printJSON(removed.map { ChangedPeer($0, "uninstalled") })
        }
        for package in removed { TextOutput.standardOutput.line("uninstalled \(package.hostName)") }
    }

    private func print(_ what: String, _ certificate: Certificate) {
        TextOutput.standardOutput.line("\(what); the SHA-256 of its certificate, to compare by telephone:")
        for line in certificate.fingerprint.readAloud { TextOutput.standardOutput.line("  \(line)") }
    }

    private func readPackage(_ file: String) throws -> PeerPackage {
        do {
            let bytes = try packageBytes(file)
            let package = try PeerPackage(json: bytes)
            for key in try PeerPackage.unknownKeys(inJSON: bytes) {
                TextOutput.standardError.printWarning(
                    "the package for \(package.hostName) has an unknown key \(quoted(key))")
            }
            return package
        } catch let error as PeerPackageError where operands.count > 1 {
            throw RefusedFile(file: file, error: error)
        }
    }

    /// One byte more than a package may have, at most.
    private func packageBytes(_ file: String) throws -> [UInt8] {
        let limit = PeerPackage.byteLimit
        if file == "-" { return Array(try FileHandle.standardInput.read(upToCount: limit + 1) ?? Data()) }
        do throws(FileError) {
            if let bytes = try DurableFile.read(file, limit: limit) { return bytes }
        } catch {
            guard error.reason == EFBIG else { throw error }
            throw PeerPackageError.tooLarge(limit: limit)
        }
        throw FileError(operation: .read, path: file, reason: ENOENT)
    }

    /// What does not stand in the way of installing, but will in the way of working together.
    private func warn(about package: PeerPackage, _ installation: PeerInstallation) throws {
        let errors = TextOutput.standardError
        if !package.certificate.isFor(package.hostName) {
            errors.printWarning(
                "the certificate of \(package.hostName) is for another host name: connections to it will fail")
        }
        if !package.certificate.allowsSigning {
            errors.printWarning("the certificate of \(package.hostName) is not for signing: connections will fail")
        }
        warnOfExpiry(package.certificate, of: package.hostName.text)
        for address in try installation.otherAddresses(of: package) {
            errors.printWarning("the hosts file gives \(package.hostName) the address \(address), and was left alone")
        }
    }
}

/// Which of several files was refused.
private struct RefusedFile: OperatorError {
    let file: String
    let error: PeerPackageError

    var message: String { "\(quoted(file, limit: 300)): \(error.message)" }
    var hint: String? { error.hint }
    var exitCode: ExitStatus { error.exitCode }
}

private struct ChangedPeer: Encodable {
    let hostname: String
    let outcome: String
    let fingerprint: String

    init(_ package: PeerPackage, _ outcome: String) {
        hostname = package.hostName.text
        fingerprint = package.certificate.fingerprint.hex
        self.outcome = outcome
    }

    init(_ outcome: PeerInstallation.Outcome) {
        switch outcome {
        case .installed(let package): self.init(package, "installed")
        case .unchanged(let package): self.init(package, "unchanged")
        case .replaced(let package, _): self.init(package, "replaced")
        }
    }
}
