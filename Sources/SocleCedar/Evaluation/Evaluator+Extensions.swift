// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Evaluator {
    /// A function or a method of an extension type; the receiver of a method is its first argument.
    func call(_ function: ExtensionFunction, _ arguments: [Value], at index: Program.Index) throws(EvaluationError)
        -> Value
    {
        guard arguments.count == function.arity else {
            throw error(
                "`\(function.rawValue)` takes \(function.arity) argument(s), not \(arguments.count), the receiver counted",
                index)
        }
        let first = arguments[0]
        switch function {
        case .decimal, .ip, .datetime, .duration:
            let text = try string(first, index)
            guard let value = function.construct(text) else {
                throw error("`\(text)` has not the form of a value of `\(function.rawValue)`", index)
            }
            return value
        case .lessThan: return .bool(try decimal(first, index) < decimal(arguments[1], index))
        case .lessThanOrEqual: return .bool(try decimal(first, index) <= decimal(arguments[1], index))
        case .greaterThan: return .bool(try decimal(first, index) > decimal(arguments[1], index))
        case .greaterThanOrEqual: return .bool(try decimal(first, index) >= decimal(arguments[1], index))
        case .isIpv4: return .bool(try ip(first, index).isV4)
        case .isIpv6: return .bool(try !ip(first, index).isV4)
        case .isLoopback: return .bool(try ip(first, index).isLoopback)
        case .isMulticast: return .bool(try ip(first, index).isMulticast)
        case .isInRange: return .bool(try ip(first, index).isInRange(ip(arguments[1], index)))
        case .offset:
            let (sum, overflow) = try datetime(first, index).addingReportingOverflow(duration(arguments[1], index))
            guard !overflow else { throw error("overflow: the instant cannot be counted", index) }
            return .datetime(millisecondsSince1970: sum)
        case .durationSince:
            let (span, overflow) = try datetime(first, index)
                .subtractingReportingOverflow(datetime(arguments[1], index))
            guard !overflow else { throw error("overflow: the duration cannot be counted", index) }
            return .duration(milliseconds: span)
        case .toDate:
            guard let date = Instants.date(of: try datetime(first, index)) else {
                throw error("overflow: the start of that day cannot be counted", index)
            }
            return .datetime(millisecondsSince1970: date)
        case .toTime: return .duration(milliseconds: Instants.time(of: try datetime(first, index)))
        case .toMilliseconds: return .long(try duration(first, index))
        case .toSeconds: return .long(try duration(first, index) / 1000)
        case .toMinutes: return .long(try duration(first, index) / 60_000)
        case .toHours: return .long(try duration(first, index) / 3_600_000)
        case .toDays: return .long(try duration(first, index) / Instants.day)
        }
    }

    private func decimal(_ value: Value, _ index: Program.Index) throws(EvaluationError) -> FixedDecimal {
        guard case .decimal(let decimal) = value else { throw mismatch("decimal", value, index) }
        return decimal
    }

    private func ip(_ value: Value, _ index: Program.Index) throws(EvaluationError) -> IPRange {
        guard case .ip(let range) = value else { throw mismatch("ipaddr", value, index) }
        return range
    }

    private func datetime(_ value: Value, _ index: Program.Index) throws(EvaluationError) -> Int64 {
        guard case .datetime(let instant) = value else { throw mismatch("datetime", value, index) }
        return instant
    }

    private func duration(_ value: Value, _ index: Program.Index) throws(EvaluationError) -> Int64 {
        guard case .duration(let span) = value else { throw mismatch("duration", value, index) }
        return span
    }
}
