// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Logging
import ServiceLifecycle
import SocleAccess
import SocleAudit
import SocleCrypto
import SocleFHIR
import SocleOIDC
import SocleOutbound
import SocleServer
import SocleStore
import UnixSignals

/// One serving process: the routes over an installation, and the services that run them.
struct Node: Sendable {
    let installation: Installation
    let site: Site
    let registry: Registry
    let readiness: Readiness
    /// What decisions keep in memory.
    let facts: FactsMemory
    private let services: [any Service]
    private let events: EventDelivery
    private let proxies: TrustedProxies
    private let logger: Logger

    /// The object graph, built once: every object of the process is made here, and given what it needs.
    init(_ installation: Installation, logger: Logger) throws(CommandFailure) {
        let configuration = installation.configuration
        let (database, lane, keys) = (installation.database, installation.lane, installation.keys)
        let (vault, random, clock) = (installation.vault, installation.random, installation.clock)
        guard let proxies = TrustedProxies(configuration.trustedProxies) else {
            throw CommandFailure("`trusted_proxies` holds something else than addresses and networks")
        }
        let endpoints = Endpoints(issuer: configuration.issuer.description)

        // Records.
        let clients = StoredClients(database)
        let grants = StoredGrants(database)
        let accounts = StoredAccounts(database)
        let failures = StoredFailures(database)
        let access = StoredAccessRecords(database: database)
        let registry = Registry(
            accounts: accounts, records: access, nomenclatures: try Nomenclatures(), clock: clock)

        // Use cases.
        let applications = Applications(
            clients: clients, consents: StoredConsents(database), subjects: PairwiseSubjects(vault: vault))
        let throttle = StoredFailureThrottle(records: failures, lane: lane)
        let egress = Egress(policy: configuration.outbound.policy)
        let fetch = OutboundFetch(egress)
        let clientKeys = ClientKeys(fetch: fetch)
        let authenticator = ClientAuthenticator(
            clients: clients, vault: vault, throttle: throttle,
            assertions: ClientAssertions(keys: clientKeys, lane: lane, endpoints: endpoints))
        let answers = ProtectedAnswers(keys: keys, clientKeys: clientKeys, random: random)
        let verifier = AccessTokenVerifier(keys: keys, grants: grants, endpoints: endpoints)
        let issuer = CodeIssuer(
            applications: applications, lane: lane, endpoints: endpoints, policy: configuration.tokens.policy,
            random: random)
        let signIn = SignIn(
            accounts: accounts, sessions: StoredSessions(database), interactions: StoredInteractions(database),
            situations: registry, applications: applications, lane: lane, throttle: throttle,
            passwords: PasswordCheck(PasswordPool()),
            vault: vault, random: random, limits: configuration.sessions.limits, issuer: endpoints.issuer)
        let facts = FactsMemory(bytes: configuration.decisions.factsMemory)
        let decisions = try installation.decisions(records: access, memory: facts)

        let logout = BackChannelLogout(
            records: StoredLogout(database), lane: lane, answers: answers, issuer: endpoints.issuer, random: random
        ) { uri, form in
            // Any failure is one to the queue, which tries again.
            try? await egress.send(
                OutboundRequest(uri, method: .post(body: form, contentType: "application/x-www-form-urlencoded"))
            ).status
        }

        // Routes.
        let readiness = Readiness()
        let people = SignInRoutes(
            signIn: signIn, ownAccount: OwnAccount(signIn: signIn, activity: StoredActivity(database)), issuer: issuer,
            clients: clients, logout: StoredLogout(database), keys: keys,
            endpoints: endpoints, services: Launcher(clients: clients, issuer: endpoints.issuer).services(of:),
            random: random, clock: clock, logger: logger)
        let introspection = IntrospectionEndpoint(
            authenticator: authenticator, grants: grants, verifier: verifier, endpoints: endpoints)
        let oauth = OAuthRoutes(
            authorization: AuthorizationEndpoint(
                clients: clients, keys: keys, endpoints: endpoints,
                objects: RequestObjects(
                    keys: clientKeys, decryption: keys, fetch: fetch, endpoints: endpoints)),
            token: TokenEndpoint(
                authenticator: authenticator, grants: grants, lane: lane, answers: answers, source: registry.claims,
                endpoints: endpoints, policy: configuration.tokens.policy, random: random),
            userInfo: UserInfoEndpoint(
                verifier: verifier, source: registry.claims, clients: clients, answers: answers, endpoints: endpoints),
            introspection: introspection,
            introspectionTokens: IntrospectionTokens(
                introspection: introspection, clients: clients, answers: answers, endpoints: endpoints),
            revocation: RevocationEndpoint(
                authenticator: authenticator, grants: grants, verifier: verifier, lane: lane),
            registration: RegistrationEndpoint(
                clients: clients, tokens: StoredInitialAccessTokens(database), lane: lane, vault: vault, fetch: fetch,
                endpoints: endpoints, random: random),
            metadata: ProviderMetadata(endpoints: endpoints, fetches: fetch.isOffered), keys: keys, clients: clients,
            endpoints: endpoints, pages: people.authorizePages, clock: clock,
            logger: logger)
        let decisionRoutes = AccessRoutes(
            decisions: decisions, verifier: verifier, rate: QuestionRate(perSecond: configuration.decisions.rate),
            endpoints: endpoints, clock: clock, logger: logger)
        let fhir = FHIRRoutes(
            records: StoredFHIRRecords(database: database), lane: lane, verifier: verifier, endpoints: endpoints,
            clock: clock, random: random, logger: logger)
        let health = HealthRoutes(
            readiness: readiness,
            checks: [
                .init("store") { await Self.answers(database) },
                .init("lane") { await lane.isWorking() },
            ])

        self.installation = installation
        self.registry = registry
        self.readiness = readiness
        self.facts = facts
        self.proxies = proxies
        self.logger = logger
        site = Site(
            routes: people.routes + oauth.routes + decisionRoutes.routes + fhir.routes + health.routes,
            branches: [fhir.branch],
            settings: .init(secure: configuration.issuer.isSecure), logger: logger)
        let upkeep = SignInUpkeep(failures: failures, lane: lane)
        let events = EventDelivery(installation, egress: egress)
        self.events = events
        services = [
            PeriodicService("sign-in upkeep", every: .seconds(30), logger: logger) {
                _ = try await upkeep.reportFailures(now: clock())
                try await upkeep.deleteExpired(now: clock())
            },
            // While one application is slow, the others are told.
            PeriodicService("watch of the journal", every: .seconds(1), logger: logger) {
                guard let failures = lane.takeFailures() else { return }
                if failures.unwritten > 0 {
                    logger.error(
                        "what had to be written was not: it was answered as unavailable",
                        metadata: ["unwritten": "\(failures.unwritten)", "detail": "\(failures.detail)"])
                }
                if failures.unsigned > 0 {
                    logger.error(
                        "a checkpoint of the journal was not signed: what was written since is not proven yet",
                        metadata: ["detail": "\(failures.detail)"])
                }
            },
            PeriodicService("event delivery", every: .seconds(2), overlapping: true, logger: logger) {
                for failure in try await events.deliverDue().failures {
                    logger.warning("an event or a notice was not delivered", metadata: ["detail": "\(failure)"])
                }
            },
            // Slowly: what anybody reads is presented before they read it.
            PeriodicService("presentation of records", every: .seconds(10), logger: logger) {
                do throws(FHIRUnavailable) { _ = try await fhir.presenter.presentSome() } catch {
                    logger.error("records cannot be presented", metadata: ["detail": "\(error.detail)"])
                }
            },
            PeriodicService("back-channel logout", every: .seconds(1), logger: logger) {
                // A full batch may not be all: the next follows at once.
                while try await logout.deliverDue(now: clock()) == BackChannelLogout.batch {}
            },
            KeyPreparation(keys: keys, logger: logger), KeyRotation(installation: installation, logger: logger),
        ]
    }

