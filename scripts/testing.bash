# SPDX-License-Identifier: Apache-2.0
#
# Sourced by scripts/test-long and the checks of scripts/long, in the root of the sources: runs Swift tests in their long form.

fail() {
    echo "$program: error: $1" >&2
    exit "${2:-1}"
}

# The packages that the tests need, and the tests themselves, built as scripts/test builds them.
build_tests() { scripts/test --build-only; }

# Runs the tests that a filter of `swift test` names, with EO_LONG=1: tests that have a long form take it then, and those that CI
# has no time for run at all. Fails also if there is no such test.
long_tests() {
    local log
    build_tests
    log=$(mktemp)
    if ! EO_LONG=1 swift test --skip-build --no-parallel --filter "$1" 2>&1 | tee "$log"; then
        rm -f "$log"
        return 1
    fi
    if ! grep -Eq 'Test run with [1-9][0-9]* tests? .*passed' "$log"; then
        rm -f "$log"
        fail "no test is named $1"
    fi
    rm -f "$log"
}

# Runs the whole suite built with a sanitizer, address or thread, and with it every tool that a test starts. Fails also if something
# was found in a process whose end no test looks at.
#
# Arguments: the sanitizer, its options, and what `swift test` takes.
sanitized_tests() {
    local sanitizer=$1 options=$2 reports status=0
    local -a skipped=(
        # Reads a server's whole memory, of which a sanitizer's account of it takes terabytes.
        EndToEndTests.SecretsOfARunTests
        # faketime, which sets a tool's clock in it, and the sanitizer wait for each other before main.
        EndToEndTests.CheckingTests/others
    )
    shift 2
    reports=$(mktemp -d "${TMPDIR:-/tmp}/eo-$sanitizer-XXXXXX")
    # Tests start servers as other users, too.
    chmod 1777 "$reports"
    options+=:log_path=$reports/process
    EO_SANITIZER=$sanitizer ASAN_OPTIONS=$options TSAN_OPTIONS=$options scripts/test "${skipped[@]/#/--skip=}" "$@" || status=$?
    if compgen -G "$reports/*" >/dev/null; then
        head -n 60 "$reports"/*
        fail "the $sanitizer sanitizer found something: see $reports"
    fi
    rmdir "$reports"
    return "$status"
}
