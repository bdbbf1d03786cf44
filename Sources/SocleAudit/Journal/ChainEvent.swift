// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
package import SocleIdentity
import SocleJSON

/// The first and last entries of a chain.
///
/// The opening is signed and names what the journal held when the process started: the last checkpoint, and the
/// heads that moved since. A chain without a signed opening was not written by Socle, and a chain named by another
/// one's opening cannot be removed unnoticed.
package enum ChainEvent {
    package static func opening(
        _ chain: JournalChain, at instant: Instant, after checkpoint: SignedCheckpoint?, heads: [ChainHead],
        signer: JournalSigner
    ) throws -> EntryDraft {
        var details: JSONObject = [
            "event": "opened", "chain": .string(chain.id), "instant": .integer(instant.milliseconds),
            "heads": .array(heads.map(\.json)), "key": .string(signer.keyID),
        ]
        if let checkpoint, let number = checkpoint.checkpoint?.number {
            details["checkpoint"] = [
                "number": .integer(number), "digest": .string(Base64URL.encode(checkpoint.digest)),
            ]
        }
        details["signature"] = .string(Base64URL.encode(try signer.sign(message(details))))
        return EntryDraft(kind: .chain, instant: instant, actor: nil, details: details)
    }

    package static func closing(at instant: Instant) -> EntryDraft {
        EntryDraft(kind: .chain, instant: instant, actor: nil, details: ["event": "closed"])
    }

    /// What an opening says of the journal before it.
    package struct Opening: Hashable, Sendable {
        package var heads: [ChainHead]
        package var checkpoint: NamedCheckpoint?
    }

    package struct NamedCheckpoint: Hashable, Sendable {
        package var number: Int64
        package var digest: [UInt8]
    }

    /// The entry read as an opening: nil unless it is one, of its own chain and instant, signed by a known key.
    package static func opening(_ entry: JournalEntry, verify: JournalSigner.Verification) -> Opening? {
        guard entry.kind == EntryDraft.Kind.chain.rawValue, let body = entry.body,
            var details = EntryBody.object(body)?["details"]?.object,
            details["event"]?.string == "opened",
            details["chain"]?.string == entry.position.chain,
            details["instant"]?.integer == entry.instant.milliseconds,
            let key = details["key"]?.string,
            let signature = details["signature"]?.string.flatMap({ Base64URL.decode($0) }),
            let heads = details["heads"]?.array
        else { return nil }
        details["signature"] = nil
        guard verify(key, message(details), signature) == true else { return nil }
        var opening = Opening(heads: heads.compactMap(ChainHead.init(json:)), checkpoint: nil)
        guard opening.heads.count == heads.count else { return nil }
        if let named = details["checkpoint"] {
            guard let number = named["number"]?.integer,
                let digest = named["digest"]?.string.flatMap({ Base64URL.decode($0) })
            else { return nil }
            opening.checkpoint = NamedCheckpoint(number: number, digest: digest)
        }
        return opening
    }

    package static func isClosing(_ entry: JournalEntry) -> Bool {
        guard entry.kind == EntryDraft.Kind.chain.rawValue, let body = entry.body else { return false }
        return EntryBody.object(body)?["details"]?["event"]?.string == "closed"
    }

    /// The members of the details in their order, without the signature.
    private static func message(_ details: JSONObject) -> [UInt8] {
        Array("socle-opening-1\n".utf8) + JSONValue.object(details).bytes
    }
}

extension ChainHead {
    var json: JSONValue {
        ["chain": .string(chain), "sequence": .integer(sequence), "hash": .string(Base64URL.encode(hash))]
    }

    init?(json: JSONValue) {
        guard let chain = json["chain"]?.string, let sequence = json["sequence"]?.integer, sequence > 0,
            let hash = json["hash"]?.string.flatMap({ Base64URL.decode($0) }), hash.count == 32
        else { return nil }
        self.init(chain: chain, sequence: sequence, hash: hash)
    }
}
