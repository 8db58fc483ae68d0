"""The variants of an endpoint, and the fleets that stand beside each other while one replaces the other."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.containers.model import Program
from local.endpoints.choosing import choose
from local.endpoints.role import Role
from local.endpoints.server import STARTUP_SECONDS, Server
from local.endpoints.watching import log_of
from local.handlers.operation import Call

SERVERLESS_STARTUP_SECONDS = 180.0
"""Source: SageMaker Developer Guide, "Invoke a serverless endpoint", read 2026-11-30."""


@dataclass
class Variant:
    """One production variant at work."""

    name: str
    weight: float
    """Its share of the calls, as a part of the sum of all."""

    instances: int
    """Instances it is said to have [count]; the process is one."""

    most: int
    """Calls it answers at once where it is serverless [count]; 0: it has instances."""

    role: Role
    log: Callable[[str], None]
    """Writes a line into its container's log."""

    server: Server
    credit: float = 0.0
    busy: int = 0
    """Calls it answers now [count]; of a serverless one."""


class Fleet:
    """Variants that come and go together."""

    def __init__(self, variants: Sequence[Variant], weight: float = 1.0) -> None:
        self.variants = variants
        self.weight = weight
        self.credit = 0.0

    def find(self, name: str) -> Variant | None:
        """Return the variant of that name."""
        return next((each for each in self.variants if each.name == name), None)

    def turn(self) -> Variant:
        """Return the variant whose turn it is."""
        return choose(self.variants)

    def up(self) -> None:
        """Bring all variants up; serverless ones rest again: what is asked first starts them.

        Raises:
            NotServingError: one of them does not come up.
        """
        for each in self.variants:
            each.server.up()
            if each.most:
                each.server.rest()

    def close(self) -> None:
        """End all of them."""
        enders = [threading.Thread(target=each.server.close, daemon=True) for each in self.variants]
        for ender in enders:
            ender.start()
        for ender in enders:
            ender.join()


def variant_of(call: Call, endpoint: str, program: Program, given: Mapping[str, Any]) -> Variant:
    """Return a variant as an endpoint configuration describes it, not yet started."""
    name = str(given["VariantName"])
    role, log = Role(program, call.region), log_of(call.account, call.region, endpoint, name)
    serverless = given.get("ServerlessConfig") or {}
    usual = SERVERLESS_STARTUP_SECONDS if serverless else STARTUP_SECONDS
    seconds = float(given.get("ContainerStartupHealthCheckTimeoutInSeconds") or usual)
    return Variant(
        name=name,
        weight=float(given.get("InitialVariantWeight", 1.0)),
        instances=int(given.get("InitialInstanceCount") or 1),
        most=int(serverless.get("MaxConcurrency") or 0),
        role=role,
        log=log,
        server=Server(role, name, log, seconds=seconds),
    )
