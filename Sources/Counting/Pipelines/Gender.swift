// SPDX-License-Identifier: Apache-2.0

import StrictJSON

extension CountedQuestion {
    /// The texts of the answers that the election calls women.
    var womenNames: Set<ExactText> {
        Set(
            answers.filter {
                CountableAnswer.holds(
                    $0.json["urls"] ?? [], title: "Gender", url: "https://sequentech.io/api/gender/M")
            }.map { ExactText($0.text) })
    }

    /// Whether the answer at an index is one of these women.
    func isWoman(_ index: Int, _ names: Set<ExactText>) -> Bool { names.contains(ExactText(answers[index].text)) }
}
