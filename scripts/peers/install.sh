#!/usr/bin/env bash
# Installs the real peers that the end-to-end tests talk to:
#   venv       a Matrix homeserver (Synapse), and bagit
#   clients    other people's clients of QQ (OneBot v11), DingTalk and WeCom, in an environment of their own: their pins are
#              not Synapse's; a validator of JSON schemas, the library of Standard Webhooks, and DuckDB, which reads Parquet
#   fuzz       schemathesis, which makes requests out of the API's document
#   storage    SeaweedFS, an S3-compatible store with Object Lock: one binary in a wheel, 172 MB
#   browser    playwright-core, which drives Debian's Chromium, and axe-core, which looks at pages for what keeps people out
# and from Debian the openssl that answers as a timestamp authority, Chromium with a font for Chinese, and the tools
# with which a snapshot is packed and read.
#
#   scripts/peers/install.sh [DIR]        DIR: default .peers in the repository's root (ignored by git)
#
# Safe to run again: a second run only compares stamps and ends. Made for Debian 12, as root; elsewhere it works
# too as long as the tools are there already, and says which are not. Node.js 20 with npm has to be there.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
dir=${1:-$root/.peers}
say() { printf 'peers: %s\n' "$*" >&2; }
die() { printf 'peers: error: %s\n' "$*" >&2; exit 1; }

mkdir -p "$dir" || die "cannot create $dir; give another folder as the first argument"
dir=$(cd "$dir" && pwd)

# --- Debian packages, only those whose tool is missing -------------------------------------------------------
missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
need sqlite3 sqlite3
need openssl openssl
need curl curl
need zstd zstd
need age age
need tar tar
need python3 python3
need chromium chromium
# `import venv` succeeds on a Debian without python3-venv; what is missing there is ensurepip.
python3 -c 'import venv, ensurepip' >/dev/null 2>&1 || missing+=(python3-venv)
# Without such a font a page in Chinese is a page of boxes.
[ -n "$(fc-list :lang=zh 2>/dev/null)" ] || missing+=(fonts-wqy-microhei)

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
  for tool in sqlite3 openssl curl zstd tar python3 chromium; do
    command -v "$tool" >/dev/null 2>&1 || die "$tool is still not found after the installation; is PATH unusual?"
  done
fi

python3 -c 'import sys; sys.exit(0 if sys.version_info >= (3, 10) else 1)' \
  || die "python3 is $(python3 -V 2>&1), Synapse 1.163 needs 3.10 or newer"
node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' >/dev/null 2>&1 \
  || die "node is $(node --version 2>&1 || true), playwright-core needs 20 or newer; install Node.js with npm first"
command -v npm >/dev/null 2>&1 || die "there is no npm; install it beside Node.js first"

# --- What lies in DIR: one part after the other, each with a stamp of what it was made from --------------------
exec 9>"$dir/lock"
flock -w 600 9 || die "another installation holds $dir/lock for ten minutes"
export PIP_DISABLE_PIP_VERSION_CHECK=1
made=0

# current STAMP FILE...: whether the part was made from just these files. Sets `want`.
current() {
  local stamp=$dir/$1; shift
  want=$(sha256sum "$@" | cut -d' ' -f1 | sha256sum | cut -d' ' -f1)
  [ "$(cat "$stamp" 2>/dev/null || true)" = "$want" ]
}

# python_part NAME STAMP REQUIREMENTS CONSTRAINTS MODULE...
python_part() {
  local venv=$dir/$1 name=$1 stamp=$2 requirements=$3 constraints=$4; shift 4
  local there="import sys, importlib.util
sys.exit(any(importlib.util.find_spec(name) is None for name in '$*'.split()))"
  local works="import importlib
for name in '$*'.split(): importlib.import_module(name)"
  if current "$stamp" "$requirements" "$constraints" && "$venv/bin/python" -c "$there" >/dev/null 2>&1; then
    return 0
  fi
  rm -f "$dir/$stamp"
  say "creating the Python environment in $venv, and installing $(grep -v '^#' "$requirements" | tr '\n' ' ')"
  python3 -m venv --clear "$venv" || die "python3 -m venv failed"
  "$venv/bin/pip" install -q --prefer-binary -r "$requirements" -c "$constraints" >"$dir/pip-$name.log" 2>&1 \
    || { tail -n 15 "$dir/pip-$name.log" >&2; die "pip failed; the whole log is $dir/pip-$name.log"; }
  "$venv/bin/python" -c "$works" || die "the environment in $venv does not work"
  printf '%s' "$want" >"$dir/$stamp"
  made=1
}

python_part venv stamp "$here/requirements.txt" "$here/constraints.txt" synapse bagit
python_part clients stamp-clients "$here/clients-requirements.txt" "$here/clients-constraints.txt" \
  aiocqhttp aiohttp duckdb jsonschema nonebot.adapters.onebot.v11 alibabacloud_dingtalk.im_1_0.client wechatpy standardwebhooks.webhooks
python_part fuzz stamp-fuzz "$here/fuzz-requirements.txt" "$here/fuzz-constraints.txt" schemathesis
# No module in it: its `weed` is the binary itself.
python_part storage stamp-storage "$here/storage-requirements.txt" "$here/storage-constraints.txt"

browser=$dir/browser
if ! { current stamp-browser "$here/browser/package.json" "$here/browser/package-lock.json" \
       && node -e "require('$browser/node_modules/playwright-core'); require('$browser/node_modules/axe-core')" >/dev/null 2>&1; }; then
  rm -f "$dir/stamp-browser"
  say "installing playwright-core and axe-core in $browser"
  mkdir -p "$browser"
  cp "$here/browser/package.json" "$here/browser/package-lock.json" "$browser/"
  (cd "$browser" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >"$dir/npm.log" 2>&1 \
    || { tail -n 15 "$dir/npm.log" >&2; die "npm failed; the whole log is $dir/npm.log"; }
  printf '%s' "$want" >"$dir/stamp-browser"
  made=1
fi

if [ "$made" = 1 ]; then say "ready in $dir"; else say "up to date in $dir"; fi
