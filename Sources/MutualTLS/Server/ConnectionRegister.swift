// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import TrustStores

/// Whose connections a server keeps, and which one goes when there are too many.
///
/// Strangers that come by thousands crowd out each other, but nobody who is connected already, and hardly an installed peer that
/// connects anew: where one has come from before, it is hung up on last.
package final class ConnectionRegister: Sendable {
    /// One connection that was let in.
    package typealias Number = UInt64

    package enum Refusal: String, Error, Sendable {
        case address = "too many connections from its address"
        case all = "too many connections"
    }

    fileprivate struct Connection {
        /// Nil behind a proxy, which serves many clients from one address and is to bound them itself.
        let block: AddressBlock?
        let isKnown: Bool
        let hangUp: @Sendable () -> Void
    }

    fileprivate struct State {
        var last: Number = 0
        var unproven: [Number: Connection] = [:]
        var proven: [Number: Connection] = [:]
        var perBlock: [AddressBlock: Int] = [:]
        var known = KnownBlocks()
    }

    private let limits: ConnectionLimits
    private let state = Mutex(State())

    package init(_ limits: ConnectionLimits = ConnectionLimits()) { self.limits = limits }

    /// Lets a new connection in, or says why not.
    ///
    /// - Parameters:
    ///   - address: nil where it is not the client's own.
    ///   - hangUp: ends the connection, when it has to make room for another one; called from any thread.
    package func admit(
        from address: IPAddress?, hangUp: @escaping @Sendable () -> Void
    ) -> Result<Number, Refusal> {
        let block = address.map(AddressBlock.init)
        let (answer, displaced) = state.withLock { state -> (Result<Number, Refusal>, Connection?) in
            if let block, state.perBlock[block, default: 0] >= limits.perAddress { return (.failure(.address), nil) }
            let isKnown = block.map { state.known.contains($0) } ?? true
            var displaced: Connection?
            if state.unproven.count >= limits.unproven {
                guard let number = state.leastDeserving, isKnown || state.unproven[number]?.isKnown == false else {
                    return (.failure(.all), nil)
                }
                displaced = state.remove(number)
            }
            state.last += 1
            state.unproven[state.last] = Connection(block: block, isKnown: isKnown, hangUp: hangUp)
            if let block { state.perBlock[block, default: 0] += 1 }
            return (.success(state.last), displaced)
        }
        displaced?.hangUp()
        return answer
    }

    /// The client of a connection has shown an installed certificate. False if there are too many such connections.
    package func prove(_ number: Number) -> Bool {
        state.withLock { state in
            guard let connection = state.unproven[number] else { return state.proven[number] != nil }
            guard state.proven.count < limits.proven else { return false }
            state.unproven[number] = nil
            state.proven[number] = connection
            if let block = connection.block { state.known.insert(block) }
            return true
        }
    }

    /// The connection has ended.
    package func leave(_ number: Number) { state.withLock { _ = $0.remove(number) } }

    /// Connections that are let in at the moment.
    package var count: Int { state.withLock { $0.unproven.count + $0.proven.count } }
}

extension ConnectionRegister.State {
    /// The oldest one that nobody knows, else the oldest.
    fileprivate var leastDeserving: ConnectionRegister.Number? {
        unproven.min { ($0.value.isKnown ? 1 : 0, $0.key) < ($1.value.isKnown ? 1 : 0, $1.key) }?.key
    }

    fileprivate mutating func remove(_ number: ConnectionRegister.Number) -> ConnectionRegister.Connection? {
        guard let connection = unproven.removeValue(forKey: number) ?? proven.removeValue(forKey: number) else {
            return nil
        }
        if let block = connection.block {
            let left = perBlock[block, default: 1] - 1
            perBlock[block] = left > 0 ? left : nil
        }
        return connection
    }
}

/// An IPv4 address, or the upper half of an IPv6 address.
private struct AddressBlock: Hashable {
    private let bytes: [UInt8]

    init(_ address: IPAddress) { bytes = Array(address.bytes.prefix(address.isVersion6 ? 8 : 4)) }
}

/// Blocks from which installed certificates have come, the latest ones.
private struct KnownBlocks {
    private static let limit = 512
    private var blocks: [AddressBlock: UInt64] = [:]
    private var last: UInt64 = 0

    func contains(_ block: AddressBlock) -> Bool { blocks[block] != nil }

    mutating func insert(_ block: AddressBlock) {
        last += 1
        blocks[block] = last
        guard blocks.count > Self.limit, let oldest = blocks.min(by: { $0.value < $1.value }) else { return }
        blocks[oldest.key] = nil
    }
}
