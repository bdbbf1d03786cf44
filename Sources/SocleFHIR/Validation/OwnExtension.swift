// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON

/// An extension of Socle's own: where it stands, what it says, and whether more than once.
struct OwnExtension {
    let url: String
    let place: String
    let values: Set<String>
    var repeats = false

    /// All there are (`docs/fhir-consent.md`).
    static let all = [
        OwnExtension(url: Vocabulary.informed, place: "Consent", values: ["valueBoolean"]),
        OwnExtension(url: Vocabulary.recordedBy, place: "Consent", values: ["valueReference", "valueString"]),
        OwnExtension(url: Vocabulary.evidence, place: "Consent", values: ["valueCode"]),
        OwnExtension(url: Vocabulary.placeKind, place: "Consent.provision", values: ["valueCode"], repeats: true),
        OwnExtension(url: Vocabulary.legalBasis, place: "CareTeam.participant", values: ["valueCode"]),
        OwnExtension(
            url: Vocabulary.addedBy, place: "CareTeam.participant", values: ["valueReference", "valueString"]),
        OwnExtension(url: Vocabulary.information, place: "CareTeam.participant", values: ["valueCode"]),
        OwnExtension(url: Vocabulary.capacity, place: "Patient", values: ["valueCode"]),
        OwnExtension(url: Vocabulary.teamCapable, place: "Organization", values: ["valueBoolean"]),
        OwnExtension(url: Vocabulary.activityKind, place: "PractitionerRole", values: ["valueCode"]),
        OwnExtension(url: Vocabulary.activitySector, place: "PractitionerRole", values: ["valueCode"]),
        OwnExtension(url: Vocabulary.activityMode, place: "PractitionerRole", values: ["valueCode"]),
    ]

    /// The names that only Socle gives, in any case of their letters (RFC 8141 §3.1).
    static func isOwn(_ url: String) -> Bool { url.lowercased().hasPrefix("urn:socle:") }
}

extension Resource {
    /// An extension of ours that is not read as it was meant would be passed over, and what it restricts with it.
    /// - Throws: 422 for one that is none of ours, elsewhere than it stands, of another type of value, or twice. What ends
    ///   something is taken however it is written.
    func expectOwnExtensions() throws(FHIRRefusal) {
        let status = root.text("status")
        let ends =
            switch type {
            case .consent: status != "active"
            case .careTeam: status != nil && status != "active"
            // Of a patient who is not in use nothing ends.
            case .patient: false
            default: root["active"]?.value.bool == false
            }
        guard !ends else { return }
        try OwnExtension.check(root, place: type.rawValue)
    }
}

extension OwnExtension {
    fileprivate static func check(_ element: Element, place: String) throws(FHIRRefusal) {
        for (name, value) in element.value.object?.members.map({ ($0.name, $0.value) }) ?? [] {
            switch name {
            case "extension": try check(list: element.all(name), place: place)
            case "modifierExtension": try check(list: element.all(name), place: "")
            // A copy of another resource comes to no record: what it says stands where it stands there.
            case "contained":
                for item in element.all(name) { try check(item, place: item.text("resourceType") ?? name) }
            default:
                guard value.array == nil else {
                    for item in element.all(name) { try check(item, place: "\(place).\(name)") }
                    continue
                }
                guard value.object != nil, let inner = element[name] else { continue }
                try check(inner, place: "\(place).\(name)")
            }
        }
    }

    private static func check(list: [Element], place: String) throws(FHIRRefusal) {
        var seen: Set<String> = []
        for item in list {
            try check(item, place: "\(place).extension")
            guard let url = item.text("url"), isOwn(url) else { continue }
            guard let known = all.first(where: { $0.url == url && $0.place == place }) else {
                throw .unprocessable(
                    "Socle has no extension `\(url.prefix(100))` here: passed over, it would mean nothing",
                    at: item.path, .structure)
            }
            guard known.values.contains(where: { item[$0] != nil }) else {
                throw .unprocessable(
                    "this extension says a `\(known.values.sorted().joined(separator: "` or a `"))`", at: item.path,
                    .value)
            }
            guard known.repeats || seen.insert(url).inserted else {
                throw .unprocessable("this extension is said once", at: item.path, .structure)
            }
        }
    }
}
