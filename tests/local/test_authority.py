"""The emulated AWS decides each call as AWS does: by what it holds at that moment, layer by layer."""

import json

import pytest
from botocore.exceptions import ClientError

from local.authority.network import HEADER

MANAGEMENT, TEAM = "111111111111", "222222222222"
REGION = "eu-west-1"


def allow(*actions, resource="*", **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal, **more):
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more})


def refused(call, **params):
    """The error code and message of a call that must be refused."""
    with pytest.raises(ClientError) as error:
        call(**params)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


@pytest.fixture(scope="module")
def organization(client):
    """An organisation with one team account in an OU."""
    organizations = client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="Teams")["OrganizationalUnit"]["Id"]
    organizations.create_account(Email="team@example.com", AccountName="team")
    organizations.move_account(AccountId=TEAM, SourceParentId=root, DestinationParentId=unit)
    for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
        organizations.enable_policy_type(RootId=root, PolicyType=kind)
    return organizations, unit


@pytest.fixture(scope="module")
def session_of(cloud, aws, client, organization):  # noqa: ARG001 - the accounts must be there
    """Clients of a session, by the role's ARN; made by the management account or by another session."""

    def start(role_arn, by=None, **more):
        sts = (by or client)("sts")
        made = sts.assume_role(RoleArn=role_arn, RoleSessionName="test", **more)["Credentials"]
        return lambda service: aws(cloud, service, made["AccessKeyId"], made["SessionToken"])

    return start


@pytest.fixture(scope="module")
def admin(session_of):
    """Clients of the team account's administrator."""
    return session_of(f"arn:aws:iam::{TEAM}:role/OrganizationAccountAccessRole")


