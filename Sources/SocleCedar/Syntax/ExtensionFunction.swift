// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The functions and methods of the extension types.
public enum ExtensionFunction: String, Sendable, CaseIterable {
    // Constructors, called by name with a string.
    case decimal, ip, datetime, duration
    // Methods; the receiver is the first argument.
    case lessThan, lessThanOrEqual, greaterThan, greaterThanOrEqual
    case isIpv4, isIpv6, isLoopback, isMulticast, isInRange
    case offset, durationSince, toDate, toTime
    case toMilliseconds, toSeconds, toMinutes, toHours, toDays

    /// Called as `name(…)`; every other is called as `receiver.name(…)`.
    public var isConstructor: Bool {
        switch self {
        case .decimal, .ip, .datetime, .duration: true
        default: false
        }
    }

    /// How many arguments it takes, the receiver counted.
    public var arity: Int {
        switch self {
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual, .isInRange, .offset, .durationSince: 2
        default: 1
        }
    }
}
