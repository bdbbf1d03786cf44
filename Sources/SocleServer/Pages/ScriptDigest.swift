// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto

/// A script as a source of a policy: it runs on the page, and nothing else does, whatever came into it
/// (Content Security Policy 3 §2.3.1).
enum ScriptDigest {
    /// `'sha256-…'` of exactly the text between the tags.
    static func source(_ script: String) -> String {
        // The 32 bytes of the digest always leave one place of the last group empty.
        let digest = Base64URL.encode(SHA256.digest(Array(script.utf8))).replacing("-", with: "+")
            .replacing("_", with: "/")
        return "'sha256-\(digest)='"
    }
}
