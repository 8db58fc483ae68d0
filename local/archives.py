"""Archives: checked against their checksum, unpacked once, never half."""

import fcntl
import hashlib
import shutil
import tarfile
import tempfile
from pathlib import Path


class ArchiveError(Exception):
    """An archive is missing or not what its checksum says."""


def sha256(path: Path) -> str:
    """The checksum of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verified_archive(folder: Path, pattern: str) -> Path:
    """Find the one archive in *folder* that fits *pattern* and is listed in its SHA256SUMS.

    The checksum itself is compared by unpack_once, only when there is something to unpack.

    Raises:
        ArchiveError: no archive, or no checksum for it.
    """
    found = sorted(folder.glob(pattern))
    if not found:
        raise ArchiveError(f"archives: {folder} has no {pattern}")
    expected_checksum(found[-1])
    return found[-1]


def expected_checksum(archive: Path) -> str:
    """The checksum that SHA256SUMS next to *archive* gives for it."""
    sums = archive.parent / "SHA256SUMS"
    lines = sums.read_text().splitlines() if sums.exists() else []
    listed = {name.lstrip("*"): checksum for checksum, name in (line.split() for line in lines if line.strip())}
    if archive.name not in listed:
        raise ArchiveError(f"archives: {sums} has no checksum for {archive.name}")
    return listed[archive.name]


def unpack_once(archive: Path, folder: Path, *, name: str | None = None) -> Path:
    """Unpack *archive* into a folder of its own under *folder*; return that folder.

    A folder that exists is complete: it only appears by a rename, after the last byte. Two processes take
    turns; what a killed one left is removed by the next.

    Args:
        archive: has its checksum in SHA256SUMS next to it.
        folder: where unpacked archives live.
        name: the name of the new folder; by default the archive's own with the head of its checksum.

    Raises:
        ArchiveError: the checksum differs.
    """
    checksum = expected_checksum(archive)
    target = folder / (name or f"{archive.name.split('.tar')[0]}-{checksum[:12]}")
    stamp = folder / f".{target.name}.sha256"
    if target.exists() and stamp.exists() and stamp.read_text() == checksum:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{target.name}.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if target.exists() and stamp.exists() and stamp.read_text() == checksum:
            return target
        if (got := sha256(archive)) != checksum:
            raise ArchiveError(f"archives: {archive} has sha256 {got}, SHA256SUMS says {checksum}")
        for leftover in folder.glob(f".{target.name}.part-*"):
            shutil.rmtree(leftover)
        part = Path(tempfile.mkdtemp(prefix=f".{target.name}.part-", dir=folder))
        try:
            with tarfile.open(archive) as tar:
                tar.extractall(part, filter="data")
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)  # half of it would keep a full disk full
            raise
        part.chmod(0o755)
        stamp.unlink(missing_ok=True)
        if target.exists():
            shutil.rmtree(target)
        part.rename(target)
        stamp.write_text(checksum)
    return target
