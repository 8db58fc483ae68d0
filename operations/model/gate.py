"""What the evaluation says of a model: each check, and whether it may be registered."""

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from operations.model.errors import ModelError
from operations.model.place import Clients
from operations.model.stored import read_json

FILE: Final = "gate.json"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    passed: bool
    value: float | str | None = None
    """What was found."""

    limit: float | str | None = None
    """What is wanted."""

    why: str = ""
    """Why it is looked at, or what to do."""


@dataclass(frozen=True)
class Gate:
    """The whole judgement."""

    passed: bool
    checks: tuple[Check, ...]


_ADAPTER: Final = TypeAdapter(Gate)


def read(clients: Clients, evaluation: str) -> Gate:
    """Return the judgement below the address *evaluation*.

    Raises:
        ModelError: there is none, or it is not of the form {"passed": …, "checks": […]}.
    """
    uri = f"{evaluation}/{FILE}"
    said = read_json(clients, uri)
    try:
        gate = _ADAPTER.validate_python(said)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ModelError(f"{uri}: {where}: {first['msg']}: mend the step that writes it") from error
    if gate.passed and not all(check.passed for check in gate.checks):
        failed = ", ".join(check.name for check in gate.checks if not check.passed)
        raise ModelError(f"{uri} says passed, but {failed} did not: mend the step that writes it")
    return gate
