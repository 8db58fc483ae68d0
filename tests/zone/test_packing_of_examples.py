"""The example organisation's policies, packed: within AWS's limits, and they refuse what its guardrails say."""

from collections import Counter

import pytest

from checks.access import request
from tests.zone.deciding import Held
from zone import guardrails
from zone.facts import limit
from zone.guardrails.enforcement import PolicyType
from zone.guardrails.packing import pack, text
from zone.plan.planner import EXAMPLES, read
from zone.specs.account import InstanceTypes


@pytest.fixture(scope="module")
def organization():
    """The example organisation."""
    return read(EXAMPLES).organization


@pytest.mark.shows("K8", "S12", "T10")
def test_the_example_organisation_fits_every_limit(organization):
    stems = {
        PolicyType.SERVICE_CONTROL: ("scp", "scps_attached_per_root_ou_or_account", 1),
        PolicyType.RESOURCE_CONTROL: ("rcp", "rcps_attached_per_root_ou_or_account", 1),
        PolicyType.TAG: ("tag_policy", "tag_policies_attached_per_target", 0),
        PolicyType.EC2: ("declarative_policy", "declarative_policies_attached_per_target", 0),
        PolicyType.AI_OPT_OUT: ("ai_opt_out_policy", "ai_opt_out_policies_attached_per_target", 0),
    }

    for kind, (stem, attached, of_aws) in stems.items():
        own = [policy for policy in organization.policies if policy.type is kind]
        per_target = Counter(target for policy in own for target in policy.targets)
        assert own
        assert limit(f"organizations.{stem}_document_size") >= max(len(text(policy.document)) for policy in own)
        assert limit(f"organizations.{attached}") >= max(per_target.values()) + of_aws


EVERYTHING_SAID = {
    "aws:RequestedRegion": "eu-west-1",
    "aws:PrincipalOrgID": "o-ours",
    "aws:SecureTransport": "true",
    "aws:PrincipalIsAWSService": "false",
    "sagemaker:InstanceTypes": ["ml.m5.large"],
    "sagemaker:VolumeKmsKey": "key",
    "sagemaker:OutputKmsKey": "key",
    "sagemaker:VpcSubnets": ["subnet-1"],
    "sagemaker:VpcSecurityGroupIds": ["sg-1"],
}


def asked_of(statement, account_id):
    """Requests around *statement*: each of its conditions met, missed and absent."""
    contexts = [{}, EVERYTHING_SAID]
    for operator, pairs in statement.get("Condition", {}).items():
        for key, values in pairs.items():
            told = "there" if operator == "Null" else values
            for value in (told, "neither", ["neither", "nor"], None):
                contexts += [{**context, key: value} for context in ({}, EVERYTHING_SAID)]
    for action in statement.get("Action") or ["ec2:RunInstances", *statement["NotAction"]]:
        named = "s3:GetObject" if action == "*" else action.replace("*", "Anything")
        for resource in statement["Resource"]:
            for context in contexts:
                who = f"arn:aws:iam::{account_id}:role/mlz/mlz-training"
                yield request(who, named, resource.replace("*", "any"), resource_account=account_id, context=context)


@pytest.mark.shows("K9", "S12")
@pytest.mark.parametrize("account", ["dev-fraud", "prod-vision", "dev-platform", "org-logs"])
@pytest.mark.parametrize("kind", [PolicyType.SERVICE_CONTROL, PolicyType.RESOURCE_CONTROL])
def test_the_example_organisation_is_held_as_its_guardrails_say(organization, kind, account):
    plan = organization.accounts[account]
    loose = Held(organization.guardrails, account, plan.organizational_unit, kind)
    packed = Held(organization.policies, account, plan.organizational_unit, kind)
    said = Counter()
    for each in organization.guardrails:
        for one in each.document["Statement"] if each.type is kind else ():
            for asked in asked_of(one, plan.account_id):
                assert loose.refuses(asked) == packed.refuses(asked), (asked, each.key)
                said[loose.refuses(asked)] += 1

    assert min(said[True], said[False]) > 20


@pytest.mark.parametrize("teams", [3, 200])
def test_any_number_of_teams_fits_what_aws_attaches(teams):
    types = InstanceTypes(notebook=("ml.t3.medium",), training=("ml.m5.xlarge",))
    keys = [f"{environment}-team{number}" for environment in ("dev", "prod") for number in range(teams)]
    made = guardrails.guardrails(
        organization_id="o-ours",
        owner="platform@example.com",
        allowed_regions=["eu-west-1"],
        provisioning_roles=["Provisioner"],
        environments={"dev": "Workloads/Dev", "prod": "Workloads/Prod"},
        tag_keys=["mlz:owner", "mlz:data-class"],
        accounts={key: guardrails.Held(instance_types=types, owner="lead@example.com", team=True) for key in keys},
        retired=True,
    )
    packed = pack(made, {key: f"Workloads/{key.split('-')[0].title()}" for key in keys})  # refuses what does not fit
    counts = Counter((policy.type, target) for policy in packed for target in policy.targets)

    assert 1 == counts[PolicyType.RESOURCE_CONTROL, "root"]
    assert {1} == {count for (kind, _), count in counts.items() if kind is PolicyType.SERVICE_CONTROL}
