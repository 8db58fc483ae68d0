"""Finds the Pulumi engine: on PATH, in the archives of $MLZ_ENGINE_DIR, or as the official release.

    engine = find_engine()            # raises EngineMissingError: its text is for the user
    subprocess.run([engine.path, "version"], env=engine.env)

Never prompts. Never touches the network where MLZ_OFFLINE=1.
"""

import errno
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from local.archives import ArchiveError, unpack_once, verified_archive
from local.errors import LocalError
from local.release import ReleaseError, fetch_release

OLDEST_CLI = (3, 259, 0)
"""The oldest Pulumi command this project was rehearsed with."""

QUIET = {
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "PULUMI_DISABLE_REGISTRY_RESOLVE": "true",
    "PULUMI_DEBUG_COMMANDS": "true",  # shows the flag --event-log, which carries our progress
}


_FULL: Final = {errno.ENOSPC, errno.EDQUOT}


class EngineMissingError(LocalError):
    """No engine was found; the text says what was looked for, what is missing and what works without."""


@dataclass(frozen=True)
class Engine:
    """A Pulumi engine that can be started."""

    path: Path
    """The `pulumi` command."""

    env: Mapping[str, str]
    """The whole environment of a `pulumi` process; callers add backend, passphrase and AWS settings."""

    source: str
    """Where it was found, in words for a person."""


AT_THE_END: Final = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
"""Variables that let the engine write a stack's state when a run ends and not at each resource, which is two thirds of
its work on 250 resources. A run that is killed has then noted nothing: only for what is thrown away with its world."""


def find_engine(environ: Mapping[str, str] | None = None) -> Engine:
    """Find an engine whose AWS plugin equals the installed pulumi-aws.

    Args:
        environ: the environment to look in and to build on; the process's own by default.

    Raises:
        EngineMissingError: none of the three sources has one.
    """
    environ = dict(os.environ if environ is None else environ)
    plugin = f"resource-aws-v{version('pulumi-aws')}"
    refusals = []
    for source in (_on_path, _in_archives, _official):
        try:
            return source(environ, plugin)
        except (ArchiveError, ReleaseError, _NotHereError, OSError) as refusal:
            if isinstance(refusal, OSError) and refusal.errno in _FULL:  # there may well be one: it has no room
                raise OSError(refusal.errno, refusal.strerror, str(cache_folder(environ))) from refusal
            refusals.append(f"  - {refusal}")
    raise EngineMissingError(
        "No Pulumi engine was found:\n"
        + "\n".join(refusals)
        + "\nMend any one of these: install Pulumi (https://www.pulumi.com/docs/install), or set"
        " MLZ_ENGINE_DIR to a folder with the engine archives, or allow the network (unset MLZ_OFFLINE)."
        "\nWithout an engine these work: ./mlz plan, policy, access, new, test. These need one: preview,"
        " up, refresh, destroy, model with --local."
    )


class _NotHereError(Exception):
    """One source has no engine; the text says why."""


def _on_path(environ: dict[str, str], plugin: str) -> Engine:
    """Take the user's own installation, and his plugins with it."""
    found = shutil.which("pulumi", path=environ.get("PATH", ""))
    if found is None:
        raise _NotHereError("PATH: there is no `pulumi` command")
    env = _environment(environ, Path(found).parent, None)
    said = _run(found, "version", env=env).strip()
    if _numbers(said) < OLDEST_CLI:
        oldest = ".".join(map(str, OLDEST_CLI))
        raise _NotHereError(f"PATH: {found} is {said}, too old; {oldest} or newer is needed")
    home = Path(environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    if not (home / "plugins" / plugin / "pulumi-resource-aws").exists():
        if environ.get("MLZ_OFFLINE") == "1" or "MLZ_ENGINE_DIR" in environ:
            raise _NotHereError(f"PATH: {found} lacks the plugin {plugin} (pulumi plugin install resource aws)")
        _run(found, "plugin", "install", "resource", "aws", version("pulumi-aws"), env=env)
    return Engine(Path(found), env, f"PATH ({found}, {said})")


def _in_archives(environ: dict[str, str], plugin: str) -> Engine:
    """Unpack the archives of $MLZ_ENGINE_DIR into the cache, once."""
    if "MLZ_ENGINE_DIR" not in environ:
        raise _NotHereError("archives: MLZ_ENGINE_DIR is not set")
    folder = Path(environ["MLZ_ENGINE_DIR"])
    system, machine = _machine()
    cli_archive = verified_archive(folder, f"pulumi-v*-{system}-{machine}.tar.*")
    aws_archive = verified_archive(folder, f"pulumi-{plugin}-{system}-{ {'x64': 'amd64'}.get(machine, machine) }.tar.*")
    cache = cache_folder(environ)
    cli = unpack_once(cli_archive, cache / "engines")
    home = cache / "pulumi-home"
    unpack_once(aws_archive, home / "plugins", name=plugin)
    env = _environment(environ, cli / "pulumi", home)
    return Engine(cli / "pulumi" / "pulumi", env, f"archives ({folder})")


def _official(environ: dict[str, str], plugin: str) -> Engine:
    """Download the official release; the engine then installs its own plugin."""
    if environ.get("MLZ_OFFLINE") == "1":
        raise _NotHereError("official release: MLZ_OFFLINE=1 forbids the network")
    cache = cache_folder(environ)
    # The SDK and the command are released together under one number, so the pinned SDK names the release.
    cli = fetch_release(version("pulumi"), *_machine(), cache / "engines")
    home = cache / "pulumi-home"
    env = _environment(environ, cli / "pulumi", home)
    command = str(cli / "pulumi" / "pulumi")
    if not (home / "plugins" / plugin / "pulumi-resource-aws").exists():
        _run(command, "plugin", "install", "resource", "aws", version("pulumi-aws"), env=env)
    return Engine(Path(command), env, f"official release {version('pulumi')}")


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Where unpacked engines live: the user's cache, shared by all checkouts."""
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mlz"


def _environment(environ: dict[str, str], folder: Path, home: Path | None) -> dict[str, str]:
    """Put *folder* first on PATH: pulumi finds its language host there."""
    env = {**environ, **QUIET, "PATH": f"{folder}{os.pathsep}{environ.get('PATH', '')}"}
    env["PULUMI_PYTHON_CMD"] = sys.executable
    if home is not None:
        # These engines are ours: their plugins are in place, and there is no login to keep in a keyring.
        env |= {"PULUMI_HOME": str(home), "PULUMI_CREDENTIAL_STORE": "plaintext"}
        env["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
    return env


def _run(*command: str, env: Mapping[str, str]) -> str:
    """Run one short pulumi command; raise what it says when it fails."""
    try:
        done = subprocess.run(
            command,
            env=env,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise _NotHereError(f"`{' '.join(command)}` did not end within 10 minutes") from None
    if done.returncode:
        raise _NotHereError(f"`{' '.join(command)}` failed: {(done.stderr or done.stdout).strip()[-400:]}")
    return done.stdout


def _machine() -> tuple[str, str]:
    """This machine in the words of Pulumi's release names."""
    system = {"linux": "linux", "darwin": "darwin"}.get(sys.platform)
    machine = {"x86_64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64"}.get(platform.machine().lower())
    if system is None or machine is None:
        raise _NotHereError(f"no engine is made for {sys.platform} {platform.machine()}")
    return system, machine


def _numbers(text: str) -> tuple[int, ...]:
    """`v3.259.0-dev` → (3, 259, 0)."""
    core = text.removeprefix("v").split("-")[0].split("+")[0]
    return tuple(int(part) if part.isdigit() else 0 for part in core.split("."))
