// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension [PatientChoice] {
    /// The last version of each choice, by its id.
    var lastVersions: [String: PatientChoice] {
        reduce(into: [:]) { last, choice in
            if (last[choice.id]?.version ?? 0) < choice.version { last[choice.id] = choice }
        }
    }
}
