"""What is wrong with the specs, said so that the reader can mend it."""

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

_SHOWN: Final = 8
"""Names listed in a message at most."""


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

    accounts: tuple[str, ...] = ()
    """Files of the accounts that are wrong by it, where *file* is a profile."""

    def __str__(self) -> str:
        """`file:line: key: what is wrong`, as editors and terminals know it."""
        whose = f" (for {few(self.accounts)})" if self.accounts else ""
        return ": ".join(part for part in (f"{self.file}:{self.line}", self.key, self.text + whose) if part)


class SpecErrors(Exception):  # noqa: N818 # it holds many errors
    """All problems of the specs at once."""

    problems: tuple[Problem, ...]
    """Sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        # A wrong profile is wrong for each of its accounts, and one thing to mend.
        accounts: dict[Problem, set[str]] = {}
        for problem in problems:
            accounts.setdefault(replace(problem, accounts=()), set()).update(problem.accounts)
        self.problems = tuple(
            sorted(replace(problem, accounts=tuple(sorted(files))) for problem, files in accounts.items())
        )
        super().__init__("\n".join(map(str, self.problems)))


def meant(got: str, known: Iterable[str]) -> str:
    """Return ` (did you mean 'x'?)` if a known name is close to *got*, else nothing."""
    close = difflib.get_close_matches(got, sorted(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def few(names: Collection[str]) -> str:
    """List names, but not a thousand of them."""
    shown = sorted(names)[:_SHOWN]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(shown) + more if shown else "none, there is no other"
