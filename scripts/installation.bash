# SPDX-License-Identifier: Apache-2.0
#
# Authorities on this machine: made in a scratch folder, trusting each other, served by processes that end with the script.
# For scripts that source this after setting `program`, and `keep` to true or false. They set `succeeded=true` at the end.

fail() {
    echo "$program: error: $1" >&2
    exit "${2:-1}"
}

number() {
    [[ $2 =~ ^[1-9][0-9]{0,6}$ ]] || fail "$1 takes a number from 1, not \"$2\"" 64
}

step() { printf '\n== %s\n' "$*"; }

scratch=''
started=()
succeeded=false

# Ends the processes that are given, by force after 20 seconds.
end_processes() {
    for pid in "$@"; do kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "$@"; do
        for _ in {1..200}; do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}

# Ends what this script started, in whatever way it ends itself.
clean_up() {
    trap - EXIT INT TERM
    end_processes "${started[@]}"
    [[ -n $scratch ]] || return 0
    if $succeeded && ! $keep; then
        rm -rf "$scratch"
        echo "removed $scratch (--keep leaves it)"
    else
        echo "everything lies in $scratch"
    fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A port on which nobody listens, and that was not given out before.
next_port=$((10000 + RANDOM % 20000))
free_port() {
    while (exec 3<>"/dev/tcp/127.0.0.1/$next_port") 2>/dev/null; do ((++next_port)); done
    port=$next_port
    ((++next_port))
}

# Sets `bin` to where the release binaries lie.
build_tools() {
    scripts/bootstrap
    swift build -c release
    bin=$(swift build -c release --show-bin-path)
}

# Makes that many authorities in a new folder `scratch`; sets `authorities` and `ports`.
make_authorities() {
    authorities=$1
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/eo-$program-XXXXXX")
    ports=()
    local i api mixnet eotest
    for ((i = 1; i <= authorities; i++)); do
        free_port && api=$port
        free_port && mixnet=$port
        free_port && eotest=$port
        ports+=("$api")
        "$bin/eorchestra" init --home "$scratch/auth$i" --hostname "auth$i.$program" --public-ip 127.0.0.1 \
            --port "$api" --mixnet-port "$mixnet" --eotest-port "$eotest" --auto-accept
    done
}

# Installs the package of each at each.
exchange_packages() {
    local i j others
    for ((i = 1; i <= authorities; i++)); do
        "$bin/eopeers" --config "$scratch/auth$i/eoconf.json" --show-mine >"$scratch/auth$i.package"
    done
    for ((i = 1; i <= authorities; i++)); do
        others=()
        for ((j = 1; j <= authorities; j++)); do ((i == j)) || others+=("$scratch/auth$j.package"); done
        "$bin/eopeers" --config "$scratch/auth$i/eoconf.json" --install "${others[@]}"
    done
}

# Starts all authorities and waits until they listen; sets `authority_pids`. Arguments stand in front of the command: env or taskset.
start_authorities() {
    local i pid tries
    authority_pids=()
    for ((i = 1; i <= authorities; i++)); do
        "$@" "$bin/eorchestra" serve --config "$scratch/auth$i/eoconf.json" >"$scratch/auth$i/serve.out" 2>&1 &
        authority_pids+=($!)
        started+=($!)
    done
    for ((i = 1; i <= authorities; i++)); do
        pid=${authority_pids[i - 1]}
        for ((tries = 0; ; tries++)); do
            if ! kill -0 "$pid" 2>/dev/null; then
                cat "$scratch/auth$i/serve.out" >&2
                fail "authority $i did not start"
            fi
            if (exec 3<>"/dev/tcp/127.0.0.1/${ports[i - 1]}") 2>/dev/null; then break; fi
            ((tries < 300)) || fail "authority $i does not listen after 30 seconds"
            sleep 0.1
        done
        echo "auth$i.$program listens on 127.0.0.1:${ports[i - 1]}, process $pid"
    done
}

# User and system time of a process so far, its ended children's too, in hundredths of a second.
processor_time() {
    local fields
    read -r fields <"/proc/$1/stat" || fail "process $1 has ended"
    # Behind the name, which may hold spaces: state is field 3 of proc(5), the times are fields 14 to 17.
    read -ra fields <<<"${fields##*) }"
    spent=$(((fields[11] + fields[12] + fields[13] + fields[14]) * 100 / $(getconf CLK_TCK)))
}
