"""A rehearsal follows the branch: what another one made does not stand in its way, and a command ends it."""

from pathlib import Path

from local.cloud import running_cloud
from local.deployment import end, rehearsal
from local.engine import Engine
from zone.plan.lock import read, write

ACCOUNTS = Path(__file__).parents[2] / "examples" / "organisation"
LOCK = ACCOUNTS / "ids.lock.yaml"
ENGINE = Engine(Path("pulumi"), {}, "not run here")


def test_a_rehearsal_starts_afresh_where_its_accounts_are_of_another_branch(tmp_path):
    try:
        first, own = rehearsal(ENGINE, tmp_path, ACCOUNTS, LOCK)
        again, _ = rehearsal(ENGINE, tmp_path, ACCOUNTS, LOCK)
        write(own, ids={"dev-other": "556133628079"})
        begun = running_cloud(tmp_path)

        fresh, _ = rehearsal(ENGINE, tmp_path, ACCOUNTS, LOCK)

        assert ("", "", first.state) == (first.lost, again.lost, again.state)
        assert fresh.lost == f"dev-other of the last rehearsal are not in {ACCOUNTS}: this rehearsal starts afresh"
        assert not first.state.exists()
        assert "dev-other" not in read(own).ids.accounts
        assert begun.id != running_cloud(tmp_path).id
    finally:
        ended = end(tmp_path)
    assert (True, False, None) == (ended, end(tmp_path), running_cloud(tmp_path))
