// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostTestSupport
import Testing

@Suite("Manual pages and completions, as scripts/install makes them of the tools")
struct ManualPageTests {
    @Test(
        "a manual page is faultless mdoc, renders, and names every option that any --help names",
        arguments: shippedTools)
    func page(tool: String) async throws {
        let scratch = try ScratchFolder()
        let page = try await BuiltTool(tool).run(["--generate-manual"])
        #expect(page.status == 0 && page.errors.isEmpty)
        let path = try scratch.write(page.output, to: "\(tool).1")
        let checked = try await program("/usr/bin/mandoc").run(["-T", "lint", "-W", "warning", path])
        #expect(checked.status == 0, "\(checked.output)")
        let text = try await program("/usr/bin/mandoc").run(["-T", "ascii", path]).output
            .replacing(#/.\x08/#, with: "")
        #expect(text.contains("EXIT STATUS"))
        for help in try await helps(of: tool) {
            for match in help.matches(of: #/(?m)^ +(?:-[a-z], )?(--[a-z-]+)/#) {
                #expect(text.contains(match.1), "\(match.1) of \(tool)")
            }
        }
    }

    @Test("bash completes a tool's options and subcommands", arguments: shippedTools)
    func bash(tool: String) async throws {
        let scratch = try ScratchFolder()
        let script = try await BuiltTool(tool).run(["--generate-completion-script", "bash"]).output
        let path = try scratch.write(script, to: tool)
        let probe = """
            source "$1" && spec=$(complete -p "$2") && [[ $spec =~ -F\\ ([^ ]+) ]] || exit 1
            COMP_WORDS=("$2" --h) COMP_CWORD=1 COMP_LINE="$2 --h" COMP_POINT=${#COMP_LINE} COMP_TYPE=9
            "${BASH_REMATCH[1]}" "$2" --h "$2"; printf '%s\\n' "${COMPREPLY[@]}"
            """
        let ended = try await program("/bin/bash").run(["-c", probe, "bash", path, tool])
        #expect(ended.errors.isEmpty)
        let words = ended.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(words.contains("--help"), "\(ended)")
    }

    @Test("zsh loads a tool's completions", arguments: shippedTools)
    func zsh(tool: String) async throws {
        let scratch = try ScratchFolder()
        let script = try await BuiltTool(tool).run(["--generate-completion-script", "zsh"]).output
        _ = try scratch.write(script, to: "_\(tool)")
        let probe =
            "fpath=(\(scratch.path) $fpath); autoload -U compinit; compinit -u -D; print -- $_comps[\(tool)]; "
            + "autoload +X _\(tool) && whence -w _\(tool)"
        let ended = try await program("/usr/bin/zsh").run(["-f", "-c", probe])
        #expect(ended == .init(status: 0, output: "_\(tool)\n_\(tool): function\n", errors: ""))
    }

    /// `--help` of the tool and of each of its subcommands.
    private func helps(of tool: String) async throws -> [String] {
        let help = try await BuiltTool(tool).run(["--help"]).output
        var all = [help]
        guard let start = help.firstRange(of: "SUBCOMMANDS:") else { return all }
        for match in help[start.upperBound...].matches(of: #/(?m)^  ([a-z][a-z-]+) /#) where match.1 != "help" {
            all.append(try await BuiltTool(tool).run([String(match.1), "--help"]).output)
        }
        return all
    }

    private func program(_ path: String) -> BuiltTool {
        var tool = BuiltTool("program")
        tool.path = path
        return tool
    }
}
