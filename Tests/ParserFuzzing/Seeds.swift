// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What fuzzers and tests begin with: small inputs that our own writers make, and some that only an attacker would.
///
/// They are files, Fuzzing/Seeds/TARGET/NAME, because keys and salts in them would be others each time; this makes them anew when a
/// format has changed.
public enum Seeds {
    public static func write(to folder: String) throws {
        for target in FuzzTarget.allCases {
            let path = "\(folder)/\(target.rawValue)"
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for (name, bytes) in try seeds(of: target) {
                try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
            }
        }
    }

    private static func seeds(of target: FuzzTarget) throws -> [String: [UInt8]] {
        switch target {
        case .byteTrees: try byteTrees()
        case .protocolInfo: try protocolInfo()
        case .ballots: try ballots()
        case .packages: packages()
        case .pem: pem()
        case .javaKeystores: javaKeystores()
        case .pkcs12Keystores: try pkcs12Keystores()
        case .archives: archives()
        case .backups: try backups()
        case .httpBodies: httpBodies()
        case .boardMessages: try boardMessages()
        case .configurations: configurations()
        case .requestHeaders: requestHeaders()
        case .privateShares: try privateShares()
        }
    }
}
