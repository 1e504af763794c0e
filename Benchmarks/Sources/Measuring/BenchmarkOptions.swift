// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
internal import Foundation
public import GroupArithmetic

/// The options that every benchmark takes.
public struct BenchmarkOptions: ParsableArguments {
    @Option(parsing: .upToNextOption, help: "How many items: one table column each.")
    public var sizes = [1000, 10_000]

    @Option(help: "sequent2048, ffdhe2048, ffdhe3072 or ffdhe4096.")
    public var group = "sequent2048"

    @Option(help: "ifma or gmp (default: the fastest that the processor has).")
    public var kernel: String?

    @Option(help: "Runs of which the fastest counts, where work can be repeated.")
    public var repeats = 3

    public init() {}

    public func validate() throws {
        guard !sizes.isEmpty, sizes.allSatisfy({ $0 >= 1 }) else {
            throw ValidationError("--sizes takes numbers from 1 on")
        }
        guard repeats >= 1 else { throw ValidationError("--repeats takes a number from 1 on") }
        if let kernel {
            guard let known = Kernel(rawValue: kernel), known.isAvailable else {
                throw ValidationError("this processor has no kernel \(kernel)")
            }
        }
    }

    /// The group, computed by the kernel that was asked for. Call it before any other group is touched: the first decides for all.
    public func chosenGroup() throws -> SafePrimeGroup {
        if let kernel { setenv("EO_KERNEL", kernel, 1) }
        guard let group = SafePrimeGroup.named(group) else { throw ValidationError("no group is named \(group)") }
        print("\(self.group), kernel \(Kernel.chosen), \(ProcessInfo.processInfo.activeProcessorCount) cores")
        return group
    }
}
