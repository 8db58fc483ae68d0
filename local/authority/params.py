"""Values in a request's parameters, found by the member's name wherever it stands."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any


def walk(given: object) -> Iterator[tuple[str, Any]]:
    """Yield each scalar of *given* with the name of the member that holds it; items of a list bear the list's name."""
    if isinstance(given, Mapping):
        for name, value in given.items():
            yield from _named(str(name), value)


def _named(name: str, value: object) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from walk(value)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for each in value:
            yield from _named(name, each)
    elif value is not None:
        yield name, value


def at(given: Mapping[str, Any], path: str) -> list[Any]:
    """Return the values at a dotted *path* of members; a list on the way means each of its elements, * any letters."""
    found: list[Any] = [given]
    for name in path.split("."):
        inside = [each for each in found if isinstance(each, Mapping)]
        if "*" in name:
            found = [value for each in inside for member, value in each.items() if fnmatchcase(member, name)]
        else:
            found = [each[name] for each in inside if name in each]
        found = [item for each in found for item in (each if isinstance(each, list) else [each]) if item is not None]
    return found


def request_tags(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags a request carries, in whichever of AWS's forms."""
    for name in ("Tags", "tags", "TagList", "Tagging"):
        tags = given.get(name)
        if isinstance(tags, Mapping):
            return {str(key): str(value) for key, value in tags.items() if not isinstance(value, list | dict)}
        if isinstance(tags, list):
            return _pairs(tags)
    specified = given.get("TagSpecifications")
    return _pairs([tag for each in specified for tag in each.get("Tags") or ()]) if isinstance(specified, list) else {}


def _pairs(tags: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {
        str(tag.get("Key", tag.get("TagKey", tag.get("key")))): str(
            tag.get("Value", tag.get("TagValue", tag.get("value", "")))
        )
        for tag in tags
        if isinstance(tag, Mapping)
    }
