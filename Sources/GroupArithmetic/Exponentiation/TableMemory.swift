// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Memory of tables that are no longer needed, kept for tables to come while somebody holds this: the system clears fresh memory,
/// which can take as long as the products that a table is made of.
///
/// Tables hold powers of public numbers, so what one leaves behind is no secret to the next.
public final class TableMemory: Sendable {
    private let spare = Mutex<[LimbStorage]>([])

    public init() {}

    /// Memory of `count` limbs, whatever they hold.
    func take(_ count: Int) -> LimbStorage {
        let found = spare.withLock { spare in
            spare.firstIndex { $0.count == count }.map { spare.remove(at: $0) }
        }
        return found ?? LimbStorage(uninitializedCount: count)
    }

    /// Gives back to the system what is kept.
    public func clear() { spare.withLock { $0 = [] } }

    func give(_ storage: LimbStorage) { spare.withLock { $0.append(storage) } }
}

/// The memory of one table, given back at its end.
final class Table: Sendable {
    private let storage: LimbStorage
    private let memory: TableMemory?

    init(count: Int, in memory: TableMemory?) {
        storage = memory?.take(count) ?? LimbStorage(uninitializedCount: count)
        self.memory = memory
    }

    deinit { memory?.give(storage) }

    var base: UnsafeMutablePointer<UInt> { storage.base }
}
