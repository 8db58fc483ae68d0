"""What the emulated AWS does not let go while others need it, and what stays; asked with boto3."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.local.people import allow, document

ROLE = "arn:aws:iam::111111111111:role/studio-user"
NFS = "security-group-for-"


@pytest.fixture(scope="module", autouse=True)
def studio_role(client):
    trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    client("iam").create_role(RoleName="studio-user", AssumeRolePolicyDocument=document(trust))
    client("iam").put_role_policy(RoleName="studio-user", PolicyName="all", PolicyDocument=document(allow("*")))


@pytest.fixture
def network(client):
    """A VPC with a subnet in each of two zones."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.5.{i}.0/24", AvailabilityZone=f"eu-west-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for i, zone in enumerate("ab")
    ]
    return vpc, subnets


@pytest.fixture
def domain(client, network):
    vpc, subnets = network
    made = client("sagemaker").create_domain(
        DomainName="studio",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": ROLE},
        SubnetIds=subnets,
        VpcId=vpc,
        AppNetworkAccessType="VpcOnly",
    )
    return {"DomainId": made["DomainArn"].split("/")[1]}


def refused(call, **given):
    """Code and message of a refusal."""
    with pytest.raises(ClientError) as told:
        call(**given)
    return told.value.response["Error"]["Code"], told.value.response["Error"]["Message"]


def gone(describe, **asked):
    """Whether what was deleted is gone after being seen once more."""
    assert "Deleting" == describe(**asked)["Status"]
    return "ResourceNotFound" == refused(describe, **asked)[0]


def in_network(client, vpc):
    ec2 = client("ec2")
    inside = [{"Name": "vpc-id", "Values": [vpc]}]
    interfaces = ec2.describe_network_interfaces(Filters=inside)["NetworkInterfaces"]
    groups = ec2.describe_security_groups(Filters=inside)["SecurityGroups"]
    return interfaces, {group["GroupName"]: group for group in groups if group["GroupName"] != "default"}


def test_a_domain_goes_after_its_apps_spaces_and_profiles(client, domain):
    sagemaker = client("sagemaker")
    alice = {**domain, "UserProfileName": "alice"}
    space = {**domain, "SpaceName": "private"}
    app = {**space, "AppType": "JupyterLab", "AppName": "default"}
    sagemaker.create_user_profile(**alice)
    sagemaker.create_space(
        **space, OwnershipSettings={"OwnerUserProfileName": "alice"}, SpaceSharingSettings={"SharingType": "Private"}
    )
    arn = sagemaker.create_app(**app)["AppArn"]

    assert (
        f"domain/{domain['DomainId']}] because UserProfile(s) are associated with it."
        in refused(sagemaker.delete_domain, **domain)[1]
    )
    assert "because App(s) are associated with it." in refused(sagemaker.delete_space, **space)[1]
    code, text = refused(sagemaker.delete_user_profile, **alice)
    assert ("ResourceInUse", True) == (code, "because Space(s) are associated with it." in text)

    sagemaker.delete_app(**app)
    assert "ResourceInUse" == refused(sagemaker.delete_space, **space)[0], "an app that is still going holds its space"
    assert ["Deleting", "Deleted", "Deleted"] == [sagemaker.describe_app(**app)["Status"] for _ in range(3)]
    listed = sagemaker.list_apps(DomainIdEquals=domain["DomainId"])["Apps"]
    assert ["Deleted"] == [each["Status"] for each in listed]
    assert ("ValidationException", f"App [{arn}] has already been deleted.") == refused(sagemaker.delete_app, **app)
    sagemaker.delete_space(**space)
    assert gone(sagemaker.describe_space, **space)
    sagemaker.delete_user_profile(**alice)
    assert gone(sagemaker.describe_user_profile, **alice)
    sagemaker.delete_domain(**domain)
    assert gone(sagemaker.describe_domain, **domain)
    assert [] == sagemaker.list_apps(DomainIdEquals=domain["DomainId"])["Apps"]


def test_an_app_that_is_stuck_or_fails_says_so_and_is_let_go_by_its_tag(client, domain):
    sagemaker = client("sagemaker")
    bob = {**domain, "UserProfileName": "bob"}
    sagemaker.create_user_profile(**bob)

    def start(name, fault):
        app = {**bob, "AppType": "JupyterServer", "AppName": name}
        tags = [{"Key": "mlz-rehearsal", "Value": fault}]
        arn = sagemaker.create_app(**app, Tags=tags)["AppArn"]
        sagemaker.delete_app(**app)
        return app, arn

    stuck, arn = start("default", "stuck")
    assert {"Deleting"} == {sagemaker.describe_app(**stuck)["Status"] for _ in range(5)}
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["mlz-rehearsal"])
    assert "Deleted" == [sagemaker.describe_app(**stuck)["Status"] for _ in range(2)][-1]
    fails, _ = start("other", "fails")
    assert "Failed" == [sagemaker.describe_app(**fails)["Status"] for _ in range(2)][-1]
    assert "previously failed" in refused(sagemaker.delete_app, **fails)[1]
    sagemaker.delete_user_profile(**bob)  # a failed app holds nothing


