// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// The parameter `claims`: which claims, where, and how much they matter (OpenID Connect Core §5.5).
///
/// - Shape: a JSON object of at most 4,096 bytes; members other than `userinfo` and `id_token` are not understood and
///   ignored, as §5.5 has it; each holds at most 64 claims.
/// - Asking releases nothing by itself: a claim is told when a scope of the grant covers it, or the client is
///   registered for one that does.
package struct ClaimsRequest: Hashable, Sendable {
    package struct Wanted: Hashable, Sendable {
        package var isEssential = false
        /// What the claim should be; empty for anything.
        package var values: [JSONValue] = []

        package init(isEssential: Bool = false, values: [JSONValue] = []) {
            self.isEssential = isEssential
            self.values = values
        }
    }

    package var userInfo: [String: Wanted] = [:]
    package var idToken: [String: Wanted] = [:]

    package init() {}

    package var isEmpty: Bool { userInfo.isEmpty && idToken.isEmpty }

    /// - Throws: `invalid_request` for what is not such an object.
    package init(_ text: String) throws(ProtocolError) {
        guard let object = (try? JSONValue(parsing: text, limits: Self.limits))?.object,
            let read = ClaimsRequest(object)
        else { throw ProtocolError(.invalidRequest, "`claims` is malformed") }
        self = read
    }

    /// nil when a member has another type than §5.5.1 gives it.
    package init?(_ object: JSONObject) {
        guard let userInfo = Self.wanted(object["userinfo"]), let idToken = Self.wanted(object["id_token"]) else {
            return nil
        }
        self.userInfo = userInfo
        self.idToken = idToken
    }

    package var json: JSONObject {
        ["userinfo": .object(Self.json(userInfo)), "id_token": .object(Self.json(idToken))]
    }

    /// The `acr` values without which the request fails (§5.5.1.1); nil when any will do.
    package var essentialACR: [String]? {
        guard let acr = idToken["acr"], acr.isEssential, !acr.values.isEmpty else { return nil }
        return acr.values.compactMap(\.string)
    }

    /// The only person who will do (§5.5.1: a `sub` with a value).
    var subject: String? { (idToken["sub"] ?? userInfo["sub"])?.values.first?.string }

    /// The claims asked for one by one, wherever they go.
    package var names: Set<String> { Set(userInfo.keys).union(idToken.keys).subtracting(Self.always) }

    /// In bytes.
    static let limit = 4096

    /// Told in any case, whatever is asked.
    private static let always: Set<String> = ["sub", "acr", "auth_time", "amr"]

    func limited(to client: Client) -> ClaimsRequest {
        func may(_ name: String) -> Bool {
            Self.always.contains(name) || Scope.releasing(name).map(client.scopes.contains) ?? false
        }
        var claims = self
        claims.userInfo = userInfo.filter { may($0.key) }
        claims.idToken = idToken.filter { may($0.key) }
        return claims
    }

    private static let limits = JSONLimits(bytes: limit, depth: 6, values: 512)

    private static func wanted(_ value: JSONValue?) -> [String: Wanted]? {
        guard let value, !value.isNull else { return [:] }
        guard let members = value.object?.members, members.count <= 64 else { return nil }
        var all: [String: Wanted] = [:]
        for (name, value) in members {
            guard let wanted = one(value) else { return nil }
            all[name] = wanted
        }
        return all
    }

    private static func one(_ value: JSONValue) -> Wanted? {
        if value.isNull { return Wanted() }
        guard let object = value.object else { return nil }
        var wanted = Wanted()
        if let essential = object["essential"] {
            guard let flag = essential.bool else { return nil }
            wanted.isEssential = flag
        }
        if let one = object["value"] { wanted.values.append(one) }
        if let several = object["values"] {
            guard let list = several.array else { return nil }
            wanted.values += list
        }
        return wanted
    }

    private static func json(_ wanted: [String: Wanted]) -> JSONObject {
        var object = JSONObject()
        for (name, wanted) in wanted.sorted(by: { $0.key < $1.key }) {
            var member = JSONObject()
            if wanted.isEssential { member["essential"] = true }
            if !wanted.values.isEmpty { member["values"] = .array(wanted.values) }
            object[name] = member.isEmpty ? .null : .object(member)
        }
        return object
    }
}
