// SPDX-License-Identifier: Apache-2.0

/// Foretells the end of work whose shares come in leaps: from the pace so far, at each leap; between two, time only passes.
struct TimeLeft {
    private var start: (time: Duration, done: Int)?
    private var last = 0
    private var end: Duration?

    /// - Parameter isMoving: false while somebody is awaited who keeps no pace; the pace is taken anew after that.
    mutating func update(_ done: Int, of total: Int, at time: Duration, isMoving: Bool) {
        guard isMoving else {
            self = TimeLeft()
            return
        }
        guard let start else {
            start = (time, done)
            last = done
            return
        }
        guard done > last, time > start.time else { return }
        last = done
        end = time + (time - start.time) * Double(max(0, total - done)) / Double(done - start.done)
    }

    /// Nil while nobody knows, and when the foretold end is over.
    func left(at time: Duration) -> Duration? { end.flatMap { $0 > time ? $0 - time : nil } }
}
