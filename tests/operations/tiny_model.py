"""A model in plain Python, with three steps: it needs no library, and is judged like any other."""

import stat
import textwrap

YAML = """\
model: tiny
dataset: rows
options: [rows, limit]
gate: judge
steps:
  - name: ingest
    job: processing
    command: [python, -m, tiny, ingest]
    outputs: [raw]
  - name: fit
    job: training
    inputs: {train: ingest/raw}
    hyperparameters: {weight: 0.5}
  - name: judge
    job: processing
    command: [python, -m, tiny, judge]
    inputs: {model: fit/model, train: ingest/raw, champion: champion/model}
    outputs: [evaluation]
"""
PROGRAM = '''\
"""The steps."""

import json
import os
import sys
import tarfile
from pathlib import Path

BASE = Path(os.environ["SAGEMAKER_BASE_DIR"])
IN, OUT = BASE / "processing" / "input", BASE / "processing" / "output"


def ingest(words):
    given = dict(zip(words[::2], words[1::2]))
    rows = int(given.get("--rows", 3))
    if rows < 1:
        print("no rows: give at least 1")
        sys.exit(1)
    lines = [f"{n},{n % 2}" for n in range(rows)]
    (OUT / "raw" / "data.csv").write_text("\\n".join(["value,label", *lines]))


def train():
    given = json.loads((BASE / "input" / "config" / "hyperparameters.json").read_text())
    rows = (BASE / "input" / "data" / "train" / "data.csv").read_text().splitlines()
    (BASE / "model" / "model.json").write_text(json.dumps({"weight": given["weight"], "rows": len(rows) - 1}))


def judge(_words):
    with tarfile.open(IN / "model" / "model.tar.gz") as archive:
        model = json.load(archive.extractfile("model.json"))
    enough = model["rows"] >= 2
    known = (IN / "champion" / "model.tar.gz").exists()
    checks = [{"name": "rows", "passed": enough, "value": model["rows"], "limit": 2, "why": "one row says nothing"}]
    out = OUT / "evaluation"
    (out / "gate.json").write_text(json.dumps({"passed": enough, "checks": checks}))
    (out / "evaluation.json").write_text(json.dumps({"rows": {"value": model["rows"]}, "against_champion": int(known)}))
    (out / "card.json").write_text(json.dumps({"model_overview": {"model_name": "tiny"}}))
    (out / "index.html").write_text("<h1>tiny</h1>")


def monitor(words):
    kind = words[1]
    learnt = (IN / "baseline" / "data.csv").read_text().splitlines()[1:]
    calls = [line for file in (IN / "captured").rglob("*.jsonl") for line in file.read_text().splitlines()]
    if kind == "explain":
        sys.exit("nothing explains a weight")
    if kind == "model":
        metrics = {"Auc": float((IN / "labels" / "labels.csv").read_text())}
    else:
        metrics = {"Drift": abs(len(calls) - len(learnt)) / 10}
    few = len(calls) < 2
    checks = [{"name": "evidence", "passed": not few, "value": len(calls), "limit": 2, "why": "one call says nothing"}]
    out = OUT / "report"
    said = {"kind": kind, "calls": len(calls), "rows": len(calls), "metrics": metrics, "checks": checks}
    (out / "report.json").write_text(json.dumps({**said, "passed": not few}))
    (out / "index.html").write_text(f"<h1>{kind}</h1>")


if __name__ == "__main__":
    {"ingest": ingest, "judge": judge, "monitor": monitor}[sys.argv[1]](sys.argv[2:])
'''
TRAIN = """\
#!/bin/sh
exec python -c "from tiny.__main__ import train; train()"
"""


def write(folder, text=YAML):
    """Write the model's folder; return it."""
    (folder / "bin").mkdir(parents=True)
    (folder / "tiny").mkdir()
    (folder / "model.yaml").write_text(text)
    (folder / "requirements.txt").write_text("# Python alone.\n")
    (folder / "tiny" / "__init__.py").write_text("")
    (folder / "tiny" / "__main__.py").write_text(textwrap.dedent(PROGRAM))
    train = folder / "bin" / "train"
    train.write_text(TRAIN)
    train.chmod(train.stat().st_mode | stat.S_IXUSR)
    return folder
