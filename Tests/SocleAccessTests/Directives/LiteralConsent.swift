// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import SocleJSON
import Testing

/// One access of which everything is known, in the words of FHIR.
struct LiteralAccess: Sendable {
    var professional = "899700100022"
    var structure = "STR-PRACTICE"
    var isInTeam = false
    /// In which, then.
    var team = "team"
    var purpose = "TREAT"
    var action = "read"
    var instant = Instant(seconds: 0)
    // The data.
    var id = "DOC-1"
    var category = "liaison_note"
    var typeCode = "T-OPEN"
    /// `system|code`.
    var labels: Set<String> = []
    var created = Instant(seconds: 0)
    /// A professional and a structure.
    var authors: Set<String> = []
    /// What it is tied to, such as an encounter.
    var related: Set<String> = []

    static let levels = ["U", "L", "M", "N", "R", "V"].map {
        "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|\($0)"
    }
    /// Of several levels the most restricted alone.
    var countedLabels: Set<String> {
        var counted = labels
        for (index, level) in Self.levels.enumerated() where !labels.isDisjoint(with: Self.levels[(index + 1)...]) {
            counted.remove(level)
        }
        return counted
    }
}

/// A `Consent` read as docs/fhir-consent.md words it, from its JSON: slowly, and with nothing of the product's.
struct LiteralConsent {
    enum Answer: Hashable, Sendable { case permit, deny }

    static let actReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
    let json: JSONValue

    /// nil when it says nothing of that access.
    func answer(to access: LiteralAccess) -> Answer? {
        guard json["status"]?.string == "active", let root = json["provision"] else { return nil }
        // From `dateTime` when the root's period has no start.
        if root["period"]?["start"] == nil, let dated = json["dateTime"]?.string,
            access.instant < LiteralConsent.first(dated)
        {
            return nil
        }
        if let answer = answer(of: [root], to: access) { return answer }
        // A root that permits some data only refuses the rest to those it speaks to.
        let isLimited = root["type"]?.string == "permit" && LiteralConsent.saysData(root)
        return isLimited && speaks([root], to: access) ? .deny : nil
    }

    /// - Parameter path: the rules from the root down to the one that is read.
    private func answer(of path: [JSONValue], to access: LiteralAccess) -> Answer? {
        guard let rule = path.last else { return nil }
        // Exceptions are asked first: of several that speak a refusal wins.
        let exceptions = (rule["provision"]?.array ?? []).map { answer(of: path + [$0], to: access) }
        if exceptions.contains(.deny) { return .deny }
        if exceptions.contains(.permit) { return .permit }
        guard speaks(path, to: access), isAbout(path, access) else { return nil }
        switch rule["type"]?.string {
        case "permit": return .permit
        case "deny": return .deny
        default: return nil
        }
    }

    /// Who, why, what for and when.
    private func speaks(_ path: [JSONValue], to access: LiteralAccess) -> Bool {
        // An exception holds no longer than its rule.
        for rule in path where !LiteralConsent.covers(rule["period"], access.instant) { return false }
        // What a rule does not say it takes from the rule above.
        if let rule = path.last(where: { $0["purpose"] != nil }) {
            let wanted = LiteralConsent.codings(rule["purpose"])
            if !wanted.contains(where: LiteralConsent.purposes(of: access.purpose).contains) { return false }
        }
        if let depth = path.lastIndex(where: { $0["actor"] != nil }) {
            let actors = path[depth]["actor"]?.array ?? []
            let above = Array(path[...depth])
            if !actors.contains(where: { names($0, above, access) }) { return false }
        }
        if let rule = path.last(where: { $0["action"] != nil }) {
            let actions: Set<String> =
                switch access.action {
                case "read", "search", "export": ["access", "use", "disclose"]
                case "create": ["collect"]
                case "update", "delete": ["correct"]
                case "publish_dmp": ["disclose"]
                default: []
                }
            let system = "http://terminology.hl7.org/CodeSystem/consentaction|"
            let wanted = LiteralConsent.concepts(rule["action"])
            if !wanted.contains(where: { $0.hasPrefix(system) && actions.contains(String($0.dropFirst(system.count))) })
            {
                return false
            }
        }
        return true
    }

