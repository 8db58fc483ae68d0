"""Where a spec comes from: its own file, and the profile that lies under it."""

from dataclasses import dataclass
from typing import Any

from zone.specs.document import Document, Path, show_path
from zone.specs.problems import Problem


@dataclass(frozen=True)
class Source:
    """The files of one spec."""

    own: Document
    """The account's, environment's or lock file."""

    profile: Document | None = None
    """The profile's file."""

    @property
    def values(self) -> dict[str, Any]:
        """The file's values over its profile's: mappings merge, lists and scalars replace."""
        return merge(self.profile.values, self.own.values) if self.profile else self.own.values

    def problem(self, path: Path, text: str) -> Problem:
        """Return a problem that points to the file and line where the value at *path* really stands."""
        place = self._place(path)
        accounts = (self.own.file,) if place is self.profile else ()
        return Problem(place.file, place.line(path)[1], show_path(path), text, accounts)

    def raw(self, path: Path) -> str | None:
        """Return the scalar at *path* as it is written."""
        return self._place(path).raw(path)

    def _place(self, path: Path) -> Document:
        """The document that says most of *path*; the account's own if both do."""
        if self.profile and self.profile.line(path)[0] > self.own.line(path)[0]:
            return self.profile
        return self.own


def merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return *over* laid on *under*: mappings merge key by key, everything else is replaced."""
    both = {
        key: merge(under[key], over[key])
        for key in under.keys() & over.keys()
        if isinstance(under[key], dict) and isinstance(over[key], dict)
    }
    return {**under, **over, **both}
