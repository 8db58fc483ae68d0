"""Tags decide: those of the resource asked for, of the principal and of its session."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.local.people import ACCOUNT, PEOPLE, allow, document, lacks

TEAM = [{"Key": "Team", "Value": "fraud"}]
SAME_TEAM = {"StringEquals": {"aws:ResourceTag/team": "fraud"}}
"""In other letters: AWS compares the keys of tags in any case."""


@pytest.fixture
def tagged(client, key):
    """One resource of each kind that keeps its tags elsewhere, with tags or without: action, call."""

    def make(tags):
        topic = client("sns").create_topic(Name=f"t{len(tags)}", Tags=tags)["TopicArn"]
        queue = client("sqs").create_queue(
            QueueName=f"q{len(tags)}", tags={each["Key"]: each["Value"] for each in tags}
        )
        secret = client("secretsmanager").create_secret(Name=f"s{len(tags)}", SecretString="x", Tags=tags)["ARN"]
        sealed = key()
        client("kms").tag_resource(
            KeyId=sealed, Tags=[{"TagKey": each["Key"], "TagValue": each["Value"]} for each in tags]
        )
        client("ssm").put_parameter(Name=f"/p{len(tags)}", Value="x", Type="String", Tags=tags)
        repository = client("ecr").create_repository(repositoryName=f"r{len(tags)}", tags=tags)["repository"]
        group = f"g{len(tags)}"
        client("logs").create_log_group(logGroupName=group, tags={each["Key"]: each["Value"] for each in tags})
        subnets = client("ec2").describe_subnets()["Subnets"]
        client("ec2").create_tags(Resources=[subnets[len(tags)]["SubnetId"]], Tags=[*tags, {"Key": "a", "Value": "b"}])
        role = f"tagged{len(tags)}"
        client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=PEOPLE, Tags=tags)
        mlflow = f"m{len(tags)}"
        client("sagemaker").create_model_package_group(ModelPackageGroupName=mlflow, Tags=tags)
        return {
            "sns:GetTopicAttributes": ("sns", "get_topic_attributes", {"TopicArn": topic}),
            "sqs:GetQueueAttributes": ("sqs", "get_queue_attributes", {"QueueUrl": queue["QueueUrl"]}),
            "secretsmanager:DescribeSecret": ("secretsmanager", "describe_secret", {"SecretId": secret}),
            "kms:DescribeKey": ("kms", "describe_key", {"KeyId": sealed}),
            "ssm:GetParameter": ("ssm", "get_parameter", {"Name": f"/p{len(tags)}"}),
            "ecr:DescribeImages": ("ecr", "describe_images", {"repositoryName": repository["repositoryName"]}),
            "logs:DescribeLogStreams": ("logs", "describe_log_streams", {"logGroupName": group}),
            "ec2:ModifySubnetAttribute": (
                "ec2",
                "modify_subnet_attribute",
                {"SubnetId": subnets[len(tags)]["SubnetId"], "MapPublicIpOnLaunch": {"Value": False}},
            ),
            "iam:GetRole": ("iam", "get_role", {"RoleName": role}),
            "sagemaker:DescribeModelPackageGroup": (
                "sagemaker",
                "describe_model_package_group",
                {"ModelPackageGroupName": mlflow},
            ),
        }

    return make


def test_the_tags_of_each_kind_of_resource_are_a_condition_key(cloud, person, tagged):
    before = cloud.ask("authority")["unsupported"]
    with_tags, without = tagged(TEAM), tagged([])
    clients = person(allow(*with_tags, **SAME_TEAM))

    for action, (service, operation, params) in with_tags.items():
        call = getattr(clients(service), operation)
        call(**params)
        assert action == lacks(call, **without[action][2])
    assert before == cloud.ask("authority")["unsupported"]


@pytest.mark.parametrize("prefix", ["aws", "sagemaker"])
def test_a_service_has_its_own_name_for_the_key(client, person, prefix):
    group = {"ModelPackageGroupName": f"own-{prefix}"}
    client("sagemaker").create_model_package_group(**group, Tags=TEAM)
    action = "sagemaker:DescribeModelPackageGroup"
    of_the_team = person(allow(action, StringEquals={f"{prefix}:ResourceTag/Team": "fraud"}))
    of_another = person(allow(action, StringEquals={f"{prefix}:ResourceTag/Team": "x"}))

    of_the_team("sagemaker").describe_model_package_group(**group)
    assert action == lacks(of_another("sagemaker").describe_model_package_group, **group)


def test_a_type_without_the_key_has_none_and_buckets_have_none_until_it_is_switched_on(client, person, bucket, role):
    name = bucket()
    client("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": TEAM})
    client("sagemaker").create_mlflow_tracking_server(
        TrackingServerName="tagged",
        ArtifactStoreUri=f"s3://{name}/mlflow",
        RoleArn=role(allow("s3:*")),
        Tags=TEAM,
    )
    clients = person(allow("s3:ListBucket", "sagemaker:DescribeMlflowTrackingServer", **SAME_TEAM))

    assert "s3:ListBucket" == lacks(clients("s3").list_objects_v2, Bucket=name)
    assert "sagemaker:DescribeMlflowTrackingServer" == lacks(
        clients("sagemaker").describe_mlflow_tracking_server, TrackingServerName="tagged"
    )


def test_what_cannot_be_read_is_refused_and_reported(cloud, person, role):
    passed = role()
    starter = person(
        allow("sagemaker:CreateModel"), allow("iam:PassRole", StringEquals={"aws:ResourceTag/Team": "fraud"})
    )

    assert "iam:PassRole" == lacks(starter("sagemaker").create_model, ModelName="m", ExecutionRoleArn=passed)
    assert any("does not have reliable results" in each for each in cloud.ask("authority")["unsupported"])


@pytest.fixture
def chain(client, aws, cloud):
    """Assume a role of the account that trusts it, with what is passed; clients of the session."""
    iam = client("iam")

    def start(name, *statements, by=None, tags=(), **passed):
        trusted = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
        iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=document({"Effect": "Allow", "Principal": trusted, "Action": actions}),
            Tags=list(tags),
        )
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        made = (by or client)("sts").assume_role(RoleArn=arn, RoleSessionName="test", **passed)["Credentials"]
        return lambda service: aws(cloud, service, made["AccessKeyId"], made["SessionToken"])

    return start


def may(clients):
    """Whether the session may list roles."""
    try:
        clients("iam").list_roles()
    except ClientError as error:
        return error.response["Error"]["Code"] != "AccessDenied"
    return True


def test_tags_of_a_role_and_over_them_those_of_the_session_are_the_principals(chain):
    by_tag = {"aws:PrincipalTag/Team": "fraud"}
    statement = allow("iam:ListRoles", StringEquals=by_tag)

    assert may(chain("by-role-tag", statement, tags=TEAM))
    assert may(chain("by-session-tag", statement, tags=[{"Key": "team", "Value": "x"}], Tags=TEAM))
    assert not may(chain("over-the-role", statement, tags=TEAM, Tags=[{"Key": "Team", "Value": "x"}]))
    assert not may(chain("without", statement))


def test_only_transitive_tags_and_the_source_identity_go_along_a_chain(chain):
    on = allow("sts:*", "iam:ListRoles")
    first = chain(
        "first",
        on,
        Tags=[*TEAM, {"Key": "Stage", "Value": "dev"}],
        TransitiveTagKeys=["Team"],
        SourceIdentity="ada",
    )

    assert may(chain("by-team", allow("iam:ListRoles", StringEquals={"aws:PrincipalTag/Team": "fraud"}), by=first))
    assert not may(chain("by-stage", allow("iam:ListRoles", StringEquals={"aws:PrincipalTag/Stage": "dev"}), by=first))
    assert may(chain("by-source", allow("iam:ListRoles", StringEquals={"aws:SourceIdentity": "ada"}), by=first))
    assert not may(chain("other-source", allow("iam:ListRoles", StringEquals={"aws:SourceIdentity": "bob"}), by=first))


def test_a_trust_policy_sees_the_session_name_and_the_source_identity(client):
    conditions = {"StringEquals": {"sts:RoleSessionName": "ada", "sts:SourceIdentity": "ada"}}
    trusted = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    statement = {"Effect": "Allow", "Principal": trusted, "Condition": conditions}
    actions = ["sts:AssumeRole", "sts:SetSourceIdentity"]
    client("iam").create_role(
        RoleName="named",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Action": actions}]}),
    )
    assume, named = client("sts").assume_role, f"arn:aws:iam::{ACCOUNT}:role/named"

    assume(RoleArn=named, RoleSessionName="ada", SourceIdentity="ada")
    assert "sts:AssumeRole" == lacks(assume, RoleArn=named, RoleSessionName="bob", SourceIdentity="ada")
    assert "sts:AssumeRole" == lacks(assume, RoleArn=named, RoleSessionName="ada", SourceIdentity="bob")
