// SPDX-License-Identifier: Apache-2.0
//
// Preloaded into a tool under test (LD_PRELOAD), it counts the durable steps that the process takes, over all its threads, and kills
// the process in the place of one, or lets some of them fail as a full disk does. Not part of any tool.
//
//   STEP_LIST=FILE        appends a line for each durable step: number, system call, file
//   STEP_KILL=N           kills the process (SIGKILL) in the place of its step number N, counted from 1
//   STEP_PLACES=FILE      kills it where one of the file's lines "COUNT PATTERN" says: at the COUNTth step whose "system call file"
//                         matches the pattern (fnmatch)
//                         With either, only the step in whose place it dies is listed.
//   STEP_FAIL=FIRST:EVERY step FIRST, and each EVERYth after it, fails with ENOSPC; writes to files are steps then, too
//   STEP_ERROR=NUMBER     with that errno instead
//   STEP_BELOW=PATH       only files below PATH count

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long steps;
static const char *listed;
static char below[PATH_MAX];
static long kill_at, fail_first, fail_every;
static int fail_error = ENOSPC;

static struct {
    atomic_long left;
    char *pattern;
} places[64];
static int place_count;

// Without doubled slashes, as the kernel names files.
static void copy_path(char *to, const char *path) {
    size_t count = 0;
    for (; *path && count < PATH_MAX - 1; path++)
        if (*path != '/' || count == 0 || to[count - 1] != '/') to[count++] = *path;
    to[count] = 0;
}

// A plan that cannot be read must not look like one in which nobody dies.
static void read_places(const char *file) {
    char line[PATH_MAX + 100], *pattern;
    FILE *stream = fopen(file, "re");
    if (!stream) abort();
    while (place_count < 64 && fgets(line, sizeof line, stream)) {
        line[strcspn(line, "\n")] = 0;
        places[place_count].left = strtol(line, &pattern, 10);
        places[place_count++].pattern = strdup(pattern + 1);
    }
    fclose(stream);
}

__attribute__((constructor)) static void read_environment(void) {
    const char *text;
    listed = getenv("STEP_LIST");
    if ((text = getenv("STEP_PLACES"))) read_places(text);
    if ((text = getenv("STEP_BELOW"))) copy_path(below, text);
    if ((text = getenv("STEP_KILL"))) kill_at = atol(text);
    if ((text = getenv("STEP_ERROR"))) fail_error = atoi(text);
    if ((text = getenv("STEP_FAIL"))) sscanf(text, "%ld:%ld", &fail_first, &fail_every);
}

static void append_line(long number, const char *call, const char *path) {
    char line[PATH_MAX + 100];
    int count = snprintf(line, sizeof line, "%ld %s %s\n", number, call, path);
    int file = syscall(SYS_openat, AT_FDCWD, listed, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return;
    syscall(SYS_write, file, line, count);
    syscall(SYS_close, file);
}

static int dies_here(long number, const char *call, const char *path) {
    char step[PATH_MAX + 100];
    int dies = number == kill_at;
    snprintf(step, sizeof step, "%s %s", call, path);
    for (int place = 0; place < place_count; place++)
        if (fnmatch(places[place].pattern, step, FNM_PATHNAME) == 0 && atomic_fetch_sub(&places[place].left, 1) == 1) dies = 1;
    return dies;
}

// Whether the step is to fail; does not return where the process is to die.
static int takes_fault(const char *call, const char *given) {
    char path[PATH_MAX];
    copy_path(path, given);
    if (strncmp(path, below, strlen(below)) != 0) return 0;
    long number = atomic_fetch_add(&steps, 1) + 1;
    int dies = dies_here(number, call, path);
    if (listed && (dies || (!kill_at && !place_count))) append_line(number, call, path);
    if (dies) {
        syscall(SYS_kill, getpid(), SIGKILL);
        for (;;) pause();
    }
    return fail_every > 0 && number >= fail_first && (number - fail_first) % fail_every == 0;
}

static int fails_path(const char *call, const char *path) {
    if (!takes_fault(call, path)) return 0;
    errno = fail_error;
    return 1;
}

static int fails_descriptor(const char *call, int descriptor) {
    char link[64], path[PATH_MAX];
    int saved = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t count = readlink(link, path, sizeof path - 1);
    errno = saved;
    if (count <= 0 || path[0] != '/' || strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0) return 0;
    path[count] = 0;
    return fails_path(call, path);
}

// Writes count only where some of them are to fail: a killed process leaves what it wrote to the kernel.
static int fails_write(const char *call, int descriptor) {
    struct stat status;
    if (fail_every == 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    return fails_descriptor(call, descriptor);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int rename(const char *from, const char *to) {
    return fails_path("rename", to) ? -1 : NEXT(rename)(from, to);
}

int renameat(int one, const char *from, int two, const char *to) {
    return fails_path("rename", to) ? -1 : NEXT(renameat)(one, from, two, to);
}

int renameat2(int one, const char *from, int two, const char *to, unsigned flags) {
    return fails_path("rename", to) ? -1 : NEXT(renameat2)(one, from, two, to, flags);
}

int link(const char *from, const char *to) {
    return fails_path("link", to) ? -1 : NEXT(link)(from, to);
}

int linkat(int one, const char *from, int two, const char *to, int flags) {
    return fails_path("link", to) ? -1 : NEXT(linkat)(one, from, two, to, flags);
}

// A full disk still removes files, so that these only count and kill.
int unlink(const char *path) {
    if (kill_at || place_count || listed) (void)takes_fault("unlink", path);
    return NEXT(unlink)(path);
}

int unlinkat(int folder, const char *path, int flags) {
    if (kill_at || place_count || listed) (void)takes_fault("unlink", path);
    return NEXT(unlinkat)(folder, path, flags);
}

int mkdir(const char *path, mode_t mode) {
    struct stat status;
    if (stat(path, &status) != 0 && fails_path("mkdir", path)) return -1;
    return NEXT(mkdir)(path, mode);
}

int fsync(int descriptor) {
    return fails_descriptor("fsync", descriptor) ? -1 : NEXT(fsync)(descriptor);
}

int fdatasync(int descriptor) {
    return fails_descriptor("fdatasync", descriptor) ? -1 : NEXT(fdatasync)(descriptor);
}

int ftruncate(int descriptor, off_t length) {
    return fails_descriptor("ftruncate", descriptor) ? -1 : NEXT(ftruncate)(descriptor, length);
}

int ftruncate64(int descriptor, off64_t length) {
    return fails_descriptor("ftruncate", descriptor) ? -1 : NEXT(ftruncate64)(descriptor, length);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    return fails_write("write", descriptor) ? -1 : NEXT(write)(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return fails_write("write", descriptor) ? -1 : NEXT(pwrite)(descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    return fails_write("write", descriptor) ? -1 : NEXT(pwrite64)(descriptor, bytes, count, offset);
}
