"""Whole stacks, recorded: from a small zone built by hand, and from the accounts of this repository."""

import json
from dataclasses import replace
from functools import cache

import pytest

from checks.record import record
from local.ids import LOOKED_UP, NAMED
from stacks.build import StackError, build, refuse_unmade
from stacks.reach import partners
from tests.oracles import recordings
from tests.small_zone import SHARES, TEAM, ZONE
from zone import names
from zone.guardrails.enforcement import PolicyType
from zone.names import KEY_PURPOSES, UNASSIGNED, UNASSIGNED_ORGANIZATION
from zone.plan import planner

# One worker records them once.
ORGANIZATION = "aws:organizations/organization:Organization"
POLICIES = "aws:organizations/policy:Policy"


def recorded(zone, stack):
    return record(lambda: build(zone, stack), stack=stack)


@cache
def of_zone(stack):
    return recorded(ZONE, stack)


@pytest.mark.shows("P2")
@pytest.mark.parametrize("stack", ["org", "dev", "dev-fraud"])
def test_the_tree_of_a_stack_is_as_agreed(stack, golden):
    golden(f"{stack}.tree", of_zone(stack).tree())


@pytest.fixture(scope="module")
def ours():
    return {stack: recordings.recording(stack) for stack in recordings.STACKS}


@pytest.mark.shows("A2", "H24")
def test_every_account_of_this_repository_becomes_a_stack(ours):
    assert "org" in ours
    assert all(recording.made() for recording in ours.values())


@pytest.mark.shows("T11")
def test_what_a_killed_run_half_made_can_be_found_again_whatever_it_is(ours):
    made = {resource.type for recording in ours.values() for resource in recording.made()}

    assert set() == made - set(NAMED) - set(LOOKED_UP)


def test_every_resource_sits_under_a_component_on_one_explicit_provider(ours):
    for stack, recording in ours.items():
        assert all(r.parent for r in recording.made()), stack
        assert 1 == len({r.provider for r in recording.made()}), stack
        assert "" not in {r.provider for r in recording.made()}, stack


@pytest.mark.shows("K3", "T16")
def test_a_provider_refuses_every_account_but_its_own_and_tags_what_it_makes(ours):
    zone = planner.read()
    for stack, team in zone.teams.items():
        provider = ours[stack].one("pulumi:providers:aws").inputs
        assert f'["{team.account.account_id}"]' == provider["allowedAccountIds"]
        assert all(tag in provider["defaultTags"] for tag in team.account.tags.values())
        assert f"arn:aws:iam::{team.account.account_id}:role/{team.account.role}" in provider["assumeRoles"]


@pytest.mark.shows("D4")
def test_every_role_carries_the_boundary(ours):
    for stack, recording in ours.items():
        # What a preview may read is its own boundary: ours gives it no look at networks, roles and keys.
        if roles := [role for role in recording.of("aws:iam/role:Role") if "mlz-preview" != role.inputs["name"]]:
            boundary = recording.one("aws:iam/policy:Policy", f"{_name(stack)}-boundary").outputs["arn"]
            assert {boundary} == {role.inputs["permissionsBoundary"] for role in roles}, stack


def _name(stack):
    return stack.partition("-")[2] or "platform"


def test_no_stack_makes_a_way_to_the_internet_a_user_or_an_access_key(ours):
    forbidden = ("internetGateway", "natGateway", "eip:", "iam/user:", "accessKey", "loginProfile")
    found = [r.type for recording in ours.values() for r in recording.made() if any(f in r.type for f in forbidden)]

    assert [] == found


def test_what_holds_data_is_protected_and_kept_unless_the_account_is_disposable():
    kinds = {"aws:kms/key:Key", "aws:s3/bucket:Bucket", "aws:sagemaker/domain:Domain", "aws:ecr/repository:Repository"}
    for disposable in (True, False):
        team = replace(TEAM, account=replace(TEAM.account, disposable=disposable))
        recording = recorded(replace(ZONE, teams={"dev-fraud": team}), "dev-fraud")
        data = [r for r in recording.made() if r.type in kinds]
        assert kinds == {r.type for r in data}
        assert {(not disposable, not disposable)} == {(r.protect, r.retain_on_delete) for r in data}


