"""What is wrong with the specs, said so that the reader can mend it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend."""

    file: str
    """Path relative to the accounts folder."""

    line: int
    """Line in the file [from 1]."""

    key: str
    """The key in question, such as members.ana.persona; empty if the whole file is meant."""

    text: str
    """What is wrong, the value got, what is allowed."""

    def __str__(self) -> str:
        """`file:line: key: what is wrong`, as editors and terminals know it."""
        return ": ".join(part for part in (f"{self.file}:{self.line}", self.key, self.text) if part)


class SpecErrors(Exception):  # noqa: N818 # it holds many errors
    """All problems of the specs at once."""

    problems: tuple[Problem, ...]
    """Sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def meant(got: str, known: Iterable[str]) -> str:
    """Return ` (did you mean 'x'?)` if a known name is close to *got*, else nothing."""
    close = difflib.get_close_matches(got, sorted(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
