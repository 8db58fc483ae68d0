"""What people and jobs can really do: policies, boundary and guardrails together, decided as AWS decides.

Half of these requests must go through: a landing zone in which nobody can work is safe and useless.
"""

import json
from functools import cache
from pathlib import Path

import pytest

from accounts import names, plan
from accounts.zone import PolicyType
from checks.access import Caller, PolicyKind, Target, compile_policy, evaluate, principal, request
from components.bucket_policy import bucket_policy
from components.grants.boundary import boundary
from components.grants.place import Place
from components.grants.roles import GRANTS, roles
from components.grants.statement import document
from components.key_policy import key_policy
from components.outside import of_shares

ZONE = plan.read(Path(__file__).parents[2] / "accounts")
FRAUD = ZONE.teams["prod-fraud"]
CHURN = ZONE.teams["prod-churn"]
VISION = ZONE.teams["prod-vision"]
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def compiled(statements):
    return compile_policy(json.dumps(document(statements)), PolicyKind.IDENTITY)


@cache
def caller(stack, role):
    team = ZONE.teams[stack]
    account = team.account
    place = Place.stand_in(team)
    partners = {share.owner_account_id for share in team.shares_in} | {team.mlflow.server_arn.split(":")[4]}
    scps = [
        (policy.key, compile_policy(policy.document, PolicyKind.SERVICE_CONTROL))
        for policy in ZONE.organization.policies
        if policy.type is PolicyType.SERVICE_CONTROL
        and {"root", account.key, account.organizational_unit} & set(policy.targets)
    ]
    return Caller(
        principal(names.role_arn(account.account_id, role)),
        identity=[(grant, compiled(GRANTS[grant](place))) for grant in roles(team)[role]],
        boundaries=[("boundary", compiled(boundary(account.account_id, sorted(partners))))],
        service_control=[
            ("zone", [("FullAWSAccess", compile_policy(EVERYTHING, PolicyKind.SERVICE_CONTROL)), *scps]),
        ],
        management_account=ZONE.organization.management_account_id,
    )


@cache
def data_key(stack):
    """The data key of a team, with the policy it really has."""
    account = ZONE.teams[stack].account
    policy = key_policy(
        "data",
        account_id=account.account_id,
        region=account.region,
        provisioning_role=account.role,
        outside=of_shares(ZONE.teams[stack].shares_out),
    )
    return Target(policy=("key", compile_policy(json.dumps(policy), PolicyKind.RESOURCE)))


@cache
def data_bucket(stack):
    """The data bucket of a team, with the policy it really has."""
    team = ZONE.teams[stack]
    policy = bucket_policy(
        names.bucket(stack, "data", team.account.account_id),
        account_id=team.account.account_id,
        organization_id="o-zone",
        provisioning_role=team.account.role,
        key_arn=Place.stand_in(team).key_arns["data"],
        service_role_arns=[],
        outside=of_shares(team.shares_out),
    )
    return Target(policy=("bucket", compile_policy(json.dumps(policy), PolicyKind.RESOURCE)))


def decide(team, role, action, resource, context=None, *, owner=None, target=None):
    account = team.account
    asked = request(
        names.role_arn(account.account_id, role),
        action,
        resource,
        resource_account=owner,
        context={"aws:RequestedRegion": account.region, "aws:SecureTransport": True, **(context or {})},
    )
    return evaluate(asked, caller(account.key, role), target or Target())


def may(*asked, **more):
    return decide(*asked, **more).allowed


def sagemaker(team, kind, name="x"):
    return f"arn:aws:sagemaker:{team.account.region}:{team.account.account_id}:{kind}/{name}"


