// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Testing

/// The executable built beside this test bundle, run as a person runs it.
enum Binary {
    struct Outcome: Equatable {
        var status: Int32
        var output: String
        var error: String
    }

    static var url: URL {
        // The bundle is `socle…PackageTests.xctest`, in the same folder as the products.
        let first = URL(fileURLWithPath: CommandLine.arguments.first ?? "")
        let beside = first.deletingLastPathComponent().appendingPathComponent("socle")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent(".build/debug/socle")
    }

    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("SOCLE_") }.merging(environment) { $1 }
        process.currentDirectoryURL = FileManager.default.temporaryDirectory
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()
        stdin.fileHandleForWriting.write(Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        // A command's texts here are far below a pipe's 64 KiB, so one can be read after the other.
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        let error = stderr.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
            error: String(decoding: error, as: UTF8.self))
    }
}

@Suite("Commands · exit status of DESIGN section 3")
struct CommandTests {
    @Test(
        "help goes to standard output and exits 0",
        arguments: [["--help"], ["-h"]])
    func help(arguments: [String]) throws {
        let outcome = try Binary.run(arguments)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("USAGE: socle"))
        #expect(outcome.error.isEmpty)
    }

    @Test(
        "wrong usage exits 2 with its explanation on standard error",
        arguments: [["frobnicate"], ["--frobnicate"], ["--version"]])
    func wrongUsage(arguments: [String]) throws {
        let outcome = try Binary.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.error.contains("Error:"))
        #expect(outcome.error.contains("--help"))
    }
}
