// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import Testing

/// The vectors that are not part of this repository because others' software made them: in the folder that EO_VECTORS names,
/// else in ../shared/vectors beside the package.
///
/// Tests on them carry `.enabled(if: SharedVectors.shouldRun, SharedVectors.absence)`: without the folder the test run says
/// in one line that they were not run; with CI=true they run, and fail.
package enum SharedVectors {
    package static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["EO_VECTORS"] { return URL(fileURLWithPath: path) }
        return packageFolder.deletingLastPathComponent().appendingPathComponent("shared/vectors")
    }()

    package static var shouldRun: Bool {
        FileManager.default.fileExists(atPath: folder.path) || ProcessInfo.processInfo.environment["CI"] == "true"
    }

    package static let absence: Comment = "not run: no vectors in ../shared/vectors; EO_VECTORS may name their folder"

    /// The bytes of one file, for example `sequent/8.tar`.
    package static func data(_ path: String) throws -> Data {
        try Data(contentsOf: folder.appendingPathComponent(path))
    }

    /// One part of `sequent/vectors.json`, decoded.
    package static func sequent<Value: Decodable>(_ key: String, as type: Value.Type = Value.self) throws -> Value {
        let decoder = JSONDecoder()
        decoder.userInfo[partKey] = key
        return try decoder.decode(Part<Value>.self, from: data("sequent/vectors.json")).value
    }
}

/// The folder of Package.swift.
package let packageFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A vector of this repository: Tests/Vectors/PATH, decoded.
package func vector<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) throws -> Value {
    let file = packageFolder.appendingPathComponent("Tests/Vectors").appendingPathComponent(path)
    return try JSONDecoder().decode(type, from: Data(contentsOf: file))
}

/// Where a decoder is told which part of a file is wanted.
private let partKey = CodingUserInfoKey(rawValue: "part")!  // Fails for no string that is not empty.

/// One member of an object, the others left undecoded.
private struct Part<Value: Decodable>: Decodable {
    let value: Value

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let key = Key(stringValue: decoder.userInfo[partKey] as? String ?? "")
        value = try decoder.container(keyedBy: Key.self).decode(Value.self, forKey: key)
    }
}
