// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Debian's Chromium without a window, as a reader of pages.
package struct Chromium {
    /// What came of opening a page.
    package struct Visit: Sendable {
        /// The page as it stands after loading.
        package let document: String
        /// What the page, or the browser about it, wrote to the console.
        package let console: [String]
        /// What the page asked the network for.
        package let requests: [String]
    }

    private let scratch: ScratchFolder

    package init() throws { scratch = try ScratchFolder() }

    /// Opens a file, in a profile of its own.
    package func open(_ path: String) async throws -> Visit {
        let netLog = scratch.path("net.json")
        let ended = try await run([
            "--enable-logging=stderr", "--log-net-log=\(netLog)", "--net-log-capture-mode=Everything", "--dump-dom",
            "file://\(path)",
        ])
        guard ended.status == 0, ended.output.contains("</html>") else {
            throw CocoaError(.executableLoad, userInfo: [NSDebugDescriptionErrorKey: ended.errors])
        }
        let console = ended.errors.split(separator: "\n").filter { $0.contains(":CONSOLE") }.map(String.init)
        let log = try String(contentsOfFile: netLog, encoding: .utf8)
        // The browser has requests of its own; those of pages have this mark, `blink_resource_loader`.
        let requests = log.matches(of: /"traffic_annotation":101845102,"url":"([^"]*)"/).map { String($0.1) }
        return Visit(document: ended.output, console: console, requests: Set(requests).sorted())
    }

    /// Draws a page as an image of that size.
    package func draw(_ path: String, to image: String, width: Int, height: Int, isDark: Bool = false) async throws {
        let dark =
            isDark
            ? ["--force-dark-mode", "--enable-features=WebUIDarkMode", "--blink-settings=preferredColorScheme=0"] : []
        _ = try await run(
            dark + [
                "--screenshot=\(image)", "--window-size=\(width),\(height)", "--hide-scrollbars", "file://\(path)",
            ])
    }

    private func run(_ arguments: [String]) async throws -> BuiltTool.Ended {
        var browser = BuiltTool("chromium")
        browser.path = "/usr/bin/chromium"
        browser.environment = ["HOME": scratch.path]
        return try await browser.run(
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-extensions",
                "--disable-default-apps", "--host-resolver-rules=MAP * ~NOTFOUND",
                "--user-data-dir=\(scratch.path("profile"))",
            ] + arguments)
    }
}