def job(team, use, **changes):
    """The context of a proper job of *use*."""
    place = Place.stand_in(team)
    context = {
        "sagemaker:InstanceTypes": [getattr(team.instance_types, use)[0]],
        "sagemaker:VpcSubnets": list(place.subnet_ids),
        "sagemaker:VpcSecurityGroupIds": [place.security_group_id],
        "sagemaker:VolumeKmsKey": place.key_arns["data"],
        "sagemaker:OutputKmsKey": place.key_arns["models"],
        "sagemaker:MaxRuntimeInSeconds": 3600,
        "sagemaker:InterContainerTrafficEncryption": True,
    }
    return {**context, **{f"sagemaker:{key}": value for key, value in changes.items()}}


JOBS = {
    "processing": ("sagemaker:CreateProcessingJob", "processing-job"),
    "training": ("sagemaker:CreateTrainingJob", "training-job"),
    "tuning": ("sagemaker:CreateHyperParameterTuningJob", "hyper-parameter-tuning-job"),
    "transform": ("sagemaker:CreateTransformJob", "transform-job"),
}


@pytest.mark.parametrize("role", ["data-scientist", "ml-engineer", "pipeline"])
@pytest.mark.parametrize("use", JOBS)
def test_a_proper_job_starts(role, use):
    action, kind = JOBS[use]

    assert may(FRAUD, role, action, sagemaker(FRAUD, kind), job(FRAUD, use))


@pytest.mark.parametrize("use", ["processing", "training", "tuning"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"VpcSubnets": None},
        {"VpcSubnets": ["subnet-elsewhere"]},
        {"VpcSecurityGroupIds": None},
        {"VpcSecurityGroupIds": ["sg-elsewhere"]},
        {"InstanceTypes": None},
        {"InstanceTypes": ["ml.p5.48xlarge"]},
        {"VolumeKmsKey": None},
        {"VolumeKmsKey": "arn:aws:kms:eu-west-1:999999999999:key/foreign"},
        {"OutputKmsKey": None},
        {"MaxRuntimeInSeconds": 28 * 24 * 3600 + 1},
        {"MaxRuntimeInSeconds": None},
        {"InterContainerTrafficEncryption": False},
        {"InterContainerTrafficEncryption": None},
    ],
    ids=str,
)
def test_a_job_that_misses_or_changes_one_thing_does_not_start(use, wrong):
    action, kind = JOBS[use]

    assert not may(FRAUD, "data-scientist", action, sagemaker(FRAUD, kind), job(FRAUD, use, **wrong))


def test_one_forbidden_type_among_allowed_ones_is_refused():
    mixed = job(FRAUD, "training", InstanceTypes=[FRAUD.instance_types.training[0], "ml.p5.48xlarge"])

    assert not may(FRAUD, "data-scientist", "sagemaker:CreateTrainingJob", sagemaker(FRAUD, "training-job"), mixed)


def test_gpu_training_on_local_disks_needs_no_volume_key():
    context = job(VISION, "training", VolumeKmsKey=None)

    assert may(VISION, "data-scientist", "sagemaker:CreateTrainingJob", sagemaker(VISION, "training-job"), context)


def test_a_scientist_reads_and_writes_own_data_and_nothing_next_to_it():
    bucket = names.bucket_arn("prod-fraud", "data", FRAUD.account.account_id)
    home = {"owner": FRAUD.account.account_id}

    assert may(FRAUD, "data-scientist", "s3:GetObject", f"{bucket}/datasets/transactions/a.parquet", **home)
    assert may(FRAUD, "data-scientist", "s3:PutObject", f"{bucket}/datasets/transactions/a.parquet", **home)
    assert not may(FRAUD, "data-scientist", "s3:GetObject", f"{bucket}/datasets/undeclared/a.parquet", **home)
    assert not may(FRAUD, "data-scientist", "s3:PutObject", f"{bucket}/features/card-activity/a.parquet", **home)
    assert not may(FRAUD, "data-scientist", "s3:DeleteObjectVersion", f"{bucket}/datasets/transactions/a", **home)


def test_a_bucket_of_our_name_in_a_strangers_account_is_not_ours():
    bucket = names.bucket_arn("prod-fraud", "data", FRAUD.account.account_id)

    assert not may(FRAUD, "training", "s3:GetObject", f"{bucket}/datasets/transactions/a", owner="999999999999")


