// SPDX-License-Identifier: Apache-2.0

package import TrustStores

/// The hosts file (hosts(5)), of which only whole lines of ours are ever added or taken out.
package struct HostsFile: Sendable, Equatable {
    package private(set) var bytes: [UInt8]

    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// The addresses that stand for a name now.
    package func addresses(of hostName: HostName) -> [IPAddress] {
        entries.filter { $0.names.contains(hostName.text) }.compactMap { IPAddress($0.address) }
    }

    /// Appends `ADDRESS HOSTNAME`, unless the name stands there with any address. Returns whether it did.
    package mutating func add(_ address: IPAddress, _ hostName: HostName) -> Bool {
        guard !entries.contains(where: { $0.names.contains(hostName.text) }) else { return false }
        bytes.appendLine("\(address) \(hostName)\n".utf8)
        return true
    }

    /// Takes out the last line that is exactly `ADDRESS HOSTNAME`. A line with more on it is somebody else's.
    package mutating func remove(_ address: IPAddress, _ hostName: HostName) {
        let ours = entries.last { entry in
            IPAddress(entry.address) == address && entry.names == [hostName.text] && !entry.hasComment
        }
        if let ours { bytes.removeLine(ours.range) }
    }

    private struct Entry {
        let address: String
        let names: [String]
        let hasComment: Bool
        let range: Range<Int>
    }

    private var entries: [Entry] {
        var entries: [Entry] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
            let line = bytes[start..<end]
            let text = line.prefix { $0 != UInt8(ascii: "#") }
            let fields = text.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.map {
                String(decoding: $0, as: UTF8.self)
            }
            if fields.count >= 2 {
                entries.append(
                    Entry(
                        address: fields[0], names: fields.dropFirst().map { $0.lowercased() },
                        hasComment: text.count < line.count, range: start..<end))
            }
            start = end
        }
        return entries
    }
}
