// SPDX-License-Identifier: Apache-2.0

import StrictJSON

extension CountedQuestion {
    /// The texts of the answers that the election calls women.
    var womenNames: Set<ExactText> {
        // Unlike flags, an entry may have more keys.
        func isWoman(_ answer: CountedAnswer) -> Bool {
            (answer.json["urls"]?.asArray ?? []).contains { entry in
                entry["title"] == "Gender" && entry["url"] == "https://sequentech.io/api/gender/M"
            }
        }
        return Set(answers.filter(isWoman).map { ExactText($0.text) })
    }

    /// Whether the answer at an index is one of these women.
    func isWoman(_ index: Int, _ names: Set<ExactText>) -> Bool { names.contains(ExactText(answers[index].text)) }
}
