// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore

/// Joins the accounts to the people of the records, which the sign-in does not know: their exercise situations, and
/// the claims applications are told.
struct Registry: Sendable {
    let accounts: StoredAccounts
    let records: StoredAccessRecords
    let nomenclatures: Nomenclatures
    let clock: @Sendable () -> Instant

    private func professional(
        of account: Account
    ) async throws(SocleOIDC.RecordsUnavailable) -> Professional? {
        guard let id = account.professional else { return nil }
        return try await read { () throws(SocleAccess.RecordsUnavailable) in try await records.professional(id) }
    }

    private func structure(
        _ id: StructureIdentifier
    ) async throws(SocleOIDC.RecordsUnavailable) -> Structure? {
        try await read { () throws(SocleAccess.RecordsUnavailable) in try await records.structure(id) }
    }

    /// Two modules each say in their own words that the records cannot be read.
    private func read<Value>(
        _ body: () async throws(SocleAccess.RecordsUnavailable) -> Value
    ) async throws(SocleOIDC.RecordsUnavailable) -> Value {
        do throws(SocleAccess.RecordsUnavailable) {
            return try await body()
        } catch {
            throw SocleOIDC.RecordsUnavailable(detail: error.detail)
        }
    }
}

extension Registry: SituationSource {
    /// One for each place of exercise of a professional of the register; none for anybody else, nor for one struck off.
    func situations(
        of account: Account, at now: Instant
    ) async throws(SocleOIDC.RecordsUnavailable) -> [ExerciseSituation] {
        guard let person = try await professional(of: account), person.registryStatus == .active else { return [] }
        var situations: [ExerciseSituation] = []
        for id in person.places(at: now) {
            let place = try await structure(id)?.name ?? id.value
            let profession = nomenclatures.professions.label(of: person.profession(in: id, at: now))
            situations.append(
                ExerciseSituation(
                    id: id.value, label: [place, profession].compactMap(\.self).joined(separator: ", ")))
        }
        return situations
    }
}

extension Registry {
    /// For userinfo, under Pro Santé Connect's names where they are national identifiers.
    var claims: ClaimsSource {
        ClaimsSource { subject, situation throws(SocleOIDC.RecordsUnavailable) in
            guard let account = try await accounts.account(subject: subject) else { return nil }
            var claims = PersonClaims(name: account.displayName, contact: account.contact)
            if let person = try await professional(of: account) {
                (claims.givenName, claims.familyName) = (person.givenName, person.familyName)
                var national = JSONObject()
                national["SubjectNameID"] = .string(person.id.value)
                national["SubjectRole"] = [.string("\(person.profession.code)^\(person.profession.system)")]
                let now = clock()
                if let id = situation.flatMap({ StructureIdentifier($0) }), person.exercises(in: id, at: now) {
                    // Of several roles there, the first that says one.
                    let sectors = person.activities(in: id, at: now).map(\.sector)
                    let sector = sectors.first { !$0.isEmpty } ?? ""
                    national["SubjectOrganizationID"] = .string(id.value)
                    national["Secteur_Activite"] = .string("\(sector)^\(Nomenclatures.System.sector)")
                    if let place = try await structure(id) { national["SubjectOrganization"] = .string(place.name) }
                }
                claims.national = national
            }
            return claims
        }
    }
}
