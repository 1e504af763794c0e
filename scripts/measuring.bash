# SPDX-License-Identifier: Apache-2.0
#
# Measures tallies of the two authorities that scripts/installation.bash makes, and prints the figures. For scripts/bench.
#
# A measurement is a name such as "ifma sequent2048 10000"; its figures stand in `figure` under "NAME KEY". Times are in seconds.
declare -A figure
measurements=()
last=''

describe_machine() {
    local cpu
    cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
    echo "processor  ${cpu:-$(uname -m)}, $(nproc) cores, AVX-512 IFMA: $([[ $fastest == ifma ]] && echo yes || echo no)"
    echo "system     $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release), Linux $(uname -r)"
    echo "compiler   $(swift --version 2>/dev/null | grep -m 1 'Swift version' || echo unknown)"
    echo "GMP        $(pkg-config --modversion gmp 2>/dev/null || echo unknown)"
    echo "source     $(git describe --always --dirty 2>/dev/null || echo unknown)"
    echo "date       $(date -u '+%Y-%m-%d %H:%M UTC')"
}

# calc EXPRESSION [FORMAT]: a number by awk.
calc() { awk "BEGIN { printf \"${2:-%.6f}\", ($1) }"; }

# Runs a command and sets `seconds` (of CPU) and `elapsed`. Its standard output goes to the file named first.
timed() {
    local output=$1 TIMEFORMAT='%R %U %S' user system
    shift
    if ! { time "$@" >"$output" 2>"$output.error"; } 2>"$scratch/time"; then
        cat "$output" "$output.error" >&2
        fail "this failed: $*"
    fi
    read -r elapsed user system <"$scratch/time"
    seconds=$(calc "$user + $system")
}

# Keeps the highest anonymous resident memory (KB) of the authorities, and the most disk (KB) that each takes, in a file.
watch_authorities() {
    local -a memory disk
    local i key value rest tick used
    for ((i = 0; i < authorities; i++)); do memory[i]=0 disk[i]=0; done
    for ((tick = 0; ; tick++)); do
        for ((i = 0; i < authorities; i++)); do
            while read -r key value rest; do
                if [[ $key == RssAnon: ]] && ((value > memory[i])); then memory[i]=$value; fi
            done 2>/dev/null <"/proc/${authority_pids[i]}/status" || return 0
            if ((tick % 8 == 0)); then
                used=$(du -sk "$scratch/auth$((i + 1))/data" 2>/dev/null) || true
                used=${used%%[!0-9]*}
                if ((${used:-0} > disk[i])); then disk[i]=$used; fi
            fi
        done
        echo "${memory[*]} ${disk[*]}" >"$1.new" && mv "$1.new" "$1"
        sleep 0.5
    done
}

# Waits until no authority computes any more: the first to be done tells the client while others still publish.
await_rest() {
    local before after=0
    while true; do
        before=$after after=0
        for pid in "${authority_pids[@]}"; do processor_time "$pid" && after=$((after + spent)); done
        ((after - before >= 5)) || return 0
        sleep 1
    done
}

# CPU seconds of an authority's last archive in its gzip stream, as its log tells them.
compression_seconds() {
    local log=$scratch/auth$1/log/eorchestra.log
    # "cpu_milliseconds":"1234" becomes 1.234.
    sed -n '/"message":"archive compressed"/s/.*"cpu_milliseconds":"\([0-9]*\)".*/\1/p' "$log" | tail -n 1 |
        awk '{ printf "%.3f", $1 / 1000 }'
}

# Samples where the authorities spend their time, with perf.
profiling=false
start_profile() {
    local IFS=,
    perf record --quiet --event cpu-clock --freq 499 --pid "${authority_pids[*]}" --output "$scratch/profile" \
        2>"$scratch/profile.error" &
    profiler=$!
    started+=("$profiler")
}

# The share in % of what is not arithmetic on group elements and exponents, the gzip stream left out.
end_profile() {
    kill -INT "$profiler"
    while kill -0 "$profiler" 2>/dev/null; do sleep 0.1; done
    perf report --input "$scratch/profile" --stdio --fields overhead,dso,symbol --field-separator ';' 2>/dev/null |
        awk -F ';' '
            /^#/ || NF < 3 { next }
            { share = $1 + 0 }
            $2 ~ /libz\./ { next }
            { all += share }
            $2 ~ /libgmp/ && $3 !~ /_str|set_str|get_str/ { next }
            $3 ~ / eo_/ && $3 !~ /big_endian|decimal|wipe|header/ { next }
            { other += share }
            END { if (all == 0) exit 1; printf "%.1f", 100 * other / all }' ||
        fail "perf tells nothing: $(cat "$scratch/profile.error")"
}

