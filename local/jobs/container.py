"""One container: a command of an image in a folder that stands for /opt/ml, with the credentials of a role.

The code finds its folder by SAGEMAKER_BASE_DIR, as SageMaker's own training toolkit does (its default is /opt/ml), so
the same code runs in AWS and here, many at once. It has no variable of this machine's but PATH.
Source: sagemaker-training 5.1.4, whose `train` was run with SAGEMAKER_BASE_DIR on 2026-11-29.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from local.jobs.image import LocalImage

GUARD = Path(__file__).with_name("guard.py")
BASE = "SAGEMAKER_BASE_DIR"
NOWHERE = "http://127.0.0.1:9"
"""An address where nobody listens: of a container without a network, where this machine cannot take it away."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """A role's session."""

    access_key: str
    secret_key: str
    token: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a container runs."""

    folder: Path
    """Its own folder: `ml` in it stands for /opt/ml, `tmp` is its temporary folder."""

    region: str
    """Region of the calls it makes."""

    endpoint: str
    """Address that stands for every AWS service, as its network reaches it; empty: network isolation."""

    @property
    def base(self) -> Path:
        """What stands for /opt/ml."""
        return self.folder / "ml"


def environment_of(
    image: LocalImage, place: Place, credentials: Credentials | None, given: Mapping[str, str]
) -> dict[str, str]:
    """Return the container's variables: what AWS sets, what points to the emulated one, then the request's own."""
    endpoint = place.endpoint or NOWHERE
    variables = {
        "PATH": f"{image.python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "HOME": str(place.folder),
        "TMPDIR": str(place.folder / "tmp"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(str(each) for each in image.path),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        BASE: str(place.base),
        "AWS_REGION": place.region,
        "AWS_DEFAULT_REGION": place.region,
        "AWS_ENDPOINT_URL": endpoint,
        "MLFLOW_S3_ENDPOINT_URL": endpoint,
        "SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    if credentials and place.endpoint:
        variables |= {
            "AWS_ACCESS_KEY_ID": credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
            "AWS_SESSION_TOKEN": credentials.token,
        }
    return {**variables, **given}


def start(
    command: Sequence[str], place: Place, variables: Mapping[str, str], log: Path, *, seconds: float = 0
) -> subprocess.Popen[bytes]:
    """Start *command*; closing the process's standard input ends it and all it started, and so does our own end.

    Args:
        command: what runs.
        place: its folder is the working folder; made if need be.
        variables: all it has.
        log: gets what it prints.
        seconds: longest run; the exit code is guard.TIMED_OUT then. 0: no limit.
    """
    for folder in (place.base, place.folder / "tmp"):
        folder.mkdir(parents=True, exist_ok=True)
    apart = [] if place.endpoint else isolation()
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-I", str(GUARD), str(seconds), *apart, *command],
            cwd=place.folder,
            env=dict(variables),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


@cache
def isolation() -> list[str]:
    """Return what starts a command without a network; empty where this machine may not (then NOWHERE is all)."""
    for prefix in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        try:
            if not subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
                return prefix
        except OSError:
            return []
    return []
