// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

// What each refusal tells the author to do.
extension NotFinite {
    static func identifier(_ uid: EntityUID, _ position: Position) -> NotFinite {
        NotFinite(
            position: position,
            message: "`\(uid)` is one person, document or thing: a published policy names roles, categories and values "
                + "of facts; what concerns one of them is a record (a block, a mask, a consent, a mandate)")
    }

    /// An expression that is no condition over finite facts, with the cure for its kind.
    static func unreadable(_ expression: Expression) -> NotFinite {
        let message: String
        switch expression.kind {
        case .binary(let symbol, _, _) where [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(symbol):
            message = number
        case .binary(let symbol, _, _) where [.add, .subtract, .multiply].contains(symbol): message = number
        case .negate, .literal(.long): message = number
        case .call: message = "a date, an address or a decimal is compared: " + asFact
        case .like, .literal(.string): message = "a text is compared: " + asFact
        case .binary(let symbol, _, _)
        where [.contains, .containsAll, .containsAny, .hasTag, .getTag].contains(symbol):
            message = "an open set is searched: " + asFact
        case .isEmpty, .set, .record: message = "an open set is searched: " + asFact
        case .binary(.in, _, _):
            message = "`in` needs a role, a category or an action written out on its right"
        default:
            message = "this is no condition over the facts of the schema: " + asFact
        }
        return NotFinite(position: expression.position, message: message)
    }

    private static let asFact =
        "let Socle compute a fact of few values (Sources/SocleAccess/Facts), declare it in schema.cedarschema, and "
        + "compare that"
    private static let number = "a number is compared: " + asFact
}
