"""What the plan calls affected is what the program would change: stacks are built before and after, and compared."""

import shutil
from dataclasses import replace

import pytest

from checks.record import record
from stacks.build import build
from tests.oracles import recordings
from zone.plan.affected import affected
from zone.plan.planner import EXAMPLES, read

STACKS = ("org", "dev", "dev-churn", "dev-fraud")


def asked(recording):
    """What a recording asks AWS for, by name."""
    return {resource.urn: resource.inputs for resource in recording.resources}


@pytest.mark.shows("S8")
@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("dev/churn.yaml", "endpoint: [ml.m5.large]", "endpoint: [ml.c5.large]", {"org", "dev-churn"}),
        ("dev/churn.yaml", "reads: [fraud/chargebacks]", "reads: []", {"dev-churn", "dev-fraud"}),
        ("dev/churn.yaml", "owner: churn-lead@example.com", "owner: lead@example.com", {"org", "dev-churn"}),
        ("dev/environment.yaml", "size: Small", "size: Medium", {"dev"}),
        ("dev/churn.yaml", 'id: "100000000011"', 'id: "100000000999"', {"dev", "dev-churn", "dev-fraud"}),
    ],
    ids=["instance-type", "share", "owner", "mlflow", "account-id"],
)
def test_no_stack_is_missing_and_none_is_too_many(tmp_path, file, old, new, expected):
    folder = shutil.copytree(EXAMPLES, tmp_path / "accounts")
    path = folder / ("ids.lock.yaml" if old.startswith("id:") else file)
    text = path.read_text()
    assert old in text, "mend the test"
    path.write_text(text.replace(old, new))
    after = read(folder)
    named = {each.stack for each in affected(recordings.ZONE, after)}
    differs = {
        stack
        for stack in STACKS
        if asked(record(lambda stack=stack: build(after, stack), stack=stack)) != asked(recordings.recording(stack))
    }

    assert expected == differs
    assert expected == named & set(STACKS)


def test_a_platform_without_teams_names_nobody_in_its_policies():
    platform = replace(recordings.ZONE.platforms["dev"], teams={})
    zone = replace(recordings.ZONE, platforms={"dev": platform})
    made = record(lambda: build(zone, "dev"), stack="dev").made()
    policies = [resource.inputs["policy"] for resource in made if "policy" in resource.inputs]

    assert policies
    assert not [policy for policy in policies if '"AWS": []' in policy or '"AWS":[]' in policy]
