"""`python -m churn STEP`. A step imports what it needs when it runs: serving draws no pictures."""

import argparse
import contextlib
import errno
import sys
from collections.abc import Sequence
from dataclasses import fields

from churn.errors import RefusedError
from churn.generate import Knobs
from churn.place import base


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(prog="churn", description="A churn model's whole life, one step a command.")
    steps = top.add_subparsers(dest="step", required=True)
    ingest = steps.add_parser("ingest", help="bring customers in")
    for knob in fields(Knobs):
        ingest.add_argument(f"--{knob.name.replace('_', '-')}", type=type(knob.default), default=knob.default)
    steps.add_parser("prepare", help="check, clean, split")
    publish = steps.add_parser("publish", help="put clean customers into the feature store")
    publish.add_argument("--feature-group", required=True)
    steps.add_parser("encode", help="write what SageMaker's built-in XGBoost learns from")
    steps.add_parser("train", help="train; SageMaker's train")
    steps.add_parser("evaluate", help="judge a model: the gate")
    monitor = steps.add_parser("monitor", help="look at what an endpoint saw")
    monitor.add_argument("--kind", required=True, choices=("data", "model", "bias", "explain"))
    bite = steps.add_parser("bite", help="spoil models on purpose: does the gate refuse them?")
    bite.add_argument("--seeds", type=int, default=20, help="sound models that it must let pass")
    steps.add_parser("serve", help="answer; SageMaker's serve")
    return top


def run(arguments: argparse.Namespace) -> None:
    """Take one step."""
    step = arguments.step
    if step == "ingest":
        from churn.ingest import ingest

        ingest(Knobs(**{knob.name: getattr(arguments, knob.name) for knob in fields(Knobs)}))
    elif step == "prepare":
        from churn.prepare import prepare

        prepare()
    elif step == "publish":
        from churn.publish import publish

        publish(arguments.feature_group)
    elif step == "encode":
        from churn.boosted import write

        write()
    elif step == "train":
        from churn.train import train

        train()
    elif step == "evaluate":
        from churn.evaluate import evaluate

        evaluate()
    elif step == "monitor":
        from churn.monitor import monitor

        monitor(arguments.kind)
    elif step == "bite":
        from churn.spoil import bite

        if not bite(arguments.seeds):
            raise RefusedError("the gate judged wrongly: see the table")
    else:
        from churn.serve import serve

        serve()


def main(words: Sequence[str] | None = None) -> int:
    """Return the exit code: 0, or 1 with one line on stderr and, in training, in output/failure."""
    arguments = parser().parse_args(words)
    try:
        run(arguments)
    except RefusedError as refused:
        print(refused, file=sys.stderr)
        _failed(arguments.step, str(refused))
        return 1
    except Exception as error:
        why = _not_ours(error)
        _failed(arguments.step, why or f"{type(error).__name__}: {error}")
        if not why:
            raise
        print(why, file=sys.stderr)
        return 1
    return 0


def _not_ours(error: Exception) -> str:
    """Return what to say where the code is right and its surroundings fail; empty: a traceback says more."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"the container's disk is full ({error}): give it more, or read less"
    mlflow = sys.modules.get("mlflow.exceptions")  # whoever has not imported it has not failed there
    if mlflow is None or not isinstance(error, mlflow.MlflowException):
        return ""
    first = str(error).splitlines()[0][:300]
    if isinstance(error, mlflow.RestException) or first.startswith("API request to"):
        return (
            f"MLflow refused, or does not answer: {first}: nothing is trained untracked, run it again once it is back"
        )
    return ""


def _failed(step: str, why: str) -> None:
    """Leave *why* where SageMaker takes a training job's FailureReason from."""
    if step == "train":
        with contextlib.suppress(OSError):  # a full disk takes no reason either
            (base() / "output").mkdir(parents=True, exist_ok=True)
            (base() / "output" / "failure").write_text(why[:1024])


if __name__ == "__main__":
    sys.exit(main())
