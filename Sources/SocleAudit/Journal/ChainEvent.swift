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
        if let checkpoint { details["checkpoint"] = .string(Base64URL.encode(checkpoint.digest)) }
        details["signature"] = .string(Base64URL.encode(try signer.sign(message(details))))
        return EntryDraft(kind: .chain, instant: instant, actor: nil, details: details)
    }

    package static func closing(at instant: Instant) -> EntryDraft {
        EntryDraft(kind: .chain, instant: instant, actor: nil, details: ["event": "closed"])
    }

    /// The heads an opening names, if it is one, names its own chain and instant, and its signature holds.
    package static func openingHeads(
        _ entry: JournalEntry, verify: JournalSigner.Verification
    ) -> [ChainHead]? {
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
        let read = heads.compactMap(ChainHead.init(json:))
        return read.count == heads.count ? read : nil
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
