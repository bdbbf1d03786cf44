// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleFHIR
import SocleIdentity

/// A search of the journal: one patient, between two dates, page by page.
struct AuditEventQuery {
    let patient: PatientIdentifier
    let from: Instant?
    let to: Instant?
    let before: JournalPlace?
    let count: Int

    private static let usualCount = 50

    init(_ form: Form, base: String) throws(FHIRRefusal) {
        var named: PatientIdentifier?
        var limits: (from: Instant?, to: Instant?) = (nil, nil)
        var before: JournalPlace?
        var count = AuditEventQuery.usualCount
        for field in form.fields {
            switch field.name {
            case "patient":
                guard named == nil else {
                    throw FHIRRefusal(400, .value, "`patient` is said once: a journal is one person's")
                }
                let text = field.value.contains("/") ? field.value : "Patient/\(field.value)"
                guard let reference = Reference(text, base: base), reference.type == "Patient" else {
                    throw FHIRRefusal(400, .value, "`patient` is a reference to a `Patient`")
                }
                named = PatientIdentifier(reference.id)
            case "date": try AuditEventQuery.limit(&limits, by: field.value)
            case "_page":
                guard let place = AuditEventQuery.place(of: field.value) else {
                    throw FHIRRefusal(400, .value, "`_page` is no page of ours")
                }
                before = place
            case "_count": count = try SearchQuery.count(field.value)
            case "_format": continue
            default:
                throw FHIRRefusal(400, .notSupported, "a parameter is none of patient, date, _count, _page")
            }
        }
        guard let named else {
            throw FHIRRefusal(400, .required, "audit events are searched by `patient`")
        }
        patient = named
        from = limits.from
        to = limits.to
        self.before = before
        self.count = count
    }

    private static func limit(
        _ limits: inout (from: Instant?, to: Instant?), by text: String
    ) throws(FHIRRefusal) {
        let prefix = text.prefix { $0.isLetter }
        guard let date = FHIRDate(String(text.dropFirst(prefix.count))) else {
            throw FHIRRefusal(400, .value, "`date` is a date, with ge, gt, le or lt before it")
        }
        let end = date.end.map { max($0, Instant(milliseconds: date.start.milliseconds + 1)) }
        // Every date must hold; what has no end bounds nothing.
        func from(_ instant: Instant) { limits.from = max(limits.from ?? instant, instant) }
        func to(_ instant: Instant?) {
            if let instant { limits.to = min(limits.to ?? instant, instant) }
        }
        switch prefix {
        case "", "eq":
            from(date.start)
            to(end)
        case "ge": from(date.start)
        case "gt": from(end ?? date.start)
        case "le": to(end)
        case "lt": to(date.start)
        default: throw FHIRRefusal(400, .value, "`date` is compared by eq, ge, gt, le or lt")
        }
    }

    /// A page token holds where the page before ended, and no right to anything.
    static func token(_ place: JournalPlace) -> String {
        PageToken.text(after: "\(place.instant.milliseconds).\(AuditEvent.id(of: place.position))")
    }

    private static func place(of token: String) -> JournalPlace? {
        guard let text = PageToken.id(of: token), let dot = text.firstIndex(of: "."),
            let milliseconds = Int64(text[..<dot]),
            let position = AuditEvent.position(of: String(text[text.index(after: dot)...]))
        else { return nil }
        return JournalPlace(instant: Instant(milliseconds: milliseconds), position: position)
    }
}
