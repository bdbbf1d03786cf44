// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

extension AccessQuestion: BatchedQuestion {
    package enum Limit {
        /// Bytes of an identifier, a code or a name.
        package static let name = 256
        /// Bytes of a justification.
        package static let text = 2000
        package static let confidentiality = 32
        package static let candidates = 1000
        /// Questions in one call.
        package static let evaluations = 1000
    }

    /// A patient is named in two places.
    package static func leaveOpen(_ resource: inout JSONObject) {
        guard resource["type"]?.string == patientType, var properties = resource["properties"]?.object else { return }
        properties["patient"] = nil
        resource["properties"] = .object(properties)
    }

    package var candidateCount: Int { resource.candidates.count }
    package var asksForTrace: Bool { context.trace }

    package static func subject(_ view: JSONView?) throws(MalformedQuestion) -> Subject {
        try Subject(Member(view, "subject"))
    }
    package static func action(_ view: JSONView?) throws(MalformedQuestion) -> String {
        try Member(view, "action").required("name")
    }
    package static func resource(_ view: JSONView?) throws(MalformedQuestion) -> Resource {
        try Resource(Member(view, "resource"))
    }
    package static func context(_ view: JSONView?) throws(MalformedQuestion) -> Context {
        try Context(Member(view, "context", optional: true))
    }
}

extension AccessQuestion.Subject {
    private static let read = ["situation", "method", "acr"]

    init(_ member: Member) throws(MalformedQuestion) {
        let properties = try member.object("properties")
        let names = properties.view?.names.filter { !Self.read.contains($0) } ?? []
        self.init(
            type: try member.required("type"), id: try member.required("id"),
            situation: try properties.string("situation"), method: try properties.string("method"),
            acr: try properties.string("acr"),
            // Enough to tell an application what it wastes its time on, never an echo of what it sent.
            ignored: names.prefix(16).filter { $0.utf8.count <= 64 })
    }
}

extension AccessQuestion.Resource {
    init(_ member: Member) throws(MalformedQuestion) {
        let properties = try member.object("properties")
        let type = try member.required("type")
        let id = try member.required("id")
        let patient = try properties.string("patient")
        // Decided on one patient, it would be taken for the other.
        guard type != AccessQuestion.patientType || patient == nil || patient == id else {
            throw MalformedQuestion(
                "`\(properties.name).patient` must be the patient that `\(member.name).id` names, or be left out")
        }
        self.init(
            type: type, id: id, patient: patient, typeCode: try properties.string("type_code"),
            author: try properties.string("author"), authorStructure: try properties.string("author_structure"),
            confidentiality: try properties.strings("confidentiality"), created: try properties.string("created"),
            candidates: try Self.candidates(properties))
    }

    private static func candidates(
        _ properties: Member
    ) throws(MalformedQuestion) -> [AccessQuestion.Candidate] {
        guard let value = properties["candidates"] else { return [] }
        let name = "\(properties.name).candidates"
        guard let array = value.elements else { throw MalformedQuestion("`\(name)` must be an array") }
        guard array.count <= AccessQuestion.Limit.candidates else {
            throw MalformedQuestion("`\(name)` holds more than \(AccessQuestion.Limit.candidates) values")
        }
        var candidates: [AccessQuestion.Candidate] = []
        candidates.reserveCapacity(array.count)
        for element in array {
            if let id = element.string {
                try Member.check(id, name)
                candidates.append(AccessQuestion.Candidate(id: id))
            } else {
                let member = try Member(element, name)
                candidates.append(
                    AccessQuestion.Candidate(
                        id: try member.required("id"), typeCode: try member.string("type_code"),
                        author: try member.string("author"),
                        authorStructure: try member.string("author_structure"),
                        confidentiality: try member.strings("confidentiality")))
            }
        }
        return candidates
    }
}

extension AccessQuestion.Context {
    init(_ member: Member) throws(MalformedQuestion) {
        self.init(
            purpose: try member.string("purpose"),
            justification: try member.string("justification", limit: AccessQuestion.Limit.text),
            immediateRisk: try member.bool("immediate_risk"),
            patientCapacity: try member.string("patient_capacity"), callID: try member.string("call_id"),
            pseudonymised: try member.bool("pseudonymised"), trace: try member.bool("trace"))
    }
}

/// An object of the request and the path to it, for messages.
struct Member {
    /// nil when there is none, and it may be left out.
    let view: JSONView?
    private let parent: String?
    private let own: String

    /// The path to it.
    var name: String { parent.map { "\($0).\(own)" } ?? own }

    init(
        _ view: JSONView?, _ name: String, of parent: String? = nil, optional: Bool = false
    ) throws(MalformedQuestion) {
        self.parent = parent
        own = name
        guard let view, !view.isNull else {
            guard optional else { throw MalformedQuestion("`\(name)` is missing") }
            self.view = nil
            return
        }
        guard view.isObject else {
            throw MalformedQuestion("`\(parent.map { "\($0)." } ?? "")\(name)` must be an object")
        }
        self.view = view
    }

    /// What the member holds; nil for null as for nothing.
    subscript(member: String) -> JSONView? {
        guard let value = view?[member], !value.isNull else { return nil }
        return value
    }

    /// Its members, as a tree.
    var tree: JSONObject { view?.value.object ?? JSONObject() }

    func object(_ member: String) throws(MalformedQuestion) -> Member {
        try Member(view?[member], member, of: name, optional: true)
    }

    func required(_ member: String) throws(MalformedQuestion) -> String {
        guard let value = try string(member) else { throw MalformedQuestion("`\(name).\(member)` is missing") }
        guard !value.isEmpty else { throw MalformedQuestion("`\(name).\(member)` is empty") }
        return value
    }

    func string(_ member: String, limit: Int = AccessQuestion.Limit.name) throws(MalformedQuestion) -> String? {
        guard let value = self[member] else { return nil }
        guard let text = value.string else { throw MalformedQuestion("`\(name).\(member)` must be a string") }
        try Member.check(text, "\(name).\(member)", limit: limit)
        return text
    }

    func bool(_ member: String) throws(MalformedQuestion) -> Bool {
        guard let value = self[member] else { return false }
        guard let bool = value.bool else { throw MalformedQuestion("`\(name).\(member)` must be true or false") }
        return bool
    }

    func strings(_ member: String) throws(MalformedQuestion) -> [String] {
        guard let value = self[member] else { return [] }
        guard let strings = value.strings else {
            throw MalformedQuestion("`\(name).\(member)` must be an array of strings")
        }
        guard strings.count <= AccessQuestion.Limit.confidentiality else {
            throw MalformedQuestion(
                "`\(name).\(member)` holds more than \(AccessQuestion.Limit.confidentiality) values")
        }
        for text in strings { try Member.check(text, "\(name).\(member)") }
        return strings
    }

    static func check(
        _ text: String, _ name: @autoclosure () -> String, limit: Int = AccessQuestion.Limit.name
    ) throws(MalformedQuestion) {
        guard text.utf8.count <= limit else { throw MalformedQuestion("`\(name())` is longer than \(limit) bytes") }
        // PostgreSQL text cannot hold it: it would look like an outage, and in a list spoil every other question.
        guard !text.utf8.contains(0) else { throw MalformedQuestion("`\(name())` holds a NUL character") }
    }
}
