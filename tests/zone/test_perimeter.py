"""Resource control, tag and EC2 policies: who reaches what the organisation's accounts own, and how it is set."""

import json

import pytest

from checks.access import Caller, PolicyKind, Target, compile_policy, evaluate, principal, request
from checks.access.sides import RCP_SERVICES
from zone.facts import facts
from zone.guardrails.enforcement import PolicyType
from zone.guardrails.environment_tags import environment_tags
from zone.plan.planner import EXAMPLES, read
from zone.specs.vocabulary import DataClass

ORGANIZATION = read(EXAMPLES).organization
FRAUD = ORGANIZATION.accounts["dev-fraud"]
CHURN = ORGANIZATION.accounts["dev-churn"]
OURS = ORGANIZATION.organization_id
INSIDER = f"arn:aws:iam::{CHURN.account_id}:role/mlz/mlz-training"
STRANGER = "arn:aws:iam::999999999999:role/stranger"
INSIDE = {"aws__SourceVpce": "vpce-1", "aws__VpceOrgID": OURS}
SERVICE = "logging.s3.amazonaws.com"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
TO_ALL = {"Version": "2012-10-17", "Statement": [{**EVERYTHING["Statement"][0], "Principal": "*"}]}
RESOURCES = {
    "s3:GetObject": "arn:aws:s3:::mlz-dev-fraud-data/x",
    "kms:Decrypt": f"arn:aws:kms:eu-west-1:{FRAUD.account_id}:key/1",
    "secretsmanager:GetSecretValue": f"arn:aws:secretsmanager:eu-west-1:{FRAUD.account_id}:secret:x-AbCdEf",
    "sqs:SendMessage": f"arn:aws:sqs:eu-west-1:{FRAUD.account_id}:x",
    "ecr:BatchGetImage": f"arn:aws:ecr:eu-west-1:{FRAUD.account_id}:repository/fraud/x",
    "sts:AssumeRole": f"arn:aws:iam::{FRAUD.account_id}:role/mlz/mlz-online-x-churn",
}


def may(who, action, **context):
    """Whether *who* reaches fraud's resource, whose own policy lets everybody in; a key's colon is written __."""
    rcps = [
        (policy.key, compile_policy(json.dumps(policy.document), PolicyKind.RESOURCE_CONTROL))
        for policy in ORGANIZATION.policies
        if policy.type is PolicyType.RESOURCE_CONTROL
    ]
    assert rcps
    target = Target(policy=("open", compile_policy(TO_ALL, PolicyKind.RESOURCE)), resource_control=[("root", rcps)])
    caller = Caller(principal(who), identity=[("all", compile_policy(EVERYTHING, PolicyKind.IDENTITY))])
    keys = {key.replace("__", ":"): value for key, value in context.items()}
    asked = request(who, action, RESOURCES[action], resource_account=FRAUD.account_id, context=keys)
    return evaluate(asked, caller, target).allowed


@pytest.mark.shows("B5", "K2", "R3")
@pytest.mark.parametrize("action", RESOURCES)
def test_strangers_stay_out_whatever_the_resources_policy_says(action):
    tls = {"aws__SecureTransport": "true"}

    assert may(INSIDER, action, aws__PrincipalOrgID=OURS, aws__PrincipalIsAWSService="false", **tls, **INSIDE)
    assert not may(STRANGER, action, aws__PrincipalOrgID="o-theirs", aws__PrincipalIsAWSService="false", **tls)
    assert not may(STRANGER, action, aws__PrincipalIsAWSService="false", **tls)


@pytest.mark.parametrize("action", ["s3:GetObject", "sqs:SendMessage"])
def test_nobody_comes_unsigned(action):
    assert not may("*", action, aws__SecureTransport="true")


@pytest.mark.shows("B5")
@pytest.mark.parametrize("action", sorted(RESOURCES.keys() - {"ecr:BatchGetImage"}))
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"aws__SourceAccount": "111122223333", "aws__SourceOrgID": OURS}, True),
        ({"aws__SourceAccount": "999999999999", "aws__SourceOrgID": "o-theirs"}, False),
        ({"aws__SourceAccount": "999999999999"}, False),
        ({}, True),
    ],
)
def test_a_service_comes_for_our_accounts_only(action, source, expected):
    service = {"aws__PrincipalIsAWSService": "true", "aws__SecureTransport": "true"}

    assert expected is may(SERVICE, action, **service, **source)


@pytest.mark.shows("C2")
@pytest.mark.parametrize(("action", "expected"), [("s3:GetObject", False), ("sqs:SendMessage", False)])
def test_nothing_is_read_or_sent_in_the_clear(action, expected):
    ours = {"aws__PrincipalOrgID": OURS, "aws__PrincipalIsAWSService": "false", **INSIDE}

    assert expected is may(INSIDER, action, **ours, aws__SecureTransport="false")
    assert may(INSIDER, action, **ours, aws__SecureTransport="true")


OUTSIDE = {"aws__PrincipalOrgID": OURS, "aws__PrincipalIsAWSService": "false", "aws__SecureTransport": "true"}
STORES = ["s3:GetObject", "kms:Decrypt", "ecr:BatchGetImage"]


def role(name):
    """Keys and session of one of our roles, or of another."""
    arn = f"arn:aws:iam::{CHURN.account_id}:role/{name}"
    return arn, {**OUTSIDE, "aws__PrincipalArn": arn}


