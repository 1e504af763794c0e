// SPDX-License-Identifier: Apache-2.0
#ifndef EO_GROUP_KERNELS_H
#define EO_GROUP_KERNELS_H

#include <gmp.h>

#endif
