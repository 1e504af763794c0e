// SPDX-License-Identifier: Apache-2.0
#include "group_kernels.h"