@pytest.mark.parametrize(("policy", "homes"), [("Retain", 1), ("Delete", 0)])
def test_what_a_domain_leaves_in_its_network(client, network, domain, policy, homes):
    sagemaker, efs, ec2 = client("sagemaker"), client("efs"), client("ec2")
    vpc, subnets = network
    home = {"FileSystemId": sagemaker.describe_domain(**domain)["HomeEfsFileSystemId"]}
    tag = efs.describe_file_systems(**home)["FileSystems"][0]["Tags"]
    assert [("ManagedByAmazonSageMakerResource", domain["DomainId"])] == [
        (each["Key"], each["Value"].split("/")[-1]) for each in tag
    ]
    assert ([f"EFS mount target for {home['FileSystemId']}"] * 2, {}) == (
        [each["Description"].split(" (")[0] for each in in_network(client, vpc)[0]],
        in_network(client, vpc)[1],
    )
    app = {**domain, "UserProfileName": "carol", "AppType": "JupyterServer", "AppName": "default"}
    sagemaker.create_user_profile(**domain, UserProfileName="carol")
    sagemaker.create_app(**app)
    interface = next(each for each in in_network(client, vpc)[0] if "app" in each["Description"])
    used = {"NetworkInterfaceId": interface["NetworkInterfaceId"]}
    assert "InvalidNetworkInterface.InUse" == refused(ec2.delete_network_interface, **used)[0]

    sagemaker.delete_app(**app)
    assert "Deleted" == [sagemaker.describe_app(**app)["Status"] for _ in range(2)][-1]
    sagemaker.delete_user_profile(**domain, UserProfileName="carol")
    assert gone(sagemaker.describe_user_profile, **domain, UserProfileName="carol")
    sagemaker.delete_domain(**domain, RetentionPolicy={"HomeEfsFileSystem": policy})
    assert gone(sagemaker.describe_domain, **domain)

    kept = [each["FileSystemId"] for each in efs.describe_file_systems()["FileSystems"]]
    assert homes == kept.count(home["FileSystemId"])
    if homes:
        assert "FileSystemInUse" == refused(efs.delete_file_system, **home)[0]
        for target in efs.describe_mount_targets(**home)["MountTargets"]:
            efs.delete_mount_target(MountTargetId=target["MountTargetId"])
        efs.delete_file_system(**home)
    assert "/aws/sagemaker/studio" in [
        each["logGroupName"] for each in client("logs").describe_log_groups()["logGroups"]
    ]
    assert "DependencyViolation" == refused(ec2.delete_subnet, SubnetId=subnets[0])[0]
    ec2.delete_network_interface(**used)
    for subnet in subnets:
        ec2.delete_subnet(SubnetId=subnet)
    assert "DependencyViolation" == refused(ec2.delete_vpc, VpcId=vpc)[0]
    groups = in_network(client, vpc)[1]
    assert {f"{NFS}{way}-nfs-{domain['DomainId']}" for way in ("inbound", "outbound")} == set(groups)
    for group in groups.values():
        told = refused(ec2.delete_security_group, GroupId=group["GroupId"])
        assert ("DependencyViolation", f"resource {group['GroupId']} has a dependent object") == told
    for group in groups.values():
        if group["IpPermissions"]:
            ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=group["IpPermissions"])
        ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"])
    for group in groups.values():
        ec2.delete_security_group(GroupId=group["GroupId"])
    ec2.delete_vpc(VpcId=vpc)


def test_an_endpoint_keeps_subnet_group_and_vpc(client, network):
    ec2 = client("ec2")
    vpc, subnets = network
    group = ec2.create_security_group(GroupName="endpoints", Description="d", VpcId=vpc)["GroupId"]
    made = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.eu-west-1.sts",
        VpcEndpointType="Interface",
        SubnetIds=subnets,
        SecurityGroupIds=[group],
    )["VpcEndpoint"]

    for call, named in (
        (ec2.delete_subnet, {"SubnetId": subnets[0]}),
        (ec2.delete_security_group, {"GroupId": group}),
        (ec2.delete_vpc, {"VpcId": vpc}),
    ):
        assert "DependencyViolation" == refused(call, **named)[0]
    own = {"NetworkInterfaceId": made["NetworkInterfaceIds"][0]}
    assert "InvalidNetworkInterface.InUse" == refused(ec2.delete_network_interface, **own)[0]

    ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    ec2.delete_security_group(GroupId=group)
    for subnet in subnets:
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)


