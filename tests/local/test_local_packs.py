"""The packs as `./mlz` runs them, in the real engine: one preview of the example that must be refused.

The three packs one by one refuse the same example in `./mlz demo`.
"""

import json
from dataclasses import replace

import pytest

from local.deployment import ALL_PACKS, PROJECT, rehearsal
from local.rehearsal import run
from zone.plan.planner import chosen

pytestmark = pytest.mark.engine

CONFIG = {
    "sm-notebook-platform": {"enforcementLevel": "mandatory", "supportedPlatformIdentifiers": ["notebook-al2030-v1"]}
}
"""The example's platform is older."""


@pytest.fixture
def preview(engine, tmp_path):
    """Preview the example with the packs configured; return its outcome and its log of events."""

    def preview(config):
        file = tmp_path / "together.json"
        file.write_text(json.dumps(config))
        world, _ = rehearsal(engine, tmp_path / "state", *chosen())
        refused = replace(world, project=PROJECT / "examples" / "refused")
        flags = ["--policy-pack-config", str(file)]
        outcome = run(refused, "preview", ["dev-fraud"], needs={}, policy_packs=ALL_PACKS, flags=flags)[0]
        return outcome, world.logs / "dev-fraud.events.json"

    yield preview
    (tmp_path / "state" / "cloud.json").unlink(missing_ok=True)


@pytest.mark.shows("K3", "K6")
def test_the_engine_refuses_fills_in_tags_and_passes_settings_on(preview):
    outcome, log = preview(CONFIG)
    events = [json.loads(line) for line in log.read_text().splitlines()]
    filled = [event["policyRemediationEvent"] for event in events if "policyRemediationEvent" in event]
    said = {violation.rule: violation for violation in outcome.violations if violation.level == "mandatory"}

    assert 0 != outcome.code
    assert {"sm-notebook-instance-type", "sm-notebook-platform"} == set(said), outcome
    assert "ml.p5.48xlarge" in said["sm-notebook-instance-type"].message
    assert {"required-tags"} == {event["policyName"] for event in filled}
    assert "fraud" in json.dumps([event["after"] for event in filled])


def test_the_engine_says_which_setting_is_misspelt_before_it_starts_the_program(preview):
    outcome, log = preview({"sm-notebook-plattform": "advisory", "sm-notebook-platform": {"supported": ["x"]}})

    assert 0 != outcome.code
    assert 1 == len(outcome.failures)
    assert "no such rule (did you mean 'sm-notebook-platform'?)" in outcome.failures[0].message
    assert "sm-notebook-platform.supported: no such setting" in outcome.failures[0].message
    assert "resourcePreEvent" not in log.read_text()
