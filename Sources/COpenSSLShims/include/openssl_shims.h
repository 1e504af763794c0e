// SPDX-License-Identifier: Apache-2.0
#ifndef EO_OPENSSL_SHIMS_H
#define EO_OPENSSL_SHIMS_H

#include <openssl/evp.h>

#endif
