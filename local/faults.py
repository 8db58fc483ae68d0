"""Answers that fail on purpose: how a run copes with an AWS that is busy or broken."""

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.handlers.dispatch import Application, Environ, StartResponse


@dataclass
class Faults:
    """Turns a fraction of the calls into a 500 or a throttling error, and lets IAM be late (authority/young.py).

    A failed call is not made. (A lost answer to a call that was made is a different fault: for calls without a
    client token nobody can tell the two apart, on the real AWS neither.)
    """

    fraction: float
    """Of all calls [0 to 1]."""

    seed: int
    """Same seed, same sequence of good and bad answers."""

    late: int = 0
    """How many calls find a new role missing, or a new policy of one without effect [count]."""

    _random: random.Random = field(init=False, repr=False)
    _lock: threading.Lock = field(init=False, repr=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Start the sequence."""
        self._random = random.Random(self.seed)  # noqa: S311 - chance for tests, not for secrets

    @classmethod
    def parse(cls, text: str) -> "Faults":
        """`0.05:7:2` → 5 % with seed 7, and two calls that miss what is new."""
        fraction, seed, late = text.split(":")
        return cls(float(fraction), int(seed), int(late))

    def __str__(self) -> str:
        """The text that parse reads."""
        return f"{self.fraction}:{self.seed}:{self.late}"

    def around(self, app: "Application") -> "Application":
        """*app*, but now and then it fails."""
        # Not above: moto takes seconds to import, and a run on AWS reads this file too.
        from local.handlers.dispatch import error_answer  # noqa: PLC0415 - as above

        def faulty(environ: "Environ", start: "StartResponse") -> Iterable[bytes]:
            with self._lock:
                fails, throttled = self._random.random() < self.fraction, self._random.random() < 0.5  # noqa: PLR2004 - half
            if not fails:
                return app(environ, start)
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            status, code = (400, "Throttling") if throttled else (500, "InternalFailure")
            status, headers, body = error_answer(environ, status, code, "a fault that was asked for")
            start(f"{status} mlz", [*headers.items(), ("Content-Length", str(len(body)))])
            return [body]

        return faulty
