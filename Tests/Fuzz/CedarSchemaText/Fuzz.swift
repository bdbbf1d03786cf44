// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// Any bytes as a schema: an error with a place, or a schema that means the same after each translation.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    guard let source = try? SchemaSource(parsing: text), let meant = try? source.resolved() else { return 0 }
    guard let printed = try? source.text(), (try? Schema(parsing: printed)) == meant else {
        fatalError("printing changes the schema")
    }
    guard (try? Schema(json: source.json)) == meant else { fatalError("the JSON form differs") }
    return 0
}
