"""Organizations refuses what AWS's refuses: prerequisites, quotas, what is not empty, and who is closed."""

import json
from itertools import count

import pytest
from botocore.exceptions import ClientError

from local.cloud import private_cloud
from local.handlers.accounts import Identities

MANAGEMENT = "111111111111"
DENY = {"Effect": "Deny", "Action": "sqs:PurgeQueue", "Resource": "*"}
NUMBERS = count()


@pytest.fixture(scope="module")
def start(tmp_path_factory, aws):
    """Clients of the management account of a new cloud with an organisation, and its root."""
    running = []

    def begin(**quotas):
        identities = Identities(MANAGEMENT, "o-abcdefghij", quotas={MANAGEMENT: quotas})
        context = private_cloud(tmp_path_factory.mktemp("cloud"), identities)
        cloud = context.__enter__()
        running.append(context)
        organizations = aws(cloud, "organizations")
        organizations.create_organization(FeatureSet="ALL")
        return cloud, organizations

    yield begin
    for context in running:
        context.__exit__(None, None, None)


@pytest.fixture(scope="module")
def organization(start):
    return start(**{"organizations/L-E619E033": 30})


@pytest.fixture(scope="module")
def root(organization):
    return organization[1].list_roots()["Roots"][0]["Id"]


@pytest.fixture
def make(organization):
    """Make a policy; its id."""

    def policy(kind="SERVICE_CONTROL_POLICY", content=None):
        text = content or json.dumps({"Version": "2012-10-17", "Statement": [DENY]})
        made = organization[1].create_policy(Name=f"p{next(NUMBERS)}", Description="", Type=kind, Content=text)
        return made["Policy"]["PolicySummary"]["Id"]

    return policy


def refused(call, **params):
    """Code and reason."""
    with pytest.raises(ClientError) as error:
        call(**params)
    return error.value.response["Error"]["Code"], error.value.response.get("Reason")


def made(organizations, email):
    """Make an account and wait for it; its status."""
    begun = organizations.create_account(Email=email, AccountName="a")["CreateAccountStatus"]
    assert "IN_PROGRESS" == begun["State"]
    return organizations.describe_create_account_status(CreateAccountRequestId=begun["Id"])["CreateAccountStatus"]


def test_five_accounts_are_made_at_a_time(organization):
    organizations = organization[1]
    begun = [
        organizations.create_account(Email=f"five{each}@example.com", AccountName="a")["CreateAccountStatus"]["Id"]
        for each in range(5)
    ]

    assert (
        "TooManyRequestsException"
        == refused(organizations.create_account, Email="sixth@example.com", AccountName="a")[0]
    )
    for each in begun:
        organizations.describe_create_account_status(CreateAccountRequestId=each)
    assert "SUCCEEDED" == made(organizations, "sixth@example.com")["State"]


def test_an_e_mail_has_one_account(organization):
    made(organization[1], "twice@example.com")

    status = made(organization[1], "Twice@example.com")
    assert ("FAILED", "EMAIL_ALREADY_EXISTS") == (status["State"], status["FailureReason"])
    assert "AccountId" not in status


def test_a_new_organization_has_ten_accounts_and_more_where_it_is_declared(start, organization):
    _, organizations = start()
    for each in range(9):
        made(organizations, f"ten{each}@example.com")

    assert ("ConstraintViolationException", "ACCOUNT_NUMBER_LIMIT_EXCEEDED") == refused(
        organizations.create_account, Email="eleventh@example.com", AccountName="a"
    )
    for each in range(10):
        assert "SUCCEEDED" == made(organization[1], f"more{each}@example.com")["State"]


def test_a_policy_is_attached_once_its_type_is_on_and_what_it_needs_is_trusted(organization, root, make):
    organizations = organization[1]
    control, declarative = make(), make("DECLARATIVE_POLICY_EC2", "{}")

    assert "PolicyTypeNotEnabledException" == refused(organizations.attach_policy, PolicyId=control, TargetId=root)[0]
    for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "DECLARATIVE_POLICY_EC2"):
        organizations.enable_policy_type(RootId=root, PolicyType=kind)
    organizations.attach_policy(PolicyId=control, TargetId=root)
    assert ("ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED") == refused(
        organizations.attach_policy, PolicyId=declarative, TargetId=root
    )
    organizations.enable_aws_service_access(ServicePrincipal="ec2.amazonaws.com")
    organizations.attach_policy(PolicyId=declarative, TargetId=root)

    assert "PolicyInUseException" == refused(organizations.delete_policy, PolicyId=control)[0]
    unit = organizations.create_organizational_unit(ParentId=root, Name="Full")["OrganizationalUnit"]["Id"]
    for _ in range(9):  # and FullAWSAccess
        organizations.attach_policy(PolicyId=make(), TargetId=unit)
    assert ("ConstraintViolationException", "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED") == refused(
        organizations.attach_policy, PolicyId=make(), TargetId=unit
    )
    empty = organizations.create_organizational_unit(ParentId=root, Name="Bare")["OrganizationalUnit"]["Id"]
    assert ("ConstraintViolationException", "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED") == refused(
        organizations.detach_policy, PolicyId="p-FullAWSAccess", TargetId=empty
    )


@pytest.mark.parametrize(("kind", "characters"), [("SERVICE_CONTROL_POLICY", 10240), ("RESOURCE_CONTROL_POLICY", 5120)])
def test_a_policy_has_so_many_characters(make, kind, characters):
    whom = {"Principal": "*"} if kind == "RESOURCE_CONTROL_POLICY" else {}
    text = json.dumps({"Version": "2012-10-17", "Statement": [{**DENY, **whom}]})

    make(kind, text.ljust(characters))
    with pytest.raises(ClientError, match="maximum policy size"):
        make(kind, text.ljust(characters + 1))


def test_a_unit_has_its_name_alone_and_goes_when_it_is_empty(organization, root):
    organizations = organization[1]
    unit = organizations.create_organizational_unit(ParentId=root, Name="Teams")["OrganizationalUnit"]["Id"]
    inner = organizations.create_organizational_unit(ParentId=unit, Name="Teams")["OrganizationalUnit"]["Id"]

    assert (
        "DuplicateOrganizationalUnitException"
        == refused(organizations.create_organizational_unit, ParentId=root, Name="Teams")[0]
    )
    assert (
        "OrganizationalUnitNotEmptyException"
        == refused(organizations.delete_organizational_unit, OrganizationalUnitId=unit)[0]
    )
    organizations.delete_organizational_unit(OrganizationalUnitId=inner)
    organizations.delete_organizational_unit(OrganizationalUnitId=unit)


def test_an_account_neither_leaves_young_nor_works_closed(organization, aws):
    cloud, organizations = organization
    account = made(organizations, "closed@example.com")["AccountId"]
    role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    assume = aws(cloud, "sts").assume_role
    session = assume(RoleArn=role, RoleSessionName="test")["Credentials"]
    s3 = aws(cloud, "s3", session["AccessKeyId"], session["SessionToken"])
    s3.list_buckets()

    assert ("ConstraintViolationException", "WAIT_PERIOD_ACTIVE") == refused(
        organizations.remove_account_from_organization, AccountId=account
    )
    assert "OrganizationNotEmptyException" == refused(organizations.delete_organization)[0]
    organizations.close_account(AccountId=account)
    assert "InvalidClientTokenId" == refused(s3.list_buckets)[0]
    assert "AccessDenied" == refused(assume, RoleArn=role, RoleSessionName="test")[0]
    assert "FAILED" == made(organizations, "closed@example.com")["State"]
