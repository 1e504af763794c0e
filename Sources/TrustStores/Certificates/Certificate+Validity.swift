// SPDX-License-Identifier: Apache-2.0

public import Foundation

extension Certificate {
    /// How long before a certificate runs out its operator is told to renew it.
    public static let renewalDays = 30

    public func isValid(at date: Date) -> Bool { validFrom <= date && date <= validUntil }

    /// Whole days until it runs out; negative afterwards.
    public func daysLeft(at date: Date) -> Int { Int((validUntil.timeIntervalSince(date) / 86_400).rounded(.down)) }
}

/// The day in UTC, such as 2046-05-31.
public func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }

/// The second in UTC, such as 2046-05-31T07:08:09Z.
public func moment(_ date: Date) -> String { date.formatted(.iso8601) }
