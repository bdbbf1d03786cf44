// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A person of the cast who may sign in. Nobody else of the region has credentials.
struct DemoAccount: Sendable {
    var login: String
    var name: String
    /// nil for an administrator.
    var professional: String?
    var adminRoles: [String] = []

    static let all = [
        DemoAccount(login: "anne.morel", name: "Anne Morel", professional: Region.Cast.morel),
        DemoAccount(login: "paul.nadir", name: "Paul Nadir", professional: Region.Cast.nadir),
        DemoAccount(login: "sofia.lemaire", name: "Sofia Lemaire", professional: Region.Cast.lemaire),
        DemoAccount(login: "awa.sarr", name: "Awa Sarr", professional: Region.Cast.sarr),
        DemoAccount(login: "lina.roche", name: "Lina Roche", professional: Region.Cast.roche),
        DemoAccount(
            login: "claire.vidal", name: "Claire Vidal", professional: nil,
            adminRoles: ["platform_admin", "policy_author"]),
        DemoAccount(
            login: "marc.aubry", name: "Marc Aubry", professional: nil,
            adminRoles: ["platform_admin", "policy_approver"]),
    ]

    /// As printed: `professional`, or the roles of the console with `admin` first.
    var roles: [String] { professional == nil ? ["admin"] + adminRoles : ["professional"] }
}
