import errno
import hashlib
import io
import tarfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from local import engine as finder
from local.engine import EngineMissingError, find_engine
from local.release import ReleaseError, fetch_release


def nowhere(tmp_path, **more):
    return {"PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "MLZ_OFFLINE": "1", **more}


def test_a_missing_engine_is_told_with_every_place_and_every_remedy(tmp_path):
    with pytest.raises(EngineMissingError) as told:
        find_engine(nowhere(tmp_path))

    text = str(told.value)
    for part in (
        "PATH: there is no `pulumi`",
        "MLZ_ENGINE_DIR is not set",
        "MLZ_OFFLINE=1 forbids",
        "./mlz plan",
    ):
        assert part in text


def test_a_folder_without_archives_is_named(tmp_path):
    with pytest.raises(EngineMissingError, match=f"{tmp_path} has no pulumi-v"):
        find_engine(nowhere(tmp_path, MLZ_ENGINE_DIR=str(tmp_path)))


def a_pulumi(tmp_path, version):
    command = tmp_path / "pulumi"
    command.write_text(f"#!/bin/sh\necho {version}\n")
    command.chmod(0o755)


def test_an_engine_on_the_path_with_the_right_plugin_is_taken(tmp_path):
    a_pulumi(tmp_path, "v3.300.1")
    plugin = tmp_path / "home" / "plugins" / f"resource-aws-v{finder.version('pulumi-aws')}"
    plugin.mkdir(parents=True)
    (plugin / "pulumi-resource-aws").touch()

    found = find_engine(nowhere(tmp_path, PULUMI_HOME=str(tmp_path / "home"), HOME="/h"))

    assert tmp_path / "pulumi" == found.path
    assert ("/h", str(tmp_path / "home")) == (found.env["HOME"], found.env["PULUMI_HOME"])


def test_an_engine_on_the_path_without_the_plugin_is_not_taken_offline(tmp_path):
    a_pulumi(tmp_path, "v3.300.1")

    with pytest.raises(EngineMissingError, match="lacks the plugin resource-aws-v"):
        find_engine(nowhere(tmp_path, PULUMI_HOME=str(tmp_path / "home")))


def test_an_old_engine_on_the_path_is_not_taken(tmp_path):
    a_pulumi(tmp_path, "v3.100.0")

    with pytest.raises(EngineMissingError, match=r"is v3.100.0, too old; 3.259.0 or newer"):
        find_engine(nowhere(tmp_path))


@pytest.fixture
def releases(tmp_path):
    """A release server with one archive; gives its folder and address."""
    folder = tmp_path / "served"
    (folder / "v9.9.9").mkdir(parents=True)
    with tarfile.open(folder / "pulumi-v9.9.9-linux-x64.tar.gz", "w:gz") as tar:
        entry = tarfile.TarInfo("pulumi/pulumi")
        entry.size = 3
        tar.addfile(entry, io.BytesIO(b"cli"))
    checksum = hashlib.sha256((folder / "pulumi-v9.9.9-linux-x64.tar.gz").read_bytes()).hexdigest()
    (folder / "v9.9.9" / "pulumi-9.9.9-checksums.txt").write_text(f"{checksum}  pulumi-v9.9.9-linux-x64.tar.gz\n")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_official_release_is_downloaded_and_checked(releases, tmp_path):
    _, address = releases

    unpacked = fetch_release("9.9.9", "linux", "x64", tmp_path / "cache", downloads=address, checksums=address)

    assert "cli" == (unpacked / "pulumi" / "pulumi").read_text()


def test_a_release_whose_checksum_differs_is_refused_and_not_kept(releases, tmp_path):
    folder, address = releases
    (folder / "pulumi-v9.9.9-linux-x64.tar.gz").write_bytes(b"something else")

    with pytest.raises(ReleaseError, match="published is"):
        fetch_release("9.9.9", "linux", "x64", tmp_path / "cache", downloads=address, checksums=address)
    assert [] == list((tmp_path / "cache" / "downloads").glob("*.tar.gz"))


def test_a_release_that_cannot_be_reached_is_named(tmp_path):
    address = "http://127.0.0.1:9"

    with pytest.raises(ReleaseError, match=f"{address}/v9.9.9/pulumi-9.9.9-checksums.txt"):
        fetch_release("9.9.9", "linux", "x64", tmp_path / "cache", downloads=address, checksums=address)


def test_a_full_disk_is_no_missing_engine(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(finder, "_in_archives", full)
    with pytest.raises(OSError, match="No space left on device") as told:
        find_engine(nowhere(tmp_path))

    assert str(tmp_path / "cache" / "mlz") == told.value.filename


def test_a_download_that_fills_the_disk_leaves_nothing(releases, tmp_path, monkeypatch):
    _, address = releases

    def full(_source, output):
        output.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("local.release.shutil", SimpleNamespace(copyfileobj=full))
    with pytest.raises(OSError, match="No space left"):
        fetch_release("9.9.9", "linux", "x64", tmp_path / "cache", downloads=address, checksums=address)

    assert [] == list((tmp_path / "cache" / "downloads").glob(".part-*"))