@pytest.mark.parametrize(
    ("key", "expected"),
    [("datasets/chargebacks/a", True), ("features/merchant-risk/a", True), ("datasets/transactions/a", False)],
)
def test_a_reader_opens_its_side_of_declared_shares_only(key, expected):
    bucket = names.bucket_arn("prod-fraud", "data", FRAUD.account.account_id)
    through_our_endpoint = {"aws:PrincipalOrgID": "o-zone", "aws:VpceAccount": CHURN.account.account_id}

    allowed = may(
        CHURN,
        "training",
        "s3:GetObject",
        f"{bucket}/{key}",
        through_our_endpoint,
        owner=FRAUD.account.account_id,
        target=data_bucket("prod-fraud"),
    )

    assert expected is allowed


@pytest.mark.parametrize(
    ("alias", "expected"), [("alias/mlz/prod-fraud/data", True), ("alias/mlz/prod-fraud/models", False), (None, False)]
)
def test_a_reader_decrypts_shared_data_and_no_other_key_of_the_owner(alias, expected):
    context = {"kms:ViaService": f"s3.{FRAUD.account.region}.amazonaws.com", "kms:ResourceAliases": alias and [alias]}
    key = Place.stand_in(FRAUD).key_arns["data"]

    assert expected is may(CHURN, "training", "kms:Decrypt", key, context, target=data_key("prod-fraud"))


@pytest.mark.parametrize(("via", "expected"), [("s3", True), ("sagemaker", True), ("ec2", False), (None, False)])
def test_a_key_opens_through_its_services_only(via, expected):
    context = {"kms:ViaService": f"{via}.{FRAUD.account.region}.amazonaws.com"} if via else {}
    key = Place.stand_in(FRAUD).key_arns["data"]

    assert expected is may(FRAUD, "training", "kms:Decrypt", key, context, target=data_key("prod-fraud"))


def test_roles_are_handed_to_sagemaker_and_to_nobody_else():
    role = names.role_arn(FRAUD.account.account_id, "training")

    def handing(arn, service):
        return may(FRAUD, "data-scientist", "iam:PassRole", arn, {"iam:PassedToService": service})

    assert handing(role, "sagemaker.amazonaws.com")
    assert not handing(role, "lambda.amazonaws.com")
    assert not handing(names.role_arn(FRAUD.account.account_id, "endpoint"), "sagemaker.amazonaws.com")
    assert not handing(f"arn:aws:iam::{FRAUD.account.account_id}:role/{FRAUD.account.role}", "sagemaker.amazonaws.com")


@pytest.mark.parametrize(("role", "expected"), [("ml-engineer", True), ("deployer", True), ("data-scientist", False)])
def test_who_deploys(role, expected):
    place = Place.stand_in(FRAUD)
    config = {
        "sagemaker:InstanceTypes": [FRAUD.instance_types.endpoint[0]],
        "sagemaker:VolumeKmsKey": place.key_arns["data"],
    }

    assert expected is may(FRAUD, role, "sagemaker:CreateEndpointConfig", sagemaker(FRAUD, "endpoint-config"), config)
    assert expected is may(FRAUD, role, "sagemaker:CreateEndpoint", sagemaker(FRAUD, "endpoint"))


def test_a_model_is_isolated_unless_it_looks_features_up():
    def made(team, isolated):
        place = Place.stand_in(team)
        context = {
            "sagemaker:VpcSubnets": list(place.subnet_ids),
            "sagemaker:VpcSecurityGroupIds": [place.security_group_id],
            "sagemaker:NetworkIsolation": isolated,
        }
        return may(team, "ml-engineer", "sagemaker:CreateModel", sagemaker(team, "model"), context)

    assert made(VISION, isolated=True)
    assert not made(VISION, isolated=False)
    assert made(FRAUD, isolated=False)


