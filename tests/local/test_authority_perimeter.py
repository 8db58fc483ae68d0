"""Credentials of our roles that leave the network, asked of the emulated AWS under the guardrails that hold them."""

import json

import pytest
from botocore.exceptions import ClientError

from local.authority.network import HEADER
from zone import names, platform_names
from zone.guardrails.private_data_plane import private_data_plane
from zone.guardrails.private_stores import private_stores

TEAM, REGION = "222222222222", "eu-west-1"
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
BUCKET = "mlz-dev-team-data"


def trust(account):
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def session(cloud, aws, client):
    """Clients of a role, by who takes it."""

    def start(name, by=client):
        made = by("sts").assume_role(RoleArn=f"arn:aws:iam::{TEAM}:role/{name}", RoleSessionName="test")["Credentials"]
        return lambda service: aws(cloud, service, made["AccessKeyId"], made["SessionToken"])

    return start


@pytest.fixture(scope="module")
def admin(client, session):
    """Clients of a team account's administrator, in an organisation under both guardrails."""
    organizations = client("organizations")
    ours = organizations.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.create_account(Email="team@example.com", AccountName="team")
    for guardrail in (private_stores(ours), private_data_plane(ours, ["Workloads"])):
        organizations.enable_policy_type(RootId=root, PolicyType=guardrail.type.value)
        policy = organizations.create_policy(
            Name=guardrail.key, Type=guardrail.type.value, Description="", Content=json.dumps(guardrail.document)
        )["Policy"]["PolicySummary"]["Id"]
        organizations.attach_policy(PolicyId=policy, TargetId=root)
    return session("OrganizationAccountAccessRole")


@pytest.fixture(scope="module")
def scientist(admin, session):
    """Clients of a data scientist's role, by the VPC they come through: empty: from outside."""
    for name in ("mlz-data-scientist", "mlz-mlflow-team"):
        admin("iam").create_role(Path="/mlz/", RoleName=name, AssumeRolePolicyDocument=trust(TEAM))
        admin("iam").put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=EVERYTHING)
    admin("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    own = session("mlz/mlz-data-scientist", by=admin)

    def through(service, vpc=""):
        made = own(service)
        if vpc:
            made.meta.events.register("before-sign", lambda request, **_: request.headers.add_header(HEADER, vpc))
        return made

    return through


@pytest.fixture(scope="module")
def vpc(admin):
    made = admin("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    for service in ("s3", "sts"):
        admin("ec2").create_vpc_endpoint(VpcId=made, ServiceName=f"com.amazonaws.{REGION}.{service}")
    return made


def refusal(call, **params):
    with pytest.raises(ClientError) as error:
        call(**params)
    return error.value.response["Error"]["Message"]


@pytest.mark.shows("B5")
def test_a_bucket_answers_in_the_network_and_not_outside(admin, scientist, vpc):
    assert "resource control policy" in refusal(scientist("s3").list_objects_v2, Bucket=BUCKET)
    assert 0 == scientist("s3", vpc).list_objects_v2(Bucket=BUCKET)["KeyCount"]
    assert 0 == admin("s3").list_objects_v2(Bucket=BUCKET)["KeyCount"]


def test_the_platforms_build_reads_its_zip_from_awss_network(admin, session, scientist):
    role = names.role(platform_names.PLATFORM_BUILD_ROLE)
    admin("iam").create_role(Path=names.PATH, RoleName=role, AssumeRolePolicyDocument=trust(TEAM))
    admin("iam").put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=EVERYTHING)

    assert "resource control policy" in refusal(scientist("s3").list_objects_v2, Bucket=BUCKET)
    assert 0 == session(f"mlz/{role}", by=admin)("s3").list_objects_v2(Bucket=BUCKET)["KeyCount"]


def test_another_role_is_taken_in_the_network_and_not_outside(scientist, vpc):
    asked = {"RoleArn": f"arn:aws:iam::{TEAM}:role/mlz/mlz-mlflow-team", "RoleSessionName": "test"}

    assert "service control policy" in refusal(scientist("sts").assume_role, **asked)
    assert scientist("sts", vpc).assume_role(**asked)["Credentials"]


def test_studios_pages_work_from_a_browser(scientist):
    assert [] == scientist("sagemaker").list_training_jobs()["TrainingJobSummaries"]
    assert [] == scientist("logs").describe_log_groups()["logGroups"]