# measure KERNEL GROUP COUNT [CPUS]: one election; its key is made before the clocks start. With CPUS, everything runs on those alone.
measure() {
    local kernel=$1 group=$2 count=$3 cpus=${4:-} i election watcher name
    local -a before with=(env "EO_KERNEL=$kernel")
    name="$kernel $group $count${cpus:+ cpus $cpus}"
    ! $profiling || name+=" profiled"
    [[ -z $cpus ]] || with+=(taskset -c "$cpus")
    last=$name
    [[ -z ${figure["$name count"]:-} ]] || return 0
    step "$count ballots, $group, kernel $kernel${cpus:+, on processors $cpus}"
    start_authorities "${with[@]}"
    local config=$scratch/auth1/eoconf.json out=$scratch/eotest.out

    timed "$out" "${with[@]}" "$bin/eotest" create --config "$config" --json --vmnd --vcount "$count" --group "$group"
    election=$(sed -n 's/.*"election_id" *: *\([0-9]*\).*/\1/p' "$out")
    [[ -n $election ]] || fail "eotest create told no election_id"
    timed "$out" "${with[@]}" "$bin/eotest" encrypt --config "$config" "$election"
    figure["$name encrypt"]=$seconds
    echo "encrypted: $(calc "$seconds * 1000 / $count" %.3f) ms of CPU a ballot"

    await_rest
    for ((i = 1; i <= authorities; i++)); do processor_time "${authority_pids[i - 1]}" && before[i]=$spent; done
    watch_authorities "$scratch/peaks" &
    watcher=$!
    started+=("$watcher")
    ! $profiling || start_profile
    timed "$out" "${with[@]}" "$bin/eotest" tally --config "$config" --timeout 86400 "$election"
    figure["$name tally elapsed"]=$elapsed
    await_rest
    end_processes "$watcher"
    ! $profiling || figure["$name other"]=$(end_profile)
    read -ra peaks <"$scratch/peaks"
    for ((i = 1; i <= authorities; i++)); do
        processor_time "${authority_pids[i - 1]}"
        figure["$name authority $i"]=$(calc "($spent - ${before[i]}) / 100")
        figure["$name gzip $i"]=$(compression_seconds "$i")
        [[ -n ${figure["$name gzip $i"]} ]] || fail "the log of authority $i does not tell the time of its gzip stream"
        figure["$name memory $i"]=${peaks[i - 1]}
        figure["$name disk $i"]=${peaks[authorities + i - 1]}
    done
    echo "tallied in $elapsed s: $(calc "$(authority_cost "$name")" %.3f) ms of CPU per ciphertext and authority"

    local -a tallies=("$scratch"/auth*/data/public/"$election"/tally.tar.gz)
    [[ ${#tallies[@]} == "$authorities" && -f ${tallies[0]} ]] || fail "not every authority published a tally"
    (($(sha256sum "${tallies[@]}" | cut -d' ' -f1 | sort -u | wc -l) == 1)) || fail "the tallies differ"
    tally=${tallies[0]}
    timed "$out" "${with[@]}" "$bin/eoverify" --skip-recount "$tally"
    figure["$name verify"]=$seconds
    figure["$name verify elapsed"]=$elapsed
    echo "verified: $(calc "$seconds * 1000 / $count" %.3f) ms of CPU a ciphertext"
    end_processes "${authority_pids[@]}"
    rm -rf "$scratch/auth1/eotest/data/$election"
    figure["$name count"]=$count
    measurements+=("$name")
}

# The whole of eotest full with COUNT random ballots, sequent2048, whatever kernel the processor has.
measure_million() {
    local count=$1 watcher i
    step "eotest full --vmnd --vcount $count --group sequent2048"
    cat "$scratch/machine"
    start_authorities
    watch_authorities "$scratch/peaks" &
    watcher=$!
    started+=("$watcher")
    local start=$EPOCHREALTIME
    "$bin/eotest" full --config "$scratch/auth1/eoconf.json" --vmnd --vcount "$count" --group sequent2048 \
        --timeout 86400 2>&1 | while IFS= read -r line; do printf '%(%H:%M:%S)T %s\n' -1 "$line"; done
    elapsed=$(calc "$EPOCHREALTIME - $start")
    end_processes "$watcher"
    read -ra peaks <"$scratch/peaks"
    step "a million ballots"
    row '' '' '' measured mark ''
    judged "$(calc "$elapsed / 60")" 45
    row 'whole election, minutes' '' '' "$(calc "$elapsed / 60" %.1f)" 45 "$verdict"
    for ((i = 1; i <= authorities; i++)); do
        processor_time "${authority_pids[i - 1]}"
        row "authority $i: CPU ms per ciphertext, gzip included" '' '' "$(calc "$spent * 10 / $count" %.3f)" - ''
        judged "$(calc "${peaks[i - 1]} * 1024 / 1000000")" 1500
        row "authority $i: anonymous memory, MB" '' '' "$(calc "${peaks[i - 1]} * 1024 / 1000000" %.0f)" 1500 "$verdict"
        row "authority $i: disk, MB" '' '' "$(calc "${peaks[authorities + i - 1]} * 1024 / 1000000" %.0f)" - ''
    done
    end_processes "${authority_pids[@]}"
}

# CPU milliseconds per ciphertext and authority, without the gzip stream.
authority_cost() {
    local i sum=0
    for ((i = 1; i <= authorities; i++)); do sum+=" + ${figure["$1 authority $i"]} - ${figure["$1 gzip $i"]}"; done
    calc "($sum) * 1000 / ${figure["$1 count"]:-$count} / $authorities"
}

# The issue's mark in milliseconds for a row, a kernel and a group; empty if there is none.
mark() {
    case "$1 $2 ${3: -4}" in
    "authority ifma 2048") echo 1.0 ;; "authority ifma 3072") echo 2.6 ;;
    "authority gmp 2048") echo 5.5 ;; "authority gmp 3072") echo 16 ;;
    "eoverify ifma 2048") echo 0.45 ;; "eoverify ifma 3072") echo 0.9 ;;
    "eoverify gmp 2048") echo 1.5 ;; "eoverify gmp 3072") echo 3.2 ;;
    "encrypting ifma 2048") echo 0.12 ;; "encrypting ifma 3072") echo 0.35 ;;
    "encrypting gmp 2048") echo 0.6 ;; "encrypting gmp 3072") echo 2.0 ;;
    esac
}

