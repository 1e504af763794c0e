// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "process_shims.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>

int eo_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : errno; }

int eo_forbid_core_files(void) {
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none) == 0 ? 0 : errno;
}

int eo_spawn_closing_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
