# SPDX-License-Identifier: Apache-2.0
#
# What scripts/install and scripts/uninstall agree on: where things go, and the list of what was put there. For scripts that source
# this after setting `program`.
# shellcheck shell=bash disable=SC2154,SC2034

fail() {
    echo "$program: error: $1" >&2
    [[ -z ${2:-} ]] || echo "$program: hint: $2" >&2
    exit "${3:-1}"
}

prefix=/usr/local
destination=${DESTDIR:-}
dry_run=false

# Reads --prefix and --dry-run; an option of a script's own goes to its function `own_option`, which says how many words it took.
read_options() {
    while (($#)); do
        case $1 in
        --help | -h) usage && exit 0 ;;
        --dry-run) dry_run=true ;;
        --prefix)
            (($# > 1)) || fail "--prefix takes a folder" "scripts/$program --help" 64
            prefix=$2
            shift
            ;;
        *)
            local taken=0
            own_option "$@" || taken=$?
            ((taken)) || fail "unknown argument \"$1\"" "scripts/$program --help" 64
            shift $((taken - 1))
            ;;
        esac
        shift
    done
    [[ $prefix =~ ^(/[A-Za-z0-9._-]+)+$ && ! $prefix =~ /\.\.?(/|$) ]] ||
        fail "--prefix takes an absolute path of letters, digits, dots, hyphens and underscores, not \"$prefix\"" "" 64
    root=$destination$prefix
    manifest=$root/share/election-authority/manifest
}

# Does what it is given, or says it.
perform() {
    if $dry_run; then echo "would: $*"; else "$@"; fi
}

digest() { sha256sum <"$1" | cut -d' ' -f1; }

# Sets `installed` (path below the prefix: the digests that it may have) and `made_folders` (innermost last) from the list.
read_manifest() {
    declare -gA installed=()
    made_folders=()
    [[ -e $manifest ]] || return 0
    local kind value path
    while read -r kind value path; do
        # Nothing in this file may lead out of the prefix.
        [[ $path != /* && ! /$path/ =~ /\.\.?/ ]] || fail "\"$manifest\" is damaged: \"$path\""
        case $kind in
        file) installed[$path]+=" $value " ;;
        folder) made_folders+=("$path") ;;
        *) fail "\"$manifest\" is damaged: \"$kind\"" ;;
        esac
    done <"$manifest"
}

# Whether a file is as an installation left it.
is_ours() { [[ -f $root/$1 && ! -L $root/$1 && ${installed[$1]:-} == *" $(digest "$root/$1") "* ]]; }
