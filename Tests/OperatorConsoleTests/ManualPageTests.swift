// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OperatorConsole
import Testing

@Suite("Manual pages made of a tool's own help")
struct ManualPageTests {
    private struct Sample: OperatorTool {
        static let configuration = CommandConfiguration(
            commandName: "sample", abstract: "Does nothing.",
            discussion: """
                It reads a\\b. It has two sentences.

                .hidden stays text.

                  indented as it is

                EXAMPLES
                  sample --count 3
                """)

        @Option(name: [.short, .long], help: "How often.")
        var count = 1

        @Argument(help: "What to do it with.")
        var things: [String] = []
    }

    @Test("options, defaults and examples stand in it, and nothing in the text is taken for a macro")
    func page() throws {
        let lines = try Sample.manualPage().split(separator: "\n").map(String.init)
        #expect(lines.contains(".Dt SAMPLE 1"))
        #expect(lines.contains(".Nd Does nothing"))
        #expect(lines.contains(#".Op Fl \&\-count Ar \&count"#))
        #expect(lines.contains(#".Op Ar \&things ..."#))
        #expect(lines.contains("How often (default: 1)"))
        let text = try #require(lines.firstIndex(of: #"It reads a\eb."#))
        #expect(
            Array(lines[(text + 1)..<(text + 7)]) == [
                "It has two sentences.", ".Pp", #"\&.hidden stays text."#, ".Bd -literal -offset indent",
                "indented as it is", ".Ed",
            ])
        let examples = try #require(lines.firstIndex(of: ".Sh EXAMPLES"))
        #expect(lines[examples + 2] == #"sample \-\-count 3"#)
        #expect(lines.allSatisfy { !$0.isEmpty })
    }
}
