// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Glibc

extension StoredElection {
    /// Everything of the election lies below these.
    package var folders: [URL] { [privateFolder, publicFolder] }

    private var phaseFile: URL { privateFolder.appending(path: "phases") }

    /// Appends a line to what is told of the election's phases. Nothing is decided by it, so that it need not outlive a power cut.
    package func notePhase(_ line: String) throws(StoreError) {
        let descriptor = open(phaseFile.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file("the phases", operation: "open", errno: errno) }
        defer { close(descriptor) }
        let bytes = Array((line + "\n").utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw .file("the phases", operation: "write", errno: errno)
        }
    }

    /// The first lines that were noted.
    package func phases(atMost count: Int) throws -> [String] {
        guard FileManager.default.fileExists(atPath: phaseFile.path) else { return [] }
        let text = try String(contentsOf: phaseFile, encoding: .utf8)
        return text.split(separator: "\n").prefix(count).map(String.init)
    }
}
