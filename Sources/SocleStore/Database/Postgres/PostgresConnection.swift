// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import CPQ

/// One session of PostgreSQL. Not `Sendable`: the thread that made it, or the holder of the writer's lock, uses it.
///
/// Parameters are sent in binary with their types, results come back as text: a bound value is never parsed, and
/// what a column holds is read by its declared type.
final class PostgresConnection: Connection {
    private let handle: OpaquePointer
    private var prepared: [Prepared: String] = [:]
    private let readOnly: Bool

    /// A statement is prepared once per set of parameter types, for a NULL has none.
    private struct Prepared: Hashable {
        var statement: Statement
        var types: [Oid]
    }

    /// Statements kept prepared at most; ours are fixed and far fewer.
    private static let preparedLimit = 500

    /// - Parameter conninfo: a libpq connection string or URI; what it leaves out has the defaults below.
    init(conninfo: String, readOnly: Bool) throws(StoreError) {
        let settings: [(String, String)] = [
            ("application_name", "socle"), ("connect_timeout", "5"), ("target_session_attrs", "read-write"),
            ("keepalives_idle", "30"), ("tcp_user_timeout", "15000"), ("dbname", conninfo),
            ("client_encoding", "UTF8"),
        ]
        let opened = CStrings.with(settings.map(\.0)) { names in
            CStrings.with(settings.map(\.1)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let opened else { throw StoreError(.unavailable, "no memory for a connection") }
        handle = opened
        self.readOnly = readOnly
        guard PQstatus(handle) == CONNECTION_OK else {
            // libpq tells hosts and users here, never the password.
            throw StoreError(.unavailable, PostgresConnection.line(PQerrorMessage(handle)))
        }
        // Notices would go to standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        var session =
            "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'; SET bytea_output = 'hex'"
        if readOnly { session += "; SET default_transaction_read_only = on" }
        let result = PQexec(handle, session)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw error(of: result) }
    }

    deinit { PQfinish(handle) }

    /// The session is gone, and what it was doing with it; only a new one can tell what became of it.
    var isLost: Bool { PQstatus(handle) != CONNECTION_OK }
    var inTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }

    func rows(_ statement: Statement, _ parameters: [DatabaseValue]) throws(StoreError) -> [Row] {
        let result = try run(statement, parameters)
        defer { PQclear(result) }
        let columns = PQnfields(result)
        let types = (0..<columns).map { PQftype(result, $0) }
        var rows: [Row] = []
        rows.reserveCapacity(Int(PQntuples(result)))
        for row in 0..<PQntuples(result) {
            var values: [DatabaseValue] = []
            values.reserveCapacity(Int(columns))
            for column in 0..<columns {
                guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else {
                    values.append(.null)
                    continue
                }
                let text = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
                guard let value = PostgresValue.read(text, type: types[Int(column)]) else {
                    throw StoreError(.failed, "column \(column) is of a type not used here (\(types[Int(column)]))")
                }
                values.append(value)
            }
            rows.append(Row(values))
        }
        return rows
    }

    @discardableResult
    func execute(_ statement: Statement, _ parameters: [DatabaseValue]) throws(StoreError) -> Int {
        let result = try run(statement, parameters)
        defer { PQclear(result) }
        return PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    private func run(_ statement: Statement, _ parameters: [DatabaseValue]) throws(StoreError) -> OpaquePointer? {
        let values = try PostgresParameters(parameters)
        let name = try prepare(statement, values.types)
        let result = values.withPointers { pointers, lengths, formats in
            PQexecPrepared(handle, name, Int32(parameters.count), pointers, lengths, formats, 0)
        }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK: return result
        case PGRES_COMMAND_OK:
            // COMMIT of a transaction that had failed answers without an error, by the tag ROLLBACK.
            guard statement == Transaction.commit, let tag = PQcmdStatus(result), String(cString: tag) != "COMMIT"
            else {
                return result
            }
            PQclear(result)
            throw StoreError(.failed, "the transaction had failed and was rolled back")
        default:
            defer { PQclear(result) }
            throw error(of: result)
        }
    }

    private func prepare(_ statement: Statement, _ types: [Oid]) throws(StoreError) -> String {
        let key = Prepared(statement: statement, types: types)
        if let name = prepared[key] { return name }
        if prepared.count >= PostgresConnection.preparedLimit {
            PQclear(PQexec(handle, "DEALLOCATE ALL"))
            prepared = [:]
        }
        let name = "s\(prepared.count)"
        let result = PQprepare(handle, name, statement.text, Int32(types.count), types)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw error(of: result) }
        prepared[key] = name
        return name
    }

    private func error(of result: OpaquePointer?) -> StoreError {
        func field(_ letter: Character) -> String? {
            letter.asciiValue.flatMap { PQresultErrorField(result, Int32($0)) }.map { String(cString: $0) }
        }
        guard !isLost, let state = field("C") else {
            return StoreError(.unavailable, PostgresConnection.line(PQerrorMessage(handle)))
        }
        // The primary message and the constraint; the detail would hold bound values.
        let constraint = field("n").map { " (\($0))" } ?? ""
        let message = field("M") ?? "no message"
        return StoreError(
            StoreError.Kind(sqlState: state, readOnly: readOnly), "\(message)\(constraint) (SQLSTATE \(state))")
    }

    private static func line(_ message: UnsafePointer<CChar>?) -> String {
        message.map { String(cString: $0).split(whereSeparator: \.isNewline).joined(separator: " ") } ?? "no message"
    }
}

extension StoreError.Kind {
    /// PostgreSQL's appendix A, by class.
    init(sqlState: String, readOnly: Bool) {
        switch sqlState {
        case "40001", "40P01", "55P03": self = .contention
        case "08P01": self = .failed
        // A node that was demoted: its writer must look for the new primary.
        case "25006" where !readOnly: self = .unavailable
        case "57014": self = .failed
        default:
            switch sqlState.prefix(2) {
            case "23": self = .constraint
            case "08", "53", "57", "58", "XX": self = .unavailable
            default: self = .failed
            }
        }
    }
}
