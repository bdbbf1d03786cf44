// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleFHIR

/// Which versions of a resource are wanted, the newest first.
struct HistoryQuery {
    let count: Int
    /// The last version of the page before.
    let before: Int64?

    private static let usualCount = 50

    /// - Throws: 400 naming what is offered: passing over `_since` or `_at` would tell more than was asked for.
    init(_ form: Form) throws(FHIRRefusal) {
        var count = HistoryQuery.usualCount
        var before: Int64?
        for field in form.fields {
            switch field.name {
            case "_count": count = try SearchQuery.count(field.value)
            case "_page":
                guard let number = PageToken.id(of: field.value).flatMap({ Int64($0) }) else {
                    throw FHIRRefusal(400, .value, "`_page` is no page of ours")
                }
                before = number
            case "_format": continue
            default: throw FHIRRefusal(400, .notSupported, "a parameter is none of _count, _page")
            }
        }
        self.count = count
        self.before = before
    }
}
