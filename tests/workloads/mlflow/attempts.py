"""What team alpha tries in order to see or change what team bravo has. Placeholders are `world.World.said`'s."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.workloads.mlflow.world import Answer, World


@dataclass(frozen=True)
class Attempt:
    """One thing to try, with each of the workspace headers."""

    group: str
    name: str
    method: str
    path: str
    body: dict | None = None
    params: dict | None = None
    data: bytes = b""
    headers: tuple = ()
    seen: tuple = ("<mark>",)
    """Any of these in the answer is a leak (of what only reads)."""

    writes: bool = False
    """It changes something: an accepted call is a leak, unless `confirm` says otherwise."""

    confirm: Callable | None = field(default=None, repr=False)
    """Asked after an accepted call whether bravo noticed: (world) -> bool."""

    @property
    def id(self):
        return f"{self.group}: {self.name}"

    def made(self, world: World, variant: tuple) -> tuple[bool, Answer]:
        """Make it with one header variant; whether it leaked, and the answer."""
        headers = (*self.headers, *variant)
        answer = world.call(
            "alpha", self.method, self.path, self.body, params=self.params, data=self.data, headers=headers
        )
        if not answer.ok:
            return False, answer
        if self.confirm:
            return self.confirm(world), answer
        return self.writes or any(world.said(one) in answer.text for one in self.seen), answer


def reads(group, name, method, path, body=None, *, params=None, seen=("<mark>",), data=b"", headers=()):
    return Attempt(group, name, method, path, body, params, data, headers, seen)


def writes(group, name, method, path, body=None, *, params=None, data=b"", headers=(), confirm=None):
    return Attempt(group, name, method, path, body, params, data, headers, (), writes=True, confirm=confirm)


def gone(where, /, **params):
    """Whether bravo no longer finds something."""
    return lambda world: not world.call("bravo", "GET", where, params=params or None).ok


def shown(where, /, **params):
    """Whether alpha sees bravo's mark now."""
    return lambda world: world.mark in world.call("alpha", "GET", where, params=params).text
