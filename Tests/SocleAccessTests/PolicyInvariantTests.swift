// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleIdentity
import Testing

/// A generator of fixed seed: the same points at each run.
struct Points {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ count: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(count))
    }

    mutating func any<Value: CaseIterable>(_ type: Value.Type) -> Value where Value.AllCases == [Value] {
        Value.allCases[next(Value.allCases.count)]
    }

    /// Mostly the value that lets a question go on, so that points reach the last rules.
    mutating func mostly<Value: CaseIterable>(_ value: Value) -> Value where Value.AllCases == [Value] {
        next(6) == 0 ? any(Value.self) : value
    }

    mutating func flag(oneIn count: Int) -> Bool { next(count) == 0 }

    /// Towards the few questions that administrators, applications and regulating physicians are granted.
    private mutating func lead(_ facts: inout Facts) {
        if facts.subject == .admin {
            facts.category = ["policy", "audit_technical", "document"][next(3)]
            facts.action = [.publish, .simulate, .read][next(3)]
            facts.purpose = mostly(.administration)
        } else if facts.subject == .system {
            facts.category = "document"
            facts.action = [.create, .read, .export][next(3)]
            facts.purpose = [.statistics, .treatment][next(2)]
            facts.relation = mostly(.structure)
            facts.authorship = mostly(.structure)
        } else if facts.purpose == .regulation, flag(oneIn: 2) {
            facts.role = CodedConcept(code: "10", system: CodeSystem.healthProfessions)
            facts.place = .samu
            facts.action = .read
        }
    }

    mutating func facts() -> Facts {
        let categories = ["document", "document_list", "liaison_note", "team_membership", "policy", "audit_technical"]
        let kinds: [SubjectKind] = [.professional, .professional, .professional] + SubjectKind.allCases
        var facts = Facts(subject: kinds[next(kinds.count)], category: categories[next(categories.count)])
        facts.role =
            [
                CodedConcept(code: "10", system: CodeSystem.healthProfessions),
                CodedConcept(code: "60", system: CodeSystem.healthProfessions),
                CodedConcept(code: "330", system: CodeSystem.careRoles), nil,
            ][next(4)]
        facts.adminRoles = [[], ["policy_author"], ["policy_approver"]][next(3)]
        facts.action = any(Facts.Action.self)
        if flag(oneIn: 2) { facts.action = .read }
        facts.application = mostly(.entitled)
        facts.purpose = any(Facts.Purpose.self)
        if flag(oneIn: 2) { facts.purpose = .treatment }
        facts.level = mostly(.sufficient)
        facts.emergency = any(Facts.Emergency.self)
        facts.justification = mostly(.given)
        facts.pseudonymised = flag(oneIn: 2)
        facts.standing = mostly(.active)
        facts.situation = mostly(.chosen)
        facts.place = any(Facts.Place.self)
        facts.identityMatch = mostly(.exact)
        facts.isSelf = flag(oneIn: 2)
        facts.representative = flag(oneIn: 2)
        facts.mandate = any(Facts.Mandate.self)
        facts.patient = mostly(.alive)
        facts.capacity = any(Facts.Capacity.self)
        facts.ins = any(Facts.Identity.self)
        facts.relation = any(Facts.Relation.self)
        facts.information = mostly(.given)
        facts.opposition = flag(oneIn: 6)
        facts.emergencyOpposition = flag(oneIn: 6)
        facts.regulationOpposition = flag(oneIn: 6)
        facts.blocked = flag(oneIn: 6)
        facts.administrator = flag(oneIn: 3)
        facts.consent = any(Facts.Consent.self)
        facts.occupationalConsent = flag(oneIn: 2)
        facts.mask = any(Facts.Mask.self)
        facts.minorSecret = flag(oneIn: 6)
        facts.hiddenFromPatient = flag(oneIn: 6)
        facts.authorship = any(Facts.Authorship.self)
        facts.blockStopsEmergency = flag(oneIn: 2)
        facts.emergencyRevealsMasked = flag(oneIn: 2)
        facts.membersChangeTeam = !flag(oneIn: 3)
        // From a generator of their own: a parameter more does not move the points of the other facts.
        var parameters = Points(seed: ~state)
        facts.approversSimulate = parameters.flag(oneIn: 2)
        facts.systemDeposits = !parameters.flag(oneIn: 3)
        facts.teamReadsDeceased = parameters.flag(oneIn: 2)
        lead(&facts)
        return facts
    }
}

@Suite("Policies · what every version must keep")
struct PolicyInvariantTests {
    private static let count = 6000

    @Test("the policy of lowest order has the effect that Cedar decides, and some policy always explains")
    func order() throws {
        let program = try Shipped.program()
        var points = Points(seed: 1)
        var permits: Set<String> = []
        for _ in 0..<Self.count {
            let facts = points.facts()
            let satisfied = program.satisfied(by: facts, matrix: points.any(MatrixAccess.self))
            let allowed =
                satisfied.contains { $0.effect == .permit } && !satisfied.contains { $0.effect == .forbid }
            let first = try #require(satisfied.first, "\(facts)")
            if (first.effect == .permit) != allowed {
                Issue.record("\(satisfied.map(\.id)) \(facts)")
                return
            }
            if allowed { permits.insert(first.id) }
        }
        // The points are worth something only if every permit is reached.
        let all = Set(program.orderedRules.filter { $0.effect == .permit }.map(\.id))
        #expect(permits == all, "never reached: \(all.subtracting(permits))")
    }

