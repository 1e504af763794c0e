// SPDX-License-Identifier: Apache-2.0

import TrustStores

/// A certificate of peer.example whose key nobody kept: for seeds, and to be put into keystores.
enum SampleCertificate {
    static let certificate = try? Certificate(pem: pem)

    static let pem = """
        -----BEGIN CERTIFICATE-----
        MIIBxzCCAWygAwIBAgIUa5iqbIhgs8YcL+XduNVkN6vge5EwCgYIKoZIzj0EAwIw
        FzEVMBMGA1UEAwwMcGVlci5leGFtcGxlMB4XDTI2MTEyMTE2MjAzNVoXDTQ2MTEx
        NjE2MjAzNVowFzEVMBMGA1UEAwwMcGVlci5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAEzY9CHfnbGA9PKMYUxOzs107b5ar4Dl2wFWPzWPuOtZfqhIws
        5DwxhQP2dLDU/2bdZRv+5ySPRXNsh2TTMJaeIKOBlTCBkjAdBgNVHQ4EFgQU1ci9
        CZnby6C9maHGDqARSMy0dEswHwYDVR0jBBgwFoAU1ci9CZnby6C9maHGDqARSMy0
        dEswDwYDVR0TAQH/BAUwAwEB/zAvBgNVHREEKDAmggxwZWVyLmV4YW1wbGWHBMAA
        AgGHECABDbgAAAAAAAAAAAAAAAEwDgYDVR0PAQH/BAQDAgKEMAoGCCqGSM49BAMC
        A0kAMEYCIQC1+WKg6vXJP8jWbpgRudzPEOEx5ZbiH2bHaTevToIN6wIhANTOwIwv
        HE4GeEVV5gbX+KsJ1SeXdsM0g2yyi6erWS87
        -----END CERTIFICATE-----

        """
}
