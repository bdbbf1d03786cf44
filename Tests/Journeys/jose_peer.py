# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""The other side of `PeerTests` (Tests/SocleJOSETests): tokens made and read by a JOSE library nobody here wrote.

    jose_peer.py joserfc|jwcrypto make   <nothing   >keys and tokens, a JSON list
    jose_peer.py joserfc|jwcrypto read   <tokens    >what each holds, or null where the library refuses it
"""

import json
import sys

SIGNATURES = {
    "ES256": ("EC", "P-256"), "ES384": ("EC", "P-384"), "ES512": ("EC", "P-521"), "EdDSA": ("OKP", "Ed25519"),
    **{name: ("RSA", 2048) for name in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]},
    "HS256": ("oct", 256), "HS384": ("oct", 384), "HS512": ("oct", 512),
}
ENCRYPTIONS = {
    "A128GCM": 128, "A192GCM": 192, "A256GCM": 256, "A128CBC-HS256": 256, "A192CBC-HS384": 384, "A256CBC-HS512": 512,
}
WRAPS = {"A128KW": 128, "A192KW": 192, "A256KW": 256, "A128GCMKW": 128, "A192GCMKW": 192, "A256GCMKW": 256}
AGREEMENTS = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"]
CURVES = [("EC", "P-256"), ("EC", "P-384"), ("EC", "P-521"), ("OKP", "X25519")]
CONTENT = '{"iss":"https://peer","sub":"é"}'


def deliveries():
    """Each algorithm, content encryption and kind of key that go together."""
    for enc, size in ENCRYPTIONS.items():
        for alg in ["RSA-OAEP", "RSA-OAEP-256"]:
            yield alg, enc, ("RSA", 2048)
        for alg, bits in WRAPS.items():
            yield alg, enc, ("oct", bits)
        for alg in AGREEMENTS:
            for kind in CURVES:
                yield alg, enc, kind
        yield "dir", enc, ("oct", size)


class Joserfc:
    def __init__(self):
        import joserfc.jwe
        import joserfc.jwk
        import joserfc.jws
        self.jwe, self.jwk, self.jws = joserfc.jwe, joserfc.jwk, joserfc.jws

    def generate(self, kind, size):
        return self.jwk.generate_key(kind, size, private=True).as_dict(private=kind != "oct" or None)

    def thumbprint(self, key):
        return self.jwk.import_key(key).thumbprint()

    def sign(self, alg, key, content):
        return self.jws.serialize_compact({"alg": alg}, content, self.jwk.import_key(key), algorithms=[alg])

    def verify(self, alg, key, token):
        return self.jws.deserialize_compact(token, self.jwk.import_key(key), algorithms=[alg]).payload

    def encrypt(self, alg, enc, key, content):
        return self.jwe.encrypt_compact(
            {"alg": alg, "enc": enc}, content, self.jwk.import_key(key), algorithms=[alg, enc])

    def decrypt(self, alg, enc, key, token):
        return self.jwe.decrypt_compact(token, self.jwk.import_key(key), algorithms=[alg, enc]).plaintext


class Jwcrypto:
    def __init__(self):
        import jwcrypto.jwe
        import jwcrypto.jwk
        import jwcrypto.jws
        self.jwe, self.jwk, self.jws = jwcrypto.jwe, jwcrypto.jwk, jwcrypto.jws

    def key(self, key):
        return self.jwk.JWK(**key)

    def generate(self, kind, size):
        options = {"crv": size} if kind in ("EC", "OKP") else {"size": size}
        return self.jwk.JWK.generate(kty=kind, **options).export(as_dict=True)

    def thumbprint(self, key):
        return self.key(key).thumbprint()

    def sign(self, alg, key, content):
        token = self.jws.JWS(content)
        token.allowed_algs = [alg]
        token.add_signature(self.key(key), protected=json.dumps({"alg": alg}))
        return token.serialize(compact=True)

    def verify(self, alg, key, text):
        token = self.jws.JWS()
        token.allowed_algs = [alg]
        token.deserialize(text, self.key(key))
        return token.payload

    def encrypt(self, alg, enc, key, content):
        token = self.jwe.JWE(content, json.dumps({"alg": alg, "enc": enc}), algs=[alg, enc], recipient=self.key(key))
        return token.serialize(compact=True)

    def decrypt(self, alg, enc, key, text):
        token = self.jwe.JWE(algs=[alg, enc])
        token.deserialize(text, self.key(key))
        return token.payload


def public(key):
    return {name: value for name, value in key.items() if name not in ("d", "p", "q", "dp", "dq", "qi")}


def make(library):
    content = CONTENT.encode()
    keys = {}

    def key(kind):
        # RSA takes long: one of each kind serves all.
        if kind not in keys:
            keys[kind] = library.generate(*kind)
        return keys[kind]

    for alg, kind in SIGNATURES.items():
        own = key(kind)
        yield {"alg": alg, "key": own, "thumbprint": library.thumbprint(own), "token": library.sign(alg, own, content)}
    for alg, enc, kind in deliveries():
        own = key(kind)
        yield {"alg": alg, "enc": enc, "key": own, "thumbprint": library.thumbprint(own),
               "token": library.encrypt(alg, enc, public(own), content)}


def read(library, given):
    for item in given:
        try:
            if "enc" in item:
                content = library.decrypt(item["alg"], item["enc"], item["key"], item["token"])
            else:
                content = library.verify(item["alg"], item["key"], item["token"])
            yield content.decode()
        except Exception as refusal:  # Whatever a library refuses with.
            print(f"{item['alg']} {item.get('enc', '')}: {refusal!r}", file=sys.stderr)
            yield None


def main():
    library = {"joserfc": Joserfc, "jwcrypto": Jwcrypto}[sys.argv[1]]()
    if sys.argv[2] == "make":
        answer = list(make(library))
    else:
        answer = list(read(library, json.load(sys.stdin)))
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
