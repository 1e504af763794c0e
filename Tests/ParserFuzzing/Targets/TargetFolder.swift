// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// One folder of this process for all runs.
private let scratch = Mutex<String?>(nil)

/// Where a target may write: nobody else does.
func scratchFolder(of target: FuzzTarget) throws -> String {
    let folder = try scratch.withLock { path in
        if let path { return path }
        var template = Array((NSTemporaryDirectory() + "/eo-fuzz-XXXXXX").utf8CString)
        try require(mkdtemp(&template) != nil, "no scratch folder")
        let made = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = made
        atexit { if let path = scratch.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) } }
        return made
    }
    let own = "\(folder)/\(target.rawValue)"
    try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
    return own
}
