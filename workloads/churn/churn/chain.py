"""The steps up to the gate one after the other on this machine, without SageMaker: what `mlflow run` starts."""

import argparse
import json
import os
import shutil
import sys
import tarfile
from pathlib import Path

from churn.__main__ import main as step
from churn.score import score

SCORED = "predictions.csv"
"""What the scored extract is written to, in the chain's folder."""


def chain(folder: Path, *, customers: int, seed: int, max_iter: int, scored: bool = False) -> int:
    """Ingest, prepare, train and evaluate below *folder*, which is made anew; return the first exit code that is not 0.

    *scored*: the extract that prepare leaves is scored too, into SCORED.

    The report is evaluate/processing/output/evaluation/index.html there. A refused model is a result: 0.
    """
    shutil.rmtree(folder, ignore_errors=True)
    ingest, prepare, train, evaluate = (folder / name for name in ("ingest", "prepare", "train", "evaluate"))
    if code := _run(ingest, "ingest", "--customers", str(customers), "--seed", str(seed)):
        return code
    _give(_out(ingest, "raw"), _in(prepare, "raw"))
    if code := _run(prepare, "prepare"):
        return code
    for channel in ("train", "validation"):
        _give(_out(prepare, channel), train / "input" / "data" / channel)
    given = train / "input" / "config" / "hyperparameters.json"
    given.parent.mkdir(parents=True)
    given.write_text(json.dumps({"seed": str(seed), "max_iter": str(max_iter)}))
    if code := _run(train, "train"):
        return code
    for channel in ("train", "test"):
        _give(_out(prepare, channel), _in(evaluate, channel))
    _in(evaluate, "model").mkdir()
    with tarfile.open(_in(evaluate, "model") / "model.tar.gz", "w:gz") as archive:
        archive.add(train / "model", ".")
    code = _run(evaluate, "evaluate")
    if scored and code == 0:
        score(train / "model", _out(prepare, "sample") / "customers.csv", folder / SCORED)
    return code


def _run(base: Path, *words: str) -> int:
    """Take one step, with *base* for its container's /opt/ml."""
    os.environ["SAGEMAKER_BASE_DIR"] = str(base)
    return step(words)


def _in(base: Path, channel: str) -> Path:
    return base / "processing" / "input" / channel


def _out(base: Path, name: str) -> Path:
    return base / "processing" / "output" / name


def _give(source: Path, target: Path) -> None:
    shutil.copytree(source, target)


def main() -> int:
    """Run the chain as the command line says; return its exit code."""
    parser = argparse.ArgumentParser(prog="churn.chain", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    for name in ("customers", "seed", "max-iter"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--score", action="store_true", help=f"score the extract too, into {SCORED}")
    said = parser.parse_args()
    folder = said.folder.resolve()
    code = chain(folder, customers=said.customers, seed=said.seed, max_iter=said.max_iter, scored=said.score)
    if code == 0:
        print(_out(folder / "evaluate", "evaluation") / "index.html")
        if said.score:
            print(folder / SCORED)
    return code


if __name__ == "__main__":
    sys.exit(main())
