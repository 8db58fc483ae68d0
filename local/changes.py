"""What one run changes, resource by resource, as the engine's events tell it (`metadata` of `pulumi --event-log`)."""

import re
from dataclasses import dataclass
from typing import Any, Final

_MARK: Final = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi marks secrets, assets and archives in JSON; a secret's text is already "[secret]" there."""
REPLACE: Final = frozenset(
    {"replace", "create-replacement", "delete-replaced", "read-replacement", "import-replacement"}
    | {"discard-replaced", "remove-pending-replace"}
)
"""The engine's steps of one replacement, in the order of delete_before_replace or not."""
QUIET: Final = frozenset({"same", "refresh", "read"})
"""Steps that change nothing; a refresh that finds a difference is told as update or delete once it has looked."""
_PART: Final = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\["\]]+)')
"""One part of a property path such as tags["mlz:owner"] or rules[0].id."""
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Stands in a preview for what the change itself decides (pulumi.runtime.rpc.UNKNOWN)."""
_NOT_THERE: Final = object()


@dataclass(frozen=True)
class Value:
    """One property's value before and after; None where it is not there, or not known before the change is made."""

    path: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Change:
    """What happens, or happened, to one resource."""

    op: str
    """create, update, delete, replace, import, or the engine's own word for what is rarer."""

    type: str
    """As the provider names it: aws:s3/bucket:Bucket."""

    name: str
    """The logical name, the last part of the URN."""

    urn: str
    parent: str
    """The logical name of the component it is in; empty: the stack itself."""

    properties: tuple[str, ...] = ()
    """What differs, by top-level name."""

    replaces: tuple[str, ...] = ()
    """Of these, what can't be changed in place."""

    values: tuple[Value, ...] = ()
    """What differs, value by value."""

    protected: bool = False
    done: bool = True
    """False: begun, and failed or cut off."""


def change(metadata: dict[str, Any]) -> Change | None:
    """Return what the metadata of a resource's event tell, or None where the step changes nothing."""
    op = metadata["op"]
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    if op in QUIET and not (op == "read" and not old):
        return None
    detailed = metadata.get("detailedDiff") or {}
    urn: str = metadata["urn"]
    parent = (new or old).get("parent") or ""
    return Change(
        op="replace" if op in REPLACE else op,
        type=metadata["type"],
        name=urn.rsplit("::", 1)[-1],
        urn=urn,
        parent="" if "::pulumi:pulumi:Stack::" in parent else parent.rsplit("::", 1)[-1],
        properties=tuple(_named(metadata.get("diffs") or [], detailed)),
        replaces=tuple(metadata.get("keys") or []),
        values=tuple(_value(path, kind, old, new) for path, kind in detailed.items()),
        protected=bool(old.get("protect")),
    )


def merged(known: Change | None, found: Change) -> Change:
    """Join the steps of one replacement: the deletion alone does not tell which property forces it."""
    if known is None or known.op != "replace" or found.op != "replace":
        return found
    return known if known.properties or known.replaces else found


def _named(diffs: list[str], detailed: dict[str, Any]) -> list[str]:
    """Top-level names of what differs; tagsAll repeats what tags and the provider's default tags say."""
    names = diffs or sorted({_parts(path)[0] for path in detailed})
    return [name for name in names if name != "tagsAll" or len(names) == 1]


def _value(path: str, kind: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> Value:
    """One row of the detailed difference; inputDiff says that inputs were compared, else AWS's answer with inputs."""
    before = _at(old.get("inputs") if kind.get("inputDiff") else old.get("outputs"), path)
    if before is _NOT_THERE:
        before = _at(old.get("inputs"), path)
    after = _at(new.get("inputs"), path)
    if after is _NOT_THERE:
        after = _at(new.get("outputs"), path)
    return Value(path, *(None if found is _NOT_THERE else _shown(found) for found in (before, after)))


def _at(value: Any, path: str) -> Any:  # noqa: ANN401 - a property's value may be any JSON
    """Return what lies at *path*; what lies inside a secret is the secret."""
    for part in _parts(path):
        if isinstance(value, dict) and _MARK in value:
            return value
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _NOT_THERE
    return value


def _parts(path: str) -> list[str]:
    return [quoted or index or plain for quoted, index, plain in _PART.findall(path)] or [path]


def _shown(value: Any) -> Any:  # noqa: ANN401 - a property's value may be any JSON
    """Replace what Pulumi marks, secrets above all, by a word."""
    if isinstance(value, dict):
        return "[secret]" if _MARK in value else {key: _shown(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_shown(part) for part in value]
    return "[known after up]" if value == _UNKNOWN else value