def test_the_org_stack_needs_no_id_that_only_it_can_make():
    organization = replace(
        ZONE.organization,
        organization_id="",
        accounts={key: replace(a, account_id="000000000000") for key, a in ZONE.organization.accounts.items()},
    )
    recording = recorded(replace(ZONE, organization=organization), "org")

    assert {"organization_id", "account_ids"} == set(recording.exports)
    assert {"dev-fraud", "dev-churn", "dev-platform"} == set(recording.exports["account_ids"])
    assert not [r.name for r in recording.made() if "000000000000" in str(r.inputs)]


def test_other_stacks_export_nothing():
    assert {} == of_zone("dev").exports
    assert {} == of_zone("dev-fraud").exports


def test_the_contract_says_what_workloads_need():
    published = {r.inputs["name"] for r in of_zone("dev-fraud").of("aws:ssm/parameter:Parameter")}

    assert {names.ssm_path(f"keys/{purpose}") for purpose in KEY_PURPOSES} <= published
    assert {names.ssm_path(f"buckets/{purpose}") for purpose in names.BUCKET_PURPOSES} <= published
    for path in ("network/vpc-id", "network/subnet-ids", "network/security-group-id", "studio/domain-id"):
        assert names.ssm_path(path) in published
    assert names.ssm_path("roles/training") in published
    assert names.ssm_path("roles/transform") not in published  # the team has no such job


def test_a_teams_roles_act_with_owners_of_what_it_reads_and_the_platform_not_with_its_readers():
    reading = replace(TEAM, shares_in=(replace(SHARES[0], owner_account_id="444444444444"),))

    assert ("333333333333",) == partners(TEAM)
    assert ("333333333333", "444444444444") == partners(reading)


def test_an_unknown_stack_is_refused_with_the_likely_one():
    with pytest.raises(StackError, match=r"dev-frued: did you mean dev-fraud\?"):
        recorded(ZONE, "dev-frued")


@pytest.mark.parametrize("stack", ["org", "dev", "dev-fraud"])
def test_a_stack_whose_accounts_are_made_is_deployable(stack):
    refuse_unmade(ZONE, stack)


@pytest.mark.shows("T11")
def test_a_team_whose_readers_account_is_not_made_yet_waits_for_the_org_stack():
    team = replace(TEAM, shares_out=(replace(SHARES[0], reader_account_id=UNASSIGNED),))

    with pytest.raises(StackError, match=r"no id yet: dev-churn; deploy org first: `./mlz up org`"):
        refuse_unmade(replace(ZONE, teams={"dev-fraud": team}), "dev-fraud")


def test_a_platform_waits_until_all_its_teams_are_made():
    platform = replace(ZONE.platforms["dev"], teams={"fraud": replace(TEAM.account, account_id=UNASSIGNED)})

    with pytest.raises(StackError, match="no id yet: dev-fraud"):
        refuse_unmade(replace(ZONE, platforms={"dev": platform}), "dev")


def test_a_policy_that_names_the_organisation_gets_its_real_id_and_no_white_space():
    recording = of_zone("org")
    made = recording.one(ORGANIZATION).outputs["id"]
    content = recording.one(POLICIES, "guardrail-rcp-deny-outsiders").inputs["content"]

    assert UNASSIGNED_ORGANIZATION != made
    assert [made] == json.loads(content)["Statement"][0]["Condition"]["StringNotEquals"]["aws:PrincipalOrgID"]
    assert json.dumps(json.loads(content), separators=(",", ":")) == content


@pytest.mark.shows("K1", "K2")
def test_the_organisation_enables_every_type_of_policy_that_is_attached():
    recording = of_zone("org")
    enabled = recording.one(ORGANIZATION).inputs["enabledPolicyTypes"]

    assert {"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"} == {r.inputs["type"] for r in recording.of(POLICIES)}
    assert {each.value for each in PolicyType} == set(enabled)


def test_a_team_too_big_for_a_policy_is_told_which_file_and_what_to_do():
    huge = replace(TEAM, datasets=tuple(f"dataset-number-{number}" for number in range(80)))

    with pytest.raises(
        StackError, match=r"^dev/fraud\.yaml: policy mlz-read-data would have .*declare fewer data sets"
    ):
        build(replace(ZONE, teams={"dev-fraud": huge}), "dev-fraud")


@pytest.mark.shows("D7")
def test_no_job_reaches_a_persons_apps():
    recording = of_zone("dev-fraud")
    jobs = recording.one("aws:ec2/securityGroup:SecurityGroup", "fraud-workloads").outputs["id"]
    rules = [
        rule
        for rule in recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if rule.inputs.get("referencedSecurityGroupId") == jobs
    ]

    assert {jobs} == {rule.inputs["securityGroupId"] for rule in rules}
