"""A call that was answered once is not carried out again.

Measured over 14 runs of the org stack: of some 10,000 answers one was written and never reached the engine, whose SDK
then sent the same call again; a CreatePolicy came back as a duplicate and failed the run. The SDKs number their calls,
so the second attempt gets the first one's answer. AWS does no such thing: this mends our transport, nothing else.
"""

from collections import OrderedDict
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")

KEPT = 1000
"""Answers kept [count]: a retry comes within seconds."""


class Replay(Generic[Answer]):
    """The last answers, by the number the SDK gave the call."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def of(self, environ: dict[str, Any]) -> Answer | None:
        """Return the answer of an earlier attempt of the same call, if there was one."""
        return self._answers.get(environ.get("HTTP_AMZ_SDK_INVOCATION_ID", ""))

    def keep(self, environ: dict[str, Any], answer: Answer) -> None:
        """Remember the answer of a call that has a number."""
        if number := environ.get("HTTP_AMZ_SDK_INVOCATION_ID"):
            self._answers[number] = answer
            if len(self._answers) > KEPT:
                self._answers.popitem(last=False)
