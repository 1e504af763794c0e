// SPDX-License-Identifier: Apache-2.0

import AuthorityHost
import ReportPages

/// What is measured at each size of a sweep. Of several authorities the one that needs most counts.
package enum SweepQuantity: String, Sendable, CaseIterable {
    case wholeRun = "whole run"
    case encrypting
    case tally
    case verifying
    case authorityCPU = "CPU of an authority"
    case eotestCPU = "CPU of eotest"
    case authorityMemory = "memory of an authority"
    case eotestMemory = "memory of eotest"
    case authorityDisk = "disk of an authority"
    case eotestDisk = "disk of eotest"

    package enum Unit: String, Sendable { case seconds, bytes }

    package var unit: Unit {
        switch self {
        case .wholeRun, .encrypting, .tally, .verifying, .authorityCPU, .eotestCPU: .seconds
        case .authorityMemory, .eotestMemory, .authorityDisk, .eotestDisk: .bytes
        }
    }

    var isMemory: Bool { self == .authorityMemory || self == .eotestMemory }

    package func text(_ value: Double) -> String {
        switch unit {
        case .seconds: Figures.seconds(value)
        case .bytes: Figures.bytes(value)
        }
    }

    /// A power of ten on an axis.
    func tickText(_ value: Double) -> String {
        switch unit {
        case .seconds: "\(value < 1 ? Figures.decimal(value, digits: 1) : Figures.count(Int(value.rounded()))) s"
        case .bytes: Figures.bytes(value).replacing(#/\.0+ /#, with: " ")
        }
    }

    /// A share of one ballot, which is small.
    package func smallText(_ value: Double) -> String {
        switch unit {
        case .seconds: "\(Figures.decimal(value * 1000, digits: 3)) ms"
        case .bytes: Figures.bytes(value)
        }
    }
}

/// A whole rehearsal of one size.
package struct SweepRun: Sendable {
    package let report: RehearsalReport
    /// What its folder takes of eotest's disk.
    package let diskBytes: Int

    package init(report: RehearsalReport, diskBytes: Int) {
        self.report = report
        self.diskBytes = diskBytes
    }

    package var votes: Int { report.facts.votes ?? 0 }

    /// Nil for what no authority told.
    package func value(of quantity: SweepQuantity) -> Double? {
        let costs = report.facts.costs ?? []
        switch quantity {
        case .wholeRun: return report.steps.reduce(0) { $0 + $1.seconds }
        case .encrypting: return seconds(of: [.encrypt])
        case .tally: return seconds(of: [.tally, .download])
        case .verifying: return seconds(of: [.verify, .comparePlaintexts])
        case .authorityCPU: return costs.map(\.total.cpuSeconds).max()
        case .eotestCPU: return report.steps.reduce(0) { $0 + $1.cpuSeconds }
        case .authorityMemory: return costs.map { Double($0.total.peakBytes) }.max()
        case .eotestMemory: return report.steps.map { Double($0.peakBytes) }.max()
        case .authorityDisk: return costs.map { Double($0.costs.diskBytes) }.max()
        case .eotestDisk: return Double(diskBytes)
        }
    }

    private func seconds(of steps: Set<RehearsalStep>) -> Double {
        report.steps.filter { step in steps.contains { $0.rawValue == step.step } }.reduce(0) { $0 + $1.seconds }
    }
}
