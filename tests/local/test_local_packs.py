"""The packs as `./mlz` runs them, in the real engine: one preview of the example that must be refused.

The three packs one by one refuse the same example in `./mlz demo`.
"""

import json
from dataclasses import replace

import pytest

from accounts.plan import chosen
from local.deployment import ALL_PACKS, PROJECT, rehearsal
from local.rehearsal import run

pytestmark = pytest.mark.engine

CONFIG = {
    "sm-notebook-platform": {"enforcementLevel": "mandatory", "supportedPlatformIdentifiers": ["notebook-al2030-v1"]}
}
"""The example's platform is older."""


def test_the_engine_refuses_fills_in_tags_and_passes_settings_on(engine, tmp_path):
    config = tmp_path / "together.json"
    config.write_text(json.dumps(CONFIG))
    flags = ["--policy-pack-config", str(config)]
    world, _ = rehearsal(engine, tmp_path / "state", *chosen())
    try:
        refused = replace(world, project=PROJECT / "examples" / "refused")
        outcome = run(refused, "preview", ["dev-fraud"], needs={}, policy_packs=ALL_PACKS, flags=flags)[0]
    finally:
        (tmp_path / "state" / "cloud.json").unlink(missing_ok=True)
    events = [json.loads(line) for line in (world.logs / "dev-fraud.events.json").read_text().splitlines()]
    filled = [event["policyRemediationEvent"] for event in events if "policyRemediationEvent" in event]
    said = {violation.rule: violation for violation in outcome.violations if violation.level == "mandatory"}

    assert 0 != outcome.code
    assert {"sm-notebook-instance-type", "sm-notebook-platform"} == set(said), outcome
    assert "ml.p5.48xlarge" in said["sm-notebook-instance-type"].message
    assert {"required-tags"} == {event["policyName"] for event in filled}
    assert "fraud" in json.dumps([event["after"] for event in filled])
