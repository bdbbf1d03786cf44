// swift-tools-version: 6.2
// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import PackageDescription

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A module of ours: its folder is its name, and `uses` is every module it may import.
func module(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

func tests(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: house)
}

/// A C library of the system, reached through a module map and one header.
func library(_ name: String, pkgConfig: String, debian: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
}

let package = Package(
    name: "socle",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "socle", targets: ["socle"]),
        .library(name: "SocleCedar", targets: ["SocleCedar"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // System libraries: one shim, one importer.
        library("COpenSSL", pkgConfig: "openssl", debian: "libssl-dev"),
        library("CArgon2", pkgConfig: "libargon2", debian: "libargon2-dev"),
        library("CSQLite", pkgConfig: "sqlite3", debian: "libsqlite3-dev"),
        library("CPQ", pkgConfig: "libpq", debian: "libpq-dev"),
        library("CLDAP", pkgConfig: "ldap", debian: "libldap2-dev"),
        library("CCurl", pkgConfig: "libcurl", debian: "libcurl4-openssl-dev"),
        // Policies, nomenclatures and the stylesheet, embedded by `#embed`.
        .target(name: "CResources"),

        // Ground.
        module("SocleJSON"),
        module("SocleIdentity"),
        module("SocleCrypto", uses: ["COpenSSL", "CArgon2"]),
        module("SocleAudit", uses: ["SocleCrypto", "SocleIdentity", "SocleJSON"]),

        // Vocabularies.
        module("SocleCedar"),
        module("SocleJOSE", uses: ["SocleCrypto", "SocleJSON"]),
        module("SocleConsent", uses: ["SocleIdentity", "SocleAudit"]),

        // Use cases: they never import each other.
        module("SocleFHIR", uses: ["SocleConsent", "SocleIdentity", "SocleAudit", "SocleCrypto", "SocleJSON"]),
        module("SocleOIDC", uses: ["SocleJOSE", "SocleCrypto", "SocleIdentity", "SocleAudit", "SocleJSON"]),
        module(
            "SocleAccess",
            uses: ["SocleCedar", "SocleConsent", "SocleIdentity", "SocleAudit", "SocleCrypto", "SocleJSON"]),

        // Adapters: they never import each other.
        module(
            "SocleStore",
            uses: [
                "CPQ", "CSQLite", "SocleOIDC", "SocleAccess", "SocleFHIR", "SocleConsent", "SocleAudit",
                "SocleIdentity",
                "SocleCrypto",
                "SocleJOSE", "SocleJSON",
            ]),
        module("SocleDirectory", uses: ["CLDAP", "SocleCrypto"]),
        module("SocleOutbound", uses: ["CCurl", "SocleCrypto"]),
        module(
            "SocleServer",
            uses: [
                "SocleOIDC", "SocleAccess", "SocleFHIR", "SocleConsent", "SocleAudit", "SocleIdentity", "SocleCrypto",
                "SocleJOSE",
                "SocleJSON", .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),

        // The commands and the wiring.
        .executableTarget(
            name: "socle",
            dependencies: [
                "SocleServer", "SocleStore", "SocleDirectory", "SocleOutbound", "SocleOIDC", "SocleAccess", "SocleFHIR",
                "SocleConsent",
                "SocleCedar", "SocleAudit", "SocleIdentity", "SocleCrypto", "SocleJOSE", "SocleJSON", "CResources",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),

        // What several of the test modules below need.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: house),
        tests("SocleJSONTests", uses: ["SocleJSON"]),
        tests("SocleIdentityTests", uses: ["SocleIdentity", "SocleJSON"]),
        tests("SocleCryptoTests", uses: ["SocleCrypto", "SocleJSON", "TestSupport"]),
        tests("SocleAuditTests", uses: ["SocleAudit", "SocleCrypto", "SocleIdentity", "SocleJSON"]),
        tests("SocleCedarTests", uses: ["SocleCedar", "SocleJSON", "TestSupport"]),
        tests("SocleJOSETests", uses: ["SocleJOSE", "SocleCrypto", "SocleJSON", "TestSupport"]),
        tests("SocleConsentTests", uses: ["SocleConsent", "SocleAudit", "SocleIdentity", "SocleJSON"]),
        tests("SocleFHIRTests", uses: ["SocleFHIR", "SocleConsent", "SocleAudit", "SocleIdentity", "SocleJSON"]),
        tests(
            "SocleOIDCTests",
            uses: ["SocleOIDC", "SocleJOSE", "SocleCrypto", "SocleIdentity", "SocleAudit", "SocleJSON"]),
        tests(
            "SocleAccessTests",
            uses: [
                "SocleAccess", "SocleFHIR", "SocleCedar", "SocleConsent", "SocleIdentity", "SocleAudit", "SocleCrypto",
                "SocleJSON",
            ]),
        tests(
            "SocleStoreTests",
            uses: [
                "SocleStore", "SocleOIDC", "SocleAccess", "SocleFHIR", "SocleConsent", "SocleAudit", "SocleIdentity",
                "SocleCrypto", "SocleJOSE", "SocleJSON", "TestSupport",
            ]),
        tests("SocleDirectoryTests", uses: ["SocleDirectory", "SocleCrypto", "TestSupport"]),
        tests("SocleOutboundTests", uses: ["SocleOutbound", "TestSupport"]),
        tests(
            "SocleServerTests",
            uses: [
                "SocleServer", "SocleStore", "SocleOIDC", "SocleAccess", "SocleFHIR", "SocleConsent", "SocleAudit",
                "SocleIdentity", "SocleCrypto", "SocleJOSE", "SocleJSON", "SocleCedar", "CResources",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        tests(
            "socleTests",
            uses: [
                "socle", "SocleServer", "SocleStore", "SocleOutbound", "SocleOIDC", "SocleAccess", "SocleConsent",
                "SocleAudit",
                "SocleIdentity", "SocleCrypto", "SocleJOSE", "SocleJSON", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
    ]
)

// The benchmark of the policy engine alone: `Tests/Benchmark/cedar/run.py --build` sets the variable.
if Context.environment["SOCLE_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "CedarBenchmark", dependencies: ["SocleCedar"], path: "Tests/Benchmark/cedar/CedarBenchmark",
            swiftSettings: house))
}

// libFuzzer targets: `SOCLE_FUZZ=1 swift build -c release --sanitize fuzzer --product CedarPolicyText`, see docs/cedar.md.
if Context.environment["SOCLE_FUZZ"] != nil {
    for name in ["CedarPolicyText", "CedarSchemaText", "CedarEntityJSON"] {
        package.targets.append(
            .executableTarget(
                name: name, dependencies: ["SocleCedar"], path: "Tests/Fuzz/\(name)",
                swiftSettings: house + [.unsafeFlags(["-parse-as-library"])]))
    }
}
