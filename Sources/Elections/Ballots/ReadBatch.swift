// SPDX-License-Identifier: Apache-2.0

import GroupArithmetic
import Synchronization

/// Some consecutive lines of a votes file, read and taken apart on all cores.
struct ReadBatch {
    /// Lines from 0.
    let range: Range<Int>
    /// The ballots of the lines in front of the first fault.
    let ballots: [Ballot]
    /// Those lines that are not a further vote of the weighted ballot in front of them.
    let firstLines: [Int]
    let fault: (line: Int, reason: BallotFault)?

    init(of file: VotesFile, _ range: Range<Int>, groups: [SafePrimeGroup]) {
        let chunks = Mutex<[Chunk]>([])
        inParallelChunks(of: range.count, minimum: 16) { part in
            let lines = range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound
            let chunk = Chunk(of: file, lines, groups: groups)
            chunks.withLock { $0.append(chunk) }
        }
        var ballots: [Ballot] = []
        var firstLines: [Int] = []
        var fault: (line: Int, reason: BallotFault)?
        for chunk in chunks.withLock({ $0 }).sorted(by: { $0.start < $1.start }) where fault == nil {
            ballots += chunk.ballots
            firstLines += chunk.firstLines
            fault = chunk.fault
        }
        self.range = range
        self.ballots = ballots
        self.firstLines = firstLines
        self.fault = fault
    }

    private struct Chunk: Sendable {
        let start: Int
        var ballots: [Ballot] = []
        var firstLines: [Int] = []
        var fault: (line: Int, reason: BallotFault)?

        init(of file: VotesFile, _ lines: Range<Int>, groups: [SafePrimeGroup]) {
            start = lines.lowerBound
            // A weighted ballot may begin in the chunk before.
            var previous = start > 0 ? try? file.line(start - 1) : nil
            for index in lines {
                do throws(BallotFault) {
                    let line = try file.line(index)
                    let continues = previous.map { line.continues($0) } ?? false
                    if !continues {
                        if let voter = line.voter, voter.index != 1 {
                            throw .voterID(
                                "weight index \(voter.index) does not follow the same ballot with index \(voter.index - 1)"
                            )
                        }
                        firstLines.append(index)
                    }
                    if continues, let last = ballots.last {
                        ballots.append(last)
                    } else {
                        ballots.append(try Ballot(parsing: line.ballot, groups: groups))
                    }
                    previous = line
                } catch {
                    if firstLines.last == index { firstLines.removeLast() }
                    fault = (index, error)
                    return
                }
            }
        }
    }
}