@pytest.mark.shows("B5", "K9")
@pytest.mark.parametrize("action", STORES)
@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ({}, False),
        ({"aws__SourceVpce": "vpce-1", "aws__VpceOrgID": "o-theirs"}, False),
        (INSIDE, True),
        ({"aws__ViaAWSService": "true"}, True),
    ],
)
def test_credentials_that_leave_the_network_open_no_bucket_key_or_image(action, network, expected):
    who, keys = role("mlz/mlz-data-scientist")

    assert expected is may(who, action, **keys, **network)


@pytest.mark.parametrize("action", STORES)
@pytest.mark.parametrize("name", ["OrganizationAccountAccessRole", "aws-reserved/sso.amazonaws.com/auditor", "preview"])
def test_who_is_no_role_of_a_team_comes_from_elsewhere(action, name):
    who, keys = role(name)

    assert may(who, action, **keys)


@pytest.mark.parametrize(
    ("name", "store", "image"),
    [
        ("feature-store", True, False),
        ("pipeline", True, False),
        ("tracking-fraud", True, False),
        ("training", False, True),
        ("endpoint", False, True),
        ("reviewer", False, False),
    ],
)
def test_sagemaker_works_from_its_own_network_with_the_roles_meant_for_it(name, store, image):
    who, keys = role(f"mlz/mlz-{name}")

    assert store is may(who, "s3:GetObject", **keys)
    assert store is may(who, "kms:Decrypt", **keys)
    assert image is may(who, "ecr:BatchGetImage", **keys)


def test_resource_control_policies_name_services_that_aws_lets_them_reach():
    for guardrail in ORGANIZATION.guardrails:
        if guardrail.type is PolicyType.RESOURCE_CONTROL:
            for statement in guardrail.document["Statement"]:
                assert "*" == statement["Principal"]
                assert {action.split(":")[0] for action in statement["Action"]} <= RCP_SERVICES


def of_type(kind):
    return {guardrail.key: guardrail for guardrail in ORGANIZATION.guardrails if guardrail.type is kind}


@pytest.mark.shows("K2", "K3", "T16")
def test_every_required_tag_is_asked_for_and_a_data_class_must_exist():
    tags = of_type(PolicyType.TAG)["required-tags"].document["tags"]

    assert set(ORGANIZATION.tags) == set(FRAUD.tags) == set(tags)
    assert all(key == tag["tag_key"]["@@assign"] for key, tag in tags.items())
    assert all(
        facts("tag_policy_types")["required"] == tag["report_required_tag_for"]["@@assign"] for tag in tags.values()
    )
    assert {each.value for each in DataClass} == set(tags["mlz:data-class"]["tag_value"]["@@assign"])
    assert facts("tag_policy_types")["enforced"] == tags["mlz:data-class"]["enforced_for"]["@@assign"]


def test_an_environments_accounts_take_its_own_tag_only():
    units = {
        guardrail.targets: guardrail.document["tags"]["mlz:environment"]["tag_value"]["@@assign"]
        for key, guardrail in of_type(PolicyType.TAG).items()
        if key.startswith("environment-tag")
    }

    assert {("Workloads/Dev",): ["dev"], ("Workloads/Prod",): ["prod"]} == units
    for account in ORGANIZATION.accounts.values():
        if (account.organizational_unit,) in units:
            assert account.tags["mlz:environment"] in units[(account.organizational_unit,)]


def test_environments_that_share_a_unit_share_its_tag_policy():
    shared = environment_tags("Workloads", ["test", "dev"])

    assert ["dev", "test"] == shared.document["tags"]["mlz:environment"]["tag_value"]["@@assign"]


@pytest.mark.shows("B9", "K2")
def test_team_networks_are_closed_in_both_directions_without_exclusions():
    closed = of_type(PolicyType.EC2)["no-internet"]
    teams = {account.key for account in ORGANIZATION.accounts.values() if account.kind == "team"}
    block = closed.document["ec2_attributes"]["vpc_block_public_access"]["internet_gateway_block"]

    assert teams == set(closed.targets)
    assert {"mode": {"@@assign": "block_bidirectional"}, "exclusions_allowed": {"@@assign": "disabled"}} == block


@pytest.mark.shows("K2")
def test_ec2s_defaults_hold_for_every_account():
    defaults = of_type(PolicyType.EC2)["ec2-defaults"]
    set_to = {
        (area, key): value["@@assign"]
        for area, keys in defaults.document["ec2_attributes"].items()
        if area != "exception_message"
        for key, value in keys.items()
    }

    assert ("root",) == defaults.targets
    assert {
        ("instance_metadata_defaults", "http_tokens"): "required",
        ("instance_metadata_defaults", "http_tokens_enforced"): "enabled",
        ("instance_metadata_defaults", "http_put_response_hop_limit"): "2",
        ("image_block_public_access", "state"): "block_new_sharing",
        ("snapshot_block_public_access", "state"): "block_all_sharing",
        ("serial_console_access", "status"): "disabled",
    } == set_to


def test_every_ai_service_is_opted_out_of_and_no_account_can_opt_in():
    services = of_type(PolicyType.AI_OPT_OUT)["ai-opt-out"].document["services"]
    final = ["@@none"]

    assert {"@@assign": "optOut", "@@operators_allowed_for_child_policies": final} == services["default"][
        "opt_out_policy"
    ]
    assert [final, final] == [
        each["@@operators_allowed_for_child_policies"] for each in (services, services["default"])
    ]
