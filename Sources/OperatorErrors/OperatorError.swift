// SPDX-License-Identifier: Apache-2.0

/// An error that an operator reads: what was found, what to do next, and how the tool ends.
///
/// A tool prints it as `TOOL: error: MESSAGE` and, where there is a hint, `TOOL: hint: HINT`.
/// Neither text holds a secret, a path below private/, or foreign text that did not go through ``quoted(_:limit:)``.
public protocol OperatorError: Error, CustomStringConvertible {
    /// What was found and what was expected: lower case, one line, no full stop.
    var message: String { get }

    /// What to type or whom to ask next.
    var hint: String? { get }

    /// How a tool ends that could not do its work because of this error.
    var exitCode: ExitStatus { get }
}

extension OperatorError {
    public var hint: String? { nil }
    public var exitCode: ExitStatus { .refused }

    /// The message alone: what logs and JSON answers show.
    public var description: String { message }
}
