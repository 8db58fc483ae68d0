"""One team must not take all of the server's threads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mlz_mlflow.refused import Refused

AT_ONCE = 16
"""Requests of one team that a process works on at a time. MLflow answers in a pool of 40 threads a process (anyio's
default): two greedy teams leave room for the others."""

WAITING = 64
"""Requests of one team that wait for their turn; the next one is told to come back (MLflow's client does)."""

WAIT_SECONDS = 30


class Turns:
    """Counts what each team has going on in this process."""

    def __init__(self) -> None:
        self._turns: dict[str, asyncio.Semaphore] = {}
        self._there: dict[str, int] = {}

    @asynccontextmanager
    async def of(self, team: str) -> AsyncIterator[None]:
        """Wait for a turn of *team*; Refused where too many wait already."""
        turn = self._turns.setdefault(team, asyncio.Semaphore(AT_ONCE))
        busy = Refused(429, "your team has too many requests going on: try again in a moment")
        if self._there.get(team, 0) >= AT_ONCE + WAITING:
            raise busy
        self._there[team] = self._there.get(team, 0) + 1
        try:
            try:
                await asyncio.wait_for(turn.acquire(), WAIT_SECONDS)
            except TimeoutError:
                raise busy from None
            try:
                yield
            finally:
                turn.release()
        finally:
            self._there[team] -= 1
