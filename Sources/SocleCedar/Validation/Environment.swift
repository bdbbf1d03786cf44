// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One shape of request: an action with a type of principal and a type of resource it applies to.
struct Environment {
    var schema: Schema
    var principal: Text
    var action: EntityUID
    var resource: Text
    var context: RecordType
}

extension Schema {
    /// Every shape of request the schema allows, in a stable order.
    var environments: [Environment] {
        actions.keys.sorted().flatMap { uid -> [Environment] in
            guard let action = actions[uid] else { return [] }
            return action.principals.flatMap { principal in
                action.resources.map { resource in
                    Environment(
                        schema: self, principal: principal, action: uid, resource: resource, context: action.context)
                }
            }
        }
    }

    func isActionType(_ name: Text) -> Bool { actions.keys.contains { $0.typeName == name } }
}
