"""What the environment says, read once and refused at the start rather than at the first request."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingError(ValueError):
    """A setting the service cannot start with."""


@dataclass(frozen=True)
class Settings:
    """The service's settings; each is an environment variable of its name in capitals."""

    model_dir: Path
    """Folder of the MLflow model: nothing is ever fetched by name."""

    port: int = 8080
    """TCP port the service listens on."""

    workers: int = 1
    """Processes, each with its own copy of the model [count]; in Kubernetes take more replicas instead."""

    threads: int = 4
    """Requests a worker takes at once [count]."""

    max_body_bytes: int = 6 * 2**20
    """Longest body of a request [bytes]."""

    max_rows: int = 10_000
    """Most rows of a request [count]."""

    grace_seconds: int = 25
    """Time for running requests after SIGTERM [s]; less than the pod's terminationGracePeriodSeconds."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the environment.

        Raises:
            SettingError: MODEL_DIR is no MLflow model, or a number is none.
        """
        given = environment.get("MODEL_DIR", "")
        folder = Path(given)
        if not (folder / "MLmodel").is_file():
            raise SettingError(f"MODEL_DIR={given}: give the folder of an MLflow model (with MLmodel)")
        numbers = {}
        for name in ("port", "workers", "threads", "max_body_bytes", "max_rows", "grace_seconds"):
            text = environment.get(name.upper())
            if text is None:
                continue
            if not text.isascii() or not text.isdigit() or int(text) < 1:
                raise SettingError(f"{name.upper()}={text}: give a whole number from 1")
            numbers[name] = int(text)
        return cls(folder, **numbers)
