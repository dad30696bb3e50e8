#!/usr/bin/env bash
# Installs the real peers that the end-to-end tests talk to: a Matrix homeserver (Synapse), the openssl that
# answers as a timestamp authority, and the tools with which a snapshot is packed and read.
#
#   scripts/peers/install.sh [DIR]        DIR: default .peers in the repository's root (ignored by git)
#
# Safe to run again: a second run only compares a stamp and ends. Made for Debian 12, as root; elsewhere it works
# too as long as the tools are there already, and says which are not.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
dir=${1:-$root/.peers}
say() { printf 'peers: %s\n' "$*" >&2; }
die() { printf 'peers: error: %s\n' "$*" >&2; exit 1; }

mkdir -p "$dir" || die "cannot create $dir; give another folder as the first argument"
dir=$(cd "$dir" && pwd)
want=$(sha256sum "$here/requirements.txt" "$here/constraints.txt" | sha256sum | cut -d' ' -f1)

# --- Debian packages, only those whose tool is missing -------------------------------------------------------
missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
need sqlite3 sqlite3
need openssl openssl
need curl curl
need zstd zstd
need tar tar
need python3 python3
# `import venv` succeeds on a Debian without python3-venv; what is missing there is ensurepip.
python3 -c 'import venv, ensurepip' >/dev/null 2>&1 || missing+=(python3-venv)

if [ "${#missing[@]}" -gt 0 ]; then
  command -v apt-get >/dev/null 2>&1 || die "missing: ${missing[*]}, and there is no apt-get here; install them by hand"
  [ "$(id -u)" = 0 ] || die "missing: ${missing[*]}; run this as root, or: apt-get install ${missing[*]}"
  say "installing Debian packages: ${missing[*]}"
  # A package folder of our own: another process that cleans the shared one in the middle leaves dpkg half done.
  debs=$(mktemp -d); mkdir -p "$debs/partial"
  opts=(-o "Dir::Cache::archives=$debs" -o DPkg::Lock::Timeout=300)
  export DEBIAN_FRONTEND=noninteractive
  apt-get "${opts[@]}" update -q >"$dir/apt.log" 2>&1 || die "apt-get update failed; see $dir/apt.log"
  apt-get "${opts[@]}" install -y -q --no-install-recommends "${missing[@]}" >>"$dir/apt.log" 2>&1 \
    || die "apt-get install ${missing[*]} failed; see $dir/apt.log"
  rm -rf "$debs"
  for tool in sqlite3 openssl curl zstd tar python3; do
    command -v "$tool" >/dev/null 2>&1 || die "$tool is still not found after the installation; is PATH unusual?"
  done
fi

python3 -c 'import sys; sys.exit(0 if sys.version_info >= (3, 10) else 1)' \
  || die "python3 is $(python3 -V 2>&1), Synapse 1.163 needs 3.10 or newer"

# --- Python environment ----------------------------------------------------------------------------------------
venv=$dir/venv
if [ "$(cat "$dir/stamp" 2>/dev/null || true)" = "$want" ] \
   && "$venv/bin/python" -c 'import synapse, bagit' >/dev/null 2>&1; then
  say "up to date in $dir"
  exit 0
fi

exec 9>"$dir/lock"
flock -w 600 9 || die "another installation holds $dir/lock for ten minutes"
rm -f "$dir/stamp"
say "creating the Python environment in $venv"
python3 -m venv --clear "$venv" || die "python3 -m venv failed"
say "installing matrix-synapse and bagit (about a minute)"
"$venv/bin/pip" install -q --disable-pip-version-check --prefer-binary \
    -r "$here/requirements.txt" -c "$here/constraints.txt" >"$dir/pip.log" 2>&1 \
  || { tail -n 15 "$dir/pip.log" >&2; die "pip failed; the whole log is $dir/pip.log"; }

"$venv/bin/python" - <<'PY' || die "the installed environment does not work"
import importlib.metadata as m, importlib
for name in ("synapse.app.homeserver", "bagit"):
    importlib.import_module(name)
print("peers: matrix-synapse", m.version("matrix-synapse"), "bagit", m.version("bagit"))
PY
printf '%s' "$want" >"$dir/stamp"
say "ready in $dir"