    private func names(_ actor: JSONValue, _ path: [JSONValue], _ access: LiteralAccess) -> Bool {
        let parts = (actor["reference"]?["reference"]?.string ?? "").split(separator: "/").map(String.init)
        guard parts.count == 2 else { return false }
        switch parts[0] {
        case "Practitioner": return parts[1] == access.professional
        case "PractitionerRole": return parts[1].hasPrefix(access.professional + "-")
        case "Organization": return parts[1] == access.structure
        case "CareTeam": return access.isInTeam && parts[1] == access.team
        case "Group":
            // Under a rule for break-glass it stands for those who may break it.
            let rule = path.last { $0["purpose"] != nil }
            let purposes = LiteralConsent.codings(rule?["purpose"])
            let glass = ["BTG", "ETREAT"].map { "\(LiteralConsent.actReason)|\($0)" }
            return access.purpose == "BTG" && !purposes.isEmpty && purposes.allSatisfy(glass.contains)
        default: return false
        }
    }

    private static func saysData(_ rule: JSONValue) -> Bool {
        ["securityLabel", "class", "code", "dataPeriod", "data"].contains { rule[$0] != nil }
    }

    /// Which data: each dimension that says something must hold, by any of its values; data is inherited as a whole.
    private func isAbout(_ path: [JSONValue], _ access: LiteralAccess) -> Bool {
        guard let depth = path.lastIndex(where: LiteralConsent.saysData) else { return true }
        let rule = path[depth]
        if rule["securityLabel"] != nil {
            // A level reaches down in a permit and up in a refusal; said by a root of no effect, as its exception is one.
            let type = path[depth...].first { $0["type"] != nil }?["type"]
            let wanted = LiteralConsent.codings(rule["securityLabel"])
            let isWanted = access.countedLabels.contains { label in
                let level = LiteralAccess.levels.firstIndex(of: label)
                let named = wanted.compactMap(LiteralAccess.levels.firstIndex)
                let reached = level.map { own in
                    named.contains { type?.string == "permit" ? own <= $0 : type?.string == "deny" && own >= $0 }
                }
                return wanted.contains(label) || reached == true
            }
            guard isWanted else { return false }
        }
        if rule["class"] != nil {
            // A document is described by a `DocumentReference`.
            var own = ["urn:socle:resource-category|\(access.category)"]
            if access.category == "document" { own.append("http://hl7.org/fhir/resource-types|DocumentReference") }
            if !LiteralConsent.codings(rule["class"]).contains(where: own.contains) { return false }
        }
        if rule["code"] != nil {
            // A document type is a code of LOINC, or of TRE_A05.
            let own = ["http://loinc.org", "urn:oid:1.2.250.1.213.1.1.4.12"].map { "\($0)|\(access.typeCode)" }
            if !LiteralConsent.concepts(rule["code"]).contains(where: own.contains) { return false }
        }
        if !LiteralConsent.covers(rule["dataPeriod"], access.created) { return false }
        guard let data = rule["data"]?.array else { return true }
        return data.contains { item in
            let text = item["reference"]?["reference"]?.string ?? ""
            let id = text.split(separator: "/").last.map(String.init) ?? ""
            return switch item["meaning"]?.string {
            case "instance": id == access.id
            // A role is the professional who holds it.
            case "authoredby":
                access.authors.contains(text.hasPrefix("PractitionerRole/") ? String(id.prefix { $0 != "-" }) : id)
            case "related", "dependents": id == access.id || access.related.contains(id)
            default: false
            }
        }
    }

    private static func codings(_ array: JSONValue?) -> [String] {
        (array?.array ?? []).map { "\($0["system"]?.string ?? "")|\($0["code"]?.string ?? "")" }
    }

    private static func concepts(_ array: JSONValue?) -> [String] {
        (array?.array ?? []).flatMap { codings($0["coding"]) }
    }

    /// A purpose, and what it is a kind of (ActReason): the SAMU's regulation is emergency treatment.
    private static func purposes(of purpose: String) -> [String] {
        switch purpose {
        case "TREAT": ["\(actReason)|TREAT"]
        case "BTG": ["\(actReason)|BTG", "\(actReason)|ETREAT", "\(actReason)|TREAT"]
        case "REG15": ["urn:socle:purpose|REG15", "\(actReason)|ETREAT", "\(actReason)|TREAT"]
        default: []
        }
    }