@pytest.fixture
def role(admin, request):
    """Make a role of the team account with the given statements; its ARN."""
    iam = admin("iam")

    def make(*statements, boundary=None, trusted=None):
        name = request.node.name[:50].replace("[", "-").replace("]", "")
        more = {"PermissionsBoundary": boundary} if boundary else {}
        policy = trusted or trust({"AWS": f"arn:aws:iam::{TEAM}:root"})
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy, **more)["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        return arn

    return make


@pytest.fixture
def scp(organization):
    """Attach a service control policy to the team's OU for the length of a test."""
    organizations, unit = organization
    made = []

    def attach(kind, *statements):
        policy = organizations.create_policy(
            Name=f"p{len(made)}-{kind}", Type=kind, Description="", Content=document(*statements)
        )["Policy"]["PolicySummary"]["Id"]
        organizations.attach_policy(PolicyId=policy, TargetId=unit)
        made.append(policy)

    yield attach
    for policy in made:
        organizations.detach_policy(PolicyId=policy, TargetId=unit)
        organizations.delete_policy(PolicyId=policy)


def last_refusal(cloud):
    return cloud.ask("authority")["refusals"][-1]


def test_who_has_no_identity_policy_for_it_is_refused_in_each_services_own_form(cloud, session_of, admin, role):
    clients = session_of(role(allow("sts:GetCallerIdentity")), by=admin)

    assert "AccessDenied" == refused(clients("s3").list_buckets)[0]
    assert "AccessDenied" == refused(clients("iam").list_roles)[0]
    assert "UnauthorizedOperation" == refused(clients("ec2").describe_vpcs)[0]
    code, message = refused(clients("sagemaker").list_domains)
    assert "AccessDeniedException" == code
    assert message.startswith(f"User: arn:aws:sts::{TEAM}:assumed-role/")
    assert (
        "is not authorized to perform: sagemaker:ListDomains on resource: * because no identity-based policy" in message
    )
    assert "identityPolicies / no statement in identityPolicies allows it" == last_refusal(cloud)["why"]


def test_what_the_identity_policy_names_is_allowed_and_nothing_beside_it(session_of, admin, role):
    admin("ssm").put_parameter(Name="/mlz/v1/open", Value="x", Type="String")
    admin("ssm").put_parameter(Name="/other", Value="x", Type="String")
    arn = f"arn:aws:ssm:{REGION}:{TEAM}:parameter/mlz/v1/*"
    ssm = session_of(role(allow("ssm:GetParameter", resource=arn)), by=admin)("ssm")

    assert "x" == ssm.get_parameter(Name="/mlz/v1/open")["Parameter"]["Value"]
    assert "AccessDeniedException" == refused(ssm.get_parameter, Name="/other")[0]


def test_a_boundary_and_a_session_policy_limit_what_the_role_has(cloud, session_of, admin, role):
    edge = admin("iam").create_policy(PolicyName="edge", PolicyDocument=document(allow("s3:*", "ssm:*")))["Policy"][
        "Arn"
    ]
    arn = role(allow("s3:ListAllMyBuckets", "iam:ListRoles", "ssm:DescribeParameters"), boundary=edge)
    whole = session_of(arn, by=admin)
    less = session_of(arn, by=admin, Policy=document(allow("ssm:*")))

    whole("s3").list_buckets()
    assert "AccessDenied" == refused(whole("iam").list_roles)[0]
    assert last_refusal(cloud)["why"].startswith("permissionBoundaries")
    less("ssm").describe_parameters()
    assert "AccessDenied" == refused(less("s3").list_buckets)[0]
    assert last_refusal(cloud)["why"].startswith("sessionPolicy")


def test_a_service_control_policy_binds_the_accounts_administrator_and_not_the_management_account(
    cloud, client, admin, scp
):
    scp("SERVICE_CONTROL_POLICY", {"Effect": "Deny", "Action": "ec2:CreateVpc", "Resource": "*", "Sid": "NoVpc"})

    code, message = refused(admin("ec2").create_vpc, CidrBlock="10.0.0.0/16")
    assert "UnauthorizedOperation" == code
    assert "with an explicit deny in a service control policy" in message
    assert last_refusal(cloud)["why"].endswith("SERVICE_CONTROL_POLICY / NoVpc")
    client("ec2").create_vpc(CidrBlock="10.0.0.0/16")


def test_a_resource_control_policy_keeps_strangers_out_whatever_the_bucket_says(client, admin, scp):
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::open-to-all"}
    admin("s3").create_bucket(Bucket="open-to-all", CreateBucketConfiguration={"LocationConstraint": REGION})
    admin("s3").put_bucket_policy(Bucket="open-to-all", Policy=document(everyone))
    client("s3").list_objects_v2(Bucket="open-to-all")
    scp(
        "RESOURCE_CONTROL_POLICY",
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:PrincipalAccount": TEAM}},
        },
    )

    assert "AccessDenied" == refused(client("s3").list_objects_v2, Bucket="open-to-all")[0]
    admin("s3").list_objects_v2(Bucket="open-to-all")


def test_a_key_answers_whom_its_own_policy_names_and_nobody_else(cloud, session_of, admin, role):
    reader, other = role(allow("kms:Decrypt", "kms:Encrypt")), f"arn:aws:iam::{TEAM}:role/OrganizationAccountAccessRole"
    policy = document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": other},
            "Action": ["kms:PutKeyPolicy", "kms:Create*"],
            "Resource": "*",
        },
        {"Effect": "Allow", "Principal": {"AWS": reader}, "Action": "kms:Encrypt", "Resource": "*"},
    )
    key = admin("kms").create_key(Policy=policy)["KeyMetadata"]["KeyId"]
    admin("kms").create_alias(AliasName="alias/named", TargetKeyId=key)
    kms = session_of(reader, by=admin)("kms")

    kms.encrypt(KeyId=key, Plaintext=b"x")
    kms.encrypt(KeyId="alias/named", Plaintext=b"x")
    assert "AccessDeniedException" == refused(admin("kms").encrypt, KeyId=key, Plaintext=b"x")[0]
    assert last_refusal(cloud)["why"].startswith("resourcePolicy")


