import errno
import hashlib
import subprocess
import sys
import tarfile

import pytest

from local.archives import ArchiveError, unpack_once, verified_archive


@pytest.fixture
def archive(tmp_path):
    (tmp_path / "pulumi").mkdir()
    (tmp_path / "pulumi" / "pulumi").write_text("the engine")
    packed = tmp_path / "pulumi-v3.0.0-linux-x64.tar.xz"
    with tarfile.open(packed, "w:xz") as tar:
        tar.add(tmp_path / "pulumi", "pulumi")
    checksum = hashlib.sha256(packed.read_bytes()).hexdigest()
    (tmp_path / "SHA256SUMS").write_text(f"{checksum}  {packed.name}\n")
    return packed


def test_an_archive_is_unpacked_whole(archive, tmp_path):
    unpacked = unpack_once(archive, tmp_path / "cache")

    assert "the engine" == (unpacked / "pulumi" / "pulumi").read_text()


def test_an_archive_is_unpacked_only_once(archive, tmp_path):
    first = unpack_once(archive, tmp_path / "cache")
    (first / "mark").touch()

    assert (unpack_once(archive, tmp_path / "cache") / "mark").exists()


def test_an_archive_that_is_not_what_its_checksum_says_is_refused(archive, tmp_path):
    archive.write_bytes(archive.read_bytes() + b"x")

    with pytest.raises(ArchiveError, match="SHA256SUMS says"):
        unpack_once(archive, tmp_path / "cache")
    assert [] == [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]


@pytest.mark.usefixtures("archive")
def test_an_archive_without_a_checksum_is_refused(tmp_path):
    (tmp_path / "SHA256SUMS").write_text("")

    with pytest.raises(ArchiveError, match=r"has no checksum for pulumi-v3\.0\.0-linux-x64"):
        verified_archive(tmp_path, "pulumi-v*-linux-x64.tar.*")


def test_what_a_killed_unpacking_left_is_neither_used_nor_kept(archive, tmp_path):
    cache = tmp_path / "cache"
    name = unpack_once(archive, cache).name
    (cache / f".{name}.sha256").unlink()  # killed before the stamp
    (cache / name / "pulumi" / "pulumi").unlink()
    (cache / f".{name}.part-x").mkdir()  # killed while unpacking

    unpacked = unpack_once(archive, cache)

    assert "the engine" == (unpacked / "pulumi" / "pulumi").read_text()
    assert [] == list(cache.glob(".*.part-*"))


def test_two_processes_at_once_both_get_the_whole_archive(archive, tmp_path):
    code = "import sys; from pathlib import Path; from local.archives import unpack_once; "
    code += "print((unpack_once(Path(sys.argv[1]), Path(sys.argv[2])) / 'pulumi' / 'pulumi').read_text())"
    command = [sys.executable, "-c", code, str(archive), str(tmp_path / "cache")]

    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]

    assert ["the engine\n"] * 2 == [process.communicate()[0] for process in both]


def test_a_full_disk_is_left_as_empty_as_it_was(archive, tmp_path, monkeypatch):
    def full(_tar, path, **_):
        (path / "half").write_text("h")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tarfile.TarFile.extractall", full)
    with pytest.raises(OSError, match="No space left"):
        unpack_once(archive, tmp_path / "cache")

    assert [] == [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]
