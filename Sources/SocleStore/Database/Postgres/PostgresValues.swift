// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import CPQ

/// Parameters in PostgreSQL's binary form, in one buffer.
struct PostgresParameters {
    /// Types by their fixed identifiers (`pg_type.dat`); 0 lets the server infer that of a NULL.
    private(set) var types: [Oid] = []
    // Never empty, so that an empty text has an address and is not a NULL.
    private var bytes: [UInt8] = [0]
    private var places: [(offset: Int, count: Int)?] = []

    init(_ values: [DatabaseValue]) throws(StoreError) {
        for value in values {
            let start = bytes.count
            switch value {
            case .null:
                types.append(0)
                places.append(nil)
                continue
            case .integer(let number):
                types.append(20)
                for shift in stride(from: 56, through: 0, by: -8) {
                    bytes.append(UInt8(truncatingIfNeeded: number >> Int64(shift)))
                }
            case .text(let text):
                types.append(25)
                bytes.append(contentsOf: text.utf8)
                guard !bytes[start...].contains(0) else { throw StoreError(.failed, "a text holds U+0000") }
            case .blob(let blob):
                types.append(17)
                bytes.append(contentsOf: blob)
            }
            places.append((start, bytes.count - start))
        }
        bytes.append(0)
    }

    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        let lengths = places.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: places.count)
        return bytes.withUnsafeBytes { buffer in
            let start = buffer.bindMemory(to: CChar.self).baseAddress
            return body(places.map { $0.flatMap { place in start.map { $0 + place.offset } } }, lengths, formats)
        }
    }
}

/// Results in PostgreSQL's text form, read by the type of their column.
enum PostgresValue {
    /// nil for a type, or a number, that no column of ours has.
    static func read(_ text: UnsafeRawBufferPointer, type: Oid) -> DatabaseValue? {
        switch type {
        // int8, int2, int4; numeric, which a sum of int8 is.
        case 20, 21, 23, 1700: Int64(String(decoding: text, as: UTF8.self)).map(DatabaseValue.integer)
        case 16: .integer(text.first == UInt8(ascii: "t") ? 1 : 0)
        case 17: bytea(text)
        // text, varchar, bpchar, name, char, unknown.
        case 25, 1043, 1042, 19, 18, 705: .text(String(decoding: text, as: UTF8.self))
        // What a function without a value returns.
        case 2278: .null
        default: nil
        }
    }

    /// `\x` and two hexadecimal digits a byte.
    private static func bytea(_ text: UnsafeRawBufferPointer) -> DatabaseValue? {
        guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x") else {
            return nil
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2 - 1)
        for index in stride(from: 2, to: text.count, by: 2) {
            guard let high = digit(text[index]), let low = digit(text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return .blob(bytes)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

/// A NULL-terminated array of C strings, for the length of a call.
enum CStrings {
    static func with<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let bytes = strings.map { Array($0.utf8CString) }
        let joined = Array(bytes.joined())
        return joined.withUnsafeBufferPointer { buffer in
            var pointers: [UnsafePointer<CChar>?] = []
            var offset = 0
            for text in bytes {
                pointers.append(buffer.baseAddress.map { $0 + offset })
                offset += text.count
            }
            pointers.append(nil)
            return pointers.withUnsafeBufferPointer { array in
                guard let start = array.baseAddress else { preconditionFailure("never empty") }
                return body(start)
            }
        }
    }
}
