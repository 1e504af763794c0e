// SPDX-License-Identifier: Apache-2.0

extension PublishedArchive {
    /// results.json against a recount (specification of the tally, 1.9): not done by this version, and never silently.
    func checkResults(_ options: VerificationOptions, _ recorder: inout CheckRecorder) {
        guard hasResults else { return }
        if options.skipsRecount {
            recorder.skip(.results, "not recounted, as asked")
        } else {
            recorder.fail(.results, "this version does not recount results yet")
        }
    }
}
