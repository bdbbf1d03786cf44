// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Unpadded base64url (RFC 4648 §5, RFC 7515 §2), one text per value.
package enum Base64URL {
    package static func encode(_ bytes: [UInt8]) -> String { String(decoding: Base64.url.encode(bytes), as: UTF8.self) }
    package static func encode(_ bytes: some Collection<UInt8>) -> String { encode(Array(bytes)) }

    /// The text as bytes, to be joined into a longer one.
    package static func encoded(_ bytes: [UInt8]) -> [UInt8] { Base64.url.encode(bytes) }

    /// nil for padding, white space, another alphabet, or trailing bits that are not zero: a second spelling of the
    /// same bytes would let one signed token have several texts.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? { Base64.url.decode(Array(text.utf8)[...]) }

    package static func decode(utf8 text: ArraySlice<UInt8>) -> [UInt8]? { Base64.url.decode(text) }
    package static func decode(utf8 text: some Collection<UInt8>) -> [UInt8]? { Base64.url.decode(Array(text)[...]) }
}