@pytest.mark.parametrize("left", ["object", "version", "marker"])
def test_a_bucket_with_anything_in_it_stays(client, bucket, left):
    s3 = client("s3")
    name = bucket()
    if left != "object":
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket=name, Key="a", Body=b"1").get("VersionId", "null")
    marker = s3.delete_object(Bucket=name, Key="a") if left != "object" else {}
    if left == "marker":
        s3.delete_object(Bucket=name, Key="a", VersionId=version)

    assert "BucketNotEmpty" == refused(s3.delete_bucket, Bucket=name)[0]

    for each in {version, marker.get("VersionId", version)}:
        s3.delete_object(Bucket=name, Key="a", VersionId=each)
    s3.delete_bucket(Bucket=name)


def test_a_policy_in_use_stays_be_it_as_a_boundary(client):
    iam = client("iam")
    arn = iam.create_policy(PolicyName="used", PolicyDocument=document(allow("s3:GetObject")))["Policy"]["Arn"]
    iam.create_role(RoleName="bounded", AssumeRolePolicyDocument=document(), PermissionsBoundary=arn)
    told = ("DeleteConflict", "Cannot delete a policy attached to entities.")

    assert told == refused(iam.delete_policy, PolicyArn=arn)
    iam.delete_role_permissions_boundary(RoleName="bounded")
    iam.attach_role_policy(RoleName="bounded", PolicyArn=arn)
    assert told == refused(iam.delete_policy, PolicyArn=arn)
    assert "DeleteConflict" == refused(iam.delete_role, RoleName="bounded")[0]
    iam.detach_role_policy(RoleName="bounded", PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow("s3:PutObject")), SetAsDefault=True)
    assert "more than one version" in refused(iam.delete_policy, PolicyArn=arn)[1]
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)
    iam.create_instance_profile(InstanceProfileName="profile")
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName="bounded")
    assert "instance profile" in refused(iam.delete_role, RoleName="bounded")[1]


def test_a_key_pending_deletion_does_nothing_until_it_is_cancelled(client, key):
    kms = client("kms")
    arn = key()
    sealed = kms.encrypt(KeyId=arn, Plaintext=b"secret")["CiphertextBlob"]
    kms.create_alias(AliasName="alias/gone", TargetKeyId=arn)
    short = {"KeyId": arn.split("/")[1]}
    kms.schedule_key_deletion(**short, PendingWindowInDays=7)

    told = ("KMSInvalidStateException", f"{arn} is pending deletion.")
    assert told == refused(kms.decrypt, CiphertextBlob=sealed)
    assert told == refused(kms.generate_data_key, KeyId="alias/gone", KeySpec="AES_256")
    assert told == refused(kms.schedule_key_deletion, **short)
    assert told == refused(kms.create_alias, AliasName="alias/more", TargetKeyId=arn)
    assert "AlreadyExistsException" == refused(kms.create_alias, AliasName="alias/gone", TargetKeyId=key())[0]
    kms.update_alias(AliasName="alias/gone", TargetKeyId=key())
    kms.cancel_key_deletion(**short)
    kms.enable_key(**short)
    assert b"secret" == kms.decrypt(CiphertextBlob=sealed)["Plaintext"]


def test_a_workgroup_a_repository_and_a_model_group_with_something_in_them_stay(client):
    athena, ecr, sagemaker = client("athena"), client("ecr"), client("sagemaker")
    for group in ("team", "unused"):
        athena.create_work_group(Name=group, Configuration={})
    athena.delete_work_group(WorkGroup="unused")
    athena.create_named_query(Name="q", Database="d", QueryString="select 1", WorkGroup="team")
    ecr.create_repository(repositoryName="images")
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    ecr.put_image(
        repositoryName="images", imageManifest=json.dumps({"schemaVersion": 2, "mediaType": kind}), imageTag="v1"
    )
    sagemaker.create_model_package_group(ModelPackageGroupName="models")
    sagemaker.create_model_package(ModelPackageGroupName="models")

    told = refused(athena.delete_work_group, WorkGroup="team")
    assert ("InvalidRequestException", "WorkGroup team is not empty") == told
    athena.delete_work_group(WorkGroup="team", RecursiveDeleteOption=True)
    assert "RepositoryNotEmptyException" == refused(ecr.delete_repository, repositoryName="images")[0]
    ecr.delete_repository(repositoryName="images", force=True)
    assert "ConflictException" == refused(sagemaker.delete_model_package_group, ModelPackageGroupName="models")[0]
