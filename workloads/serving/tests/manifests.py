"""The folder `kubernetes/`, as objects."""

from pathlib import Path

import yaml

FOLDER = Path(__file__).parents[1] / "kubernetes"


def objects() -> dict[str, dict]:
    """All of them by file and name; the kustomization, which is no object, left out."""
    return {
        f"{file.stem}/{one['metadata']['name']}": one
        for file in sorted(FOLDER.glob("*.yaml"))
        if file.stem != "kustomization"
        for one in yaml.safe_load_all(file.read_text())
    }


def pod() -> dict:
    """The pods' spec."""
    return objects()["deployment/serving"]["spec"]["template"]["spec"]
