// SPDX-License-Identifier: Apache-2.0

package import OperatorErrors

/// An error together with the file or tally that it was found in, for who looks at several.
package struct FoundIn: OperatorError {
    let place: String
    let error: any OperatorError

    /// - Parameter place: safe to print.
    package init(place: String, error: any OperatorError) {
        self.place = place
        self.error = error
    }

    package var message: String { "\(place): \(error.message)" }
    package var hint: String? { error.hint }
    package var exitCode: ExitStatus { error.exitCode }
}
