// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What one decision reads and what it remembers, at an address that does not move while it lasts.
///
/// INVARIANT: the code, the entities and the request are held by `Code.evaluating`, which makes the frame and clears it.
struct Frame {
    /// How many results of repeated expressions are kept: one bit each in `known`.
    static let memory = 64

    unowned(unsafe) let code: Code
    let steps: UnsafePointer<Code.Step>
    let lists: UnsafePointer<Program.Index>
    let constants: UnsafePointer<Value>
    let names: UnsafePointer<Text>
    let entities: Entities.Reading
    let principal: Named
    let action: Named
    let resource: Named
    /// Always a record.
    let context: UnsafePointer<Value>
    /// Room for `memory` results; those whose bit is set in `known` have been computed.
    let results: UnsafeMutablePointer<Cell>
    var known: UInt64 = 0
    /// Values made on the way, which have no other owner.
    var made: [UnsafeMutablePointer<Value>] = []

    /// An entity the request names, looked up once.
    struct Named {
        /// The name as the entities know it, which is then recognised by its address; as asked when they do not.
        let name: EntityReference
        let entry: UnsafePointer<Entities.Entry>?

        init(_ uid: EntityUID, among entities: Entities.Reading) {
            let asked = EntityReference(uid)
            entry = entities.entry(asked)
            name = entry.map { EntityReference($0.pointee.entity.uid) } ?? asked
        }

        /// What is above it, itself not counted.
        var ancestors: ValueSet.Reading? { entry?.pointee.ancestors.reading }
    }

    init(
        code: Code, entities: Entities, request: Request, context: UnsafePointer<Value>,
        results: UnsafeMutablePointer<Cell>
    ) {
        self.code = code
        steps = UnsafePointer(code.steps.base)
        lists = UnsafePointer(code.lists.base)
        constants = UnsafePointer(code.constants.base)
        names = UnsafePointer(code.names.base)
        self.entities = entities.reading
        principal = Named(request.principal, among: self.entities)
        action = Named(request.action, among: self.entities)
        resource = Named(request.resource, among: self.entities)
        self.context = context
        self.results = results
    }

    mutating func clear() {
        for value in made {
            value.deinitialize(count: 1)
            value.deallocate()
        }
        made = []
    }
}
