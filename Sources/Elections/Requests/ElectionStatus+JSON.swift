// SPDX-License-Identifier: Apache-2.0

package import StrictJSON

extension ElectionStatus {
    package var json: JSONValue {
        var object = JSONObject()
        object["election"] = .string(election)
        object["authority"] = .string(authority)
        object["time"] = .string(time)
        object["phase"] = .string(phase.rawValue)
        object["attempt"] = .integer(attempt)
        object["ballots"] = ballots.map { .integer($0) }
        object["done"] = .integer(done)
        object["total"] = .integer(total)
        object["steps"] = .array(steps.map(\.json))
        object["work"] = work?.json
        object["finished"] = .array(finished.map(\.json))
        object["transfers"] = .array(transfers.map(\.json))
        object["peers"] = .array(peers.map(\.json))
        if !absent.isEmpty { object["absent"] = .array(absent.map { .string($0) }) }
        if !absences.isEmpty { object["absences"] = .array(absences.map(\.json)) }
        object["operator_awaited_since"] = operatorAwaitedSince.map { .string($0) }
        object["share_awaited"] = awaitsShare ? true : nil
        object["problem"] = problem.map { .string($0) }
        object["failure"] = failure.map { .string($0) }
        return .object(object)
    }

    /// Reads what an authority answered: foreign text, of bounded size.
    package init(_ json: JSONValue) throws(JSONShapeError) {
        let field = JSONField(json, name: "the status")
        self.init(
            election: try field.member("election").text(), authority: try field.member("authority").text(),
            time: try field.member("time").text(), phase: try field.member("phase").word(),
            attempt: try field.member("attempt").count())
        ballots = try field.optional("ballots")?.count()
        done = try field.member("done").count()
        total = try field.member("total").count()
        for step in try field.member("steps").elements(0...20_000) { steps.append(try Step(step)) }
        if let work = try field.optional("work") { self.work = try Work(work) }
        for work in try field.member("finished").elements(0...20_000) { finished.append(try Work(work)) }
        for work in try field.member("transfers").elements(0...20_000) { transfers.append(try Work(work)) }
        for peer in try field.member("peers").elements(0...99) { peers.append(try Peer(peer)) }
        for name in try field.optional("absent")?.elements(0...99) ?? [] { absent.append(try name.text()) }
        for absence in try field.optional("absences")?.elements(0...99) ?? [] {
            absences.append(try Absence(absence))
        }
        operatorAwaitedSince = try field.optional("operator_awaited_since")?.text()
        awaitsShare = try field.optional("share_awaited")?.bool() ?? false
        problem = try field.optional("problem")?.text()
        failure = try field.optional("failure")?.text()
    }
}

extension ElectionStatus.Step {
    var json: JSONValue {
        var object = JSONObject()
        object["step"] = .string(name)
        object["question"] = question.map { .integer($0) }
        object["authority"] = .string(authority)
        object["state"] = .string(state.rawValue)
        object["since"] = since.map { .string($0) }
        return .object(object)
    }

    init(_ field: JSONField) throws(JSONShapeError) {
        self.init(
            name: try field.member("step").text(), question: try field.optional("question")?.count(),
            authority: try field.member("authority").text(), state: try field.member("state").word(),
            since: try field.optional("since")?.text())
    }
}

extension ElectionStatus.Work {
    var json: JSONValue {
        var object = JSONObject()
        object["step"] = .string(name)
        object["question"] = question.map { .integer($0) }
        object["of"] = author.map { .string($0) }
        object["milliseconds"] = .integer(milliseconds)
        object["done"] = .integer(done)
        object["total"] = .integer(total)
        object["per_second"] = perSecond.map { .integer($0) }
        return .object(object)
    }

    init(_ field: JSONField) throws(JSONShapeError) {
        self.init(
            name: try field.member("step").text(), question: try field.optional("question")?.count(),
            author: try field.optional("of")?.text(), milliseconds: try field.member("milliseconds").count(),
            done: try field.member("done").count(), total: try field.member("total").count())
    }
}

extension ElectionStatus.Absence {
    var json: JSONValue {
        ["authority": .string(authority), "without": .array(without.map { .string($0) })]
    }

    init(_ field: JSONField) throws(JSONShapeError) {
        var names: [String] = []
        for name in try field.member("without").elements(0...99) { names.append(try name.text()) }
        self.init(authority: try field.member("authority").text(), without: names)
    }
}

extension ElectionStatus.Peer {
    var json: JSONValue {
        var object = JSONObject()
        object["authority"] = .string(name)
        object["silent_milliseconds"] = .integer(silentMilliseconds)
        object["problem"] = problem.map { .string($0) }
        return .object(object)
    }

    init(_ field: JSONField) throws(JSONShapeError) {
        self.init(
            name: try field.member("authority").text(),
            silentMilliseconds: try field.member("silent_milliseconds").count(),
            problem: try field.optional("problem")?.text())
    }
}

extension JSONField {
    fileprivate func text() throws(JSONShapeError) -> String { try string(maximum: 16_384) }

    /// Small enough to be multiplied by a thousand.
    fileprivate func count() throws(JSONShapeError) -> Int { try integer(in: 0...(1 << 50)) }

    fileprivate func word<Word: RawRepresentable<String> & CaseIterable>() throws(JSONShapeError) -> Word {
        let text = try string(maximum: 64)
        guard let word = Word(rawValue: text) else {
            throw refused(found: text, expected: Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }
}
