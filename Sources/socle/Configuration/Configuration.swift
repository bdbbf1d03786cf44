// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Logging
import SocleIdentity

/// Everything an operator may choose, as one value: read and validated once at start, then given away in slices.
/// `docs/operations.md` gives the reason for each.
struct Configuration: Equatable, Sendable {
    var issuer: Issuer
    var listen: Listen
    var trustedProxies: [String]
    var database: Storage
    var keys: Keys
    /// A folder that replaces the embedded policies; nil for those of the build.
    var policies: String?
    /// Another policy directory and its entities, answered by in place of the region's rules; nil for the region.
    var access: Access?
    var sessions: Sessions
    var tokens: Tokens
    var decisions = Decisions()
    var outbound: Outbound = Outbound()
    var log: Log
    /// `SOCLE_*` variables that name no setting: for a warning at start.
    var unknownVariables: [String] = []

    struct Listen: Equatable, Sendable {
        var address: String
        /// 0 lets the system choose.
        var port: Int
    }

    enum Storage: Equatable, Sendable {
        /// The path of one file.
        case sqlite(String)
        /// A libpq connection string or URI; it may hold a password, so it is never printed.
        case postgresql(String)
    }

    struct Keys: Equatable, Sendable {
        /// The folder of signing keys.
        var directory: String
        var master: MasterKeySource
        /// How long a key signs before its successor does.
        var rotation: Duration = .days(90)
        var hardware: Hardware?

        /// Token keys in a hardware module (PKCS#11), each by its RFC 7512 URI.
        struct Hardware: Equatable, Sendable {
            /// The path of the maker's PKCS#11 library.
            var module: String
            /// A file whose first line is the PIN of the token's user.
            var pinFile: String
            /// At most one an algorithm: these sign.
            var current: [String]
            var next: [String] = []
            var previous: [String] = []

            var uris: [(KeyRecord.State, [String])] { [(.current, current), (.next, next), (.previous, previous)] }
        }
    }

    struct Access: Equatable, Sendable {
        /// A folder: `*.cedar`, with `schema.cedarschema` and `reasons.csv` where there are any.
        var policies: String
        /// A JSON file of Cedar entities.
        var entities: String
    }

    struct Sessions: Equatable, Sendable {
        var idle: Duration = .minutes(30)
        var absolute: Duration = .hours(10)
    }

    struct Tokens: Equatable, Sendable {
        /// DESIGN section 5: five minutes, for those who check them alone.
        var access: Duration = .minutes(5)
        var refreshIdle: Duration = .days(14)
    }

    struct Decisions: Equatable, Sendable {
        /// How much memory the facts of patients and people may take, in bytes (DESIGN 4.4).
        var factsMemory = 64 << 20
        /// Questions a second that one application may put to this process (DESIGN 9).
        var rate = 50_000
    }

    /// What outgoing calls may reach beside the internet (DESIGN 5).
    struct Outbound: Equatable, Sendable {
        /// Private networks: addresses with or without a prefix length.
        var allow: [String] = []
        /// A PEM file of authorities trusted in place of the system's.
        var authorities: String?
    }

    struct Log: Equatable, Sendable {
        var level: Logger.Level = .info
    }
}

/// Where the 32 bytes of the master key come from. Never from the database, never from the configuration file itself.
enum MasterKeySource: Equatable, Sendable {
    case file(String)
    case environment
}
