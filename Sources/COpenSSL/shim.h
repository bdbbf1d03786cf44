// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once
// Engines are the one way to PKCS#11 that Debian 12 packages: deprecated, and called from here alone.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <stdio.h>

// Macros and variadic functions that Swift cannot call.

static inline long socle_bio_bytes(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

static inline EVP_PKEY *socle_generate_ec(const char *group) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", (char *)group);
}

static inline EVP_PKEY *socle_generate(const char *kind) { return EVP_PKEY_Q_keygen(NULL, NULL, kind); }

static inline EVP_PKEY *socle_generate_rsa(size_t bits) { return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits); }

// The uncompressed point of an EC key, at most 133 bytes; 0 when there is none. Asked for this way because a key in a
// hardware token gives its other form a compressed point.
static inline size_t socle_ec_point(EVP_PKEY *key, unsigned char *output) {
    unsigned char *point = NULL;
    size_t size = EVP_PKEY_get1_encoded_public_key(key, &point);
    if (size > 133) size = 0;
    for (size_t index = 0; index < size; index++) output[index] = point[index];
    OPENSSL_free(point);
    return size;
}

// A builder keeps the addresses of its names and values, which Swift's temporary ones do not outlive.

static inline EVP_PKEY *socle_import(const char *kind, int selection, OSSL_PARAM_BLD *builder) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
    if (parameters == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1
        || EVP_PKEY_fromdata(context, &key, selection, parameters) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    return key;
}

// The uncompressed point: 0x04, x, y. Without a scalar, a public key.
static inline EVP_PKEY *socle_import_ec(const char *group, const unsigned char *point, size_t point_size,
                                        const unsigned char *scalar, size_t scalar_size) {
    EVP_PKEY *key = NULL;
    BIGNUM *number = scalar == NULL ? NULL : BN_secure_new();
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (builder != NULL && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) == 1
        && OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, point_size) == 1
        && (scalar == NULL
            || (number != NULL && BN_bin2bn(scalar, (int)scalar_size, number) != NULL
                && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number) == 1)))
        key = socle_import("EC", scalar == NULL ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR, builder);
    OSSL_PARAM_BLD_free(builder);
    BN_clear_free(number);
    return key;
}

// Big-endian numbers one after the other: n and e, or n, e, d, p, q, dp, dq and qi.
static inline EVP_PKEY *socle_import_rsa(const unsigned char *bytes, const size_t *sizes, size_t count) {
    static const char *const names[] = {
        OSSL_PKEY_PARAM_RSA_N,       OSSL_PKEY_PARAM_RSA_E,         OSSL_PKEY_PARAM_RSA_D,
        OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    };
    BIGNUM *numbers[8] = {NULL};
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    int ready = builder != NULL && (count == 2 || count == 8);
    for (size_t index = 0; ready && index < count; index++) {
        numbers[index] = BN_bin2bn(bytes, (int)sizes[index], NULL);
        ready = numbers[index] != NULL && OSSL_PARAM_BLD_push_BN(builder, names[index], numbers[index]) == 1;
        bytes += sizes[index];
    }
    if (ready) key = socle_import("RSA", count == 2 ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR, builder);
    OSSL_PARAM_BLD_free(builder);
    for (size_t index = 0; index < 8; index++) BN_clear_free(numbers[index]);
    return key;
}

static inline EVP_MAC_CTX *socle_hmac_template(const char *digest) {
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC_free(mac);
    if (context != NULL && EVP_MAC_CTX_set_params(context, parameters) != 1) {
        EVP_MAC_CTX_free(context);
        return NULL;
    }
    return context;
}

// libp11's engine, which can be loaded once in a process. NULL when it cannot.
static inline ENGINE *socle_hardware_open(const char *module, const char *pin) {
    char path[4096];
    OPENSSL_init_crypto(OPENSSL_INIT_ENGINE_DYNAMIC, NULL);
    snprintf(path, sizeof path, "%s/pkcs11.so", OPENSSL_info(OPENSSL_INFO_ENGINES_DIR));
    ENGINE *engine = ENGINE_by_id("dynamic");
    if (engine != NULL && ENGINE_ctrl_cmd_string(engine, "SO_PATH", path, 0) == 1
        && ENGINE_ctrl_cmd_string(engine, "ID", "pkcs11", 0) == 1
        && ENGINE_ctrl_cmd_string(engine, "LIST_ADD", "0", 0) == 1
        && ENGINE_ctrl_cmd_string(engine, "LOAD", NULL, 0) == 1
        && ENGINE_ctrl_cmd_string(engine, "QUIET", NULL, 0) == 1
        && ENGINE_ctrl_cmd_string(engine, "MODULE_PATH", module, 0) == 1
        && ENGINE_ctrl_cmd_string(engine, "PIN", pin, 0) == 1 && ENGINE_init(engine) == 1)
        return engine;
    ENGINE_free(engine);
    return NULL;
}

static inline EVP_PKEY *socle_hardware_key(ENGINE *engine, const char *uri) {
    return ENGINE_load_private_key(engine, uri, NULL, NULL);
}