    /// Serves until SIGTERM or SIGINT; then answers what is under way, and closes the journal's chain last of all.
    /// - Parameter onListening: called with the port, once connections are accepted.
    func run(onListening: @escaping @Sendable (_ port: Int) async -> Void) async throws(CommandFailure) {
        let listen = installation.configuration.listen
        let listener = HTTPListener(
            site: site, settings: .init(host: listen.address, port: listen.port, proxies: proxies), logger: logger,
            onListening: { [readiness] port in
                readiness.begin()
                await onListening(port)
            })
        // Stopped in reverse order: first the readiness, then the listener, then what it rests on.
        var configuration = ServiceGroupConfiguration(
            services: self.services.map { .init(service: $0) } + [.init(service: listener), .init(service: readiness)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        var failure: (any Error)?
        do { try await ServiceGroup(configuration: configuration).run() } catch { failure = error }
        // Another node waits a minute when this cannot be written.
        do throws(SocleAccess.RecordsUnavailable) { try await events.stop() } catch {
            logger.warning("the delivery of events was not handed over", metadata: ["detail": "\(error.detail)"])
        }
        await installation.close()
        if let failure {
            throw CommandFailure(
                "\(listen.address) port \(listen.port): cannot be served: \(failure) (`--port 0` or another "
                    + "`listen.port` picks another port)")
        }
    }

    private static func answers(_ database: any WritableDatabase) async -> Bool {
        (try? await database.rows("SELECT 1", [])) != nil
    }
}

extension Configuration.Tokens {
    var policy: TokenPolicy {
        var policy = TokenPolicy()
        policy.accessToken = access
        policy.refreshIdle = refreshIdle
        return policy
    }
}

extension Configuration.Sessions {
    var limits: SignInLimits { SignInLimits(idle: idle, absolute: absolute) }
}

extension Configuration.Outbound {
    /// The networks were checked when the configuration was read.
    var policy: OutboundPolicy {
        OutboundPolicy(
            allowed: allow.compactMap(AddressBlock.init), limit: OutboundFetch.limit, authorities: authorities)
    }
}
