"""A Studio domain that people enter by Identity Center needs its instance, and the people in its directory."""

import pytest
from botocore.exceptions import ClientError

from local.cloud import private_cloud
from local.handlers.accounts import Identities

REGION = "eu-west-1"
CENTER = {"instance": "arn:aws:sso:::instance/ssoins-1111111111111111", "users": {"ada@example.com": "user-1"}}


@pytest.fixture
def studio(tmp_path, aws):
    """Begin a cloud; clients, and what makes a domain."""
    running = []

    def start(**center):
        context = private_cloud(tmp_path / f"cloud{len(running)}", Identities("111111111111", "o-abcdefghij", **center))
        cloud = context.__enter__()
        running.append(context)

        def domain(mode):
            place = aws(cloud, "ec2").describe_subnets()["Subnets"][0]
            return (
                aws(cloud, "sagemaker")
                .create_domain(
                    DomainName=mode,
                    AuthMode=mode,
                    DefaultUserSettings={},
                    SubnetIds=[place["SubnetId"]],
                    VpcId=place["VpcId"],
                )["DomainArn"]
                .rpartition("/")[2]
            )

        return lambda service: aws(cloud, service), domain

    yield start
    for context in running:
        context.__exit__(None, None, None)


def refused(call, **params):
    with pytest.raises(ClientError) as error:
        call(**params)
    assert "ValidationException" == error.value.response["Error"]["Code"]
    return error.value.response["Error"]["Message"]


def test_a_domain_stands_in_the_region_of_the_instance(studio):
    _, nowhere = studio()
    _, elsewhere = studio(**CENTER, instance_region="eu-central-1")
    _, here = studio(**CENTER, instance_region=REGION)

    with pytest.raises(ClientError, match="it is not enabled"):
        nowhere("SSO")
    with pytest.raises(ClientError, match="it is in eu-central-1"):
        elsewhere("SSO")
    assert nowhere("IAM")
    assert here("SSO")


def test_a_profile_belongs_to_somebody_in_the_directory(studio):
    clients, domain = studio(**CENTER, instance_region=REGION)
    create = clients("sagemaker").create_user_profile
    sso, iam = domain("SSO"), domain("IAM")

    def named(who):
        return {"SingleSignOnUserIdentifier": "UserName", "SingleSignOnUserValue": who}

    assert "has no user with the user name bob@example.com" in refused(
        create, DomainId=sso, UserProfileName="bob", **named("bob@example.com")
    )
    assert "are required" in refused(create, DomainId=sso, UserProfileName="ada")
    assert "cannot be specified" in refused(create, DomainId=iam, UserProfileName="ada", **named("ada@example.com"))
    create(DomainId=sso, UserProfileName="ada", **named("Ada@example.com"))
    clients("identitystore").create_user(
        IdentityStoreId="d-1234567890",
        UserName="bob@example.com",
        DisplayName="Bob",
        Name={"GivenName": "B", "FamilyName": "B"},
    )
    create(DomainId=sso, UserProfileName="bob", **named("bob@example.com"))