# judged VALUE MARK [atLeast]: "ok" or "over" beside its mark; counts what is missed.
judged() {
    verdict=''
    [[ -n $2 ]] || return 0
    local operator='<='
    [[ ${3:-} != atLeast ]] || operator='>='
    if (($(calc "$1 $operator $2" %d))); then verdict=ok; else verdict=over && ((++missed)); fi
}

row() { printf '%-50s %-12s %-6s %9s %9s  %s\n' "$@"; }

print_table() {
    local what group kernel name cost limit
    row '' group kernel measured mark ''
    for what in authority eoverify encrypting; do
        for group in "${groups[@]}"; do
            for kernel in "${kernels[@]}"; do
                name="$kernel $group $vcount"
                case $what in
                authority) cost=$(authority_cost "$name") ;;
                eoverify) cost=$(calc "${figure["$name verify"]} * 1000 / $vcount") ;;
                encrypting) cost=$(calc "${figure["$name encrypt"]} * 1000 / $vcount") ;;
                esac
                limit=$(mark $what "$kernel" "$group")
                judged "$cost" "$limit"
                case $what in
                authority) what_text='whole tally, per authority' ;;
                eoverify) what_text='eoverify, all authorities together' ;;
                encrypting) what_text='eotest: encrypting a ballot with its proof' ;;
                esac
                row "$what_text" "$group" "$kernel" "$(calc "$cost" %.3f)" "${limit:--}" "$verdict"
            done
        done
    done
    echo
    echo "Left out of the whole tally above, and other views of it:"
    for group in "${groups[@]}"; do
        for kernel in "${kernels[@]}"; do
            name="$kernel $group $vcount"
            row 'gzip stream, per authority' "$group" "$kernel" \
                "$(calc "(${figure["$name gzip 1"]} + ${figure["$name gzip 2"]}) * 500 / $vcount" %.3f)" - ''
            row 'eoverify, per authority that is verified' "$group" "$kernel" \
                "$(calc "${figure["$name verify"]} * 1000 / $vcount / $authorities" %.3f)" - ''
        done
    done
}