def test_a_role_is_assumed_by_whom_its_trust_policy_names(client, admin, role):
    for_nobody = role(trusted=trust({"Service": "sagemaker.amazonaws.com"}))

    code, message = refused(admin("sts").assume_role, RoleArn=for_nobody, RoleSessionName="test")
    assert "AccessDenied" == code
    assert f"sts:AssumeRole on resource: {for_nobody} because no resource-based policy allows" in message
    assert (
        "AccessDenied"
        == refused(client("sts").assume_role, RoleArn=f"arn:aws:iam::{TEAM}:role/not-there", RoleSessionName="test")[0]
    )


def test_a_stranger_and_a_made_up_key_are_told_that_their_token_is_invalid(cloud, aws):
    assert "InvalidClientTokenId" == refused(aws(cloud, "sts", "ASIAMADEUPMADEUP1234").get_caller_identity)[0]


@pytest.fixture
def through():
    """A client whose calls come through a VPC."""

    def of(make, service, vpc):
        made = make(service)
        made.meta.events.register("before-sign", lambda request, **_: request.headers.add_header(HEADER, vpc))
        return made

    return of


def test_from_a_vpc_a_call_goes_through_the_services_endpoint_and_its_policy(cloud, admin, through):
    ec2 = admin("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    only_lists = document({"Effect": "Allow", "Principal": "*", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", PolicyDocument=only_lists)
    s3 = through(admin, "s3", vpc)

    s3.list_buckets()
    assert "AccessDenied" == refused(s3.create_bucket, Bucket="through-the-endpoint-1")[0]
    assert last_refusal(cloud)["why"].startswith("endpointPolicies")
    code, message = refused(through(admin, "ssm", vpc).describe_parameters)
    assert "Unreachable" == code
    assert f"has no endpoint for com.amazonaws.{REGION}.ssm" in message


def test_where_a_call_comes_from_decides_where_a_policy_asks(admin, session_of, role, through):
    vpc = admin("ec2").create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]
    admin("ec2").create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3")
    inside = {"Condition": {"StringEquals": {"aws:VpceAccount": TEAM}}}
    clients = session_of(role(allow("s3:ListAllMyBuckets", **inside)), by=admin)

    through(clients, "s3", vpc).list_buckets()
    assert "AccessDenied" == refused(clients("s3").list_buckets)[0]


def test_a_domain_is_refused_to_whom_its_key_refuses_though_nothing_else_does(admin):
    administrator = f"arn:aws:iam::{TEAM}:role/OrganizationAccountAccessRole"
    policy = document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": administrator},
            "Action": ["kms:PutKeyPolicy", "kms:DescribeKey"],
            "Resource": "*",
        }
    )
    key = admin("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"]
    runs = admin("iam").create_role(
        RoleName="runs-studio", AssumeRolePolicyDocument=trust({"Service": "sagemaker.amazonaws.com"})
    )["Role"]["Arn"]
    settings = {"ExecutionRole": runs}
    wanted = {
        "DomainName": "d",
        "AuthMode": "IAM",
        "DefaultUserSettings": settings,
        "VpcId": "vpc-1",
        "SubnetIds": ["s"],
    }

    code, message = refused(admin("sagemaker").create_domain, KmsKeyId=key, **wanted)
    assert "AccessDeniedException" == code
    assert f"is not authorized to perform: kms:CreateGrant on resource: {key}" in message
    assert [] == admin("sagemaker").list_domains()["Domains"]
    admin("sagemaker").create_domain(**wanted)


def test_the_gate_counts_what_it_decided_and_what_nobody_looked_at(cloud, admin):
    before = cloud.ask("authority")
    admin("ec2").create_vpc(CidrBlock="10.3.0.0/16")
    after = cloud.ask("authority")

    assert 1 == after["allowed"] - before["allowed"]
    assert {} == after["unsupported"]
    assert {} == after["withoutAction"]


def test_credentials_of_a_deleted_role_are_worth_nothing(session_of, admin, role):
    arn = role(allow("s3:ListAllMyBuckets"))
    s3 = session_of(arn, by=admin)("s3")
    s3.list_buckets()
    name = arn.rpartition("/")[2]
    admin("iam").delete_role_policy(RoleName=name, PolicyName="own")
    admin("iam").delete_role(RoleName=name)

    assert "AccessDenied" == refused(s3.list_buckets)[0]
