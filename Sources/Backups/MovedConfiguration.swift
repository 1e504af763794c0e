// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import DurableFiles
import StrictJSON

/// The configuration of a backup, with its paths led into the folder that it is restored to.
struct MovedConfiguration {
    private var object: JSONObject

    /// - Throws: what is wrong with the configuration.
    init(file path: String, home: String) throws {
        guard let bytes = try DurableFile.read(path, limit: 1 << 20) else {
            throw BackupError.missing(BackupLayout.configuration)
        }
        guard let object = try JSONValue(parsing: bytes).asObject else {
            throw BackupError.malformed("the configuration")
        }
        self.object = object
        let paths = [
            "PEER_LIST": BackupLayout.peers, "TLS_CERT_PATH": BackupLayout.certificate,
            "TLS_CERT_KEY_PATH": BackupLayout.certificateKey, "TLS_CALIST_PATH": BackupLayout.trustStore,
            "DATA_PATH": "data", "LOG_PATH": "log/eorchestra.log", "EOTEST_DATA_PATH": "eotest/data",
        ]
        for (key, value) in paths { self.object[key] = .string("\(home)/\(value)") }
        _ = try HostConfiguration(bytes: JSONValue.object(self.object).compactBytes, path: path)
    }

    func write(to path: String) throws {
        try DurableFile.write(JSONValue.object(object).indentedBytes + [0x0A], to: path, mode: 0o600)
    }
}
