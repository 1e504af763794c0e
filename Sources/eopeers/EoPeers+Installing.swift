// SPDX-License-Identifier: Apache-2.0

import Foundation
import OperatorConsole
import OperatorErrors
import PeerPackages
import TrustStores

extension EoPeers {
    func install(_ installation: PeerInstallation) throws {
        let packages = try operands.map(readPackage)
        let outcomes = try installation.install(packages)
        for package in packages { try warn(about: package, installation) }
        if json {
            return try TextOutput.standardOutput.printJSON(
                outcomes.map { outcome in
                    switch outcome {
                    case .installed(let package): ChangedPeer(package, "installed")
                    case .unchanged(let package): ChangedPeer(package, "unchanged")
                    }
                })
        }
        for outcome in outcomes {
            switch outcome {
            case .installed(let package):
                TextOutput.standardOutput.line(
                    "installed \(package.hostName), certificate SHA-256 \(package.certificate.fingerprint)")
            case .unchanged(let package):
                TextOutput.standardOutput.line("\(package.hostName) is installed already, with this very package")
            }
        }
    }

    func uninstall(_ installation: PeerInstallation) throws {
        let removed = try installation.uninstall(operands)
        if json { return try TextOutput.standardOutput.printJSON(removed.map { ChangedPeer($0, "uninstalled") }) }
        for package in removed { TextOutput.standardOutput.line("uninstalled \(package.hostName)") }
    }

    private func readPackage(_ file: String) throws -> PeerPackage {
        let limit = PeerPackage.byteLimit
        do {
            if file == "-" {
                return try PeerPackage(json: Array(FileHandle.standardInput.read(upToCount: limit + 1) ?? Data()))
            }
            guard let bytes = try DurableFile.read(file, limit: limit) else {
                throw FileError(operation: .read, path: file, reason: ENOENT)
            }
            return try PeerPackage(json: bytes)
        } catch let error as PeerPackageError where operands.count > 1 {
            throw RefusedFile(file: file, error: error)
        }
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
        if package.certificate.validUntil < Date() {
            errors.printWarning(
                "the certificate of \(package.hostName) ran out on \(day(package.certificate.validUntil))")
        }
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
}
