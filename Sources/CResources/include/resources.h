// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2
//
// What the binary carries: policies, the matrix, nomenclatures, the stylesheet.
// Swift sees one look-up by path; a path that is not embedded gives NULL.
#pragma once
#include <stddef.h>

typedef struct {
    const char *_Nonnull path;
    const unsigned char *_Nonnull bytes;
    size_t count;
} socle_resource;

/// All resources, in the order of their paths.
const socle_resource *_Nonnull socle_resources(size_t *_Nonnull count);
