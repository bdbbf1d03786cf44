// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

private let schema = try? Schema(
    parsing: """
        entity U in U { a?: decimal, b: { c: ipaddr, d: Set<datetime> }, e: U } tags duration;
        action a appliesTo { principal: U, resource: U, context: { at: datetime, u?: U } };
        """)
private let policies =
    (try? PolicySet(
        parsing: "permit(principal, action, resource) when { principal.a == context.a || principal in resource.b };"))
    .map(CompiledPolicies.init)

/// Any bytes as entities, a request, policies and a schema in JSON: an error or a value, and a decision either way.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    _ = try? Schema(json: text)
    _ = try? PolicySet(json: text)
    for entity in (try? Entities(json: text, schema: schema)) ?? Entities() { _ = schema?.fault(of: entity) }
    if let request = try? Request(json: text, schema: schema) { _ = schema?.fault(of: request) }
    let entities = (try? Entities(json: text)) ?? Entities()
    if let request = try? Request(json: text) { _ = policies?.authorize(request, entities) }
    return 0
}
