// SPDX-License-Identifier: Apache-2.0

import OperatorErrors

/// Why an archive was not taken for the tally that was verified. Nothing of it stays on the disk.
package enum AssemblyError: Error, Equatable, Sendable {
    /// Nobody verified that proof file.
    case unverified(String)
    /// The archive holds other content under that name than was verified.
    case changedMember(String)
    /// What was read back is not what was written.
    case changedArchive
}

extension AssemblyError: OperatorError {
    package var message: String {
        switch self {
        case .unverified(let name): "\(quoted(name)) was not verified, so it cannot be published"
        case .changedMember(let name): "\(quoted(name)) in the archive is not the file that was verified"
        case .changedArchive: "the archive on the disk is not what was written"
        }
    }

    package var hint: String? {
        switch self {
        case .unverified: nil
        case .changedMember, .changedArchive:
            "files changed on this host after they were verified: look at its disk and memory, then ask for the tally again"
        }
    }
}
