#!/usr/bin/env python3
"""Sealing and verifying beside the tools that everybody has: the same bytes, one after another in one run.

    cargo build --release --bin adjourn
    python3 bench/archive-peers.py --messages 1000000 --out bench/results/archive-peers.json

Makes a file of JSON lines and a whole bundle with the product's own code (`bench redact --corpus`, `bench verify --keep`), and lets openssl, sha256sum,
zstd, age, b3sum (where there is one) and bagit.py (from PyPI, into a virtual environment) do their part on them. Of each the fastest of --runs by
the clock and the least processor time are noted, from the start of its process to its end. Needs some gigabytes below --folder, which is emptied.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--adjourn", default=str(ROOT / "target/release/adjourn"))
    args.add_argument("--folder", default=str(ROOT / "target/archive-peers"))
    args.add_argument("--messages", type=int, default=1_000_000)
    args.add_argument("--runs", type=int, default=5)
    args.add_argument("--out", help="where the figures go, too (JSON)")
    args = args.parse_args()
    folder = Path(args.folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    python = folder / "venv/bin/python"
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "bagit"], check=False)
    load = [os.getloadavg()]

    lines, identity = folder / "lines.jsonl", folder / "identity.txt"
    common = [args.adjourn, "--data", str(folder / "data")]
    subprocess.run([*common, "bench", "redact", "--messages", str(args.messages), "--corpus", str(lines)], check=True)
    subprocess.run(["age-keygen", "-o", str(identity)], check=True, capture_output=True)
    to = subprocess.run(["age-keygen", "-y", str(identity)], check=True, capture_output=True, text=True).stdout.strip()
    size = lines.stat().st_size
    file = str(lines)
    sealed = str(folder / "lines.jsonl.zst.age")
    sealing = [
        measure("openssl dgst -sha256", ["openssl", "dgst", "-sha256", file], args.runs),
        measure("sha256sum", ["sha256sum", file], args.runs),
        measure("b3sum --num-threads 1", ["b3sum", "--num-threads", "1", file], args.runs),
        measure("zstd -1 -T1", ["zstd", "-1", "-T1", "-q", "-f", file, "-o", file + ".zst"], args.runs),
        measure("age", ["age", "-r", to, "-o", file + ".zst.age", file + ".zst"], args.runs, [file + ".zst.age"]),
        measure("adjourn archive seal", [*common, "archive", "seal", file, "--recipient", to, "--out", sealed, "--force"], args.runs),
    ]
    for row in sealing:
        if "cpu_s" in row and row["tool"] != "age":
            row["mb_per_cpu_s"] = round(size / 1e6 / row["cpu_s"], 1)
    redact = [*common, "redact", file, "--out", str(folder / "copy.zst"), "--original", sealed, "--recipient", to, "--key-file"]
    whole = measure("adjourn redact --original", [*redact, str(folder / "key"), "--force"], args.runs)
    if "cpu_s" in whole:
        whole["messages_per_cpu_s"] = round(args.messages / whole["cpu_s"])
    for path in folder.glob("lines.*"):
        path.unlink()

    kept = folder / "bundle"
    made = [*common, "--json", "bench", "verify", "--messages", str(args.messages), "--runs", "1", "--keep", str(kept)]
    subprocess.run(made, check=True, capture_output=True)
    files = [str(path) for path in kept.rglob("*") if path.is_file()]
    verifying = [
        measure("openssl dgst -sha256", ["openssl", "dgst", "-sha256", *files], args.runs),
        measure("sha256sum", ["sha256sum", *files], args.runs),
        measure("bagit.py --validate", [str(python), "-m", "bagit", "--validate", "--quiet", str(kept)], args.runs),
        measure("adjourn verify --quick", [*common, "verify", "--quick", str(kept)], args.runs),
        measure("adjourn verify", [*common, "verify", str(kept)], args.runs),
    ]
    load.append(os.getloadavg())
    figures = {
        "date": date.today().isoformat(),
        "machine": {"processors": os.cpu_count(), "system": platform.platform(), "load_before_after": load},
        "messages": args.messages,
        "sealing": {"bytes": size, "rows": sealing},
        "whole": whole,
        "verifying": {"files": len(files), "bytes": sum(os.path.getsize(path) for path in files), "rows": verifying},
    }
    shutil.rmtree(folder, ignore_errors=True)
    text = json.dumps(figures, indent=2)
    print(text)
    if args.out:
        Path(args.out).write_text(text + "\n")


def measure(name, command, runs, remove=()):
    """The best of several runs of a program."""
    walls, cpus = [], []
    for _ in range(runs):
        for path in remove:
            Path(path).unlink(missing_ok=True)
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        try:
            done = subprocess.run(command, capture_output=True, text=True)
        except FileNotFoundError:
            return {"tool": name, "missing": "not installed"}
        walls.append(time.monotonic() - begun)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        if done.returncode != 0:
            return {"tool": name, "missing": (done.stderr.strip().splitlines() or ["?"])[-1]}
    return {"tool": name, "wall_s": round(min(walls), 4), "cpu_s": round(min(cpus), 4)}


if __name__ == "__main__":
    main()
