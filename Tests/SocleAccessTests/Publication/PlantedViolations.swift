// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import Testing

/// A small change of the shipped policies that breaks one thing they must keep.
struct Planted: Sendable, CustomTestStringConvertible {
    /// One text in the place of another, wherever it stands in that file.
    struct Edit: Sendable {
        var file: String
        var old: String
        var new: String

        init(_ file: String, _ old: String, _ new: String) {
            self.file = file
            self.old = old
            self.new = new
        }
    }

    /// The check that must refuse it.
    var breaks: String
    /// The other checks that the same change cannot but break.
    var also: [String] = []
    /// What the change comes to, in words.
    var says: String
    /// A fact the counter-example must name.
    var names: String
    var edits: [Edit]

    var testDescription: String { "\(breaks): \(says)" }

    /// The shipped text with the change, each place of which must be there to change.
    func text() throws -> PolicyText {
        var text = try Shipped.policies()
        for edit in edits {
            let contents = try #require(text.files[edit.file])
            try #require(contents.contains(edit.old), "\(edit.file) no longer holds \(edit.old)")
            text.files[edit.file] = contents.replacing(edit.old, with: edit.new)
        }
        return text
    }

    static let all = form + basis + choices + people
}

// What holds of any set of rules.
extension Planted {
    static let form = [
        Planted(
            breaks: "order", says: "a forbid without the unless of an earlier permit", names: "authorship",
            edits: [
                Edit(
                    "13-opposition.cedar",
                    """
                    context.purpose == Purpose::"TREAT" && context.blocked
                    }
                    unless {
                        action == Action::"read" && context.authorship == Authorship::"own"
                    };
                    """,
                    """
                    context.purpose == Purpose::"TREAT" && context.blocked
                    };
                    """)
            ]),
        Planted(
            breaks: "complete", says: "nothing explains the refusal of an export", names: "relation",
            edits: [
                Edit(
                    "18-no-relation.cedar", #"&& context.relation == Relation::"past""#,
                    #"&& context.relation == Relation::"past" && action != Action::"export""#)
            ]),
        Planted(
            breaks: "absence", also: ["order"],
            says: "a forbid marked as an absence holds back a permit that another rule gives", names: "capacity",
            edits: [
                Edit(
                    "18-no-relation.cedar", "// Nothing links",
                    """
                    @id("extra") @order("16.2.5") @rule("R-X") @reason("membership_expired") @absence("something")
                    forbid (principal is Professional, action, resource)
                    when { context.relation == Relation::"own" && context.purpose == Purpose::"TREAT"
                        && context.capacity == Capacity::"minor" };
                    // Nothing links
                    """)
            ]),
    ]
}

// invariants/basis.cedar
extension Planted {
    static let basis = [
        Planted(
            breaks: "basis", says: "any physician, from anywhere, says that a call is about this patient",
            names: "relation",
            edits: [
                Edit(
                    "09-regulation.cedar",
                    #"principal in Role::"1.2.250.1.71.1.2.7|10" && context.place == Place::"samu""#,
                    #"principal in Role::"1.2.250.1.71.1.2.7|10""#)
            ]),
        Planted(
            breaks: "matrix", says: "a cell that the matrix lacks opens to the SAMU", names: "matrix",
            edits: [
                Edit(
                    "09-regulation.cedar", #"context.matrix != Matrix::"allow""#,
                    #"context.matrix == Matrix::"deny""#),
                Edit(
                    "09-regulation.cedar", #"|| context.matrix == Matrix::"allow""#,
                    #"|| context.matrix != Matrix::"deny""#),
            ]),
        Planted(
            breaks: "break_glass", says: "a search needs no justification", names: "justification",
            edits: [
                Edit(
                    "08-emergency.cedar", #"&& context.justification == Justification::"absent""#,
                    #"&& context.justification == Justification::"absent" && action != Action::"search""#),
                Edit(
                    "08-emergency.cedar", #"&& context.justification == Justification::"given""#,
                    #"&& (context.justification == Justification::"given" || action == Action::"search")"#),
            ]),
        Planted(
            breaks: "break_glass", says: "whoever is in the care team, of any profession", names: "role",
            edits: [
                Edit(
                    "08-emergency.cedar", #"&& !(principal in RoleSystem::"1.2.250.1.71.1.2.7")"#,
                    """
                    && !(principal in RoleSystem::"1.2.250.1.71.1.2.7" || context.relation == Relation::"own")
                    """),
                Edit(
                    "08-emergency.cedar", #"&& principal in RoleSystem::"1.2.250.1.71.1.2.7""#,
                    """
                    && (principal in RoleSystem::"1.2.250.1.71.1.2.7" || context.relation == Relation::"own")
                    """),
            ]),
        Planted(
            breaks: "break_glass", also: ["basis"], says: "a search needs no emergency", names: "emergency",
            edits: [
                Edit(
                    "08-emergency.cedar", #"&& context.emergency == Emergency::"not_met""#,
                    #"&& context.emergency == Emergency::"not_met" && action != Action::"search""#),
                Edit(
                    "08-emergency.cedar", #"&& context.emergency == Emergency::"met""#,
                    #"&& (context.emergency == Emergency::"met" || action == Action::"search")"#),
            ]),
        Planted(
            breaks: "break_glass", says: "an export too", names: "action",
            edits: [
                Edit(
                    "08-emergency.cedar", #"[Action::"read", Action::"search"]"#,
                    #"[Action::"read", Action::"search", Action::"export"]"#)
            ]),
        Planted(
            breaks: "occupational", says: "membership of the team stands for the patient's consent",
            names: "occupational_consent",
            edits: [
                Edit(
                    "10-occupational.cedar", "&& !context.occupational_consent",
                    """
                    && !(context.occupational_consent
                        || context.relation == Relation::"own" && !context.opposition)
                    """),
                Edit(
                    "10-occupational.cedar", "    && context.occupational_consent\n",
                    """
                        && (context.occupational_consent
                            || context.relation == Relation::"own" && !context.opposition)

                    """),
            ]),
        Planted(
            breaks: "information", says: "a search waits for no agreement where the circle asks first",
            names: "information",
            edits: [
                Edit(
                    "16-care-team.cedar", #"&& context.information == Information::"not_agreed""#,
                    #"&& context.information == Information::"not_agreed" && action != Action::"search""#),
                Edit(
                    "16-care-team.cedar", #"&& context.information == Information::"given""#,
                    """
                    && (context.information == Information::"given"
                        || context.information == Information::"not_agreed" && action == Action::"search")
                    """),
            ]),
        Planted(
            breaks: "qualified_identity", says: "a structure's member publishes under any identity", names: "ins",
            edits: [
                Edit(
                    "11-identity.cedar", #"&& context.ins == Identity::"not_qualified""#,
                    #"&& context.ins == Identity::"not_qualified" && context.relation != Relation::"structure""#)
            ]),
    ]
}

// invariants/choices.cedar
extension Planted {
    static let choices = [
        Planted(
            breaks: "opposition", says: "a search passes it", names: "opposition",
            edits: [
                Edit(
                    "13-opposition.cedar", #"context.purpose == Purpose::"TREAT" && context.opposition"#,
                    #"context.purpose == Purpose::"TREAT" && context.opposition && action != Action::"search""#)
            ]),
        Planted(
            breaks: "block", says: "an occupational physician passes it", names: "blocked",
            edits: [
                Edit(
                    "10-occupational.cedar", #"context.purpose == Purpose::"OCCUP" && context.blocked"#,
                    #"context.purpose == Purpose::"OCCUP" && context.blocked && context.opposition"#)
            ]),
        Planted(
            breaks: "emergency_opposition", says: "it counts only of a patient who can speak",
            names: "emergency_opposition",
            edits: [
                Edit(
                    "08-emergency.cedar", "&& context.emergency_opposition",
                    #"&& context.emergency_opposition && context.capacity == Capacity::"able""#)
            ]),
        Planted(
            breaks: "emergency_opposition", says: "the SAMU passes it", names: "emergency_opposition",
            edits: [
                Edit(
                    "09-regulation.cedar", "(context.regulation_opposition || context.emergency_opposition)",
                    "context.regulation_opposition")
            ]),
        Planted(
            breaks: "regulation_opposition", says: "the SAMU knows emergencies only", names: "regulation_opposition",
            edits: [
                Edit(
                    "09-regulation.cedar", "(context.regulation_opposition || context.emergency_opposition)",
                    "context.emergency_opposition")
            ]),
        Planted(
            breaks: "mask", says: "a list shows the SAMU what is masked", names: "mask",
            edits: [
                Edit(
                    "09-regulation.cedar", #"&& context.mask == Mask::"masked""#,
                    #"&& context.mask == Mask::"masked" && action == Action::"read""#)
            ]),
        Planted(
            breaks: "minor_secret", says: "it is kept from parents, not from who holds a mandate",
            names: "minor_secret",
            edits: [
                Edit(
                    "06-related-person.cedar",
                    #"context.minor_secret && (context.representative || context.mandate == Mandate::"covers")"#,
                    "context.minor_secret && context.representative")
            ]),
        Planted(
            breaks: "announcement", says: "a patient exports what they may not read yet", names: "hidden_from_patient",
            edits: [
                Edit(
                    "05-patient.cedar", "    context.hidden_from_patient\n",
                    "    context.hidden_from_patient && action != Action::\"export\"\n")
            ]),
        Planted(
            breaks: "announcement", says: "parents read first", names: "representative",
            edits: [
                Edit(
                    "06-related-person.cedar",
                    #"context.hidden_from_patient && (context.representative || context.mandate == Mandate::"covers")"#,
                    #"context.hidden_from_patient && context.mandate == Mandate::"covers""#)
            ]),
    ]
}

// invariants/people.cedar
extension Planted {
    static let people = [
        Planted(
            breaks: "entitlement", says: "technical traces are shown by any application", names: "application",
            edits: [
                Edit(
                    "00-application.cedar", #"context.application == Application::"not_entitled""#,
                    """
                    context.application == Application::"not_entitled"
                        && !(principal is Admin && resource in Category::"audit_technical")
                    """),
                Edit(
                    "02-administration.cedar",
                    """
                    @reason("audit_technical")
                    permit (principal is Admin, action, resource)
                    when {
                        context.application == Application::"entitled"
                        && context.level
                    """,
                    """
                    @reason("audit_technical")
                    permit (principal is Admin, action, resource)
                    when {
                        context.level
                    """),
            ]),
        Planted(
            breaks: "authentication", says: "a password is enough for one's own file", names: "level",
            edits: [
                Edit(
                    "01-authentication.cedar", "!(principal is System)",
                    "!(principal is System) && !(principal is Patient)"),
                Edit("05-patient.cedar", "    && context.level == Level::\"sufficient\"\n", ""),
            ]),
        Planted(
            breaks: "standing", says: "the SAMU's physician may be unknown to the directory", names: "standing",
            edits: [
                Edit(
                    "07-professional.cedar",
                    #"[Standing::"no_activity", Standing::"unknown"].contains(context.standing)"#,
                    """
                    context.standing == Standing::"no_activity"
                        || context.standing == Standing::"unknown" && context.purpose != Purpose::"REG15"
                    """),
                Edit(
                    "09-regulation.cedar", #"&& context.standing == Standing::"active""#,
                    #"&& [Standing::"active", Standing::"unknown"].contains(context.standing)"#),
            ]),
        Planted(
            breaks: "standing", says: "the SAMU's physician chose no place of exercise", names: "situation",
            edits: [
                Edit(
                    "07-professional.cedar", #"context.situation == Situation::"not_chosen""#,
                    #"context.situation == Situation::"not_chosen" && context.purpose != Purpose::"REG15""#),
                Edit(
                    "09-regulation.cedar", #"&& context.situation == Situation::"chosen""#,
                    #"&& context.situation != Situation::"invalid""#),
            ]),
        Planted(
            breaks: "deceased", says: "the account of a patient who died still reads", names: "patient",
            edits: [
                Edit("04-deceased.cedar", "    || (principal is Patient && context.self)\n", ""),
                Edit(
                    "05-patient.cedar", #"&& context.patient == PatientState::"alive""#,
                    #"&& context.patient != PatientState::"unknown""#),
            ]),
        Planted(
            breaks: "deceased", says: "the care team exports the file of a patient who died", names: "patient",
            edits: [
                Edit(
                    "04-deceased.cedar", #"&& action in [Action::"read", Action::"search"]"#,
                    #"&& action in [Action::"read", Action::"search", Action::"export"]"#)
            ]),
        Planted(
            breaks: "own_file", says: "those close need no exact match", names: "identity_match",
            edits: [
                Edit(
                    "06-related-person.cedar", #"context.identity_match != IdentityMatch::"exact""#,
                    #"context.identity_match == IdentityMatch::"none""#),
                Edit(
                    "06-related-person.cedar", #"context.identity_match == IdentityMatch::"exact""#,
                    #"context.identity_match != IdentityMatch::"none""#),
            ]),
        Planted(
            breaks: "own_file", says: "a patient needs no exact match", names: "identity_match",
            edits: [
                Edit(
                    "05-patient.cedar", #"context.identity_match != IdentityMatch::"exact""#,
                    #"context.identity_match == IdentityMatch::"none""#),
                Edit(
                    "05-patient.cedar", #"context.identity_match == IdentityMatch::"exact""#,
                    #"context.identity_match != IdentityMatch::"none""#),
            ]),
        Planted(
            breaks: "own_access", says: "what minors keep secret is kept from them too", names: "minor_secret",
            edits: [
                Edit(
                    "05-patient.cedar", "    context.hidden_from_patient\n",
                    "    context.hidden_from_patient || context.minor_secret\n")
            ]),
        Planted(
            breaks: "system", says: "an application deposits what is not its structure's", names: "authorship",
            edits: [
                Edit("03-system.cedar", "    && context.authorship == Authorship::\"structure\"\n", "")
            ]),
        Planted(
            breaks: "administrators", says: "lists of documents count as technical traces", names: "category",
            edits: [
                Edit(
                    "02-administration.cedar", #"&& resource in Category::"audit_technical""#,
                    #"&& resource in [Category::"audit_technical", Category::"document_list"]"#)
            ]),
        Planted(
            breaks: "administrators_only", says: "patients search the technical traces of their file",
            names: "category",
            edits: [
                Edit(
                    "02-administration.cedar", "&& !(principal is Admin)",
                    #"&& !(principal is Admin || principal is Patient && action == Action::"search")"#)
            ]),
        Planted(
            breaks: "four_eyes", says: "an approver publishes what they wrote", names: "authorship",
            edits: [
                Edit(
                    "02-administration.cedar",
                    """
                        && principal in AdminRole::"policy_approver"
                        && context.authorship == Authorship::"other"
                    """,
                    """
                        && principal in AdminRole::"policy_approver"
                    """)
            ]),
        Planted(
            breaks: "publishable", says: "who may not simulate may not publish", names: "approvers_simulate",
            edits: [
                Edit(
                    "02-administration.cedar",
                    """
                        && principal in AdminRole::"policy_approver"
                        && context.authorship == Authorship::"other"
                    """,
                    """
                        && principal in AdminRole::"policy_approver"
                        && context.authorship == Authorship::"other"
                        && context.approvers_simulate
                    """)
            ]),
    ]
}