print_growth() {
    local name change
    row '' '' ballots measured mark ''
    for name in "$1" "$2"; do
        row 'whole tally, CPU ms per ciphertext' '' "${figure["$name count"]}" "$(calc "$(authority_cost "$name")" %.3f)" - ''
        for ((i = 1; i <= authorities; i++)); do
            # MB of a million bytes.
            local megabytes limit=-
            megabytes=$(calc "${figure["$name memory $i"]} * 1024 / 1000000" %.0f)
            ((${figure["$name count"]} != 100000)) || limit=400
            judged "$megabytes" "${limit#-}"
            row "authority $i: anonymous memory, MB" '' "${figure["$name count"]}" "$megabytes" "$limit" "$verdict"
            row "authority $i: disk, MB" '' "${figure["$name count"]}" \
                "$(calc "${figure["$name disk $i"]} * 1024 / 1000000" %.0f)" - ''
        done
    done
    change=$(calc "($(authority_cost "$2") / $(authority_cost "$1") - 1) * 100")
    judged "$change" 10
    row 'growth of the cost per ciphertext, %' '' '' "$(calc "$change" %.1f)" 10 "$verdict"
}

print_share() {
    row '' group kernel measured mark ''
    judged "${figure["$1 other"]}" 15
    row 'not arithmetic, % of CPU without the gzip stream' "$group" "$fastest" "${figure["$1 other"]}" 15 "$verdict"
}

# How much two cores of this machine do more than one at best: eoverify alone on one, and twice at once on one core each.
measure_machine() {
    local with=(env "EO_KERNEL=$1") start
    timed "$scratch/alone" "${with[@]}" taskset -c 0 "$bin/eoverify" --skip-recount "$tally"
    local alone=$elapsed
    start=$EPOCHREALTIME
    "${with[@]}" taskset -c 1 "$bin/eoverify" --skip-recount "$tally" >"$scratch/beside" 2>&1 &
    started+=($!)
    "${with[@]}" taskset -c 0 "$bin/eoverify" --skip-recount "$tally" >"$scratch/beside0" 2>&1
    wait $!
    machine_ratio=$(calc "2 * $alone / ($EPOCHREALTIME - $start)")
}

print_cores() {
    local one=$1 two=$2 ratio
    # On one core the authorities' gzip streams run one after another, on two at the same time.
    ratio=$(calc "(${figure["$one tally elapsed"]} - ${figure["$one gzip 1"]} - ${figure["$one gzip 2"]}) \
        / (${figure["$two tally elapsed"]} - (${figure["$two gzip 1"]} + ${figure["$two gzip 2"]}) / 2)")
    row '' '' '' measured mark ''
    judged "$ratio" 1.85 atLeast
    row 'whole tally: elapsed on one core / on two' '' '' "$(calc "$ratio" %.2f)" 1.85 "$verdict"
    row 'eoverify: elapsed on one core / on two' '' '' \
        "$(calc "${figure["$one verify elapsed"]} / ${figure["$two verify elapsed"]}" %.2f)" - ''
    row 'this machine: two processes / one' '' '' "$(calc "$machine_ratio" %.2f)" - ''
}

write_json() {
    local name key separator='' inner
    printf '{"machine":['
    while IFS= read -r line; do
        line=${line//\\/} && printf '%s"%s"' "$separator" "${line//\"/}" && separator=,
    done <"$scratch/machine"
    printf '],"measurements":['
    separator=''
    for name in "${measurements[@]}"; do
        printf '%s{"measurement":"%s"' "$separator" "$name" && separator=,
        for inner in encrypt 'tally elapsed' verify 'verify elapsed' count; do
            printf ',"%s":%s' "${inner// /_}" "${figure["$name $inner"]}"
        done
        [[ -z ${figure["$name other"]:-} ]] || printf ',"other_percent":%s' "${figure["$name other"]}"
        for key in authority gzip memory disk; do
            printf ',"%s":[%s,%s]' "$key" "${figure["$name $key 1"]}" "${figure["$name $key 2"]}"
        done
        printf '}'
    done
    printf ']}\n'
}
