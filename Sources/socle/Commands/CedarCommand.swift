// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser

/// `socle cedar`: the policy language by itself, on files. Nothing of Socle's own policies or records is looked at.
struct CedarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cedar", abstract: "Evaluate, validate, format and translate Cedar policies and schemas.",
        discussion: """
            Policies, schemas and links may be in the text or in the JSON form: it is recognised. A file named - is \
            standard input. Policies of the text form are named policy0, policy1, ... in order.
            """,
        subcommands: [
            CedarAuthorize.self, CedarValidate.self, CedarFormat.self, CedarTranslatePolicy.self,
            CedarTranslateSchema.self,
        ])
}

/// Which of its two forms a text is in.
enum CedarForm: String, ExpressibleByArgument, CaseIterable { case text, json }
