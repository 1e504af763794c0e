// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Passes IPv4 packets on between TUN devices: to whom they are addressed, after a delay, but for some that are lost and for all of
/// a host whose cable is cut.
final class PacketRouter: Sendable {
    /// A cut that comes by itself, in the middle of a transfer.
    struct PlannedCut: Sendable {
        /// The host whose cable it is.
        let host: String
        /// TCP data from that host's port, in bytes.
        let port: Int
        var bytesLeft: Int
    }

    private struct Parcel {
        let due: ContinuousClock.Instant
        let packet: [UInt8]
        let device: Int32
    }

    private struct State {
        var devices: [(descriptor: Int32, address: [UInt8])] = []
        var cut: Set<[UInt8]> = []
        var plannedCut: PlannedCut?
        var delay: Duration = .zero
        var loss = 0.0
        /// TCP data that was passed on, by source port.
        var byteCounts: [Int: Int] = [:]
        var packetCount = 0
        var lostCount = 0
        /// In the order in which they are due, as all wait the same time.
        var parcels: [Parcel] = []
        var hasEnded = false
    }

    private let state = Mutex(State())

    /// Makes a TUN device in this namespace, from which it can be taken elsewhere.
    func addDevice(_ name: String, of address: String) throws {
        let descriptor = open("/dev/net/tun", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .ENODEV) }
        // struct ifreq of linux/if.h: 16 bytes of name, then flags: IFF_TUN and IFF_NO_PI.
        var request = [UInt8](repeating: 0, count: 40)
        request.replaceSubrange(0..<name.utf8.count, with: name.utf8)
        (request[16], request[17]) = (0x01, 0x10)
        // TUNSETIFF of linux/if_tun.h.
        let result = ioctl(descriptor, 0x4004_54CA, &request)
        guard result == 0 else { throw POSIXError(.init(rawValue: errno) ?? .ENODEV) }
        state.withLock { $0.devices.append((descriptor, Self.bytes(of: address))) }
    }

    func start() {
        for device in state.withLock({ $0.devices }) {
            Thread.detachNewThread { self.read(from: device.descriptor) }
        }
        Thread.detachNewThread { self.deliver() }
    }

    func end() {
        let devices = state.withLock { state in
            state.hasEnded = true
            return state.devices
        }
        // A thread that reads one notices within a moment, and then nobody uses the descriptor any more.
        Thread.sleep(forTimeInterval: 0.5)
        for device in devices { close(device.descriptor) }
    }

    // MARK: What a test does to it

    /// Cuts a host's cable: nothing reaches it or comes from it, and nobody is told.
    func cut(_ address: String) { state.withLock { _ = $0.cut.insert(Self.bytes(of: address)) } }

    func mend(_ address: String) { state.withLock { _ = $0.cut.remove(Self.bytes(of: address)) } }

    func isCut(_ address: String) -> Bool { state.withLock { $0.cut.contains(Self.bytes(of: address)) } }

    /// Cuts a host's cable once that much has come from one of its ports.
    func cut(_ address: String, after bytes: Int, from port: Int) {
        state.withLock { $0.plannedCut = PlannedCut(host: address, port: port, bytesLeft: bytes) }
    }

    func set(delay: Duration, loss: Double) { state.withLock { ($0.delay, $0.loss) = (delay, loss) } }

    func move(from old: String, to new: String) {
        state.withLock { state in
            for index in state.devices.indices where state.devices[index].address == Self.bytes(of: old) {
                state.devices[index].address = Self.bytes(of: new)
            }
        }
    }

    /// TCP data that came from a port and was passed on, in bytes; twice where it was sent twice.
    func byteCount(from port: Int) -> Int { state.withLock { $0.byteCounts[port] ?? 0 } }

    var packetCounts: (passed: Int, lost: Int) { state.withLock { ($0.packetCount, $0.lostCount) } }

    // MARK: Threads

    private func read(from descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !state.withLock({ $0.hasEnded }) {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 100) > 0 else { continue }
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            // IPv6 of the kernel's own is none of ours.
            guard count >= 20, buffer[0] >> 4 == 4 else { continue }
            route(Array(buffer[..<count]))
        }
    }

    private func route(_ packet: [UInt8]) {
        let (source, target) = (Array(packet[12..<16]), Array(packet[16..<20]))
        let device = state.withLock { state -> Int32? in
            guard let device = state.devices.first(where: { $0.address == target })?.descriptor,
                !state.cut.contains(source), !state.cut.contains(target)
            else { return nil }
            if state.loss > 0, Double.random(in: 0..<1) < state.loss {
                state.lostCount += 1
                return nil
            }
            state.packetCount += 1
            Self.count(packet, &state)
            guard state.delay > .zero else { return device }
            state.parcels.append(Parcel(due: .now + state.delay, packet: packet, device: device))
            return nil
        }
        if let device { _ = write(device, packet, packet.count) }
    }

    private static func count(_ packet: [UInt8], _ state: inout State) {
        let headerCount = Int(packet[0] & 0x0F) * 4
        guard packet[9] == 6, packet.count >= headerCount + 20 else { return }
        let port = Int(packet[headerCount]) << 8 | Int(packet[headerCount + 1])
        let dataCount = packet.count - headerCount - Int(packet[headerCount + 12] >> 4) * 4
        state.byteCounts[port, default: 0] += dataCount
        guard var planned = state.plannedCut, planned.port == port else { return }
        planned.bytesLeft -= dataCount
        state.plannedCut = planned.bytesLeft > 0 ? planned : nil
        if planned.bytesLeft <= 0 { state.cut.insert(bytes(of: planned.host)) }
    }

    private func deliver() {
        while true {
            let (parcels, hasEnded) = state.withLock { state -> ([Parcel], Bool) in
                let now = ContinuousClock.now
                let due = state.parcels.prefix { $0.due <= now }
                state.parcels.removeFirst(due.count)
                return (Array(due), state.hasEnded)
            }
            guard !hasEnded else { return }
            for parcel in parcels { _ = write(parcel.device, parcel.packet, parcel.packet.count) }
            Thread.sleep(forTimeInterval: 0.002)
        }
    }

    private static func bytes(of address: String) -> [UInt8] { address.split(separator: ".").compactMap { UInt8($0) } }
}
