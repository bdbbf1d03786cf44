// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// An Argon2id hash with its salt and parameters, in the one spelling `PasswordHash` writes.
struct PHCString {
    var parameters: PasswordHash.Parameters
    var salt: [UInt8]
    var hash: [UInt8]

    init(parameters: PasswordHash.Parameters, salt: [UInt8], hash: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.hash = hash
    }

    /// nil for another algorithm or version, another order of parameters, or values outside what Socle accepts.
    init?(_ text: String) {
        guard text.utf8.count <= 256 else { return nil }
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0].isEmpty, fields[1] == "argon2id", fields[2] == "v=19",
            let parameters = PHCString.parameters(fields[3]), parameters.areAcceptable,
            let salt = Base64.standard.decode(Array(fields[4].utf8)[...]), (8...64).contains(salt.count),
            let hash = Base64.standard.decode(Array(fields[5].utf8)[...]), (16...64).contains(hash.count)
        else { return nil }
        self.init(parameters: parameters, salt: salt, hash: hash)
    }

    var text: String {
        "$argon2id$v=19$m=\(parameters.memory),t=\(parameters.passes),p=\(parameters.lanes)"
            + "$\(PHCString.text(salt))$\(PHCString.text(hash))"
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: Base64.standard.encode(bytes), as: UTF8.self)
    }

    private static func parameters(_ field: Substring) -> PasswordHash.Parameters? {
        let parts = field.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3, let memory = number(parts[0], "m="), let passes = number(parts[1], "t="),
            let lanes = number(parts[2], "p=")
        else { return nil }
        return PasswordHash.Parameters(memory: memory, passes: passes, lanes: lanes)
    }

    private static func number(_ part: Substring, _ name: String) -> UInt32? {
        guard part.hasPrefix(name) else { return nil }
        let digits = part.dropFirst(name.count)
        guard let first = digits.utf8.first, (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(first) else { return nil }
        return UInt32(digits)
    }
}
