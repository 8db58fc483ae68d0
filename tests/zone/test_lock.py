"""ids.lock.yaml: what is recorded stays, comments included, and no kill leaves half a file."""

from datetime import date
from ipaddress import IPv4Network

import pytest

from zone.names import UNASSIGNED
from zone.plan import lock
from zone.plan.planner import read
from zone.plan.unrecorded import unrecorded
from zone.specs.problems import SpecErrors


def test_a_first_plan_is_recorded_and_read_back(folder):
    path = folder.path / "ids.lock.yaml"
    folder.remove("ids.lock.yaml")
    zone = read(folder.path)

    blocks = unrecorded(lock.read(path), zone)
    assert {key: team.network.cidr for key, team in zone.teams.items()} == blocks
    assert lock.write(path, organization_id="o-exampleorg1", ids={"org-logs": "100000000001"}, blocks=blocks)

    ids = lock.read(path).ids
    assert {} == unrecorded(lock.read(path), read(folder.path))
    assert ("o-exampleorg1", "100000000001") == (ids.organization.id, ids.accounts["org-logs"].id)


def test_recording_what_is_recorded_changes_nothing(folder):
    path = folder.path / "ids.lock.yaml"
    before = path.read_bytes(), path.stat().st_mtime_ns

    assert not lock.write(path, ids={"dev-fraud": "100000000012"}, blocks={"dev-churn": IPv4Network("10.64.16.0/24")})
    assert before == (path.read_bytes(), path.stat().st_mtime_ns)


def test_comments_and_retired_accounts_survive_and_a_new_entry_stands_in_its_place(folder):
    path = folder.path / "ids.lock.yaml"
    folder.change(
        "ids.lock.yaml", '  dev-vision: {id: "100000000013"', '  # closed by mistake\n  dev-vision: {id: "100000000013"'
    )
    expected = path.read_text().replace(
        "  dev-platform:", '  dev-labs: {id: "100000000099", cidr: 10.64.24.0/22}\n  dev-platform:', 1
    )

    lock.write(path, ids={"dev-labs": "100000000099"}, blocks={"dev-labs": IPv4Network("10.64.24.0/22")})

    assert expected == path.read_text()


def test_an_account_not_made_yet_gets_no_id(folder):
    path = folder.path / "ids.lock.yaml"

    assert not lock.write(path, ids={"dev-labs": UNASSIGNED})


def test_no_lock_file_is_an_empty_one(tmp_path):
    assert lock.Lock() == lock.read(tmp_path / "ids.lock.yaml")


@pytest.mark.parametrize("text", ["organization: {}\n", "accounts: {}\n"])
def test_a_part_that_is_not_there_is_made(tmp_path, text):
    path = tmp_path / "ids.lock.yaml"
    path.write_text(text)

    lock.write(path, organization_id="o-exampleorg1", ids={"dev-fraud": "100000000012"})

    ids = lock.read(path).ids
    assert ("o-exampleorg1", "100000000012") == (ids.organization.id, ids.accounts["dev-fraud"].id)


def test_retired_accounts_keep_what_is_recorded_of_them_and_each_has_its_own_date(folder):
    path = folder.path / "ids.lock.yaml"
    day = date(2026, 11, 30)

    lock.write(path, retired={"dev-fraud": day, "dev-churn": day})

    assert 'dev-fraud: {id: "100000000012", cidr: 10.64.20.0/22, retired: 2026-11-30}' in path.read_text()
    assert {day} == {lock.read(path).ids.accounts[key].retired for key in ("dev-fraud", "dev-churn")}


def test_a_failed_write_leaves_the_old_file(folder, monkeypatch):
    path = folder.path / "ids.lock.yaml"
    before = path.read_text()

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        lock.write(path, ids={"dev-fraud": "100000000099"})

    assert before == path.read_text()
    assert ["ids.lock.yaml"] == [found.name for found in folder.path.iterdir() if found.is_file()]


def test_a_lock_file_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "ids.lock.yaml").mkdir()

    with pytest.raises(SpecErrors, match=r"^ids\.lock\.yaml:1: cannot be read: Is a directory$"):
        lock.read(tmp_path / "ids.lock.yaml")


def test_a_disk_that_takes_nothing_is_said_and_leaves_the_old_file(folder, monkeypatch):
    path = folder.path / "ids.lock.yaml"
    before = path.read_text()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SpecErrors, match=r"cannot be written \(No space left on device\): choose another file"):
        lock.write(path, ids={"dev-fraud": "100000000099"})

    assert before == path.read_text()
    assert ["ids.lock.yaml"] == [found.name for found in folder.path.iterdir() if found.is_file()]
