// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

private let policies = try? PolicySet(
    parsing: """
        permit(principal is User, action == Action::"view", resource)
        when { principal.name == "a" && context.a.b || resource in principal.groups };
        forbid(principal, action in Action::"edit", resource is N::Photo)
        unless { resource has owner.name && principal.hasTag("t") && principal.getTag("t") == context.t };
        """)

/// Any bytes as a schema: an error with a place, or a schema that means the same after each translation, against which
/// policies can be validated.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    guard let source = try? SchemaSource(parsing: text), let meant = try? source.resolved() else { return 0 }
    guard let printed = try? source.text(), (try? Schema(parsing: printed)) == meant else {
        fatalError("printing changes the schema")
    }
    guard (try? Schema(json: source.json)) == meant else { fatalError("the JSON form differs") }
    if let policies { _ = meant.validate(policies, level: 1) }
    return 0
}
