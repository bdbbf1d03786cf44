// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

// Tables are compared line by line, by what names a line.
extension PolicyDifference {
    private static func lines(_ before: [String: String], _ after: [String: String]) -> [Line] {
        Set(before.keys).union(after.keys).sorted().compactMap { subject in
            guard before[subject] != after[subject] else { return nil }
            return Line(subject: subject, before: before[subject], after: after[subject])
        }
    }

    static func table(
        _ file: String, _ before: PolicyText, _ after: PolicyText, key: [String], _ columns: [String]
    ) -> [Line] {
        func read(_ text: PolicyText) -> [String: String] {
            var lines: [String: String] = [:]
            for row in CommaSeparated(text.files[file] ?? "").rows {
                lines[key.map { row[$0] }.joined(separator: " ")] = columns.map { row[$0] }.joined(separator: " / ")
            }
            return lines
        }
        return lines(read(before), read(after))
    }

    /// `Infirmier (60): CR opératoire (34874-8)`, from `deny (attested)` to `allow (illustrative)`.
    static func matrix(
        _ before: HabilitationMatrix, _ after: HabilitationMatrix, _ language: FactLanguage
    ) -> [Line] {
        let line = language.say(en: "line", fr: "ligne")
        func read(_ matrix: HabilitationMatrix) -> [HabilitationMatrix.Address: HabilitationMatrix.Cell] {
            Dictionary(matrix.allCells.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        }
        let (old, new) = (read(before), read(after))
        func say(_ cell: HabilitationMatrix.Cell?) -> String? {
            cell.map { "\($0.allows ? "allow" : "deny") (\($0.status), \(line) \($0.line))" }
        }
        return Set(old.keys).union(new.keys).compactMap { address -> Line? in
            let (was, now) = (old[address], new[address])
            guard was?.allows != now?.allows || was?.status != now?.status, let named = now ?? was else { return nil }
            return Line(subject: named.title, before: say(was), after: say(now))
        }.sorted { $0.subject < $1.subject }
    }

    static func policies(
        _ before: PolicyProgram, _ after: PolicyProgram, _ language: FactLanguage
    ) -> [Line] {
        let at = language.say(en: "at", fr: "à l’ordre")
        func read(_ program: PolicyProgram) -> [String: (rule: PolicyRule, policy: Policy)] {
            var policies: [String: (rule: PolicyRule, policy: Policy)] = [:]
            for policy in program.policies.policies {
                if let rule = program.rule(of: policy) { policies[rule.id] = (rule, policy) }
            }
            return policies
        }
        let (old, new) = (read(before), read(after))
        return Set(old.keys).union(new.keys).sorted().compactMap { id in
            let (was, now) = (old[id], new[id])
            if let was, let now, was.rule == now.rule, was.policy.hasSameMeaning(as: now.policy) { return nil }
            func say(_ entry: (rule: PolicyRule, policy: Policy)?) -> String? {
                entry.map { "\($0.rule.effect.rawValue) \($0.rule.rule) \(at) \($0.rule.order)" }
            }
            return Line(subject: id, before: say(was), after: say(now))
        }
    }

    /// Facts and the values they can have.
    static func facts(_ before: Schema, _ after: Schema) throws(PolicyFaults) -> [Line] {
        func read(_ schema: Schema) throws(PolicyFaults) -> [String: String] {
            var faults: [PolicyFaults.Fault] = []
            let facts = FactSpace.facts(of: schema, &faults)
            guard faults.isEmpty else { throw PolicyFaults(faults) }
            return Dictionary(
                facts.map { ($0.name, $0.values.joined(separator: ", ")) }, uniquingKeysWith: { first, _ in first })
        }
        return lines(try read(before), try read(after))
    }

    static func invariants(_ before: [Invariant], _ after: [Invariant]) -> [Line] {
        func read(_ invariants: [Invariant]) -> [String: Invariant] {
            Dictionary(invariants.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        }
        let (old, new) = (read(before), read(after))
        return Set(old.keys).union(new.keys).sorted().compactMap { id in
            let (was, now) = (old[id], new[id])
            if let was, let now, was.policy.hasSameMeaning(as: now.policy), was.statement == now.statement {
                return nil
            }
            return Line(subject: id, before: was?.statement, after: now?.statement)
        }
    }

    /// What no comparison of two texts can tell, and what this one left out.
    static func notChecked(
        _ before: PolicyText, _ after: PolicyText, _ changes: [Change], _ language: FactLanguage
    ) -> [String] {
        var notes = [
            language.say(
                en: "how Socle computes facts from records: that is the program's, not the version's",
                fr: "comment Socle tire les faits des dossiers : cela relève du programme, non de la version")
        ]
        let read = ["matrix.csv", "parameters.csv", "reasons.csv", PolicySchema.file]
        for file in Set(before.files.keys).union(after.files.keys).sorted() {
            guard before.files[file] != after.files[file], !read.contains(file), !file.hasSuffix(".cedar") else {
                continue
            }
            notes.append(
                language.say(
                    en: "\(file) differs: it decides nothing", fr: "\(file) diffère : ce fichier ne décide rien"))
        }
        let undetailed = changes.reduce(UInt128(0)) { $0 + $1.undetailed }
        if undetailed > 0 {
            notes.append(
                language.say(
                    en: "\(undetailed) combinations are counted and not described: too many blocks",
                    fr: "\(undetailed) combinaisons sont comptées et non décrites : trop de groupes"))
        }
        // Told by their last line, as they are read: the gate lets none of them through.
        return notes + ParameterTable.faultsOfForm(after).map(\.description)
    }
}
