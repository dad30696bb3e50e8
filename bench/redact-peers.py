#!/usr/bin/env python3
"""Redaction beside what others wrote: the same generated corpus, one after another in one run, speed, recall and precision side by side.

    cargo build --release --bin adjourn
    python3 bench/redact-peers.py --venv /tmp/peers --messages 20000 --out bench/results/redact-peers.json

Installs the peers from PyPI into a virtual environment. What does not install is left out and named. Speed is messages a second of processor
time on one thread, each peer for at most --seconds; recall counts a label as found when nine tenths of its characters are masked by any kind,
precision a finding as right when it touches a label (the filler has names that nobody labelled: for names a lower bound).
"""

import argparse
import importlib
import json
import os
import platform
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

PEERS = ["datafog", "presidio-analyzer", "argus-redact", "jionlp", "helan"]
ROOT = Path(__file__).resolve().parent.parent


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--adjourn", default=str(ROOT / "target/release/adjourn"))
    args.add_argument("--venv", default=str(ROOT / "target/redact-peers"))
    args.add_argument("--messages", type=int, default=20000)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--seconds", type=float, default=20, help="processor time for each peer, at most")
    args.add_argument("--out", help="where the figures go, too (JSON)")
    args.add_argument("--inside", help=argparse.SUPPRESS)
    args = args.parse_args()
    if args.inside:
        print(json.dumps(measure(args.inside, *read(Path(args.venv) / "corpus.jsonl"), args.seconds)))
        return
    venv = Path(args.venv)
    python = venv / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    for peer in PEERS:
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", peer], check=False)
    common = [args.adjourn, "bench", "redact", "--messages", str(args.messages), "--seed", str(args.seed)]
    subprocess.run([*common, "--corpus", str(venv / "corpus.jsonl")], check=True)
    rows, load = [], [os.getloadavg()]
    ours = json.loads(subprocess.run([*common, "--json"], check=True, capture_output=True).stdout)
    for quality in ours["quality"]:
        rows.append(of_ours(ours, quality))
    for name in TESTS:
        inside = [str(python), __file__, "--inside", name, "--venv", str(venv), "--seconds", str(args.seconds)]
        ran = subprocess.run(inside, capture_output=True, text=True)
        if ran.returncode == 0:
            rows.append(json.loads(ran.stdout.splitlines()[-1]))
        else:
            says = (ran.stderr.strip().splitlines() or ["?"])[-1]
            rows.append({"tool": name, "missing": says})
        load.append(os.getloadavg())
    figures = {
        "date": date.today().isoformat(),
        "machine": {"processors": os.cpu_count(), "kind": processor(), "system": platform.system()},
        "load_average": [round(one, 2) for one, _, _ in load],
        "corpus": {"messages": args.messages, "seed": args.seed},
        "limits": ours["limits"],
        "rows": rows,
    }
    show(figures)
    if args.out:
        Path(args.out).write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def processor():
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def of_ours(ours, quality):
    """A row of our own figures: finding alone is what the peers are asked for."""
    size = ours["sizes"][0]
    kinds = {row["kind"]: row["recall"] for row in quality["kinds"] if row["labels"]}
    labels = sum(row["labels"] for row in quality["kinds"])
    found = sum(row["labels"] * row["recall"] for row in quality["kinds"])
    findings = sum(row["findings"] for row in quality["kinds"])
    right = sum(row["findings"] * row["precision"] for row in quality["kinds"])
    return {
        "tool": f"adjourn, {quality['members'].replace('_', ' ')}",
        "messages": size["messages"],
        "messages_per_s": size["detect"]["messages_per_s"],
        "recall": found / labels,
        "precision": right / max(findings, 1),
        "recall_of": kinds,
    }


def read(path):
    """Members, and messages with their labels."""
    with path.open(encoding="utf-8") as lines:
        members = json.loads(next(lines))["members"]
        return members, [json.loads(line) for line in lines]


def measure(name, members, messages, seconds):
    find = TESTS[name](members)
    find(messages[0]["text"])
    spans, begun = [], time.process_time()
    for message in messages:
        spans.append(find(message["text"]))
        if time.process_time() - begun > seconds:
            break
    took = time.process_time() - begun
    labels = found = findings = right = 0
    kinds = {}
    for message, masked in zip(messages, spans):
        for start, end, kind in message["labels"]:
            covered = set()
            for first, last in masked:
                covered.update(range(max(first, start), min(last, end)))
            hit = len(covered) * 10 >= (end - start) * 9
            labels, found = labels + 1, found + hit
            of = kinds.setdefault(kind, [0, 0])
            of[0], of[1] = of[0] + 1, of[1] + hit
        for first, last in masked:
            findings += 1
            right += any(first < end and start < last for start, end, _ in message["labels"])
    return {
        "tool": name,
        "messages": len(spans),
        "messages_per_s": len(spans) / took,
        "recall": found / max(labels, 1),
        "precision": right / max(findings, 1),
        "recall_of": {kind: hit / all_ for kind, (all_, hit) in sorted(kinds.items())},
    }


