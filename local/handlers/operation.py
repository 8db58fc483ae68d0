"""One AWS call, and the table of the calls we answer ourselves.

    @operation("budgets", "TagResource")
    def tag(call: Call) -> dict[str, Any]: ...

A handler gets parsed parameters and returns members of the operation's output shape, both as botocore's
service model names them; parsing and serializing is moto's. It raises Refusal to refuse.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.exceptions import ServiceException


@dataclass(frozen=True)
class Call:
    """A parsed request."""

    service: str
    """The service as botocore calls it."""

    operation: str
    """The operation's name: CreateDomain."""

    account: str
    """Whose credentials signed it [12 digits]."""

    region: str
    """Which region's credential scope signed it."""

    params: Mapping[str, Any]
    """Input members that were given."""

    key: str = ""
    """Access key that signed it."""

    output: Any = field(repr=False, default=None)
    """The botocore shape of the answer; None where the answer is empty."""

    def arn(self, resource: str, *, service: str | None = None) -> str:
        """The ARN of *resource* in the caller's account and region."""
        return f"arn:aws:{service or self.service}:{self.region}:{self.account}:{resource}"


Handler = Callable[[Call], Mapping[str, Any] | None]
"""Answers a call; None hands it on to moto."""

HANDLERS: dict[tuple[str, str], Handler] = {}
"""(service, operation) → who answers it."""

COMPLETIONS: dict[tuple[str, str], Callable[[Call], None]] = {}
"""(service, operation) → what to do once moto has answered well."""


REQUIREMENTS: dict[tuple[str, str], list[Callable[[Call], None]]] = {}
"""(service, operation) → what must hold before anybody answers."""


def operation(service: str, *names: str) -> Callable[[Handler], Handler]:
    """Let the decorated function answer these operations of *service*."""

    def register(handler: Handler) -> Handler:
        for name in names:
            if (service, name) in HANDLERS:
                raise RuntimeError(f"{service} {name} has two handlers")
            HANDLERS[service, name] = handler
        return handler

    return register


def completes(service: str, *names: str) -> Callable[[Callable[[Call], None]], Callable[[Call], None]]:
    """Let the decorated function run after moto has done these operations, to keep what moto drops."""

    def register(completion: Callable[[Call], None]) -> Callable[[Call], None]:
        for name in names:
            COMPLETIONS[service, name] = completion
        return completion

    return register


def requires(service: str, *names: str) -> Callable[[Callable[[Call], None]], Callable[[Call], None]]:
    """Let the decorated function look at these operations before anybody answers; it raises Refusal where AWS would."""

    def register(requirement: Callable[[Call], None]) -> Callable[[Call], None]:
        for name in names:
            REQUIREMENTS.setdefault((service, name), []).append(requirement)
        return requirement

    return register


class Refusal(ServiceException):
    """An AWS error answer: Refusal(code, message), and what other members the error has: Refusal(…, Reason="…")."""

    def __init__(self, code: str, message: str, **members: object) -> None:
        super().__init__(code, message)
        for name, value in members.items():
            setattr(self, name, value)
