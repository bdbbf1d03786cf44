// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess
import SocleStore

/// Where a text of policies is: a folder, a version of an installation, the version in force, or the binary.
enum PolicySource: Equatable {
    case folder(String)
    case version(Int64)
    case inForce
    case build

    static let help = "a folder, a version's number, `active` (in force) or `build` (of this program)"

    /// A folder of that name wins over a number.
    init(_ argument: String) {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder), isFolder.boolValue {
            self = .folder(argument)
        } else if let number = Int64(argument) {
            self = .version(number)
        } else {
            switch argument {
            case "active": self = .inForce
            case "build": self = .build
            default: self = .folder(argument)
            }
        }
    }

    /// - Parameter installation: nil when none was named; versions are then nowhere.
    func text(_ installation: Installation?) async throws -> PolicyText {
        switch self {
        case .folder(let folder): return try PolicyFolder.read(folder)
        case .build: return try PolicyFolder.read(nil)
        case .version(let number):
            let records = StoredAccessRecords(database: try needed(installation).database)
            guard let version = try await records.policy(number: number) else {
                throw CommandFailure("there is no version \(number): `socle policy list` shows those there are")
            }
            return version.text
        case .inForce:
            guard let version = try await needed(installation).policyInForce() else {
                throw CommandFailure("no version is in force yet: `socle serve` publishes the first")
            }
            return version.text
        }
    }

    private func needed(_ installation: Installation?) throws(CommandFailure) -> Installation {
        guard let installation else { throw CommandFailure("a version is of an installation: give --data or --config") }
        return installation
    }
}
