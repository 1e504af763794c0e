// SPDX-License-Identifier: Apache-2.0

/// How each of the tools ends. The numbers other than 0 and 1 are those of `sysexits.h`.
public enum ExitStatus: Int32, Sendable, CaseIterable {
    case done = 0
    /// Something was refused, or a check failed.
    case refused = 1
    /// Wrong use of the command line.
    case usage = 64
    /// A peer cannot be reached.
    case unreachable = 69
    /// The disk did not take or give what it should.
    case disk = 74
    /// The configuration is missing or wrong.
    case configuration = 78
}