@pytest.mark.parametrize(
    ("role", "status", "expected"),
    [
        ("reviewer", "Approved", True),
        ("reviewer", "Rejected", True),
        ("ml-engineer", "Approved", False),
        ("pipeline", "Approved", False),
        ("data-scientist", "Approved", False),
    ],
)
def test_who_approves_a_model(role, status, expected):
    package = sagemaker(FRAUD, "model-package", "fraud-card-fraud/1")

    assert expected is may(
        FRAUD, role, "sagemaker:UpdateModelPackage", package, {"sagemaker:ModelApprovalStatus": status}
    )


def test_a_model_is_registered_as_pending_and_not_as_approved():
    package = sagemaker(FRAUD, "model-package", "fraud-card-fraud/1")

    def registered(status):
        return may(
            FRAUD, "pipeline", "sagemaker:CreateModelPackage", package, {"sagemaker:ModelApprovalStatus": status}
        )

    assert registered("PendingManualApproval")
    assert not registered("Approved")


def in_studio(person, **more):
    """What Studio says of a session of *person*."""
    return {"sagemaker:DomainId": "d-1", "sagemaker:UserProfileName": person, **more}


@pytest.mark.parametrize(("profile", "expected"), [("ana-silva", True), ("ben-okoye", False)])
def test_a_person_enters_studio_as_oneself_only(profile, expected):
    resource = sagemaker(FRAUD, "user-profile", f"d-1/{profile}")

    assert expected is may(
        FRAUD, "data-scientist", "sagemaker:CreatePresignedDomainUrl", resource, in_studio("ana-silva")
    )


@pytest.mark.parametrize(
    ("owner", "sharing", "kind", "expected"),
    [
        ("ana-silva", "Private", "notebook", True),
        ("ben-okoye", "Private", "notebook", False),
        ("ben-okoye", "Shared", "notebook", True),
        ("ana-silva", "Private", "ml.p5.48xlarge", False),
        ("ana-silva", "Private", None, False),
    ],
)
def test_a_person_starts_apps_in_own_and_shared_spaces_on_declared_types(owner, sharing, kind, expected):
    types = FRAUD.instance_types.notebook[:1] if kind == "notebook" else kind and [kind]
    context = in_studio(
        "ana-silva",
        **{
            "sagemaker:OwnerUserProfileArn": sagemaker(FRAUD, "user-profile", f"d-1/{owner}"),
            "sagemaker:SpaceSharingType": sharing,
            "sagemaker:InstanceTypes": types,
        },
    )
    app = sagemaker(FRAUD, "app", "d-1/space/JupyterLab/default")

    assert expected is may(FRAUD, "data-scientist", "sagemaker:CreateApp", app, context)


def test_online_features_are_written_by_ingestion_and_read_by_the_endpoint():
    group = names.feature_group_arn(FRAUD.account.region, FRAUD.account.account_id, "fraud", "card-activity")

    assert may(FRAUD, "ingestion", "sagemaker:PutRecord", group)
    assert may(FRAUD, "endpoint", "sagemaker:GetRecord", group)
    assert not may(FRAUD, "endpoint", "sagemaker:PutRecord", group)
    assert not may(FRAUD, "training", "sagemaker:PutRecord", group)


def test_nobody_frees_oneself():
    everyone = roles(FRAUD)
    role = names.role_arn(FRAUD.account.account_id, "data-scientist")
    escapes = [
        ("iam:DeleteRolePermissionsBoundary", role),
        ("iam:AttachRolePolicy", role),
        ("iam:CreateRole", role),
        ("sagemaker:CreateNotebookInstance", sagemaker(FRAUD, "notebook-instance")),
        ("sagemaker:UpdateDomain", sagemaker(FRAUD, "domain")),
        ("kms:PutKeyPolicy", Place.stand_in(FRAUD).key_arns["data"]),
        ("s3:PutBucketPolicy", names.bucket_arn("prod-fraud", "data", FRAUD.account.account_id)),
    ]

    assert [] == [
        (who, action) for who in everyone for action, resource in escapes if may(FRAUD, who, action, resource)
    ]
