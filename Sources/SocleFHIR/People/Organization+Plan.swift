// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

extension Resource {
    /// The structure's record. Whether it forms a team by itself: as is said, or as it was, or as the law has it of its
    /// type.
    func planOrganization(
        id: String, _ context: PlanContext, _ around: inout Surroundings
    ) throws(FHIRRefusal) -> RecordPlan {
        guard let identifier = StructureIdentifier(id) else {
            throw .unprocessable("the id is not an identifier", at: "Organization.id")
        }
        guard let name = root.text("name") else {
            throw .unprocessable("a structure has a name", at: "Organization.name", .required)
        }
        let known = around.structures[identifier]
        let types = root.all("type").flatMap(\.codings)
        // A code of another system is not ours of the same letters: what the law makes of ours, it does not of it.
        let type =
            types.first { $0.system == Vocabulary.structureType }?.code
            ?? types.first.map { "\($0.system)|\($0.code)" }
        var parent: StructureIdentifier?
        if let element = root["partOf"] {
            let reference = try element.reference(base: context.base)
            guard reference.type == "Organization" else {
                throw .unprocessable("an `Organization` is needed here", at: "Organization.partOf")
            }
            parent = StructureIdentifier(reference.id)
        }
        let code = type ?? known?.type ?? ""
        let said = root.extended(Vocabulary.teamCapable, "valueBoolean")
        if let said, said.value.bool == true, TeamForming(type: code) == .never {
            throw .unprocessable(
                "a structure of type \(code) forms no care team by itself (CSP L.1110-12 1°)", at: said.path)
        }
        // That a closed one gathers nobody was not said of it.
        let stored = around.resources[Reference(type: self.type.rawValue, id: id)]
        let wasClosed = stored?.content["active"]?.bool == false
        let before = known?.type == code && !wasClosed ? known?.teamCapable : nil
        let structure = Structure(
            id: identifier, name: name, type: code, finess: try finess ?? known?.finess,
            parent: parent ?? known?.parent,
            // Closed, it gathers nobody.
            teamCapable: root["active"]?.value.bool == false ? false : said?.value.bool ?? before)
        around.structures[identifier] = structure
        return RecordPlan(changes: [PersonChange.structure(structure)])
    }

    private var finess: FINESS? {
        get throws(FHIRRefusal) {
            for element in root.all("identifier") where Vocabulary.finess.contains(element.text("system") ?? "") {
                // The national form has the type digit before the number.
                guard let value = element.text("value") else { continue }
                guard let number = FINESS(value.utf8.count == 10 ? String(value.dropFirst()) : value) else {
                    throw .unprocessable("this is not a FINESS number", at: "\(element.path).value", .value)
                }
                return number
            }
            return nil
        }
    }
}
