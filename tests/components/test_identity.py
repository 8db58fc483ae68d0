"""Identities as recorded: which roles exist, whom they trust, what is attached."""

import json

import pulumi
import pytest

from checks.record import record
from components.access.boundary import Boundary, BoundaryArgs
from components.access.grants.place import Place
from components.access.grants.roles import holders, roles
from components.access.identity import Identity, IdentityArgs
from components.account.provider import provider
from stacks.inputs import team_of
from zone import names
from zone.plan import planner

FRAUD = planner.read(planner.EXAMPLES).teams["prod-fraud"]


@pytest.fixture(scope="module")
def fraud():
    return record(lambda: an_identity(FRAUD))


def an_identity(team):
    account = team.account
    there = pulumi.ResourceOptions(
        provider=provider(
            account.key, account_id=account.account_id, role=account.role, region=account.region, tags=account.tags
        )
    )
    edge = Boundary(
        team.team,
        BoundaryArgs(account_id=account.account_id, region=account.region, partner_account_ids=(), databases=False),
        there,
    )
    place = Place.stand_in(team_of(team))
    Identity(
        team.team,
        IdentityArgs(
            team=team_of(team),
            boundary_arn=edge.arn,
            subnet_ids=place.subnet_ids,
            security_group_id=place.security_group_id,
            key_arns=place.key_arns,
        ),
        there,
    )


@pytest.mark.shows("D1", "D4")
def test_every_role_carries_boundary_and_path_and_trusts_sagemaker_for_this_account_only(fraud):
    made = fraud.of("aws:iam/role:Role")

    assert {names.role(role) for role in roles(team_of(FRAUD))} == {each.inputs["name"] for each in made}
    assert {names.PATH} == {each.inputs["path"] for each in made}
    assert {fraud.one("aws:iam/policy:Policy", "fraud-boundary").outputs["arn"]} == {
        each.inputs["permissionsBoundary"] for each in made
    }
    (trust,) = {each.inputs["assumeRolePolicy"] for each in made}
    (statement,) = json.loads(trust)["Statement"]
    assert {"Service": "sagemaker.amazonaws.com"} == statement["Principal"]
    assert {"StringEquals": {"aws:SourceAccount": FRAUD.account.account_id}} == statement["Condition"]


@pytest.mark.shows("D1")
def test_every_grant_of_the_table_is_attached_and_no_other(fraud):
    attached = {
        (each.inputs["role"], each.inputs["policyArn"].split("/")[-1])
        for each in fraud.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    }

    table = roles(team_of(FRAUD))
    assert {(names.role(role), names.role(grant)) for role, grants in table.items() for grant in grants} == attached


def test_a_policys_text_is_what_the_grant_says(fraud):
    policy = fraud.one("aws:iam/policy:Policy", "fraud-write-data").inputs["policy"]

    assert ["WriteOwnData", "EncryptOwnData"] == [each["Sid"] for each in json.loads(policy)["Statement"]]
    assert " " not in policy


def test_the_roles_whose_images_sagemaker_pulls_are_those_of_containers():
    assert set(holders("attach")) == set(names.JOB_ROLES)
