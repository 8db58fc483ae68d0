"""The official Pulumi release, downloaded and checked against its published checksums."""

import errno
import fcntl
import shutil
import tempfile
import urllib.request
from pathlib import Path

from local.archives import sha256, unpack_once

DOWNLOADS = "https://get.pulumi.com/releases/sdk"
CHECKSUMS = "https://github.com/pulumi/pulumi/releases/download"
TIMEOUT_SECONDS = 15
"""Of one silent connection, not of the whole download."""


class ReleaseError(Exception):
    """The official release could not be fetched."""


def fetch_release(
    version: str,
    system: str,
    machine: str,
    folder: Path,
    *,
    downloads: str = DOWNLOADS,
    checksums: str = CHECKSUMS,
) -> Path:
    """Return the unpacked release *version*, downloading it where the cache lacks it.

    The checksum is the one the release publishes, fetched over https from another host than the archive: it
    guards against a broken or exchanged download, not against a release that was bad from the start.

    Raises:
        ReleaseError: not reachable, or the checksum differs.
    """
    archive = folder / "downloads" / f"pulumi-v{version}-{system}-{machine}.tar.gz"
    archive.parent.mkdir(parents=True, exist_ok=True)
    with (folder / "downloads" / ".lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not archive.exists():
            expected = _published_checksum(version, archive.name, checksums)
            _download(f"{downloads}/{archive.name}", archive, expected)
    return unpack_once(archive, folder)


def _published_checksum(version: str, name: str, checksums: str) -> str:
    """Find *name* in the checksum file of the release."""
    address = f"{checksums}/v{version}/pulumi-{version}-checksums.txt"
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - https, above
            lines = answer.read().decode().splitlines()
    except OSError as error:
        raise ReleaseError(f"official release: {address}: {error}") from error
    found = {line.split()[1]: line.split()[0] for line in lines if len(line.split()) == 2}  # noqa: PLR2004 - sum, name
    if name not in found:
        raise ReleaseError(f"official release: {address} does not list {name}")
    return str(found[name])


def _download(address: str, archive: Path, expected: str) -> None:
    """Bring *address* to *archive*, whole or not at all; its checksum goes into SHA256SUMS next to it."""
    with tempfile.NamedTemporaryFile(dir=archive.parent, prefix=".part-", delete=False) as part:
        pass
    try:
        with (
            urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer,  # noqa: S310 - https, above
            Path(part.name).open("wb") as output,
        ):
            shutil.copyfileobj(answer, output)
    except OSError as error:
        Path(part.name).unlink(missing_ok=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise ReleaseError(f"official release: {address}: {error}") from error
    downloaded = Path(part.name)
    if (got := sha256(downloaded)) != expected:
        downloaded.unlink()
        raise ReleaseError(f"official release: {address} has sha256 {got}, published is {expected}")
    with (archive.parent / "SHA256SUMS").open("a") as sums:
        sums.write(f"{expected}  {archive.name}\n")
    downloaded.rename(archive)
