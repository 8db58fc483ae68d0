"""Service-linked roles come with the first call that needs one; it takes the right to make it, and only then."""

import pytest
from botocore.exceptions import ClientError

from tests.local.people import ACCOUNT, allow, lacks

NOTEBOOKS = "AWSServiceRoleForAmazonSageMakerNotebooks"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/sagemaker.amazonaws.com/{NOTEBOOKS}"


@pytest.fixture
def domain(client, person):
    """Make a domain as somebody with these statements."""

    def make(name, *statements):
        place = client("ec2").describe_subnets()["Subnets"][0]
        call = person(allow("sagemaker:*", "ec2:*", "elasticfilesystem:*"), *statements)("sagemaker").create_domain
        asked = {"DomainName": name, "AuthMode": "IAM", "DefaultUserSettings": {}, "VpcId": place["VpcId"]}
        return call, {**asked, "SubnetIds": [place["SubnetId"]]}

    return make


def test_the_role_is_made_with_the_first_domain_and_asked_for_no_more(client, domain):
    iam = client("iam")
    without, params = domain("without")
    assert "iam:CreateServiceLinkedRole" == lacks(without, **params)
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_role(RoleName=NOTEBOOKS)

    create, params = domain("first", allow("iam:CreateServiceLinkedRole", resource=ROLE))
    create(**params)
    role = iam.get_role(RoleName=NOTEBOOKS)["Role"]
    assert ROLE == role["Arn"]
    assert {"Service": "sagemaker.amazonaws.com"} == role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]

    again, params = domain("second")
    again(**params)


def test_the_organizations_role_comes_with_the_organization(client):
    client("organizations").create_organization(FeatureSet="ALL")

    assert (
        "/aws-service-role/organizations.amazonaws.com/"
        == (client("iam").get_role(RoleName="AWSServiceRoleForOrganizations")["Role"]["Path"])
    )


def test_ecr_replicates_under_a_role_of_its_own(client, person):
    rule = {"destinations": [{"region": "eu-central-1", "registryId": ACCOUNT}]}
    ask = {"replicationConfiguration": {"rules": [rule]}}
    role = "AWSServiceRoleForECRReplication"
    arn = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/replication.ecr.amazonaws.com/{role}"

    assert "iam:CreateServiceLinkedRole" == lacks(person(allow("ecr:*"))("ecr").put_replication_configuration, **ask)
    person(allow("ecr:*"), allow("iam:CreateServiceLinkedRole", resource=arn))("ecr").put_replication_configuration(
        **ask
    )
    assert arn == client("iam").get_role(RoleName=role)["Role"]["Arn"]


def test_the_role_of_emr_serverless_is_made_with_the_first_application(client, person):
    def make(*statements):
        emr = person(allow("emr-serverless:CreateApplication"), *statements)("emr-serverless")
        return emr.create_application(name="x", type="SPARK", releaseLabel="emr-spark-8.1.0")

    with pytest.raises(ClientError, match="iam:CreateServiceLinkedRole"):
        make()
    make(allow("iam:CreateServiceLinkedRole"))
    made = client("iam").get_role(RoleName="AWSServiceRoleForAmazonEMRServerless")["Role"]
    assert {"Service": "ops.emr-serverless.amazonaws.com"} == made["AssumeRolePolicyDocument"]["Statement"][0][
        "Principal"
    ]
