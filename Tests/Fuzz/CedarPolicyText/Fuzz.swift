// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

private let schema = try? Schema(
    parsing: """
        entity Group in Group;
        entity User, Photo in Group { name?: String, size: Long, owner: User, ip?: ipaddr, at: datetime } tags Set<Long>;
        action view, edit appliesTo { principal: User, resource: [User, Photo], context: { a?: Bool, n: decimal } };
        """)
private let request = Request(
    principal: EntityUID(type: "User", id: "alice"), action: EntityUID(type: "Action", id: "view"),
    resource: EntityUID(type: "Photo", id: "VacationPhoto94.jpg"), context: ["a": true, "b": ["c": [1, 2]]])

/// Any bytes as policies: an error with a place, or policies that print, lay out and go through JSON unchanged, can be
/// validated, decide, and are explained as they decide.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    guard let set = try? PolicySet(parsing: text) else { return 0 }
    let printed = set.description
    guard let again = try? PolicySet(parsing: printed), again.description == printed else {
        fatalError("printing is not stable")
    }
    guard let formatted = try? PolicyFormatter.format(text), (try? PolicyFormatter.format(formatted)) == formatted
    else {
        fatalError("laying out is not stable")
    }
    if let json = try? set.json(), (try? PolicySet(json: json).json()) != json {
        fatalError("the JSON form differs")
    }
    if let schema { _ = schema.validate(set, level: 1) }
    let compiled = CompiledPolicies(set)
    let satisfied = compiled.authorize(request, Entities()).satisfied.map(\.id)
    let explained = compiled.explain(request, Entities()).filter { $0.outcome == .holds }.map(\.policy.id)
    guard satisfied == explained else { fatalError("an explanation differs from the decision") }
    return 0
}
