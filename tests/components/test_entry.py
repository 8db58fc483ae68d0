"""Who opens which Studio profile, and what a preview can do: the recorded documents, decided as AWS decides."""

import json
from functools import cache, partial

import pytest

from checks.access import Caller, PolicyKind, Target, compile_policy, evaluate, principal, request
from checks.access.catalog import services
from components.access.grants.entry import enter, trust_people
from components.access.grants.reading import read_account, read_organization
from components.access.grants.reading_schedules import read_schedules
from components.access.grants.statement import MANAGED_POLICY_CHARACTERS, size
from tests.components.building import built
from tests.components.examples import entry, portal, preview
from tests.rights import FRAUD, compiled, decide
from zone import names

ACCOUNT, REGION, INSTANCE = "111111111111", "eu-west-1", "arn:aws:sso:::instance/ssoins-6987example00001"
ADA = "ada@example.com"
PROFILE = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:user-profile/d-1/ada"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/mlz/mlz-enter-data-scientist"
READERS = {
    "account": read_account([REGION], ACCOUNT),
    "account with schedules": (*read_account([REGION], ACCOUNT), *read_schedules(REGION, ACCOUNT, "dev-fraud")),
    "organization": read_organization(ACCOUNT, INSTANCE),
}
WRITES = {"Write", "Permissions management", "Tagging"}
DATA = {
    *("athena:GetQueryResults", "ecr:BatchGetImage", "glue:GetTable", "kms:Decrypt", "logs:GetLogEvents"),
    *("s3:GetObject", "s3:GetObjectVersion", "sagemaker:GetRecord", "secretsmanager:GetSecretValue", "sts:AssumeRole"),
}


def asked(statements, action, resource, **context):
    asking = Caller(principal(ROLE), identity=[("policy", compiled(statements))])
    return evaluate(request(ROLE, action, resource, context=context), asking, Target()).allowed


def opens(profile_of, session_of, action="sagemaker:CreatePresignedDomainUrl"):
    tags = {f"sagemaker:ResourceTag/{names.PERSON_TAG}": profile_of, f"aws:PrincipalTag/{names.PERSON_TAG}": session_of}
    return asked(enter([REGION]), action, PROFILE, **{key: value for key, value in tags.items() if value})


@pytest.mark.shows("D8")
def test_a_person_opens_the_own_profile_and_no_other():
    assert opens(ADA, ADA)
    assert opens(ADA, ADA, "sagemaker:DescribeUserProfile")
    assert not opens(ADA, "max@example.com")
    assert not opens(ADA, None), "a session that says of nobody who it is"
    assert not opens(None, None), "a profile and a session without a tag are not alike"
    assert not opens(None, ADA)


