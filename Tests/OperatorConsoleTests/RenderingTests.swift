// SPDX-License-Identifier: Apache-2.0

import OperatorConsole
import Synchronization
import Testing

@Suite("Tables, JSON and progress")
struct RenderingTests {
    @Test("a table's columns line up and no line ends in spaces")
    func table() {
        var table = TextTable(["HOST", "PORT", ""], alignments: [.left, .right])
        table.add(["a.example", "5000", ""])
        table.add(["longer.example", "80", "x"])
        #expect(
            table.lines == [
                "HOST            PORT",
                "a.example       5000",
                "longer.example    80  x",
            ])
    }

    @Test("JSON is one line with its keys in order")
    func json() throws {
        let captured = Captured()
        try captured.sink.printJSON(["b": "/x", "a": "line\nend"])
        #expect(captured.text == #"{"a":"line\nend","b":"/x"}"# + "\n")
    }

    @Test("without a terminal progress is a plain line every ten seconds")
    func plainProgress() {
        let (captured, clock) = (Captured(), Stopwatch())
        let progress = ProgressDisplay("mixing", on: captured.sink, now: clock.now)
        for second in 1...25 {
            clock.set(.seconds(second))
            progress.update(second, of: 50)
        }
        progress.finish()
        #expect(captured.text == "mixing 10/50 20%, 40 s left\nmixing 20/50 40%, 30 s left\n")
    }

    @Test("on a terminal the bar is redrawn in place and taken away at the end")
    func bar() {
        let (captured, clock) = (Captured(), Stopwatch())
        let progress = ProgressDisplay("mixing", on: captured.terminal(true), now: clock.now)
        clock.set(.seconds(2))
        progress.update(1, of: 2)
        progress.update(2, of: 2)
        progress.finish()
        progress.update(2, of: 2)
        let bar =
            "mixing 1/2 50%, 2 s left [" + String(repeating: "#", count: 15) + String(repeating: ".", count: 15) + "]"
        #expect(captured.text == "\r\u{1B}[K" + bar + "\r\u{1B}[K")
    }

    @Test("what is going on is a plain line when its words change, and every half minute")
    func plainActivity() {
        let (captured, clock) = (Captured(), Stopwatch())
        let progress = ProgressDisplay("tally", on: captured.sink, now: clock.now)
        for (second, text) in [(1, "a 1/9"), (2, "a 2/9"), (5, "b 1/9"), (20, "b 2/9"), (35, "b 3/9")] {
            clock.set(.seconds(second))
            progress.update(doing: text, share: second, of: 50)
        }
        #expect(
            captured.text == """
                tally: 2%, a 1/9
                tally: 10%, 45 s left, b 1/9
                tally: 70%, 15 s left, b 3/9

                """)
    }

    @Test("no time left is told while somebody keeps no pace, and a new one is taken after that")
    func pace() {
        let (captured, clock) = (Captured(), Stopwatch())
        let progress = ProgressDisplay("tally", on: captured.sink, now: clock.now)
        for (second, share, isMoving) in [
            (40, 10, true), (80, 20, true), (3600, 20, false), (3640, 20, true), (3680, 40, true),
        ] {
            clock.set(.seconds(second))
            progress.update(doing: "a", share: share, of: 60, isMoving: isMoving)
        }
        #expect(
            captured.text == """
                tally: 16%, a
                tally: 33%, 2 min 40 s left, a
                tally: 33%, a
                tally: 33%, a
                tally: 66%, 40 s left, a

                """)
    }

    @Test("on a terminal a bar stands before what is going on, and all of it fits the line")
    func activityBar() {
        let (captured, clock) = (Captured(), Stopwatch())
        let progress = ProgressDisplay("tally", on: captured.terminal(true), now: clock.now)
        clock.set(.seconds(2))
        progress.update(doing: String(repeating: "x", count: 200), share: 1, of: 2)
        progress.clear()
        let line = "[##########..........] 50%, " + String(repeating: "x", count: 200)
        #expect(captured.text == "\r\u{1B}[K" + line.prefix(59) + "\r\u{1B}[K")
    }

    @Test("durations fit a line", arguments: [(42, "42 s"), (185, "3 min 5 s"), (7800, "2 h 10 min")])
    func durations(seconds: Int, text: String) {
        #expect(short(.seconds(seconds)) == text)
    }
}

private final class Stopwatch: Sendable {
    private let time = Mutex(Duration.zero)
    func set(_ duration: Duration) { time.withLock { $0 = duration } }
    var now: @Sendable () -> Duration { { self.time.withLock { $0 } } }
}