    private static func covers(_ period: JSONValue?, _ instant: Instant) -> Bool {
        if let start = period?["start"]?.string, instant < first(start) { return false }
        if let end = period?["end"]?.string, instant >= past(end) { return false }
        return true
    }

    private static func first(_ date: String) -> Instant { dates.first { $0.text == date }?.start ?? .init(seconds: 0) }
    private static func past(_ date: String) -> Instant { dates.first { $0.text == date }?.end ?? .init(seconds: 0) }

    /// The dates that random consents are written with, each with its first instant and the first after it, as a
    /// calendar on the wall in Paris says: no arithmetic. Ordered by the first instant.
    static let dates: [(text: String, start: Instant, end: Instant)] = [
        date("2026", "2026-01-01T00:00:00+01:00", "2027-01-01T00:00:00+01:00"),
        date("2026-10", "2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00"),
        // The day on which summer time ends has 25 hours.
        date("2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"),
        date("2026-10-31", "2026-10-31T00:00:00+01:00", "2026-11-01T00:00:00+01:00"),
        date("2026-11", "2026-11-01T00:00:00+01:00", "2026-12-01T00:00:00+01:00"),
        date("2026-11-02", "2026-11-02T00:00:00+01:00", "2026-11-03T00:00:00+01:00"),
        // A time is exact: nothing holds at the instant it ends.
        date("2026-11-02T10:15:00+01:00", "2026-11-02T09:15:00Z", "2026-11-02T09:15:00Z"),
        date("2026-11-02T11:30:00.500Z", "2026-11-02T11:30:00.500Z", "2026-11-02T11:30:00.500Z"),
        date("2027", "2027-01-01T00:00:00+01:00", "2028-01-01T00:00:00+01:00"),
    ]

    private static func date(_ text: String, _ start: String, _ end: String) -> (String, Instant, Instant) {
        (text, Instant(iso8601: start) ?? .init(seconds: 0), Instant(iso8601: end) ?? .init(seconds: 0))
    }
}

/// The filters that a decision leaves, applied by whoever knows the data: in order, the last that matches deciding.
enum LiteralFilters {
    private static let names = ["label", "class", "code", "created", "instance", "related", "dependents", "authoredby"]

    static func permit(_ filters: [String], _ access: LiteralAccess) throws -> Bool {
        var isPermitted = true
        for filter in filters where try matches(filter, access) { isPermitted = filter.hasPrefix("permit") }
        return isPermitted
    }

    /// Every part must hold, by any of its values.
    private static func matches(_ filter: String, _ access: LiteralAccess) throws -> Bool {
        let effect = filter.prefix { $0 != ":" }
        try #require(effect == "permit" || effect == "forbid", "\(filter)")
        var rest = filter.dropFirst(effect.count)
        while !rest.isEmpty {
            let name = rest.dropFirst().prefix { $0 != "=" }
            try #require(names.contains(String(name)), "\(filter)")
            rest = rest.dropFirst(name.count + 2)
            let end = names.compactMap { rest.firstRange(of: ":\($0)=")?.lowerBound }.min() ?? rest.endIndex
            let values = rest[..<end].split(separator: ",").map(String.init)
            rest = rest[end...]
            if !values.contains(where: { holds(String(name), $0, access) }) { return false }
        }
        return true
    }

    private static func holds(_ name: String, _ value: String, _ access: LiteralAccess) -> Bool {
        let id = value.split(separator: "/").last.map(String.init) ?? ""
        switch name {
        case "label": return access.countedLabels.contains(value)
        case "class": return value == "urn:socle:resource-category|\(access.category)"
        case "code":
            return ["http://loinc.org", "urn:oid:1.2.250.1.213.1.1.4.12"].contains {
                value == "\($0)|\(access.typeCode)"
            }
        case "created":
            let edges = value.split(separator: "/", omittingEmptySubsequences: false).map {
                Instant(iso8601: String($0))
            }
            return edges[0].map { $0 <= access.created } ?? true && edges[1].map { access.created < $0 } ?? true
        case "instance": return id == access.id
        case "authoredby": return access.authors.contains(id)
        default: return id == access.id || access.related.contains(id)
        }
    }
}
