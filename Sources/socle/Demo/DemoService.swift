// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleCrypto
import SocleIdentity
import SocleOIDC

/// One e-Parcours service of the demonstration: an OAuth client, and what it is registered to ask.
struct DemoService: Sendable {
    /// The client's identifier and the service's.
    var id: String
    var name: String
    var authentication: Client.Authentication = .basic
    var grantTypes: Set<Client.GrantType> = [.authorizationCode, .refreshToken]
    var scopes: Set<String> = DemoService.people
    var redirectURIs: [String]
    var registration: ApplicationRegistration

    private static let people: Set<String> = [Scope.openID, Scope.profile, Scope.offlineAccess, Scope.evaluate]

    /// A web application that people sign in to, somewhere in a domain that cannot exist (RFC 6761 §6.4).
    private static func web(
        _ id: String, _ name: String, purposes: Set<String> = ["TREAT"],
        actions: Set<String> = ["read", "search", "create", "update"], types: Set<String>, holds: Set<String> = []
    ) -> DemoService {
        DemoService(
            id: id, name: name, redirectURIs: ["https://\(id).region.invalid/callback"],
            registration: ApplicationRegistration(
                clientID: id, service: id, purposes: purposes, actions: actions, resourceTypes: types,
                heldTypes: holds))
    }

    /// The fifteen services, and an application for the telephones of professionals.
    static let all: [DemoService] = [
        pointAccesPro,
        web(
            "point-acces-usager", "Point d’accès usager", purposes: ["PATRQT"], actions: ["read", "search"],
            types: ["document", "document_list", "liaison_note", "access_log"], holds: ["access_log"]),
        web("cahier-liaison", "Cahier de liaison", types: ["liaison_note"], holds: ["liaison_note"]),
        web(
            "plan-personnalise-sante", "Plan personnalisé de santé", types: ["careplan_pps"],
            holds: ["careplan_pps"]),
        web("agenda-partage", "Agenda partagé", types: ["agenda"], holds: ["agenda"]),
        web("messagerie", "Messagerie de coordination", types: ["message"], holds: ["message"]),
        web("annuaire-ressources", "Annuaire des ressources", types: ["directory"], holds: ["directory"]),
        web("orientation", "Orientation", types: ["referral"], holds: ["referral"]),
        web("telesuivi", "Télésuivi", types: ["measure"], holds: ["measure"]),
        web("evaluation-besoins", "Évaluation des besoins", types: ["assessment"], holds: ["assessment"]),
        web(
            "dossier-coordination", "Dossier de coordination", types: ["coordination_file"],
            holds: ["coordination_file"]),
        web("notifications", "Notifications d’événements", types: ["event"], holds: ["event"]),
        web(
            "partage-documents", "Partage de documents", actions: ["read", "search", "create", "publish_dmp"],
            types: ["document", "document_list"], holds: ["document", "document_list"]),
        exploitationDonnees, eai, application,
    ]

    /// The professionals' portal asks for its users, whom it authenticates through Socle: the one client of the
    /// demonstration that speaks for people, and what the printed questions are asked as.
    static let pointAccesPro: DemoService = {
        let types: Set<String> = ["document", "document_list", "liaison_note", "careplan_pps", "care_team"]
        var service = web(
            "point-acces-pro", "Point d’accès professionnel", purposes: ["TREAT", "BTG", "REG15", "OCCUP"],
            actions: ["read", "search", "create", "update", "publish_dmp"], types: types,
            holds: ["document", "document_list", "liaison_note", "careplan_pps"])
        service.grantTypes.insert(.clientCredentials)
        service.scopes.formUnion([Scope.nationalIdentifiers, Scope.assert, Scope.introspect])
        service.registration.assertedSubjects = [.professional]
        service.registration.namesByRPPS = true
        return service
    }()

    /// What has no person behind it speaks for itself, and for nobody else.
    private static let withoutUser: Set<String> = [Scope.evaluate, Scope.assert]

    /// Statistics: only on pseudonymised data.
    private static let exploitationDonnees = DemoService(
        id: "exploitation-donnees", name: "Exploitation des données", grantTypes: [.clientCredentials],
        scopes: withoutUser, redirectURIs: [],
        registration: ApplicationRegistration(
            clientID: "exploitation-donnees", service: "exploitation-donnees", purposes: ["STAT"],
            actions: ["read", "search", "export"], resourceTypes: ["journey_data"], heldTypes: ["journey_data"],
            assertedSubjects: [.system], pseudonymises: true))

    /// The exchange bus deposits what the hospital of its structure sends.
    private static let eai = DemoService(
        id: "eai", name: "Échanges inter-applicatifs", authentication: .post, grantTypes: [.clientCredentials],
        scopes: withoutUser, redirectURIs: [],
        registration: ApplicationRegistration(
            clientID: "eai", service: "eai", purposes: ["TREAT"], actions: ["create"], resourceTypes: ["document"],
            heldTypes: ["document"], assertedSubjects: [.system], structure: StructureIdentifier("STR-CH-VDM")))

    /// A public client: a loopback address of the person's own machine, any port (RFC 8252 §7.3).
    private static let application = DemoService(
        id: "application-mobile", name: "Application des professionnels", authentication: .none,
        redirectURIs: ["http://127.0.0.1/callback"],
        registration: ApplicationRegistration(
            clientID: "application-mobile", service: "point-acces-pro", purposes: ["TREAT", "BTG"],
            actions: ["read", "search"], resourceTypes: ["document", "document_list", "liaison_note"],
            heldTypes: ["document", "document_list", "liaison_note"]))

    /// - Parameter secret: nil for a public client.
    func clientRegistration(secret: Secret?) -> ClientRegistration {
        ClientRegistration(
            id: id, name: name, authentication: authentication, secret: secret, redirectURIs: redirectURIs,
            postLogoutRedirectURIs: redirectURIs.map { $0.replacing("/callback", with: "/") },
            grantTypes: grantTypes, scopes: scopes)
    }
}
