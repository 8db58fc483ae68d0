"""Judge a trained model by customers it never saw: numbers, the gate, the card, a page."""

import tarfile
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from churn import card, explain, limits, page, tracking
from churn.boosted import Boosted, track
from churn.columns import read
from churn.errors import RefusedError
from churn.gate import Subject, judge
from churn.measures import auc, calibration_error, log_loss
from churn.model import algorithm, load
from churn.pictures import picture
from churn.place import base, output, read_json, received, write_json


def evaluate() -> None:
    """Write evaluation.json, gate.json, card.json and index.html. A refused model is a result, not an error."""
    with ExitStack() as stack:
        folder = unpack(received("model", "model.tar.gz"), stack)
        model, types = load(folder)
        rival = base() / "processing" / "input" / "champion" / "model.tar.gz"
        subject = Subject(
            model=model,
            types=types,
            size_bytes=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
            train=read(received("train", "data.csv")),
            test=read(received("test", "data.csv")),
            champion=load(unpack(rival, stack))[0] if rival.exists() else None,
        )
        trained = track(model, subject.train) if isinstance(model, Boosted) else read_json(folder / "training.json")
        checks = judge(subject)
    passed = all(check.passed for check in checks)
    write_json(output("evaluation", "gate.json"), {"passed": passed, "checks": [asdict(check) for check in checks]})
    found = measure(subject) if len(checks) > 2 else {}
    write_json(output("evaluation", "evaluation.json"), {"binary_classification_metrics": found})
    weights = explain.permutation(subject) if found else {}
    write_json(output("evaluation", "card.json"), card.card(trained, found, checks, weights, algorithm(model)))
    pictures = draw(subject, weights) if found else []
    rows = [(check.name, check.passed, check.value, check.limit, check.why) for check in checks]
    refused = [check.name for check in checks if not check.passed]
    said = "The model may be registered." if passed else f"The model is refused: {', '.join(refused)}."
    parts = [("The gate", page.table(["Check", "Passed", "Value", "Limit", "Why"], rows))]
    page.write(output("evaluation", "index.html"), "Evaluation", said, parts, pictures)
    if trained.get("run_id"):
        told = {key: trained[key] for key in ("run_id", "model_uri")}
        write_json(output("evaluation", "mlflow.json"), told)
    tracking.judged(trained.get("run_id", ""), found, checks)
    for check in checks:
        print(f"{'passed ' if check.passed else 'REFUSED'} {check.name}: {check.value} (limit {check.limit})")
    print(said)


def measure(subject: Subject) -> dict[str, Any]:
    """Return the measures in the form that the Model Registry shows as model quality.

    Source: SageMaker Developer Guide, "Model quality metrics and CloudWatch monitoring", read 2026-11-29.
    """
    labels, scores = subject.labels, subject.scores
    chosen = scores >= limits.THRESHOLD
    hit = float((chosen & (labels > 0)).sum())
    values = {
        "auc": auc(labels, scores),
        "log_loss": log_loss(labels, scores),
        "calibration_error": calibration_error(labels, scores),
        "recall": hit / max(1.0, float(labels.sum())),
        "precision": hit / max(1.0, float(chosen.sum())),
        "accuracy": float((chosen == (labels > 0)).mean()),
    }
    return {name: {"value": round(value, 6), "standard_deviation": "NaN"} for name, value in values.items()}


def draw(subject: Subject, weights: dict[str, float]) -> list[str]:
    """Draw calibration, importance and attributions; return the pictures' names."""
    order = np.argsort(subject.scores)
    parts = np.array_split(order, 10)
    with picture(output("evaluation", "calibration.png"), title="What a score means") as axis:
        axis.plot([0, 1], [0, 1], "--", color="#999")
        axis.plot(
            [subject.scores[part].mean() for part in parts], [subject.labels[part].mean() for part in parts], "o-"
        )
        axis.set(xlabel="score", ylabel="share that left")
    with picture(output("evaluation", "importance.png"), title="AUC lost where a column is shuffled") as axis:
        axis.barh(list(weights)[::-1], list(weights.values())[::-1])
    explain.draw(subject, output("evaluation", "attributions.png"))
    return ["calibration.png", "importance.png", "attributions.png"]


def unpack(archive: Path, stack: ExitStack) -> Path:
    """Return a folder with what *archive* holds; it is gone when *stack* closes.

    Raises:
        RefusedError: it is no tar.gz, or wants to write outside the folder.
    """
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    try:
        with tarfile.open(archive, "r:gz") as opened:
            opened.extractall(folder, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise RefusedError(f"{archive}: cannot be unpacked: {error}") from error
    return folder
