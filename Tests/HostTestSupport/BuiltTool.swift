// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// One of this package's tools, as the same build made it.
package struct BuiltTool: Sendable {
    package struct Ended: Sendable, Equatable {
        package let status: Int32
        package let output: String
        package let errors: String

        package init(status: Int32, output: String, errors: String) {
            self.status = status
            self.output = output
            self.errors = errors
        }
    }

    package var path: String
    /// Another program and its arguments that starts the tool, such as one that gives it another environment.
    package var launcher: [String] = []
    package var environment: [String: String] = [:]

    /// - Parameter name: such as "eopeers".
    package init(_ name: String) {
        // SwiftPM puts tools and test bundles into one folder.
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        path = (bundle as NSString).deletingLastPathComponent + "/" + name
    }

    /// Runs the tool to its end, on a thread of its own: a test's thread may be needed by what the tool asks.
    package func run(_ arguments: [String], input: String = "") async throws -> Ended {
        let process = self.process(arguments)
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try Self.run(process.process, input: input) }) }
        }
    }

    /// The process, not started yet.
    package func process(_ arguments: [String]) -> RunnableProcess {
        let process = Process()
        let command = launcher + [path] + arguments
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        // Nothing of the machine that runs the tests decides what a tool does; but what sanitizers find in it is told in the same place.
        let inherited = ProcessInfo.processInfo.environment.filter {
            ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key)
        }
        process.environment = inherited.merging(environment) { $1 }
        return RunnableProcess(process: process)
    }

    private static func run(_ process: Process, input: String) throws -> Ended {
        let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // These texts are smaller than a pipe.
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let errorText = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Ended(
            status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: errorText, as: UTF8.self))
    }
}

/// A process on its way to the one thread that runs it.
///
/// Unchecked, because Foundation does not say that `Process` may be handed over: it is used by one thread at a time here.
package struct RunnableProcess: @unchecked Sendable {
    package let process: Process
}