def test_the_way_in_is_seen_and_nothing_else_may_be_done():
    granted = {action for statement in enter([REGION]) for action in statement.actions}

    assert granted == {f"sagemaker:{name}" for name in ("CreatePresignedDomainUrl", "DescribeUserProfile")} | {
        f"sagemaker:{name}" for name in ("DescribeDomain", "ListDomains", "ListUserProfiles")
    }
    assert asked(enter([REGION]), "sagemaker:DescribeDomain", f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:domain/d-1")
    assert not asked(enter([REGION]), "sagemaker:DescribeDomain", f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:domain/d-1")


@pytest.mark.parametrize("role", ["data-scientist", "ml-engineer", "reviewer", "operator"])
def test_nobody_in_studio_changes_whose_a_profile_is(role):
    profile = f"arn:aws:sagemaker:{FRAUD.account.region}:{FRAUD.account.account_id}:user-profile/d-1/ana-silva"
    for action in ("sagemaker:AddTags", "sagemaker:DeleteTags"):
        assert not decide(FRAUD, role, action, profile, {"sagemaker:TaggingAction": "CreateSpace"}).allowed


def takes(trusted, caller, action, **context):
    policy = compile_policy(json.dumps(trust_people(ACCOUNT, [trusted])), PolicyKind.RESOURCE)
    side = Caller(principal(caller), identity=[("all", compiled_all())])
    return evaluate(request(caller, action, ROLE, context=context), side, Target(policy=("trust", policy))).allowed


@cache
def compiled_all():
    text = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    return compile_policy(json.dumps(text), PolicyKind.IDENTITY)


def test_a_trusted_role_hands_over_its_own_person_only():
    people = "arn:aws:iam::999999999999:role/people"
    own, wanted = f"aws:PrincipalTag/{names.PERSON_TAG}", f"aws:RequestTag/{names.PERSON_TAG}"

    def of(caller=people, **context):
        return takes(people, caller, "sts:AssumeRole", **context)

    assert of(**{own: ADA, wanted: ADA})
    assert not of(**{own: "max@example.com", wanted: ADA})
    assert not of(**{own: ADA})
    assert not of(**{wanted: ADA})
    assert not of("arn:aws:iam::999999999999:role/others", **{own: ADA, wanted: ADA})


def test_a_saml_provider_must_say_who_comes():
    statement = trust_people(ACCOUNT, ["saml-provider/corp"])["Statement"][0]

    assert {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"} == statement["Principal"]
    assert {"aws:RequestTag/mlz-person": "?*"} == statement["Condition"]["StringLike"]
    assert {"SAML:aud": "https://signin.aws.amazon.com/saml"} == statement["Condition"]["StringEquals"]


def test_each_persona_of_the_team_has_an_entry_role_within_the_boundary():
    roles = built(entry).of("aws:iam/role:Role")

    assert {"mlz-enter-data-scientist", "mlz-enter-reviewer"} == {role.inputs["name"] for role in roles}
    assert all(role.inputs["permissionsBoundary"].endswith("mlz-boundary") for role in roles)


@pytest.mark.shows("D8")
def test_the_portal_has_a_permission_set_a_persona_and_assigns_it():
    made = built(portal)
    sets = {r.inputs["name"]: r.inputs["sessionDuration"] for r in made.of("aws:ssoadmin/permissionSet:PermissionSet")}
    (assigned,) = made.of("aws:ssoadmin/accountAssignment:AccountAssignment")
    policies = made.of("aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy")

    assert dict.fromkeys((f"mlz-{role}" for role in names.PERSONA_ROLES.values()), "PT8H") == sets
    assert ("USER", ACCOUNT) == (assigned.inputs["principalType"], assigned.inputs["targetId"])
    assert 4 == len(policies)
    assert all("${aws:PrincipalTag/mlz-person}" in policy.inputs["inlinePolicy"] for policy in policies)


def test_a_group_is_assigned_as_a_group():
    made = built(partial(portal, principal_type="GROUP"))

    assert "GROUP" == made.one("aws:ssoadmin/accountAssignment:AccountAssignment").inputs["principalType"]


@pytest.mark.shows("D2", "D4")
@pytest.mark.parametrize("reader", READERS)
def test_a_preview_writes_nothing_and_reads_no_data(reader):
    """Every action AWS has, on whatever the policy names for it."""
    patterns = sorted({str(resource) for statement in READERS[reader] for resource in statement.resources})
    known = {action.name: action for service in services().values() for action in service.actions.values()}
    granted = {action for statement in READERS[reader] for action in statement.actions}

    assert set() == {action for action in granted if "*" in action}
    assert set() == granted - set(known)
    assert set() == {action for action in granted if known[action].level in WRITES}
    assert set() == granted & DATA
    for action in DATA | {
        "iam:CreateRole",
        "sagemaker:CreateApp",
        "organizations:LeaveOrganization",
        "sso:CreateAccountAssignment",
    }:
        assert not any(asked(READERS[reader], action, pattern.replace("*", "x")) for pattern in patterns), action


def test_what_a_preview_reads_is_its_boundary_and_fits():
    (role,) = built(preview).of("aws:iam/role:Role")

    assert f"arn:aws:iam::{ACCOUNT}:policy/mlz/mlz-preview" == role.inputs["permissionsBoundary"]
    trust = json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]
    assert {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::999999999999:role/mlz-pull-request"}} == trust["Condition"]
    assert all(size(statements) <= MANAGED_POLICY_CHARACTERS for statements in READERS.values())
