// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2
#include "resources.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// One line a file; the path is what `--policies DIR` would hold.
#define RESOURCES(X) \
    X(readme, "policies/README.md", "../../Policies/README.md")

#define BYTES(name, path, file) static const unsigned char name##_bytes[] = {
#define ROW(name, path, file) { path, name##_bytes, sizeof name##_bytes },

static const unsigned char readme_bytes[] = {
#embed "../../Policies/README.md"
};

static const socle_resource all[] = { RESOURCES(ROW) };

const socle_resource *socle_resources(size_t *count) {
    *count = sizeof all / sizeof all[0];
    return all;
}
