// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once
#include <argon2.h>
#include <sys/mman.h>

// The memory of one hash is mapped for it and given back with it. From malloc, the first free of 19 MiB would raise
// glibc's threshold for mapping, and the process would keep tens of megabytes for its whole life.
static inline int socle_argon2_map(uint8_t **memory, size_t size) {
    void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return ARGON2_MEMORY_ALLOCATION_ERROR;
    *memory = (uint8_t *)mapped;
    return ARGON2_OK;
}

static inline void socle_argon2_unmap(uint8_t *memory, size_t size) { munmap(memory, size); }

/// Argon2id, version 1.3 (RFC 9106), memory in KiB.
static inline int socle_argon2id(
    uint32_t passes, uint32_t memory, uint32_t lanes, const uint8_t *password, uint32_t password_size,
    const uint8_t *salt, uint32_t salt_size, uint8_t *hash, uint32_t hash_size) {
    argon2_context context = {
        .out = hash, .outlen = hash_size,
        .pwd = (uint8_t *)password, .pwdlen = password_size,
        .salt = (uint8_t *)salt, .saltlen = salt_size,
        .t_cost = passes, .m_cost = memory, .lanes = lanes, .threads = lanes,
        .version = ARGON2_VERSION_13,
        .allocate_cbk = socle_argon2_map, .free_cbk = socle_argon2_unmap,
        .flags = ARGON2_DEFAULT_FLAGS,
    };
    return argon2id_ctx(&context);
}
