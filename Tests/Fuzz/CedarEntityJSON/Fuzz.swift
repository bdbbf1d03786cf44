// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// Any bytes as entities, a request, policies and a schema in JSON: an error or a value, and a decision either way.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    _ = try? Schema(json: text)
    _ = try? PolicySet(json: text)
    let entities = (try? Entities(json: text)) ?? Entities()
    guard let request = try? Request(json: text),
        let set = try? PolicySet(
            parsing: "permit(principal, action, resource) when { principal.a == context.a || principal in resource.b };"
        )
    else { return 0 }
    _ = CompiledPolicies(set).authorize(request, entities)
    return 0
}
