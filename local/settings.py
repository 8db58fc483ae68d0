"""How a stack is deployed: Pulumi.<environment>.yaml, one file for all stacks of an environment.

Pulumi on its own writes Pulumi.<stack>.yaml for each stack, with an encryption key or salt each. Here the stacks of an
environment share one file, and so one key: a new team needs no file, and a pull request shows no noise.
"""

import fcntl
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from local.errors import LocalError

_ENCRYPTION = ("encryptedkey", "encryptionsalt")
"""What Pulumi writes into the file once: the data key as the KMS key wraps it, or the passphrase's salt. No secret."""

_TURN = threading.Lock()


class SettingsError(LocalError):
    """A stack has no settings; the text is for the user."""


def own_settings(project: Path, stack: str) -> Path:
    """Return the file of *stack*'s environment: Pulumi.dev.yaml for dev and dev-fraud, Pulumi.org.yaml for org-logs."""
    return project / f"Pulumi.{stack.split('-', maxsplit=1)[0]}.yaml"


def secrets_provider(settings: Path) -> str | None:
    """Return what encrypts secrets in states: awskms://…; none: a passphrase.

    Raises:
        SettingsError: there is no such file.
    """
    if not settings.exists():
        raise SettingsError(
            f"{settings.name} is missing: it says how the stacks of this environment are deployed; `./mlz bootstrap` "
            "writes it, or copy Pulumi.dev.yaml and name the environment's own KMS key"
        )
    chosen = _read(settings).get("secretsprovider")
    return str(chosen) if chosen else None


def backend(project: Path, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return Pulumi's backend and who names it, in the order in which Pulumi looks; None: nobody does.

    Source: Pulumi's docs, "Managing state & backend options", "Logging in to a state backend", read 2026-11-30.
    """
    if url := environ.get("PULUMI_BACKEND_URL"):
        return url, "PULUMI_BACKEND_URL"
    if url := (_read(project / "Pulumi.yaml").get("backend") or {}).get("url"):
        return str(url), "Pulumi.yaml"
    home = Path(environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    try:
        current = json.loads((home / "credentials.json").read_text(encoding="utf-8")).get("current")
    except (OSError, ValueError, AttributeError):
        current = None
    if not current and environ.get("PULUMI_ACCESS_TOKEN"):
        current = "https://api.pulumi.com"
    return (str(current), "pulumi login") if current else None


def has_packages(project: Path) -> bool:
    """Whether the program takes components from packages, each of which runs in a process of its own."""
    return bool(_read(project / "Pulumi.yaml").get("packages"))


def refuse_without_backend(project: Path, environ: Mapping[str, str]) -> None:
    """Refuse to run without a place for the state: Pulumi would only say that it wants a token.

    Raises:
        SettingsError: nobody names a backend.
    """
    if backend(project, environ) is None:
        raise SettingsError(
            "Pulumi has no place for its state yet: `./mlz bootstrap` makes a bucket and names it in Pulumi.yaml; or "
            "choose one yourself, by PULUMI_BACKEND_URL or `pulumi login` (docs/deployment.md)"
        )


def keep_encryption(settings: Path, made: Path) -> None:
    """Add to *settings* the key or salt that Pulumi wrote to *made* for a first stack; those of later ones are unused.

    Two stacks may be made at once, by threads of this process or by another one.
    """
    with _TURN, settings.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read()
        present = YAML(typ="safe", pure=True).load(text) or {}
        if not any(key in present for key in _ENCRYPTION):
            lines = [f"{key}: {value}\n" for key, value in _read(made).items() if key in _ENCRYPTION]
            file.write("".join(lines if text.endswith("\n") or not text else ["\n", *lines]))


def write_rehearsal(own: Path, target: Path, salt: str | None) -> None:
    """Copy *own* settings for a rehearsal, without what belongs to the real backend."""
    settings = _read(own) if own.exists() else {}
    config = {
        key: value
        for key, value in (settings.get("config") or {}).items()
        if not (isinstance(value, dict) and "secure" in value)
    }
    kept = {"config": config} | ({"encryptionsalt": salt} if salt else {})
    partial = target.with_suffix(f".{os.getpid()}.part")
    with partial.open("w") as file:
        YAML(typ="safe", pure=True).dump(kept, file)
    partial.rename(target)


def read_salt(target: Path) -> str | None:
    """Return the salt that `pulumi stack init` wrote for a rehearsal."""
    salt = _read(target).get("encryptionsalt") if target.exists() else None
    return str(salt) if salt else None


def _read(path: Path) -> dict[str, Any]:
    settings: dict[str, Any] = YAML(typ="safe", pure=True).load(path) or {}
    return settings
