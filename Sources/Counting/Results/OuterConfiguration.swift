// SPDX-License-Identifier: Apache-2.0

import StrictJSON

extension CountingConfiguration {
    /// config.json as outer archives hold it: one line as Python writes it (specification of counting, 4.4).
    package var file: [UInt8] { json.lineBytes }
}
