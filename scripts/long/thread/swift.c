// SPDX-License-Identifier: Apache-2.0
//
// Linked into what is built with the thread sanitizer. Swift's Mutex hands over between threads that wait for each other inside of
// libswiftSynchronization, which is not built so: the sanitizer would take everything that a contended Mutex guards for unguarded. These
// stand before the library's functions, call them, and tell the sanitizer what they do.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>
#include <stdint.h>

// Synchronization._MutexHandle._lockSlow(UInt32) and _unlockSlow()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

#define SELF __attribute__((swift_context)) void *mutex
typedef __attribute__((swiftcall)) void locking(uint32_t, SELF);
typedef __attribute__((swiftcall)) void unlocking(SELF);

locking lock_slow __asm__(LOCK);
unlocking unlock_slow __asm__(UNLOCK);

__attribute__((swiftcall)) void lock_slow(uint32_t state, SELF) {
    ((locking *)dlsym(RTLD_NEXT, LOCK))(state, mutex);
    __tsan_acquire(mutex);
}

__attribute__((swiftcall)) void unlock_slow(SELF) {
    __tsan_release(mutex);
    ((unlocking *)dlsym(RTLD_NEXT, UNLOCK))(mutex);
}

// Takes the place of __tsan_external_write (the linker's --wrap), which Swift tells of each access to an inout argument, and of an empty
// structure with an address that is nowhere: the sanitizer would crash. The loads and stores behind such an access it sees by themselves.
void __wrap___tsan_external_write(void *address, void *caller, void *tag) {
    (void)address, (void)caller, (void)tag;
}
