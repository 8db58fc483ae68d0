"""Is the offline plan what the engine would do? Recorded stacks beside the engine's own previews on the emulated AWS.

An environment of each kind: the organisation, a platform and the team with the most kinds of resources, and a team in
production, where data is protected. The others are made by the same code.
"""

import copy
from dataclasses import replace

import pytest

from checks.record import Recording
from local.deployment import rehearsal
from local.rehearsal import run
from tests.oracles.previewed import UNKNOWN, differences, steps
from tests.oracles.recordings import injured, recording
from zone.plan.planner import chosen

pytestmark = pytest.mark.engine

PREVIEWED = ("org", "dev", "dev-fraud", "prod-churn")


@pytest.fixture(scope="module")
def previews(engine, tmp_path_factory):
    """The resources of each previewed stack by URN; nothing is deployed for it."""
    state = tmp_path_factory.mktemp("previews")
    world, _ = rehearsal(engine, state, *chosen())
    try:
        outcomes = run(world, "preview", PREVIEWED, needs={}, flags=["--json"])
        assert {0} == {outcome.code for outcome in outcomes}, outcomes
        yield {outcome.stack: steps(outcome.log) for outcome in outcomes}
    finally:
        (state / "cloud.json").unlink(missing_ok=True)


@pytest.mark.shows("P1", "R1", "R2")
@pytest.mark.parametrize("stack", PREVIEWED)
def test_the_recorded_stack_is_the_previewed_one_property_by_property(previews, stack):
    assert len(recording(stack).made()) > 20
    assert [] == list(differences(recording(stack), previews[stack]))


KEY, ROLE, BUCKET = "aws:kms/key:Key", "aws:iam/role:Role", "aws:s3/bucket:Bucket"
PARAMETER, ALIAS = "aws:ssm/parameter:Parameter", "aws:kms/alias:Alias"


def recorded_with(type_, change):
    """The recorder's mistake: one resource recorded otherwise."""

    def injure(made, _):
        one = made.of(type_)[0]
        made.resources[made.resources.index(one)] = change(one)

    return injure


def previewed_with(type_, name, value, *, filled_in=False):
    """The engine's other answer: one input of one resource."""

    def injure(made, steps):
        inputs = steps[made.of(type_)[0].urn]["inputs"]
        inputs[name] = value
        if filled_in:
            inputs["__defaults"].append(name)

    return injure


FAULTS = {
    "a resource the engine does not make": lambda made, steps: steps.pop(made.of(ROLE)[0].urn),
    "a resource that was not recorded": lambda made, _: made.resources.remove(made.of(ROLE)[0]),
    "another value": recorded_with(ROLE, lambda one: injured(one, "path", "/other/")),
    "a property left out": recorded_with(ROLE, lambda one: injured(one, "permissionsBoundary", ...)),
    "a property too much": recorded_with(ROLE, lambda one: injured(one, "forceDetachPolicies", True)),
    "a number for a truth": recorded_with(KEY, lambda one: injured(one, "enableKeyRotation", 1)),
    "another text in a list": previewed_with(BUCKET, "bucket", "mlz-other"),
    "another tag": recorded_with(KEY, lambda one: injured(one, "tags.Name", "other")),
    "a tag that is not added": previewed_with(ROLE, "tagsAll", {}),
    "another region": previewed_with(KEY, "region", "us-east-1"),
    "another default": previewed_with(ROLE, "maxSessionDuration", 7200),
    "a default nobody listed": previewed_with(ROLE, "description", "Managed by Pulumi", filled_in=True),
    "a value unknown without need": previewed_with(ROLE, "name", UNKNOWN),
    "a recorded value that AWS does not answer": recorded_with(ALIAS, lambda one: injured(one, "targetKeyId", "key-1")),
    "a secret that is none": previewed_with(ROLE, "name", "[secret]"),
    "another name of a secret": recorded_with(PARAMETER, lambda one: injured(one, "name", "/mlz/v1/other")),
    "protection lost": recorded_with(KEY, lambda one: replace(one, protect=False)),
    "deletion allowed": recorded_with(KEY, lambda one: replace(one, retain_on_delete=False)),
    "another provider": recorded_with(KEY, lambda one: replace(one, provider="other-aws")),
    "another parent": recorded_with(KEY, lambda one: replace(one, parent="")),
    "a dependency lost": recorded_with(ALIAS, lambda one: replace(one, dependencies=())),
    "a change ignored": recorded_with(KEY, lambda one: replace(one, ignore_changes=("policy",))),
    "an import": recorded_with(BUCKET, lambda one: replace(one, import_id="mlz-old")),
    "an account more": recorded_with(
        "pulumi:providers:aws", lambda one: injured(one, "allowedAccountIds", '["1", "2"]')
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_difference_is_found(previews, fault):
    made, previewed = Recording(list(recording("dev").resources)), copy.deepcopy(previews["dev"])

    FAULTS[fault](made, previewed)

    assert list(differences(made, previewed))
