// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import OperatorConsole

/// The file that `--report` names. Whether it can be written is known before hours go by.
struct ReportFile {
    private let path: String

    /// - Throws: ``FileError`` if no file can be made there.
    init(path: String) throws {
        self.path = path
        let folder = (path as NSString).deletingLastPathComponent
        guard access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0 else { throw FileError.now(.create, path) }
        var status = stat()
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(operation: .create, path: path, reason: EISDIR)
        }
    }

    func write(_ bytes: [UInt8]) throws { try DurableFile.write(bytes, to: path, mode: 0o644) }

    /// After another error, which is the one to end with.
    func writeOrWarn(_ bytes: [UInt8]) {
        do { try write(bytes) } catch {
            TextOutput.standardError.printWarning("the report is not written: \(error)")
        }
    }
}
