// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
package import SocleIdentity
package import SocleJSON

/// The heads of all chains at an instant.
///
/// Only the heads that moved since the checkpoint before are written, and its digest: a checkpoint covers, through
/// that link, every chain there ever was, and stays small however many processes have started.
package struct Checkpoint: Hashable, Sendable {
    package var number: Int64
    package var instant: Instant
    /// The digest of the checkpoint before; nil for the first.
    package var previous: [UInt8]?
    package var heads: [ChainHead]

    package init(number: Int64, instant: Instant, previous: [UInt8]?, heads: [ChainHead]) {
        self.number = number
        self.instant = instant
        self.previous = previous
        self.heads = heads
    }

    package func signed(by signer: JournalSigner) throws -> SignedCheckpoint {
        var object: JSONObject = ["checkpoint": .integer(number), "instant": .integer(instant.milliseconds)]
        if let previous { object["previous"] = .string(Base64URL.encode(previous)) }
        object["heads"] = .array(heads.map(\.json))
        object["key"] = .string(signer.keyID)
        let body = JSONValue.object(object).bytes
        return SignedCheckpoint(
            body: body, keyID: signer.keyID, signature: try signer.sign(SignedCheckpoint.message(body)))
    }
}

/// A checkpoint as it is stored and sent outside: the signed bytes, never written again.
package struct SignedCheckpoint: Hashable, Sendable {
    package var body: [UInt8]
    package var keyID: String
    package var signature: [UInt8]

    package init(body: [UInt8], keyID: String, signature: [UInt8]) {
        self.body = body
        self.keyID = keyID
        self.signature = signature
    }

    package var digest: [UInt8] { SHA256.digest(body) }

    /// What the body says; nil when it is not a checkpoint, or names another key.
    package var checkpoint: Checkpoint? {
        guard let object = EntryBody.object(body), let number = object["checkpoint"]?.integer, number > 0,
            let instant = object["instant"]?.integer, let heads = object["heads"]?.array,
            object["key"]?.string == keyID
        else { return nil }
        var previous: [UInt8]?
        if let text = object["previous"] {
            guard let digest = text.string.flatMap({ Base64URL.decode($0) }), digest.count == 32 else { return nil }
            previous = digest
        }
        let read = heads.compactMap(ChainHead.init(json:))
        guard read.count == heads.count, (number == 1) == (previous == nil) else { return nil }
        return Checkpoint(
            number: number, instant: Instant(milliseconds: instant), previous: previous, heads: read)
    }

    package func isSigned(verify: JournalSigner.Verification) -> Bool? {
        verify(keyID, SignedCheckpoint.message(body), signature)
    }

    static func message(_ body: [UInt8]) -> [UInt8] { Array("socle-checkpoint-1\n".utf8) + body }
}

extension SignedCheckpoint {
    /// The file kept outside: `{"checkpoint": the signed text, "key": ..., "signature": base64url}`.
    package var json: JSONValue {
        [
            "checkpoint": .string(String(decoding: body, as: UTF8.self)), "key": .string(keyID),
            "signature": .string(Base64URL.encode(signature)),
        ]
    }

    package init?(json: JSONValue) {
        guard let body = json["checkpoint"]?.string, let key = json["key"]?.string,
            let signature = json["signature"]?.string.flatMap({ Base64URL.decode($0) })
        else { return nil }
        self.init(body: Array(body.utf8), keyID: key, signature: signature)
    }
}
