// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import TrustStores

@testable import MutualTLS

@Suite("Whose connections a server keeps")
struct ConnectionRegisterTests {
    private final class HungUp: Sendable {
        private let names = Mutex<[String]>([])
        func note(_ name: String) { names.withLock { $0.append(name) } }
        var all: [String] { names.withLock { $0 } }
    }

    private let hungUp = HungUp()

    private func register(perAddress: Int = 100, unproven: Int = 3, proven: Int = 2) -> ConnectionRegister {
        var limits = ConnectionLimits()
        limits.perAddress = perAddress
        limits.unproven = unproven
        limits.proven = proven
        return ConnectionRegister(limits)
    }

    private func come(
        _ name: String, from address: String?, to register: ConnectionRegister
    ) throws -> Result<ConnectionRegister.Number, ConnectionRegister.Refusal> {
        register.admit(from: try address.map { try #require(IPAddress($0)) }) { [hungUp] in hungUp.note(name) }
    }

    @Test("one address has so many connections, and of IPv6 a network of 64 bits")
    func perAddress() throws {
        let register = register(perAddress: 2, unproven: 100)
        let first = try come("a", from: "192.0.2.1", to: register).get()
        _ = try come("b", from: "192.0.2.1", to: register).get()
        #expect(try come("c", from: "192.0.2.1", to: register) == .failure(.address))
        _ = try come("d", from: "192.0.2.2", to: register).get()
        register.leave(first)
        register.leave(first)
        _ = try come("e", from: "192.0.2.1", to: register).get()
        #expect(try come("f", from: "192.0.2.1", to: register) == .failure(.address))
        _ = try come("g", from: "2001:db8::1", to: register).get()
        _ = try come("h", from: "2001:db8::2:1", to: register).get()
        #expect(try come("i", from: "2001:db8::ffff:3", to: register) == .failure(.address))
        _ = try come("j", from: "2001:db8:0:1::1", to: register).get()
        // A proxy serves many.
        for _ in 0..<10 { _ = try come("k", from: nil, to: register).get() }
        #expect(hungUp.all.isEmpty && register.count == 16)
    }

    @Test(
        "for one too many without a handshake, the oldest of strangers goes, and never one that has shown its certificate"
    )
    func displaced() throws {
        let register = register()
        let peer = try come("peer", from: "192.0.2.1", to: register).get()
        #expect(register.prove(peer) && register.prove(peer))
        for (number, name) in ["a", "b", "c", "d"].enumerated() {
            _ = try come(name, from: "198.51.100.\(number)", to: register).get()
        }
        #expect(hungUp.all == ["a"])
        // Where a peer came from before, it is hung up on last, and a stranger not taken in its place.
        for name in ["p", "q", "r"] { _ = try come(name, from: "192.0.2.1", to: register).get() }
        #expect(hungUp.all == ["a", "b", "c", "d"])
        #expect(try come("e", from: "198.51.100.9", to: register) == .failure(.all))
        _ = try come("s", from: "192.0.2.1", to: register).get()
        #expect(hungUp.all == ["a", "b", "c", "d", "p"])
        #expect(register.count == 4)
    }

    @Test("one from where a peer came before outlasts strangers that came after it")
    func known() throws {
        let register = register()
        #expect(register.prove(try come("peer", from: "192.0.2.1", to: register).get()))
        _ = try come("p", from: "192.0.2.1", to: register).get()
        for (number, name) in ["a", "b", "c"].enumerated() {
            _ = try come(name, from: "198.51.100.\(number)", to: register).get()
        }
        #expect(hungUp.all == ["a"])
    }

    @Test("there are so many that have shown their certificate, and a place is free again when one leaves")
    func proven() throws {
        let register = register()
        let numbers = try (0..<3).map { try come("x", from: "192.0.2.\($0)", to: register).get() }
        #expect(numbers.map(register.prove) == [true, true, false])
        register.leave(numbers[0])
        #expect(register.prove(numbers[2]))
        #expect(!register.prove(numbers[0]), "it has left")
    }

    @Test("a process that may open few files has fewer connections", arguments: [100, 600, 1024, 4096, 16_384])
    func fewFiles(descriptors: Int) {
        let limits = ConnectionLimits(fileDescriptors: descriptors)
        #expect(limits.unproven >= 8 && limits.proven >= 24 && limits.perAddress <= limits.proven)
        #expect(descriptors < 600 || 2 * (limits.unproven + limits.proven) + 512 <= descriptors)
        if descriptors >= 4096 { #expect(limits.unproven == 256 && limits.proven == 1024) }
    }

    @Test("of refusals, so many a minute are logged, and how many were not")
    func refusalLog() {
        let log = RefusalLog(atOnce: 2, perMinute: 60)
        let start = ContinuousClock.now + .seconds(3600)
        #expect((0..<5).map { _ in log.take(now: start) } == [0, 0, nil, nil, nil])
        #expect(log.take(now: start + .seconds(1)) == 3)
        #expect(log.take(now: start + .seconds(1)) == nil)
        #expect(log.take(now: start + .seconds(10)) == 1)
        #expect(log.take(now: start + .seconds(10)) == 0)
        #expect(log.take(now: start + .seconds(10)) == nil)
    }
}
