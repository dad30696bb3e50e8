#!/usr/bin/env bash
# Rebuilds tests/e2e/snapshots/synapse.tar.zst: starts an empty homeserver, fills it with seed.py, stops it, analyses
# and compacts its database, and packs what a restore needs. About two minutes. Needs scripts/peers/install.sh.
#
# Two things decide what tests see: the clock (rooms carry fixed dates; "quiet" is a year and a half older than the
# rest) and ANALYZE (without statistics Synapse on SQLite pages a room thirty times slower).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
peers=${ADJOURN_PEERS:-$root/.peers}
out=$root/tests/e2e/snapshots/synapse.tar.zst
limit=$((4 * 1024 * 1024))
early=$(date -u -d 2025-03-03T08:00:00Z +%s)
main=$(date -u -d 2026-11-02T08:00:00Z +%s)
die() { printf 'make-snapshot: error: %s\n' "$*" >&2; exit 1; }

[ -x "$peers/venv/bin/python" ] || die "no peers in $peers; run scripts/peers/install.sh"
work=$(mktemp -d)
data=$work/snapshot
mkdir -p "$data"
server=
cleanup() { [ -z "$server" ] || kill -9 "$server" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
base=http://127.0.0.1:$port
cp "$here/homeserver.yaml.in" "$here/log.yaml.in" "$here/limits-lifted.yaml" "$data/"
fill() { sed -e "s|@DATA@|$data|g" -e "s|@PORT@|$port|g" -e "/^@LIMITS@$/{r $here/limits-lifted.yaml
d}" "$1"; }
fill "$data/homeserver.yaml.in" >"$work/homeserver.yaml"
fill "$data/log.yaml.in" >"$data/log.yaml"
"$peers/venv/bin/python" - "$data/signing.key" <<'PY'
import sys
from signedjson.key import generate_signing_key, write_signing_keys
with open(sys.argv[1], "w") as f:
    write_signing_keys(f, [generate_signing_key("a_seed")])
PY

start() {
  rm -f "$work/stdin"; mkfifo "$work/stdin"
  (cd "$work" && PEERS_CLOCK=$1 exec "$peers/venv/bin/python" "$here/homeserver.py" -c "$work/homeserver.yaml") \
    <"$work/stdin" >"$work/out.log" 2>&1 &
  server=$!
  exec 8>"$work/stdin"
  for _ in $(seq 300); do
    curl -sf "$base/health" >/dev/null && return
    kill -0 "$server" 2>/dev/null || { cat "$work/out.log" >&2; die "the homeserver ended"; }
    sleep 0.2
  done
  die "the homeserver was not healthy after a minute"
}
stop() { kill -TERM "$server"; wait "$server" || true; server=; exec 8>&-; }

start "$early"; python3 "$here/seed.py" early "$base" "$data"; stop
start "$main";  python3 "$here/seed.py" main "$base" "$data"; stop

sqlite3 "$data/homeserver.db" 'PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE; VACUUM; ANALYZE;' >/dev/null
[ "$(sqlite3 "$data/homeserver.db" 'PRAGMA integrity_check')" = ok ] || die "the database is damaged"
rm -f "$data"/homeserver.db-* "$data/homeserver.pid" "$data/log.yaml" "$data/early.json" "$data"/homeserver.log*

mkdir -p "$(dirname "$out")"
tar --sort=name --mtime=@"$main" --owner=0 --group=0 --numeric-owner -C "$work" -cf - snapshot \
  | zstd -q -19 --long=27 -f -o "$out"
size=$(stat -c %s "$out")
[ "$size" -lt "$limit" ] || die "the snapshot is $size bytes, more than $limit"
printf 'make-snapshot: %s bytes, database %s bytes, %s events\n' "$size" "$(stat -c %s "$data/homeserver.db")" \
  "$(sqlite3 "$data/homeserver.db" 'SELECT count(*) FROM events')"
