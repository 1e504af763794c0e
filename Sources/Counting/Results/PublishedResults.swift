// SPDX-License-Identifier: Apache-2.0

import OperatorErrors
import StrictJSON

/// A results.json that somebody published: JSON, and nothing more is known of it.
package struct PublishedResults: Sendable {
    let bytes: [UInt8]
    let value: JSONValue

    package init(parsing bytes: [UInt8]) throws(DamagedResults) {
        self.bytes = bytes
        do { value = try JSONValue(parsing: bytes, limits: JSONLimits(byteCount: 256 << 20)) } catch {
            throw DamagedResults(error: error)
        }
    }
}

/// results.json is no JSON, or has a key twice: no count can have given it.
package struct DamagedResults: OperatorError, Equatable {
    let error: JSONSyntaxError

    package var message: String { "the file is damaged: \(error.message)" }
}
