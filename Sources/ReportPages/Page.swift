// SPDX-License-Identifier: Apache-2.0

/// A page that is one file: it asks for nothing from anywhere, runs no script, and can be read on light and dark screens and on
/// paper.
package struct Page {
    let title: String
    let summary: Markup
    let sections: [Markup]

    package init(title: String, summary: Markup, sections: [Markup]) {
        self.title = title
        self.summary = summary
        self.sections = sections
    }

    package var bytes: [UInt8] {
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <link rel="icon" href="data:,">
            <title>\(title)</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <main>
            <header>
            <h1>\(title)</h1>
            \(summary)
            </header>
            \(sections)
            </main>
            </body>
            </html>

            """
        return Array(page.text.utf8)
    }

    package static func section(_ title: String, _ content: Markup) -> Markup {
        "<section>\n<h2>\(title)</h2>\n\(content)\n</section>\n"
    }

    /// A few figures side by side.
    package static func tiles(_ tiles: [(value: String, name: String)]) -> Markup {
        let all = tiles.map { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>" as Markup }
        return "<dl class=\"tiles\">\(all)</dl>"
    }

    /// Columns after the first are numbers if `numbers` says so, and stand right.
    package static func table(_ header: [String], _ rows: [[String]], numbers: Bool, isLastTotal: Bool = false)
        -> Markup
    {
        let head = header.map { "<th scope=\"col\">\($0)</th>" as Markup }
        let body = rows.enumerated().map { index, row -> Markup in
            let cells = row.dropFirst().map { "<td>\($0)</td>" as Markup }
            let kind: Markup = isLastTotal && index == rows.count - 1 ? " class=\"total\"" : ""
            return "<tr\(kind)><th scope=\"row\">\(row.first ?? "")</th>\(cells)</tr>\n"
        }
        return """
            <div class="scroll"><table class="\(numbers ? "numbers" : "texts")">
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body)</tbody></table></div>
            """
    }

    /// A place, a name, and figures.
    package static func resultTable(_ header: [String], _ rows: [[String]]) -> Markup {
        let head = header.map { "<th scope=\"col\">\($0)</th>" as Markup }
        let body = rows.map { row -> Markup in
            let cells = row.dropFirst(2).map { "<td>\($0)</td>" as Markup }
            return "<tr><td>\(row[0])</td><th scope=\"row\">\(row[1])</th>\(cells)</tr>\n"
        }
        return """
            <div class="scroll"><table class="results">
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body)</tbody></table></div>
            """
    }

    private static let style: Markup = """

        :root { color-scheme: light dark; --ground: #f4f5f8; --card: #ffffff; --ink: #1a2030; --faint: #5d6678; --line: #e0e4eb;
          --good: #0b7a55; --bad: #b3261e; --c0: #3566cf; --c1: #d9742b; --c2: #23967a; --c3: #ad4f8d; --c4: #8b8a2f; --c5: #6a58c2; }
        @media (prefers-color-scheme: dark) { :root { --ground: #11141a; --card: #191e27; --ink: #e7eaf0; --faint: #9aa4b5;
          --line: #2d3442; --good: #4cc398; --bad: #f2857c; --c0: #7ba3f7; --c1: #f0a062; --c2: #5cc7ab; --c3: #dd8cc0; --c4: #c2c163;
          --c5: #a597f2; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
        main { max-width: 1040px; margin: 0 auto; padding: 28px 20px 48px; }
        h1 { font-size: 26px; line-height: 1.25; margin: 0 0 6px; letter-spacing: -0.01em; }
        h2 { font-size: 18px; margin: 0 0 12px; }
        h3 { font-size: 15px; margin: 22px 0 8px; }
        p { margin: 0 0 10px; max-width: 78ch; }
        .faint { color: var(--faint); }
        .verdict { font-weight: 600; }
        .good { color: var(--good); }
        .bad { color: var(--bad); }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px 22px; margin-top: 18px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(158px, 1fr)); gap: 12px; margin: 18px 0 0; }
        .tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 12px 14px; }
        .tiles dt { color: var(--faint); font-size: 13px; }
        .tiles dd { margin: 2px 0 0; font-size: 18px; font-weight: 600; overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        thead th { color: var(--faint); font-weight: 600; font-size: 13px; }
        tbody th { font-weight: 500; }
        tbody tr:last-child > * { border-bottom: 0; }
        .numbers td, .numbers thead th:not(:first-child) { text-align: right; padding: 6px 0 6px 12px; white-space: nowrap; }
        .numbers thead th:not(:first-child) { white-space: normal; vertical-align: bottom; }
        .numbers thead th[colspan] { text-align: center; border-left: 18px solid transparent; }
        .texts td { overflow-wrap: anywhere; min-width: 10ch; }
        .scroll + p, figure + p { margin-top: 10px; }
        tr.total > * { font-weight: 650; border-top: 2px solid var(--line); }
        .legend { display: flex; flex-wrap: wrap; gap: 6px 18px; list-style: none; margin: 0 0 6px; padding: 0; font-size: 14px; }
        .legend i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 7px; vertical-align: -1px; }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--ink); font-size: 12px; }
        svg .faint { fill: var(--faint); }
        svg .small { font-size: 10.5px; }
        svg .axis { stroke: var(--line); stroke-width: 1; }
        svg .fit { fill: none; stroke: var(--c0); stroke-width: 2; }
        svg .beyond { stroke-dasharray: 5 4; }
        svg .point { fill: var(--c0); }
        svg .target { fill: var(--card); stroke: var(--c1); stroke-width: 2.5; }
        .results tbody th { overflow-wrap: anywhere; min-width: 12ch; }
        .results td, .results th:nth-child(n+3) { text-align: right; padding: 6px 0 6px 12px; white-space: nowrap; }
        .results td:first-child { padding: 6px 12px 6px 0; text-align: left; color: var(--faint); width: 1%; }
        .results th:nth-child(n+3) { white-space: normal; width: 16%; vertical-align: bottom; }
        .notice { border-left: 3px solid var(--c1); padding-left: 10px; margin-top: 12px; }
        .bars > div { margin-bottom: 9px; break-inside: avoid; }
        .bars p { margin: 0; max-width: none; overflow-wrap: anywhere; }
        .bars .wins p:first-child { font-weight: 650; }
        .bars .bar { display: flex; align-items: center; gap: 8px; font-size: 13px; color: var(--faint);
          font-variant-numeric: tabular-nums; }
        .bars i { flex: none; height: 15px; border-radius: 2px; min-width: 1px; border: 1px solid currentColor;
          width: calc(var(--length) * (100% - 220px)); }
        .bars .f0 { border-color: var(--c0); }
        .bars .rest { background: var(--faint); border-color: var(--faint); }
        .bars .out { border-style: dashed; }
        .rest { fill: var(--faint); opacity: 0.5; }
        .f0 { fill: var(--c0); background: var(--c0); } .f1 { fill: var(--c1); background: var(--c1); }
        .f2 { fill: var(--c2); background: var(--c2); } .f3 { fill: var(--c3); background: var(--c3); }
        .f4 { fill: var(--c4); background: var(--c4); } .f5 { fill: var(--c5); background: var(--c5); }
        .pairs { display: grid; grid-template-columns: repeat(auto-fit, minmax(380px, 1fr)); gap: 8px 28px; }
        figure { margin: 14px 0 0; }
        figcaption { font-weight: 600; font-size: 14px; margin-bottom: 6px; }
        footer { color: var(--faint); font-size: 13px; margin-top: 20px; }
        code { overflow-wrap: anywhere; }
        @media (max-width: 480px) { .pairs { grid-template-columns: 1fr; } .bars .bar { display: block; }
          .bars i { display: block; width: calc(var(--length) * 100%); }
          .tiles { grid-template-columns: repeat(auto-fit, minmax(118px, 1fr)); } }
        @media print { body { background: none; font-size: 12px; } main { max-width: none; padding: 0; }
          section, .tiles div { border-color: #bbb; box-shadow: none; } figure, tr, .tiles { break-inside: avoid; }
          figure.long { break-inside: auto; } .tiles { grid-template-columns: repeat(auto-fit, minmax(112px, 1fr)); }
          h2, h3, figcaption, .tiles, .notice { break-after: avoid; } .scroll { overflow: visible; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }

        """
}
