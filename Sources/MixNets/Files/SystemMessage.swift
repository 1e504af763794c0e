// SPDX-License-Identifier: Apache-2.0

private import Glibc

/// What the system says of an errno.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
