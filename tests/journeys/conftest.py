"""The organisation, up: two teams and their platform, for all journeys of a run."""

import shutil

import pytest

from local.deployment import deploy, rehearsal
from tests.journeys import stage as stages
from tests.journeys.stage import STACKS
from zone.plan.describe import dependencies
from zone.plan.planner import chosen, read


def promoting(accounts, copy):
    """Return a copy of the example in which fraud's model may go to prod."""
    shutil.copytree(accounts, copy)
    file = copy / "dev" / "fraud.yaml"
    text = file.read_text()
    assert "models: [card-fraud]" in text
    file.write_text(text.replace("models: [card-fraud]", "models: {card-fraud: {promote_to: [prod]}}"))
    return copy


@pytest.fixture(scope="session")
def stage(engine, tmp_path_factory):
    """Bring the stacks up once, as `./mlz up --local` does, and give each caller credentials."""
    accounts, lock = chosen()
    folder = tmp_path_factory.mktemp("journeys")
    accounts = promoting(accounts, folder / "accounts")
    world, own = rehearsal(engine, folder, accounts, lock)
    needs = dependencies(read(accounts, lock))
    try:
        outcomes = deploy(
            world,
            "up",
            STACKS,
            needs=needs,
            lock=own,
            workers=2,
            flags=["--skip-preview"],
            report=lambda _: None,
        )
        assert dict.fromkeys(STACKS, 0) == {each.stack: each.code for each in outcomes}, outcomes
        yield stages.prepare(folder, read(accounts, own))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
