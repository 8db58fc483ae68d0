from dataclasses import replace
from functools import partial

import pytest

from components.organization.organization import RetiredArgs
from tests.components.building import built
from tests.components.examples import CONTENT, guardrails, organization
from tests.small_zone import FRAUD

ORGANIZATION = "aws:organizations/organization:Organization"
UNIT = "aws:organizations/organizationalUnit:OrganizationalUnit"
ACCOUNT = "aws:organizations/account:Account"
POLICY = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"


@pytest.fixture(scope="module")
def recording():
    return built(organization)


@pytest.mark.shows("A1", "A2")
def test_units_hang_under_their_parents_and_accounts_under_their_unit(recording):
    root = recording.one(ORGANIZATION).outputs["roots"][0]["id"]
    workloads = recording.one(UNIT, "organization-Workloads")
    dev = recording.one(UNIT, "organization-Workloads/Dev")

    assert (root, workloads.outputs["id"]) == (workloads.inputs["parentId"], dev.inputs["parentId"])
    assert ("Workloads", "Dev") == (workloads.inputs["name"], dev.inputs["name"])
    assert {dev.outputs["id"]} == {account.inputs["parentId"] for account in recording.of(ACCOUNT)}


def test_a_new_organisation_trusts_ec2_whose_policies_need_it_and_later_services_stay(recording):
    made = recording.one(ORGANIZATION)

    assert ["ec2.amazonaws.com"] == made.inputs["awsServiceAccessPrincipals"]
    assert ("awsServiceAccessPrincipals",) == made.ignore_changes


def test_at_most_three_accounts_are_made_at_a_time_whatever_their_order_in_the_plan():
    keys = ["a1", "b2", "c3", "d4", "e5", "f6", "g7"]

    def waits_for(order):
        recording = built(partial(organization, accounts=[replace(FRAUD, key=key) for key in order]))
        key_of = {account.urn: account.inputs["name"] for account in recording.of(ACCOUNT)}
        return {
            account.inputs["name"]: {key_of[urn] for urn in account.dependencies if urn in key_of}
            for account in recording.of(ACCOUNT)
        }

    chain = waits_for(keys)

    assert {"a1": set(), "b2": set(), "c3": set(), "d4": {"a1"}, "e5": {"b2"}, "f6": {"c3"}, "g7": {"d4"}} == chain
    assert chain == waits_for(keys[::-1])


def test_no_delete_closes_an_account(recording):
    for account in recording.of(ACCOUNT):
        assert account.protect
        assert not account.inputs["closeOnDeletion"]


def test_an_account_carries_its_own_tags_and_the_provisioning_role(recording):
    account = recording.one(ACCOUNT, "organization-dev-fraud")

    assert "dev-fraud" == account.inputs["tags"]["mlz:account"]
    assert "OrganizationAccountAccessRole" == account.inputs["roleName"]
    assert "roleName" in account.ignore_changes


def test_what_exists_is_adopted_or_only_named_and_the_rest_is_made():
    adopt = {"organization": "o-1", "dev-fraud": "111111111111"}
    existing = {"Workloads": "ou-1", "dev-churn": "222222222222"}
    recording = built(partial(organization, adopt=adopt, existing=existing))

    assert {
        "organization": "o-1",
        "organization-sharing": "",
        "organization-Workloads/Dev": "",
        "organization-dev-fraud": "111111111111",
    } == {r.name: r.import_id for r in recording.made()}
    assert "ou-1" == recording.one(UNIT, "organization-Workloads/Dev").inputs["parentId"]


@pytest.mark.shows("K1")
def test_a_guardrail_is_attached_to_each_of_its_targets_once_the_organisation_is_there():
    recording = built(guardrails)
    policy = recording.one(POLICY, "guardrail-scp-deny-leaving")
    attachments = [r for r in recording.of(ATTACHMENT) if r.inputs["policyId"] == policy.outputs["id"]]

    assert {"r-1", "ou-1", "111111111111"} == {r.inputs["targetId"] for r in attachments}
    assert recording.one(ORGANIZATION).urn in policy.dependencies
    assert CONTENT == policy.inputs["content"]


def test_a_retired_account_is_read_by_its_id_moved_and_never_made_or_deleted():
    retired = {
        "dev-gone": RetiredArgs(
            account_id="333333333333", organizational_unit="Workloads", tags={"mlz:account": "dev-gone"}
        )
    }
    recording = built(partial(organization, retired=retired))
    gone = recording.one(ACCOUNT, "organization-dev-gone")

    assert ("333333333333", True) == (gone.import_id, gone.protect)
    assert recording.one(UNIT, "organization-Workloads").outputs["id"] == gone.inputs["parentId"]
    assert {"name", "email", "roleName", "closeOnDeletion"} <= set(gone.ignore_changes)
