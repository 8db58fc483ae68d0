"""What a team may call, for each version of MLflow that somebody has read."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mlz_mlflow.refused import Refused

FOLDER = Path(__file__).parent / "reviewed"

_PLAIN = re.compile(r"[A-Za-z0-9/_.,:@=+~^ -]*", re.ASCII)
"""What a path holds once it is decoded; a `%` left over is a second encoding, for somebody behind us to decode."""

_ARTIFACT = re.compile(r"/(?:ajax-)?api/2\.0/mlflow-artifacts/")
"""Below it stand the names of people's files, which may hold any letter."""


class NotReviewedError(Exception):
    """Nobody has read this version of MLflow; the text says what to do."""


@dataclass(frozen=True)
class Route:
    """One line of a reviewed version."""

    verdict: str
    """read, write or refuse."""

    method: str
    """HTTP method, or * for all."""

    template: str
    """The path as the file has it."""

    pattern: re.Pattern[str]
    """What it matches."""

    @classmethod
    def read(cls, line: str) -> "Route":
        """Read one line."""
        verdict, method, template = line.split()
        if verdict not in {"read", "write", "refuse"}:
            raise ValueError(line)
        text = (
            re.escape(template).replace(r"/\*/", "/(?:ajax-)?api/", 1)
            if template.startswith("/*/")
            else re.escape(template)
        )
        text = re.sub(r"<path:\w+>", "[^/].*", text)
        text = re.sub(r"<\w+>", "[^/]+", text)
        text = re.sub(r"/\\\*\\\*$", "(?:/.*)?", text)
        return cls(verdict, method, template, re.compile(text))

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is one of this route's."""
        return self.method in {method, "*"} and bool(self.pattern.fullmatch(path))


@lru_cache
def reviewed(version: str) -> tuple[Route, ...]:
    """Return the routes of *version*; NotReviewedError where nobody has read them."""
    file = FOLDER / f"{version}.txt"
    if not file.is_file():
        known = ", ".join(sorted(one.stem for one in FOLDER.glob("*.txt")))
        raise NotReviewedError(
            f"MLflow {version} has not been reviewed, only {known}: read what its routes do, write "
            f"reviewed/{version}.txt and run the attacks (docs/mlflow.md, Upgrade)"
        )
    lines = (line.strip() for line in file.read_text().splitlines())
    return tuple(Route.read(line) for line in lines if line and not line.startswith("#"))


def need(version: str, method: str, path: str) -> str:
    """Return `read` or `write`, whichever right a request of a team needs; Refused for all that is not on the list."""
    check(path)
    asked = "GET" if method == "HEAD" else method
    found = next((route for route in reviewed(version) if route.matches(asked, path)), None)
    if found is None or found.verdict == "refuse":
        raise Refused(403, "not for teams: the platform does this, or nobody does")
    return found.verdict


def check(path: str) -> None:
    """Refuse a path that two readers might read differently."""
    segments = path.split("/")[1:]
    strange = (
        not path.startswith("/")
        or {".", ".."} & set(segments)
        or "" in segments[:-1]
        or any(letter in path for letter in "%\\;?#")
        or not (path.isprintable() if _ARTIFACT.match(path) else _PLAIN.fullmatch(path))
    )
    if strange:
        raise Refused(400, "this path is not plain")
