// SPDX-License-Identifier: Apache-2.0
// What Swift cannot import of Linux: variadic calls, and what glibc declares for _GNU_SOURCE alone.
#ifndef EO_PROCESS_SHIMS_H
#define EO_PROCESS_SHIMS_H

#include <spawn.h>

/// From here on nobody but root can attach to this process or read its memory, and the system writes no core file of it. Returns an
/// `errno`, or 0.
int eo_forbid_dumps(void);

/// Sets the limit for core files to 0, also for what this process starts. Returns an `errno`, or 0.
int eo_forbid_core_files(void);

/// What is spawned with these actions has no open files from descriptor `first` on. Returns an `errno`, or 0.
int eo_spawn_closing_from(posix_spawn_file_actions_t *actions, int first);

#endif
