// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Synchronization

/// A program that runs beside the tests.
///
/// Started by `posix_spawn`, because Foundation's `Process` reads past the end of the list of this process' open files
/// once there are more than some 1,300, and the tests, all at once, have more. The program starts in `/`, with a clear
/// signal mask.
public final class Program: Sendable {
    public struct Outcome: Equatable, Sendable {
        /// Of the exit; minus the signal's number where a signal ended the program.
        public var status: Int32
        public var output: String
        public var error: String
    }

    public struct Failure: Error {
        public var detail: String
        public init(detail: String) { self.detail = detail }
    }

    /// The other end of its standard input and output: its closing tells a program, however the test process ends.
    private let leash: FileHandle
    private let identifier: pid_t
    /// Once it has been waited for: its number may be another's by then.
    private let status = Mutex<Int32?>(nil)

    /// Starts a program and leaves it running; its standard output is read with `line()`, its standard error is dropped.
    /// It ends when its input does, or is told to by a signal, before this is let go.
    /// - Parameter program: a path, or a name to be found in `PATH`.
    public init(_ program: String, _ arguments: [String]) throws {
        var ends: [Int32] = [-1, -1]
        let streams = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, streams, 0, &ends) == 0 else {
            throw Failure(detail: String(cString: strerror(errno)))
        }
        leash = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        let other = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        identifier = try Self.spawn(
            program, arguments, input: other, output: other,
            error: FileHandle(forUpdating: URL(fileURLWithPath: "/dev/null")))
    }

    /// Nobody is left behind: an exit test would wait for it in vain.
    deinit {
        release()
        wait()
    }

    /// The next line of its standard output, without its end; nil at the end of it.
    public func line() -> String? {
        var line: [UInt8] = []
        while let byte = try? leash.read(upToCount: 1)?.first {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    /// Ends its standard input.
    public func release() { shutdown(leash.fileDescriptor, Int32(SHUT_WR)) }

    public func signal(_ number: Int32) {
        status.withLock { if $0 == nil { kill(identifier, number) } }
    }

    public var isRunning: Bool {
        status.withLock {
            var information = siginfo_t()
            return $0 == nil && waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT) == 0
                && information._sifields._kill.si_pid == 0
        }
    }

    /// Its status, as in `Outcome`, once it has ended.
    @discardableResult
    public func wait() -> Int32 {
        // Waited for without the lock, so that it can be told to end meanwhile.
        var information = siginfo_t()
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        return status.withLock {
            let status = $0 ?? Self.wait(identifier)
            $0 = status
            return status
        }
    }

    /// Runs a program to its end.
    /// - Parameters:
    ///   - environment: all of it; nil is that of the tests.
    ///   - input: its whole standard input.
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String]? = nil, input: some Sequence<UInt8> = []
    ) throws -> Outcome {
        // Files, not pipes: whoever reads one of two pipes waits for a program that waits for the other.
        let (given, output, error) = (try file(), try file(), try file())
        try given.write(contentsOf: Data(input))
        try given.seek(toOffset: 0)
        let status = wait(
            try spawn(program, arguments, environment: environment, input: given, output: output, error: error))
        func text(_ file: FileHandle) throws -> String {
            try file.seek(toOffset: 0)
            return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        }
        return Outcome(status: status, output: try text(output), error: try text(error))
    }

    /// The same, for a program that must succeed: its standard output.
    @discardableResult
    public static func output(_ program: String, _ arguments: [String]) throws -> String {
        let outcome = try run(program, arguments)
        guard outcome.status == 0 else {
            throw Failure(detail: "\(program) \(arguments.joined(separator: " ")): \(outcome.status), \(outcome.error)")
        }
        return outcome.output
    }

    /// An empty one without a name.
    private static func file() throws -> FileHandle {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("socle-program-\(UUID().uuidString)")
            .path
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(detail: "\(path): \(String(cString: strerror(errno)))") }
        unlink(path)
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private static func wait(_ identifier: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0 {
            guard errno == EINTR else { fatalError("waitpid: \(String(cString: strerror(errno)))") }
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }

    private static func spawn(
        _ program: String, _ arguments: [String], environment: [String: String]? = nil, input: FileHandle,
        output: FileHandle, error: FileHandle
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (file, place) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (error, STDERR_FILENO)] {
            posix_spawn_file_actions_adddup2(&actions, file.fileDescriptor, place)
        }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0.key)=\($0.value)" }
        let texts = [["env", "-C", "/", program] + arguments, variables].map { list in list.map { strdup($0) } + [nil] }
        defer { for text in texts.joined() { free(text) } }
        var identifier = pid_t()
        let code = posix_spawn(&identifier, "/usr/bin/env", &actions, &attributes, texts[0], texts[1])
        guard code == 0 else { throw Failure(detail: "\(program): \(String(cString: strerror(code)))") }
        return identifier
    }
}
