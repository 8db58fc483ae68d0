"""Which version a team's file deploys: read, and changed in place, its comments kept."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from operations.model.errors import ModelError

_WIDE: Final = 4096
"""Lines are left as long as they are [characters]."""


@dataclass(frozen=True)
class Change:
    """One line of the file that changes."""

    key: str
    """Where it stands: endpoints.churn.version."""

    before: int | None
    after: int | None
    """None: it is taken out."""


def deployed(file: Path, model: str) -> dict[str, int | None]:
    """Return the version of *model* that each place of the file names; None: none yet."""
    return {f"{path}.{key}": block.get(key) for path, key, block in _places(load(file), model)}


def set_version(file: Path, model: str, version: int) -> list[Change]:
    """Let the file's endpoints, batches and monitors of *model* use *version*; return what changed.

    The file is written whole or not at all.

    Raises:
        ModelError: the file names the model nowhere.
        OSError: it cannot be written.
    """
    said = load(file)
    there = list(_places(said, model))
    if not there:
        raise ModelError(
            f"{file} has neither an endpoint nor a batch of the model {model}: add one under endpoints, "
            f"NAME: {{model: {model}, instance_type: …}}"
        )
    changes = []
    for path, key, block in there:
        before = block.get(key)
        if before != version:
            changes.append(Change(f"{path}.{key}", before, version))
            _put(block, key, version)
    if changes:
        _write(file, said)
    return changes


def forget_versions(file: Path, model: str) -> list[Change]:
    """Take the versions of *model* out of the file, whose registry has none; return what changed.

    Raises:
        OSError: it cannot be written.
    """
    said = load(file)
    changes = [
        Change(f"{path}.{key}", block.pop(key), None) for path, key, block in _places(said, model) if key in block
    ]
    if changes:
        _write(file, said)
    return changes


def _write(file: Path, said: object) -> None:
    text = StringIO()
    _yaml().dump(said, text)
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        partial.write_text(text.getvalue(), encoding="utf-8")
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _put(block: CommentedMap, key: str, version: int) -> None:
    if key in block:
        block[key] = version
    else:  # behind the model, where a reader looks for it; not behind the last key, whose comment may be another's
        block.insert(1, key, version)


def _places(said: Mapping[str, Any], model: str) -> Iterator[tuple[str, str, CommentedMap]]:
    """Yield path, key and mapping of each place that says a version of the model."""
    endpoints = {name: each for name, each in (said.get("endpoints") or {}).items() if each.get("model") == model}
    batches = {name: each for name, each in (said.get("batches") or {}).items() if each.get("model") == model}
    watched = {name: each for name, each in (said.get("monitors") or {}).items() if each.get("endpoint") in endpoints}
    yield from ((f"endpoints.{name}", "version", each) for name, each in endpoints.items())
    yield from ((f"batches.{name}", "version", each) for name, each in batches.items())
    yield from ((f"monitors.{name}", "image_version", each) for name, each in watched.items())


def load(file: Path) -> Any:
    """Return what the file says, so that it can be written again as it is."""
    return _yaml().load(file.read_text(encoding="utf-8"))


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = _WIDE
    yaml.preserve_quotes = True
    return yaml
