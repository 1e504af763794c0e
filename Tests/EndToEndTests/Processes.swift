// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Synchronization

/// The process of an authority, of which there is at most one.
final class LockedProcess: Sendable {
    private let process = Mutex<RunnableProcess?>(nil)

    func set(_ new: RunnableProcess) { process.withLock { $0 = new } }

    /// Nil while nothing is running.
    var identifier: Int32? { process.withLock { $0?.process.processIdentifier } }

    func send(_ signal: Int32) {
        process.withLock { running in
            if let running { Foundation.kill(running.process.processIdentifier, signal) }
        }
    }

    enum State {
        case none
        case running
        /// With an exit status, or a signal as a negative number.
        case ended(Int32)
    }

    var state: State {
        process.withLock { process in
            guard let process = process?.process else { return .none }
            guard !process.isRunning else { return .running }
            return .ended(process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus)
        }
    }

    /// The exit status, or the signal as a negative number; nil if nothing was running.
    ///
    /// - Parameter signal: 0 waits until the process ends by itself, for four minutes; with any other it has two.
    func end(with signal: Int32) async -> Int32? {
        let ending = process.withLock { process in
            defer { process = nil }
            return process
        }
        guard let ending else { return nil }
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                Foundation.kill(ending.process.processIdentifier, signal)
                // A stopped one would not notice.
                Foundation.kill(ending.process.processIdentifier, SIGCONT)
                let patience = DispatchWorkItem { Foundation.kill(ending.process.processIdentifier, SIGKILL) }
                DispatchQueue.global().asyncAfter(deadline: .now() + (signal == 0 ? 240 : 120), execute: patience)
                ending.process.waitUntilExit()
                patience.cancel()
                let status = ending.process.terminationStatus
                continuation.resume(returning: ending.process.terminationReason == .exit ? status : -status)
            }
        }
    }

    deinit {
        process.withLock { process in
            if let process { Foundation.kill(process.process.processIdentifier, SIGKILL) }
        }
    }
}

/// Whether something holds before a minute is over: what takes a moment here takes many on a busy machine.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<600 {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(100))
    }
    return false
}

func isListening(port: Int) -> Bool {
    guard let descriptor = try? connected(port: port) else { return false }
    close(descriptor)
    return true
}

/// A new connection to a port of loopback, for the caller to close.
func connected(port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw CocoaError(.fileReadUnknown) }
    var address = loopback(port: port)
    let answer = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard answer == 0 else {
        close(descriptor)
        throw CocoaError(.fileReadUnknown)
    }
    return descriptor
}

private func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return address
}

/// A server on a port of loopback that answers everybody in words of its own, and no TLS.
struct PlainServer {
    let port: Int
    private let descriptor: Int32

    init() throws {
        port = try freePorts(1)[0]
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port: port)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard isBound == 0, listen(descriptor, 8) == 0 else { throw CocoaError(.fileReadUnknown) }
        Thread.detachNewThread { [descriptor] in
            while case let client = accept(descriptor, nil, nil), client >= 0 {
                let words = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
                _ = write(client, words, words.count)
                close(client)
            }
        }
    }

    func end() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}
