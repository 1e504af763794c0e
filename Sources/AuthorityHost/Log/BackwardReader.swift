// SPDX-License-Identifier: Apache-2.0

/// Collects the last lines of files that pass a filter, from the last line of the newest file backwards.
struct BackwardReader {
    let count: Int
    let filter: LogFilter
    let scanLimit: Int
    /// The youngest first.
    private(set) var found: [String] = []
    /// What stands behind the last line end of the newest file: no line yet.
    private(set) var unfinished: [UInt8] = []
    private(set) var unfinishedStart = 0
    private var scanned = 0

    init(count: Int, filter: LogFilter, scanLimit: Int) {
        self.count = count
        self.filter = filter
        self.scanLimit = scanLimit
    }

    var isDone: Bool { found.count >= count || scanned >= scanLimit }

    mutating func read(_ segment: LogSegment, end: Int, isNewest: Bool) {
        var tail: [UInt8] = []
        var position = end
        // An old file that was cut in the middle of a line has no line end behind the last.
        var isBehindLastLine = isNewest
        while position > 0 && (!isDone || isBehindLastLine) {
            let length = min(position, 1 << 16)
            position -= length
            scanned += length
            tail = segment.bytes(at: position, length) + tail
            if isBehindLastLine {
                guard let last = tail.lastIndex(of: 0x0A) else {
                    tail = Array(tail.prefix(LogTail.lineLimit))
                    continue
                }
                unfinished = Array(tail[(last + 1)...].prefix(LogTail.lineLimit))
                unfinishedStart = position + last + 1
                tail.removeSubrange(last...)
                isBehindLastLine = false
            } else if position + length == end, tail.last == 0x0A {
                tail.removeLast()
            }
            takeLines(from: &tail, isStart: position == 0)
        }
        if isBehindLastLine { unfinished = tail }
    }

    /// Takes whole lines off the end of `tail`, which has no line end behind the last; the first may be cut off at its front.
    private mutating func takeLines(from tail: inout [UInt8], isStart: Bool) {
        while found.count < count {
            if let end = tail.lastIndex(of: 0x0A) {
                LogTail.take(Array(tail[(end + 1)...]), into: &found, filter)
                tail.removeSubrange(end...)
            } else {
                if isStart { LogTail.take(tail, into: &found, filter) }
                if isStart || tail.count > LogTail.lineLimit {
                    tail = Array(tail.prefix(isStart ? 0 : LogTail.lineLimit))
                }
                return
            }
        }
    }
}