def datafog(_):
    scan = importlib.import_module("datafog").scan
    return lambda text: [(entity.start, entity.end) for entity in scan(text).entities]


def helan(_):
    library = importlib.import_module("helan")
    recognizers = library.build_recognizers()
    return lambda text: [(e.start, e.end) for e in library.recognize(text, recognizers=recognizers)]


def argus(_):
    redact = importlib.import_module("argus_redact").redact
    # `I` is no identifier: what it calls a reference to oneself would count against it.
    ours = "self_reference"
    return lambda text: [
        (entity["start"], entity["end"])
        for entity in redact(text, detailed=True)[2]["entities"]
        if entity["type"] != ours
    ]


def jionlp(_):
    library = importlib.import_module("jionlp")
    names = ["email", "id_card", "ip_address", "motor_vehicle_licence_plate", "phone_number", "qq", "url", "wechat_id"]
    extractors = [getattr(library, f"extract_{name}") for name in names]
    return lambda text: [tuple(hit["offset"]) for extract in extractors for hit in extract(text, detail=True)]


def presidio(recognizers, language="zh"):
    analyzer = importlib.import_module("presidio_analyzer")
    engines = importlib.import_module("presidio_analyzer.nlp_engine")
    spacy = importlib.import_module("spacy")

    class Blank(engines.SpacyNlpEngine):
        def __init__(self):
            super().__init__(models=[{"lang_code": language, "model_name": "blank"}])
            self.nlp = {language: spacy.blank(language)}

        def load(self):
            pass

    registry = analyzer.RecognizerRegistry(supported_languages=[language])
    stock = importlib.import_module("presidio_analyzer.predefined_recognizers")
    for recognizer in ["EmailRecognizer", "IpRecognizer", "UrlRecognizer", "CreditCardRecognizer"]:
        registry.add_recognizer(getattr(stock, recognizer)(supported_language=language))
    registry.add_recognizer(stock.PhoneRecognizer(supported_language=language, supported_regions=["CN"]))
    for kind, pattern in recognizers:
        registry.add_recognizer(
            analyzer.PatternRecognizer(
                supported_entity=kind, supported_language=language, patterns=[analyzer.Pattern(kind, pattern, 0.7)]
            )
        )
    engine = analyzer.AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=[language])
    return lambda text: [(hit.start, hit.end) for hit in engine.analyze(text, language=language)]


def presidio_stock(_):
    return presidio([])


def presidio_chinese(_):
    """Ten patterns that somebody who knows the forms would write, with look-arounds of ASCII: `\\b` fails next to Han."""
    words = (ROOT / "crates/redact/data/words.txt").read_text(encoding="utf-8")
    provinces = re.search(r"\[province_of_plate\]\n(.*)", words).group(1).replace(" ", "")
    alone = lambda body: rf"(?<![0-9A-Za-z]){body}(?![0-9A-Za-z])"
    return presidio(
        [
            ("CN_MOBILE", alone(r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}")),
            ("CN_LANDLINE", alone(r"0\d{2,3}[- ]?[2-8]\d{6,7}")),
            ("CN_ID", alone(r"[1-8]\d{5}[ -]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[ -]?\d{3}[\dXx]")),
            ("CN_CARD", alone(r"62\d{2}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?")),
            ("CN_USCC", alone(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")),
            ("CN_PASSPORT", alone(r"[EG]\d{8}")),
            ("CN_PERMIT", alone(r"[HMC]\d{8}(?:\d{2})?")),
            ("CN_PLATE", rf"[{provinces}][A-Z][0-9A-HJ-NP-Z]{{5,6}}"),
            ("CN_WECHAT", alone(r"wxid_[0-9A-Za-z_-]{6,}")),
            ("CN_QQ", r"(?i:(?<=qq)|(?<=qq.)|(?<=qq..))[1-9]\d{4,10}"),
        ]
    )


TESTS = {
    "datafog": datafog,
    "presidio-analyzer": presidio_stock,
    "presidio-analyzer with ten Chinese patterns": presidio_chinese,
    "argus-redact": argus,
    "jionlp": jionlp,
    "helan": helan,
}


def show(figures):
    print(f"{figures['date']}, {figures['machine']['kind']}, load {figures['load_average']}, {figures['corpus']}")
    print(f"{'tool':46} {'messages/s':>12} {'recall':>7} {'precision':>9}")
    for row in figures["rows"]:
        if "missing" in row:
            print(f"{row['tool']:46} not run: {row['missing']}")
        else:
            print(f"{row['tool']:46} {row['messages_per_s']:12,.0f} {row['recall']:7.3f} {row['precision']:9.3f}")


if __name__ == "__main__":
    main()
