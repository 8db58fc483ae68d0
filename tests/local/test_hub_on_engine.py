"""A hub and a team behind it really deployed on the emulated AWS: made, found unchanged, and taken away in order."""

import shutil

import pytest

from local.deployment import PROJECT, deploy, rehearsal
from zone.plan.describe import dependencies
from zone.plan.lock import read as read_lock
from zone.plan.planner import read

pytestmark = pytest.mark.engine

EXAMPLE = PROJECT / "examples" / "organisation"
HUB = """\
hub:
  endpoints: cheapest
  egress: {allowed_domains: [pypi.org], inspection: network_firewall}
"""


@pytest.fixture
def accounts(tmp_path):
    """The example with a hub in dev, and accounts that may be taken away again."""
    folder = tmp_path / "accounts"
    shutil.copytree(EXAMPLE, folder)
    environment = folder / "dev" / "environment.yaml"
    environment.write_text(environment.read_text() + HUB)
    for name in ("platform", "churn"):
        file = folder / "dev" / f"{name}.yaml"
        text = file.read_text()
        file.write_text(text if "disposable: true" in text else f"{text}disposable: true\n")
    return folder


@pytest.mark.shows("B4", "B8", "B9")
def test_it_is_made_found_unchanged_and_taken_away(engine, accounts, tmp_path):
    world, lock = rehearsal(engine, tmp_path / "state", accounts, accounts / "ids.lock.yaml")

    def run(command, *stacks):
        flags = () if command == "preview" else ("--skip-preview",)
        needs = dependencies(read(accounts, lock))
        outcomes = deploy(world, command, stacks, needs=needs, lock=lock, workers=1, flags=flags, report=lambda _: None)
        assert [0] * len(stacks) == [each.code for each in outcomes], [each.failures for each in outcomes]
        return outcomes

    try:
        run("up", "org", "dev")
        ids = read_lock(lock).ids.of("dev").hub
        assert ids.transit_gateway.startswith("tgw-")
        assert "sts" in ids.zones

        run("up", "dev-churn")
        for again in run("preview", "dev", "dev-churn"):
            assert {"same"} == set(again.changes), again
        (looked,) = run("refresh", "dev")
        assert {"same"} == set(looked.changes), looked.changed

        run("destroy", "dev-churn")
        run("destroy", "dev")
        assert not read_lock(lock).ids.of("dev").hub.transit_gateway
    finally:
        (tmp_path / "state" / "cloud.json").unlink(missing_ok=True)
