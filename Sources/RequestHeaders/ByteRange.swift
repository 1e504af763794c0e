// SPDX-License-Identifier: Apache-2.0

/// What a Range header asks for. Anything but one range of bytes is ignored, as the RFC allows.
package enum ByteRange: Equatable {
    case whole
    case part(ClosedRange<Int>)
    case unsatisfiable

    /// - Parameter count: the bytes that there are.
    package init(_ header: String, in count: Int) {
        self = .whole
        guard let match = header.wholeMatch(of: /bytes=(\d{0,18})-(\d{0,18})/) else { return }
        switch (Int(match.1), Int(match.2)) {
        case (let first?, let last):
            if let last, last < first { return }
            self = first < count ? .part(first...min(last ?? count - 1, count - 1)) : .unsatisfiable
        case (nil, let suffix?):
            self = suffix > 0 && count > 0 ? .part(max(0, count - suffix)...count - 1) : .unsatisfiable
        case (nil, nil): return
        }
    }
}
