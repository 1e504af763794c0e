// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What costs: the operations on group elements that a computation consists of.
public enum Operation: String, Sendable, CaseIterable {
    /// A constant-time power with a secret exponent as long as q.
    case secretPower
    /// A power of any base with a public exponent.
    case power
    /// A power of a base of which many are asked.
    case fixedBasePower
    /// A factor of a product of powers, counted by the bits of its exponent.
    case productOfPowersBits
    /// A number that was checked to be in the group.
    case membership
    /// A single product.
    case multiplication
    /// Montgomery products that the operations above, memberships left out, amount to with the windows that were chosen.
    case montgomeryProduct
}

/// Counts the operations of a group that was made to report here: for tests of cost, which do not look at the clock.
public final class OperationCounts: Sendable {
    private let counts = Mutex<[Operation: Int]>([:])

    public init() {}

    public subscript(operation: Operation) -> Int { counts.withLock { $0[operation] ?? 0 } }

    /// What was counted since the last call.
    public func take() -> [Operation: Int] {
        counts.withLock { counts in
            defer { counts = [:] }
            return counts
        }
    }

    func add(_ operation: Operation, _ number: Int) { counts.withLock { $0[operation, default: 0] += number } }
}
