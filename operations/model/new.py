"""A new model's repository: the worked example under another name, so that it runs and is tested at once."""

import re
import shutil
import sys
from pathlib import Path
from typing import Final

from operations.model.errors import ModelError

_NAME: Final = re.compile(r"[a-z][a-z0-9]{1,20}")
_LEFT_OUT: Final = ("__pycache__", ".*cache", ".venv")
_WORD: Final = r"\b{}\b(?![ -]rate)"
"""The example's name as a word of its own; a churn rate is a measure."""

_README: Final = """\
# {name}

Made by `./mlz new model {name}`: it runs as it is, on made-up customers. Make it yours from the top:

| file | what it is |
|---|---|
| `{name}/ingest.py`, `{name}/generate.py` | where data comes from: replace these first |
| `{name}/columns.py` | the columns, what is allowed in each, and the label |
| `{name}/model.py`, `{name}/train.py` | the model |
| `{name}/limits.py`, `{name}/gate/` | what a model must do to be registered |
| `model.yaml` | the steps, in order; each is a job of SageMaker's |
| `xgboost.yaml`, `{name}/boosted.py` | the same model by SageMaker's built-in XGBoost |
| `pyproject.toml` | libraries; it says how they are locked into `requirements.txt` |
| `Containerfile` | the image in which all of it runs on AWS |
| `.github/workflows/model.yml` | tests on a pull request; on main image, run and registration, once set up |
| `MLproject` | the steps up to the gate by `mlflow run`, without SageMaker |

The team's file needs `models: [{name}]` and the data sets and feature group that `model.yaml` names. Then, from mlz:

    ./mlz model run PATH-OF-THIS-FOLDER --local

Tests: `pip install --require-hashes -r requirements-test.txt`, then `pytest`.
"""


def new_model(name: str, example: Path, folder: Path) -> list[Path]:
    """Write the repository of the model *name* into *folder*, and return its files.

    Args:
        name: the model, which is a package of Python's, too.
        example: the worked example's folder; its name is the word that is replaced.
        folder: made by this; must not exist.

    Raises:
        ModelError: the name or the folder won't do; nothing was written.
        OSError: it cannot be written; nothing stays.
    """
    if not _NAME.fullmatch(name):
        raise ModelError(
            f"{name!r} is no name of a model's package: use 2 to 21 small letters and digits, a letter first"
        )
    locked = re.findall(r"^([a-z0-9-]+)==", (example / "requirements.txt").read_text(), re.MULTILINE)
    if name in sys.stdlib_module_names or name in {each.replace("-", "_") for each in locked} | {
        "sklearn",
        "xgboost",
        "yaml",
    }:
        raise ModelError(f"{name} is a package of Python's or of the model's libraries: choose another name")
    if folder.exists():
        raise ModelError(f"{folder} is there already: choose another place with --into, or remove it")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        shutil.copytree(example, partial, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        _rename(partial, example.name, name)
        (partial / "README.md").write_text(_README.format(name=name), encoding="utf-8")
        partial.rename(folder)
    except BaseException:  # Ctrl-C too leaves nothing half-written behind
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _rename(folder: Path, old: str, new: str) -> None:
    """Put *new* for the word *old*, in names of files and in texts."""
    word, title = (re.compile(_WORD.format(each)) for each in (old, old.capitalize()))
    for path in sorted(folder.rglob("*"), reverse=True):  # what lies in a folder before the folder
        if path.is_file() and not path.name.startswith("requirements"):
            text = path.read_text(encoding="utf-8")
            path.write_text(title.sub(new.capitalize(), word.sub(new, text)), encoding="utf-8")
        stem = re.sub(rf"(?<![a-z]){old}(?![a-z])", new, path.name)
        if stem != path.name:
            path.rename(path.with_name(stem))
