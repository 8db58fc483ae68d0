"""Where SageMaker puts a container's files. SAGEMAKER_BASE_DIR stands for /opt/ml where there is no container.

Source: SageMaker Developer Guide, "How Amazon SageMaker AI provides training information" and "How Amazon SageMaker
Processing builds input and output", read 2026-11-29.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from churn.errors import RefusedError


def base() -> Path:
    """Return the folder that stands for /opt/ml."""
    return Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))


def named(path: Path) -> str:
    """Return *path* from /opt/ml on: where that lies differs from job to job."""
    return str(path.relative_to(base()) if path.is_relative_to(base()) else path)


def received(*parts: str) -> Path:
    """Return a file or folder that a Processing job received.

    Raises:
        RefusedError: it is not there.
    """
    path = base().joinpath("processing", "input", *parts)
    if not path.exists():
        raise RefusedError(
            f"{named(path)} is missing: give the job an input with LocalPath /opt/ml/processing/input/{parts[0]}"
        )
    return path


def output(*parts: str) -> Path:
    """Return a path that a Processing job uploads from; its folder exists afterwards."""
    path = base().joinpath("processing", "output", *parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def channel(name: str) -> Path:
    """Return the data file of a training channel.

    Raises:
        RefusedError: the channel has no data.csv.
    """
    path = base() / "input" / "data" / name / "data.csv"
    if not path.exists():
        raise RefusedError(f"{named(path)} is missing: give the training job a channel {name} with data.csv")
    return path


def read_json(path: Path) -> dict[str, Any]:
    """Return what *path* holds, nothing where it is not there."""
    return dict(json.loads(path.read_text())) if path.exists() else {}


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write *content* for people and machines: sorted by no one, NaN refused."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n")
