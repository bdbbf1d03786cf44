// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleCrypto owns digests, MACs, sealing, signatures, password hashing, one-time codes and the text forms of bytes.
// It is the sole importer of COpenSSL and CArgon2: no pointer leaves it, and nothing outside it sees a C type.
// It knows no token, no file and no clock; randomness comes in as a `SecureRandom`, but for key generation and a
// signature's own nonce, which libcrypto draws itself.
