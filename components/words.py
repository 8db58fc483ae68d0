"""Words among a component's inputs: one that means nothing is refused, never passed over.

Our own stacks take them from specs that were checked; another program may write anything. A misspelt data class would
silently drop a condition, a `*` in a name would widen a role.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

import pulumi

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def among(known: Collection[str], **given: Iterable[str]) -> None:
    """Refuse a word that is none of *known*; words are *given* by what they are.

    Raises:
        RunError: there is such a word.
    """
    for what, word in _each(given):
        if word not in known:
            raise pulumi.RunError(f"{what} {word!r} is unknown; there are {', '.join(known) or 'none'}")


def names(**given: Iterable[str]) -> None:
    """Refuse what is no name; words are *given* by what they are. A name is part of ARNs, where `*` and `/` mean more.

    Raises:
        RunError: there is such a word.
    """
    for what, word in _each(given):
        if not _NAME.fullmatch(word):
            raise pulumi.RunError(f"{what} {word!r} is no name: only letters, digits, hyphens and underscores")


def _each(given: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    return ((what.replace("_", " "), word) for what, words in given.items() for word in words)
