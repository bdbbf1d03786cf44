// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One write asked for: a create, or an update.
package struct WriteOperation: Hashable, Sendable {
    /// When an update may happen.
    package enum Precondition: Hashable, Sendable {
        /// Nothing was said: right for a resource that is not there yet alone.
        case none
        /// `If-Match`: the version it was made from.
        case version(Int64)
        /// `If-None-Match: *`: only where there is none.
        case absent
    }

    package var resource: Resource
    /// Given by the client for an update, by us for a create.
    package var id: String
    package var isCreate: Bool
    package var precondition: Precondition
    /// Where the operation stands in a bundle, for messages.
    package var place: String?

    package init(
        resource: Resource, id: String, isCreate: Bool, precondition: Precondition = .none, place: String? = nil
    ) {
        self.resource = resource
        self.id = id
        self.isCreate = isCreate
        self.precondition = precondition
        self.place = place
    }

    package var reference: Reference { Reference(type: resource.type.rawValue, id: id) }

    /// - Throws: 409, 412 or 428 when what is stored is not what the client wrote against; 422 for an id of ours.
    func check(against current: StoredVersion?) throws(FHIRRefusal) {
        func refusal(_ status: Int, _ code: Issue.Code, _ words: String) -> FHIRRefusal {
            FHIRRefusal(status, code, words, at: place)
        }
        if isCreate {
            guard current == nil else {
                throw refusal(409, .duplicate, "this \(resource.type.rawValue) is already there: update it")
            }
            return
        }
        switch (precondition, current) {
        case (.version(let expected), let current?):
            guard current.version == expected else {
                throw refusal(412, .conflict, "the version is \(current.version) now, not \(expected)")
            }
        case (.version, nil): throw refusal(412, .conflict, "there is no such resource yet")
        case (.absent, .some): throw refusal(412, .conflict, "the resource is already there")
        case (.none, .some):
            throw refusal(428, .conflict, "an update needs `If-Match` with the version it was made from")
        case (.none, nil), (.absent, nil):
            // Whoever bore all of a record's names could keep it from being shown.
            guard !RecordName.isOne(id) || ![.consent, .careTeam].contains(resource.type) else {
                throw FHIRRefusal(
                    422, .value,
                    "32 hexadecimal digits are an id given here: create it (POST), or choose another",
                    at: place ?? "\(resource.type.rawValue).id")
            }
        }
    }
}