    @Test("a forbid that only says what is absent changes no decision: not one of them, not all together")
    func absence() throws {
        let program = try Shipped.program()
        #expect(program.orderedRules.filter(\.explainsAbsence).count >= 20)
        var points = Points(seed: 2)
        for _ in 0..<Self.count {
            let facts = points.facts()
            let satisfied = program.satisfied(by: facts, matrix: points.any(MatrixAccess.self))
            // Without them the decision would be allow where a permit is satisfied and only such forbids are.
            let permits = satisfied.filter { $0.effect == .permit }
            let forbids = satisfied.filter { $0.effect == .forbid }
            if !permits.isEmpty, !forbids.isEmpty, forbids.allSatisfy(\.explainsAbsence) {
                Issue.record("\(forbids.map(\.id)) hold back \(permits.map(\.id)): \(facts)")
                return
            }
        }
    }

    @Test("with every relation fact empty nothing is permitted") func noRelation() throws {
        let program = try Shipped.program()
        var points = Points(seed: 3)
        for _ in 0..<Self.count {
            var facts = points.facts()
            facts.relation = .none
            facts.consent = [.none, .invalid, .outOfScope, .withdrawn][points.next(4)]
            facts.authorship = .other
            facts.administrator = false
            facts.occupationalConsent = false
            facts.isSelf = false
            facts.representative = false
            facts.mandate = points.flag(oneIn: 2) ? .none : .outOfScope
            facts.emergency = .notMet
            facts.place = .other
            facts.pseudonymised = false
            facts.adminRoles = []
            let satisfied = program.satisfied(by: facts, matrix: .allow)
            #expect(!satisfied.contains { $0.effect == .permit }, "\(satisfied.map(\.id)) \(facts)")
        }
    }

    @Test("no permit stands against an opposition or a block, authorship and emergencies aside") func refusals() throws
    {
        let program = try Shipped.program()
        var points = Points(seed: 4)
        for _ in 0..<Self.count {
            var facts = points.facts()
            facts.subject = .professional
            facts.purpose = .treatment
            facts.opposition = true
            if facts.authorship == .own { facts.authorship = .structure }
            #expect(program.satisfied(by: facts, matrix: .allow).first?.effect == .forbid)
        }
    }
}

@Suite("Policy text · what is refused when a version is made")
struct PolicyTextTests {
    private func faults(_ change: (inout PolicyText) -> Void) throws -> String {
        var text = try Shipped.policies()
        change(&text)
        do throws(PolicyFaults) {
            _ = try PolicyProgram(number: 1, text: text)
            return ""
        } catch {
            return error.description
        }
    }

    @Test("the shipped text is accepted") func shipped() throws {
        #expect(try faults { _ in } == "")
    }

    @Test("a fault names its file and line; several come together") func positions() throws {
        let found = try faults {
            $0.files["zz.cedar"] = "@order(\"99\")\npermit (principal, action, resource) when { contxt };"
            $0.files["matrix.csv", default: ""] += "60,1.2.250.1.71.1.2.7,x,15507-7,x,maybe,attested,\n"
        }
        #expect(found.contains("zz.cedar:2:"))
        #expect(found.contains("matrix.csv:"))
    }

    @Test("a value the schema does not declare is refused: a misspelt fact is not a rule that never fires")
    func schema() throws {
        let found = try faults {
            $0.files["13-opposition.cedar"] = $0.files["13-opposition.cedar"]?
                .replacing(#"Purpose::"TREAT""#, with: #"Purpose::"TREATMENT""#)
        }
        #expect(found.contains("13-opposition.cedar"))
        #expect(try faults { $0.files["schema.cedarschema"] = nil }.contains("schema.cedarschema"))
    }

    @Test("an order, a name or a text that is missing or taken is refused") func annotations() throws {
        let twice = try faults {
            $0.files["zz.cedar"] = $0.files["13-opposition.cedar"]
        }
        #expect(twice.contains("order") && twice.contains("taken"))
        #expect(try faults { $0.files["reasons.csv"] = "reason,user_fr,user_en,admin_fr,admin_en\n" }.contains("text"))
        let bare = try faults { $0.files["zz.cedar"] = "permit (principal is Admin, action, resource);" }
        #expect(bare.contains("@order"))
        let unknown = try faults {
            $0.files["05-patient.cedar"] = $0.files["05-patient.cedar"]?.replacing("{hidden}", with: "{visible}")
        }
        #expect(unknown.contains("{visible}"))
        #expect(try faults { $0.files["parameters.csv", default: ""] += "*,no_such,1,\n" }.contains("no_such"))
    }
}
