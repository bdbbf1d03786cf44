// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension ExtensionFunction {
    /// A function or a method of an extension type; the receiver of a method is its first argument.
    func apply(_ arguments: [Value], at position: Position) throws(EvaluationError) -> Value {
        guard arguments.count == arity else {
            throw EvaluationError(
                "`\(rawValue)` takes \(arity) argument(s), not \(arguments.count), the receiver counted",
                at: position)
        }
        let first = arguments[0]
        switch self {
        case .decimal, .ip, .datetime, .duration:
            let text = try string(first, position)
            guard let value = construct(text) else {
                throw EvaluationError("`\(text)` has not the form of a value of `\(rawValue)`", at: position)
            }
            return value
        case .lessThan: return .bool(try decimal(first, position) < decimal(arguments[1], position))
        case .lessThanOrEqual: return .bool(try decimal(first, position) <= decimal(arguments[1], position))
        case .greaterThan: return .bool(try decimal(first, position) > decimal(arguments[1], position))
        case .greaterThanOrEqual: return .bool(try decimal(first, position) >= decimal(arguments[1], position))
        case .isIpv4: return .bool(try ip(first, position).isV4)
        case .isIpv6: return .bool(try !ip(first, position).isV4)
        case .isLoopback: return .bool(try ip(first, position).isLoopback)
        case .isMulticast: return .bool(try ip(first, position).isMulticast)
        case .isInRange: return .bool(try ip(first, position).isInRange(ip(arguments[1], position)))
        case .offset:
            let (sum, overflow) = try datetime(first, position).addingReportingOverflow(
                duration(arguments[1], position))
            guard !overflow else { throw EvaluationError("overflow: the instant cannot be counted", at: position) }
            return .datetime(millisecondsSince1970: sum)
        case .durationSince:
            let (span, overflow) = try datetime(first, position)
                .subtractingReportingOverflow(datetime(arguments[1], position))
            guard !overflow else { throw EvaluationError("overflow: the duration cannot be counted", at: position) }
            return .duration(milliseconds: span)
        case .toDate:
            guard let date = Instants.date(of: try datetime(first, position)) else {
                throw EvaluationError("overflow: the start of that day cannot be counted", at: position)
            }
            return .datetime(millisecondsSince1970: date)
        case .toTime: return .duration(milliseconds: Instants.time(of: try datetime(first, position)))
        case .toMilliseconds: return .long(try duration(first, position))
        case .toSeconds: return .long(try duration(first, position) / 1000)
        case .toMinutes: return .long(try duration(first, position) / 60_000)
        case .toHours: return .long(try duration(first, position) / 3_600_000)
        case .toDays: return .long(try duration(first, position) / Instants.day)
        }
    }

    private func string(_ value: Value, _ position: Position) throws(EvaluationError) -> String {
        guard case .string(let string) = value else { throw EvaluationError.mismatch("string", value, position) }
        return string
    }

    private func decimal(_ value: Value, _ position: Position) throws(EvaluationError) -> FixedDecimal {
        guard case .decimal(let decimal) = value else { throw EvaluationError.mismatch("decimal", value, position) }
        return decimal
    }

    private func ip(_ value: Value, _ position: Position) throws(EvaluationError) -> IPRange {
        guard case .ip(let range) = value else { throw EvaluationError.mismatch("ipaddr", value, position) }
        return range
    }

    private func datetime(_ value: Value, _ position: Position) throws(EvaluationError) -> Int64 {
        guard case .datetime(let instant) = value else { throw EvaluationError.mismatch("datetime", value, position) }
        return instant
    }

    private func duration(_ value: Value, _ position: Position) throws(EvaluationError) -> Int64 {
        guard case .duration(let span) = value else { throw EvaluationError.mismatch("duration", value, position) }
        return span
    }
}
