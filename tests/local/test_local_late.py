"""IAM is late: what is new is not there for some calls, and a run comes to its end all the same."""

import pytest
from botocore.exceptions import ClientError

from local.cloud import private_cloud
from local.faults import Faults
from local.handlers.accounts import Identities
from local.rehearsal import run
from tests.local.people import ACCOUNT, PEOPLE, SAGEMAKER, allow, document

REGION = "eu-west-1"
QUICK = ("--skip-preview",)


@pytest.fixture(scope="module")
def late(tmp_path_factory, aws):
    """Clients of a cloud in which two calls miss what is new."""
    identities = Identities(ACCOUNT, "o-abcdefghij")
    with private_cloud(tmp_path_factory.mktemp("cloud"), identities, Faults(0.0, 0, late=2)) as cloud:
        yield lambda service, *credentials: aws(cloud, service, *credentials)


def refused(call, **params):
    with pytest.raises(ClientError) as error:
        call(**params)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def test_a_new_role_is_assumed_and_its_policies_hold_from_the_third_call_on(late):
    iam, assume = late("iam"), late("sts").assume_role
    arn = iam.create_role(RoleName="late", AssumeRolePolicyDocument=PEOPLE)["Role"]["Arn"]
    for _ in range(2):
        assert "AccessDenied" == refused(assume, RoleArn=arn, RoleSessionName="test")[0]
    given = assume(RoleArn=arn, RoleSessionName="test")["Credentials"]

    iam.put_role_policy(RoleName="late", PolicyName="own", PolicyDocument=document(allow("iam:ListRoles")))
    roles = late("iam", given["AccessKeyId"], given["SessionToken"]).list_roles
    for _ in range(2):
        assert "AccessDenied" == refused(roles)[0]
    assert roles()["Roles"]


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("feature_group", ("ValidationException", "The execution role ARN is invalid.")),
        ("mlflow_tracking_server", ("ValidationException", "Could not assume role ")),
    ],
)
def test_a_service_that_tries_a_new_role_says_so_in_its_own_words(late, operation, said):
    bucket, name = f"mlz-late-{operation.replace('_', '-')}", operation.replace("_", "-")
    late("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    role = late("iam").create_role(RoleName=name, AssumeRolePolicyDocument=SAGEMAKER)["Role"]["Arn"]
    late("iam").put_role_policy(
        RoleName=name, PolicyName="own", PolicyDocument=document(allow("s3:*"), allow("glue:*"))
    )
    params = {
        "feature_group": {
            "FeatureGroupName": "late",
            "RecordIdentifierFeatureName": "id",
            "EventTimeFeatureName": "time",
            "FeatureDefinitions": [
                {"FeatureName": "id", "FeatureType": "String"},
                {"FeatureName": "time", "FeatureType": "String"},
            ],
            "OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": f"s3://{bucket}/offline"}},
            "RoleArn": role,
        },
        "mlflow_tracking_server": {
            "TrackingServerName": "late",
            "ArtifactStoreUri": f"s3://{bucket}/mlflow",
            "RoleArn": role,
        },
    }[operation]
    create = getattr(late("sagemaker"), f"create_{operation}")

    for _ in range(2):
        code, message = refused(create, **params)
        assert said[0] == code
        assert message.startswith(said[1])
    create(**params)


PROGRAM = """
import json
import pulumi
import pulumi_aws as aws

here = pulumi.ResourceOptions(provider=aws.Provider("here", region="eu-west-1"))
trust = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
rights = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["s3:*", "glue:*"], "Resource": "*"}]})
bucket = aws.s3.Bucket("bucket", bucket="mlz-late", opts=here)

def role(name):
    made = aws.iam.Role(name, assume_role_policy=trust, opts=here)
    policy = aws.iam.RolePolicy(name, role=made.name, policy=rights, opts=here)
    return made.arn, here.merge(pulumi.ResourceOptions(depends_on=[policy, bucket]))

arn, after = role("features")
features = [{"feature_name": name, "feature_type": "String"} for name in ("id", "time")]
group = aws.sagemaker.FeatureGroup("group", feature_group_name="late", record_identifier_feature_name="id",
    event_time_feature_name="time", feature_definitions=features, role_arn=arn,
    offline_store_config={"s3_storage_config": {"s3_uri": "s3://mlz-late/offline"}}, opts=after)
arn, after = role("mlflow")
aws.sagemaker.MlflowTrackingServer("server", tracking_server_name="late", role_arn=arn,
    artifact_store_uri="s3://mlz-late/mlflow", opts=after.merge(pulumi.ResourceOptions(depends_on=[group])))
"""


@pytest.mark.engine
def test_the_provider_waits_for_a_feature_groups_role_and_a_second_up_for_a_tracking_servers(rehearse):
    world = rehearse(PROGRAM, faults=Faults(0.0, 0, late=1))

    first = run(world, "up", ["dev"], needs={}, flags=QUICK)[0]
    second = run(world, "up", ["dev"], needs={}, flags=QUICK)[0]

    assert first.code
    assert any("Could not assume role" in failure.message for failure in first.failures)
    assert (0, {"create": 1}) == (second.code, {kind: n for kind, n in second.changes.items() if kind != "same"})
