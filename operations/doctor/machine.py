"""This machine and this folder: no AWS is asked."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

from operations.bootstrap.files import backend_url
from operations.doctor.finding import LACKS, OK, Finding
from zone import names
from zone.plan.zone import ZonePlan

_ORG: Final = "org"
_PASSPHRASE: Final = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")


def of_machine(
    zone: ZonePlan,
    project: Path,
    accounts: Path,
    *,
    engine: Callable[[], str],
    backend: tuple[str, str] | None,
    environ: Mapping[str, str] = os.environ,
) -> Iterator[Finding]:
    """Yield what is there and what is missing.

    Args:
        zone: the plan.
        project: folder of Pulumi.yaml.
        accounts: folder of the YAML files.
        engine: returns where Pulumi and its AWS plugin were found, or raises what says why not.
        backend: Pulumi's backend and who names it; None: nobody.
        environ: the environment Pulumi would run in.
    """
    yield Finding(OK, "Python", sys.version.split()[0])
    try:
        yield Finding(OK, "engine", engine())
    except Exception as error:  # noqa: BLE001 -- whatever stops the engine is the finding
        first, *rest = str(error).splitlines()
        yield Finding(LACKS, "engine", first, "\n".join(rest))
    if backend:
        yield Finding(OK, "backend", f"{backend[0]} ({backend[1]})")
    else:
        wanted = backend_url(zone.organization.state_bucket, zone.organization.home_region)
        remedy = f"`./mlz bootstrap` makes {wanted}; or choose one: export PULUMI_BACKEND_URL=…, or pulumi login"
        yield Finding(LACKS, "backend", "none is chosen: Pulumi has no place for its state", remedy)
    yield from _settings(zone, project, environ)
    yield from _uncommitted(project, accounts)


def _settings(zone: ZonePlan, project: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    """How each environment's secrets are encrypted."""
    for environment in (_ORG, *zone.platforms):
        file = project / names.settings_file(environment)
        if not file.exists():
            yield Finding(LACKS, file.name, "the file is missing", "`./mlz bootstrap --yes` writes it")
            continue
        said = YAML(typ="safe", pure=True).load(file) or {}
        provider = said.get("secretsprovider")
        if provider and said.get("encryptedkey"):
            yield Finding(OK, file.name, str(provider))
        elif provider:
            remedy = "`./mlz bootstrap --yes` adds it, or the first `up`: commit the file then"
            yield Finding(LACKS, file.name, f"{provider} has no data key yet", remedy)
        elif any(name in environ for name in _PASSPHRASE):
            yield Finding(OK, file.name, "a passphrase, which is set")
        else:
            remedy = "name a key (secretsprovider: awskms://…), or export PULUMI_CONFIG_PASSPHRASE"
            yield Finding(LACKS, file.name, "no secretsprovider and no passphrase", remedy)


def _uncommitted(project: Path, accounts: Path) -> Iterator[Finding]:
    """What mlz wrote and others need: a CI job sees only what is committed."""
    try:
        said = subprocess.run(
            ["git", "status", "--porcelain", "--", "Pulumi*.yaml", str(accounts.resolve())],
            cwd=project,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        yield Finding(LACKS, "git", "this folder is no git repository: CI and colleagues see nothing of it", "git init")
        return
    files = [line[3:] for line in said.splitlines()]
    if files:
        yield Finding(LACKS, "git", f"not committed: {', '.join(files)}", f"git add {' '.join(files)} && git commit")
    else:
        yield Finding(OK, "git", "accounts/ and Pulumi's files are committed")
