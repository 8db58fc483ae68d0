"""Tags of resources that moto doesn't keep them for."""

from collections.abc import Iterable, Mapping
from typing import Any


class Tags(dict[str, str]):
    """Tags of one resource; takes and gives every shape AWS uses for them."""

    def update(self, given: Any = None, /, **_: str) -> None:  # noqa: ANN401 - a mapping, or pairs with Key or key
        """Add *given*: {"a": "b"}, [{"Key": "a", "Value": "b"}] or the same in lower case."""
        super().update(plain(given))

    def drop(self, keys: Iterable[str]) -> None:
        """Remove *keys*; a missing one is no error, as in AWS."""
        for key in keys:
            self.pop(key, None)

    def pairs(self) -> list[dict[str, str]]:
        """As [{"Key", "Value"}]."""
        return [{"Key": key, "Value": value} for key, value in self.items()]


def plain(given: Any) -> dict[str, str]:  # noqa: ANN401 - see Tags.update
    """Any of AWS's tag shapes → {key: value}."""
    if isinstance(given, Mapping):
        return {str(key): str(value) for key, value in given.items()}
    return {pair.get("Key", pair.get("key")): pair.get("Value", pair.get("value", "")) for pair in given or []}


_TAGS: dict[tuple[str, str], Tags] = {}


def tags_of(service: str, arn: str) -> Tags:
    """The tags of *arn*, to be read or changed."""
    return _TAGS.setdefault((service, arn), Tags())


def known_tags(service: str, arn: str) -> Tags | None:
    """The tags of *arn* where its resource is one of ours, else None."""
    return _TAGS.get((service, arn))


def forget_tags(service: str, arn: str) -> None:
    """Drop the tags of a resource that is gone."""
    _TAGS.pop((service, arn), None)
