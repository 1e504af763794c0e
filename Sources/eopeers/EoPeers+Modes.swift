// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import TrustStores

extension EoPeers {
    enum Mode { case showMine, install, replace, uninstall, list, show, check }

    func mode() throws -> Mode {
        let asked: [(Bool, Mode)] = [
            (showMine, .showMine), (install, .install), (replace, .replace), (uninstall, .uninstall), (list, .list),
            (show, .show), (check, .check),
        ]
        let modes = asked.filter(\.0).map(\.1)
        guard let mode = modes.first, modes.count == 1 else {
            throw ValidationError(
                "give exactly one of --show-mine, --install, --replace, --uninstall, --list, --show and --check")
        }
        return mode
    }

    func validate() throws {
        let mode = try mode()
        switch mode {
        case .showMine:
            guard operands.isEmpty else { throw ValidationError("--show-mine takes no names") }
        case .install, .replace:
            guard !operands.isEmpty else {
                throw ValidationError("\(mode == .install ? "--install" : "--replace") takes at least one file")
            }
            guard operands.filter({ $0 == "-" }).count <= 1 else {
                throw ValidationError("standard input can be read once")
            }
        case .uninstall:
            guard !operands.isEmpty else { throw ValidationError("--uninstall takes at least one host name") }
        case .list, .check: break
        case .show:
            guard operands.count == 1 else { throw ValidationError("--show takes one host name") }
        }
        guard !usesPrivateAddress || showMine else { throw ValidationError("--private-ip goes with --show-mine") }
        guard !keepsOld || replace else { throw ValidationError("--keep-old goes with --replace") }
        guard keystore == nil || [.install, .replace, .uninstall].contains(mode) else {
            throw ValidationError("--keystore goes with --install, --replace and --uninstall")
        }
        guard fingerprint == nil || ((install || replace) && operands.count == 1) else {
            throw ValidationError("--fingerprint goes with --install or --replace of one package")
        }
    }
}

/// Also as `openssl x509 -fingerprint -sha256` prints it.
func readFingerprint(_ text: String) throws -> Fingerprint {
    let digits = text.split(separator: "=", maxSplits: 1).last.map(String.init) ?? text
    guard let fingerprint = Fingerprint(hex: digits) else {
        throw ValidationError("--fingerprint takes a SHA-256: 64 hexadecimal digits")
    }
    return fingerprint
}
