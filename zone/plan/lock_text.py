"""The facts of ids.lock.yaml as ruamel keeps them: what did not change keeps its lines and comments."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import yaml
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from zone.specs.problems import Problem, SpecErrors

_Path = tuple[str, ...]
_LINES: Final = ("emails", "environments", "teams")
"""Parts with lines for each of their entries, in the order of their keys: two branches rarely touch one place."""


def put(mapping: CommentedMap, path: _Path, value: Any) -> None:  # noqa: ANN401 - any part of the facts
    """Set what is another than it was, part by part.

    Args:
        mapping: where the last name of *path* stands.
        path: names from the top of the file.
        value: plain data.
    """
    old = mapping.get(path[-1])
    if isinstance(value, dict) and isinstance(old, CommentedMap) and old:
        for gone in [name for name in old if name not in value]:
            del old[gone]
        for name, part in value.items():
            put(old, (*path, name), part)
    elif old is None:
        place = sum(other < path[-1] for other in mapping) if path[-2:-1] and path[-2] in _LINES else len(mapping)
        mapping.insert(place, _word(path[-1]), _node(value, path))
    elif old != value:
        mapping[path[-1]] = _node(value, path)


def _node(value: Any, path: _Path) -> Any:  # noqa: ANN401 - as above
    """Return *value* as ruamel writes it."""
    if isinstance(value, Mapping):
        parts = sorted(value.items()) if path[-1] in _LINES else value.items()
        made = CommentedMap((_word(name), _node(part, (*path, name))) for name, part in parts)
        if not (value and (path[-1] in {"fixed", *_LINES, "feature_groups"} or path[-2] == "teams")):
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        listed = CommentedSeq(map(_word, value))
        listed.fa.set_flow_style()
        return listed
    return _word(value) if isinstance(value, str) else value


def _word(text: str) -> str:
    """Quote what a reader of YAML 1.1 would take for a number, a date or a truth."""
    return text if yaml.safe_load(text) == text else DoubleQuotedScalarString(text)


def replace(path: Path, text: str) -> None:
    """Write *text* to *path* in one step, through a file of this process's own beside it."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        text = (
            f"cannot be written ({error.strerror}): choose another file with MLZ_IDS_LOCK, or mend its folder's rights"
        )
        raise SpecErrors([Problem(str(path), 1, "", text)]) from error
    finally:
        with suppress(OSError):
            new.unlink()
