// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// Any bytes as policies: an error with a place, or policies that print, lay out and go through JSON unchanged.
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
    return 0
}
