"""Names that somebody has already: refused as AWS does, across accounts where the name is everybody's."""

import pytest
from botocore.exceptions import ClientError

from tests.local.people import PEOPLE, document

HERE = {"LocationConstraint": "eu-west-1"}
MEMBER = "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"


@pytest.fixture(scope="module")
def member(cloud, aws, client):
    """Clients of another account."""
    client("organizations").create_organization(FeatureSet="ALL")
    client("organizations").create_account(Email="team@example.com", AccountName="team")
    made = client("sts").assume_role(RoleArn=MEMBER, RoleSessionName="test")["Credentials"]
    return lambda service: aws(cloud, service, made["AccessKeyId"], made["SessionToken"])


def refused(call, **params):
    with pytest.raises(ClientError) as error:
        call(**params)
    return error.value.response["Error"]["Code"]


def test_a_bucket_has_its_name_alone_in_the_world(client, member):
    client("s3").create_bucket(Bucket="mlz-taken", CreateBucketConfiguration=HERE)

    assert "BucketAlreadyExists" == refused(
        member("s3").create_bucket, Bucket="mlz-taken", CreateBucketConfiguration=HERE
    )
    assert "BucketAlreadyOwnedByYou" == refused(
        client("s3").create_bucket, Bucket="mlz-taken", CreateBucketConfiguration=HERE
    )


def test_other_names_are_taken_in_the_account_only(client, member):
    key = client("kms").create_key()["KeyMetadata"]["KeyId"]
    other = member("kms").create_key()["KeyMetadata"]["KeyId"]
    deny = document({"Effect": "Deny", "Action": "sqs:PurgeQueue", "Resource": "*"})
    made = (
        ("kms", "create_alias", "AlreadyExistsException", {"AliasName": "alias/mlz-taken", "TargetKeyId": key}),
        ("iam", "create_role", "EntityAlreadyExists", {"RoleName": "taken", "AssumeRolePolicyDocument": PEOPLE}),
        ("iam", "create_policy", "EntityAlreadyExists", {"PolicyName": "taken", "PolicyDocument": deny}),
        ("ssm", "put_parameter", "ParameterAlreadyExists", {"Name": "/taken", "Value": "v", "Type": "String"}),
        ("ecr", "create_repository", "RepositoryAlreadyExistsException", {"repositoryName": "taken"}),
        ("logs", "create_log_group", "ResourceAlreadyExistsException", {"logGroupName": "taken"}),
        ("secretsmanager", "create_secret", "ResourceExistsException", {"Name": "taken", "SecretString": "v"}),
        ("glue", "create_database", "AlreadyExistsException", {"DatabaseInput": {"Name": "taken"}}),
        ("athena", "create_work_group", "InvalidRequestException", {"Name": "taken"}),
        ("sagemaker", "create_model_package_group", "ValidationException", {"ModelPackageGroupName": "taken"}),
    )

    for service, operation, code, params in made:
        getattr(client(service), operation)(**params)
        assert code == refused(getattr(client(service), operation), **params)
        if service == "kms":
            params["TargetKeyId"] = other
        getattr(member(service), operation)(**params)


def test_a_policy_of_the_organization_has_its_name_alone(client, member):  # noqa: ARG001 - the organisation must be there
    organizations = client("organizations")
    policy = {"Name": "taken", "Description": "", "Type": "TAG_POLICY", "Content": "{}"}
    organizations.create_policy(**policy)

    assert "DuplicatePolicyException" == refused(organizations.create_policy, **policy)
