"""What AWS asks when a role is handed over to work: a job, an app, an endpoint; refused and allowed."""

import pytest

from tests.local.people import ACCOUNT, NUMBERS, PEOPLE, REGION, allow, document, lacks

NETWORK = [
    *("ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"),
    *("ec2:DeleteNetworkInterfacePermission", "ec2:Describe*"),
]
JOB = (
    allow("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
    allow("cloudwatch:PutMetricData", StringLike={"cloudwatch:namespace": "/aws/sagemaker/*"}),
)
STARTS = (allow("sagemaker:CreateProcessingJob"), allow("iam:PassRole"))


def processing(role_arn, **more):
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5}
    return {
        "ProcessingJobName": f"job{next(NUMBERS)}",
        "RoleArn": role_arn,
        "AppSpecification": {"ImageUri": "busybox"},
        "ProcessingResources": {"ClusterConfig": cluster},
        **more,
    }


@pytest.fixture
def network(client):
    """A VPC with an S3 endpoint and a subnet."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway")
    return vpc, {"VpcConfig": {"Subnets": [subnet], "SecurityGroupIds": ["sg-0123456789abcdef0"]}}


def test_the_caller_must_pass_the_role_and_the_service_must_be_let_into_it(person, role):
    mute = person(allow("sagemaker:CreateProcessingJob"))("sagemaker")
    to_lambda = person(*STARTS[:1], allow("iam:PassRole", StringEquals={"iam:PassedToService": "lambda.amazonaws.com"}))
    free = person(*STARTS)("sagemaker")

    assert "iam:PassRole" == lacks(mute.create_processing_job, **processing(role(*JOB)))
    assert "iam:PassRole" == lacks(to_lambda("sagemaker").create_processing_job, **processing(role(*JOB)))
    assert "sts:AssumeRole" == lacks(free.create_processing_job, **processing(role(*JOB, trusted=PEOPLE)))
    assert free.create_processing_job(**processing(role(*JOB)))["ProcessingJobArn"]


def test_a_job_role_reads_lists_by_prefix_and_decrypts_with_the_buckets_key(person, role, key, bucket):
    data = bucket(key())
    job = person(*STARTS)("sagemaker").create_processing_job
    source = {"InputName": "in", "S3Input": {"S3Uri": f"s3://{data}/in", "S3DataType": "S3Prefix"}}
    read = allow("s3:GetObject", resource=f"arn:aws:s3:::{data}/in/*")
    listed = allow("s3:ListBucket", resource=f"arn:aws:s3:::{data}", StringLike={"s3:prefix": "in*"})
    other = allow("s3:ListBucket", resource=f"arn:aws:s3:::{data}", StringLike={"s3:prefix": "out*"})
    decrypt = allow("kms:Decrypt", StringEquals={"kms:ViaService": f"s3.{REGION}.amazonaws.com"})

    def asked(*statements):
        return processing(role(*JOB, *statements), ProcessingInputs=[source])

    assert "s3:GetObject" == lacks(job, **asked())
    assert "s3:ListBucket" == lacks(job, **asked(read, other))
    assert "kms:Decrypt" == lacks(job, **asked(read, listed))
    assert job(**asked(read, listed, decrypt))["ProcessingJobArn"]


def test_a_volume_key_may_be_granted_by_the_caller_or_the_role(person, role, key):
    grant = allow("kms:CreateGrant", Bool={"kms:GrantIsForAWSResource": "true"})
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5, "VolumeKmsKeyId": key()}

    def asked(*statements):
        return processing(role(*JOB, *statements), ProcessingResources={"ClusterConfig": cluster})

    assert "kms:CreateGrant" == lacks(person(*STARTS)("sagemaker").create_processing_job, **asked())
    assert person(*STARTS)("sagemaker").create_processing_job(**asked(grant))["ProcessingJobArn"]
    assert person(*STARTS, grant)("sagemaker").create_processing_job(**asked())["ProcessingJobArn"]


def test_an_image_is_pulled_with_the_roles_rights_from_whosever_registry(person, role, client):
    client("ecr").create_repository(repositoryName="team/model")
    own = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/model:1"
    aws = f"141502667606.dkr.ecr.{REGION}.amazonaws.com/sagemaker-scikit-learn:1"
    login = allow("ecr:GetAuthorizationToken")
    pull = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    ours = allow(*pull, resource=f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/*")
    job = person(*STARTS)("sagemaker").create_processing_job

    def asked(image, *statements):
        return processing(role(*JOB, *statements), AppSpecification={"ImageUri": image})

    assert "ecr:GetAuthorizationToken" == lacks(job, **asked(own, ours))
    assert "ecr:BatchCheckLayerAvailability" == lacks(job, **asked(aws, login, ours))
    assert job(**asked(own, login, ours))["ProcessingJobArn"]
    assert job(**asked(aws, login, allow(*pull)))["ProcessingJobArn"]


def test_network_rights_of_a_processing_role_are_asked_alone_on_everything(person, role, network):
    job = person(*STARTS, allow("ec2:CreateNetworkInterface"))("sagemaker").create_processing_job
    _, inside = network

    def asked(*statements):
        return processing(role(*JOB, *statements), NetworkConfig=inside)

    assert "ec2:CreateNetworkInterface" == lacks(job, **asked())
    here = allow(*NETWORK, StringEquals={"aws:RequestedRegion": REGION})
    assert "ec2:CreateNetworkInterface" == lacks(job, **asked(here))
    assert job(**asked(allow(*NETWORK)))["ProcessingJobArn"]
    assert "ec2:CreateNetworkInterface" == lacks(
        person(*STARTS)("sagemaker").create_processing_job, **asked(allow(*NETWORK))
    )


def test_a_job_in_a_network_reads_through_its_endpoint_and_one_outside_does_not(person, role, bucket, network):
    vpc, inside = network
    data = bucket(
        policy=lambda name: {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{name}/*",
            "Condition": {"StringNotEquals": {"aws:SourceVpc": vpc}},
        }
    )
    source = {"InputName": "in", "S3Input": {"S3Uri": f"s3://{data}/in", "S3DataType": "S3Prefix"}}
    works = role(*JOB, allow("s3:GetObject", "s3:ListBucket"), allow(*NETWORK))
    job = person(*STARTS, allow("ec2:CreateNetworkInterface"))("sagemaker").create_processing_job

    assert "s3:GetObject" == lacks(job, **processing(works, ProcessingInputs=[source]))
    assert job(**processing(works, ProcessingInputs=[source], NetworkConfig=inside))["ProcessingJobArn"]


def test_an_app_works_with_the_stored_role_on_the_stored_key(person, role, client, key):
    sagemaker = client("sagemaker")
    poor, able = role(), role(allow("kms:CreateGrant", "kms:DescribeKey"))
    domain = sagemaker.create_domain(
        DomainName="d",
        AuthMode="IAM",
        SubnetIds=["subnet-1"],
        VpcId="vpc-1",
        KmsKeyId=key(),
        DefaultUserSettings={"ExecutionRole": poor},
    )["DomainArn"].rpartition("/")[2]
    sagemaker.create_user_profile(DomainId=domain, UserProfileName="poor")
    sagemaker.create_user_profile(DomainId=domain, UserProfileName="able", UserSettings={"ExecutionRole": able})
    for owner in ("poor", "able"):
        sagemaker.create_space(
            DomainId=domain,
            SpaceName=f"of-{owner}",
            OwnershipSettings={"OwnerUserProfileName": owner},
            SpaceSharingSettings={"SharingType": "Private"},
        )
    mine = {"sagemaker:OwnerUserProfileArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:user-profile/{domain}/*"}
    app = person(allow("sagemaker:CreateApp", ArnLike=mine))("sagemaker").create_app
    asked = {"DomainId": domain, "AppType": "JupyterLab", "AppName": "default"}

    assert "kms:CreateGrant" == lacks(app, SpaceName="of-poor", **asked)
    assert app(SpaceName="of-able", **asked)["AppArn"]


def test_an_endpoint_is_served_with_the_roles_of_its_models(person, role, client, bucket):
    sagemaker, data = client("sagemaker"), bucket()
    reads = allow("s3:GetObject", resource=f"arn:aws:s3:::{data}/model.tar.gz")
    works = role(*JOB, reads)
    container = {"Image": "busybox", "ModelDataUrl": f"s3://{data}/model.tar.gz"}
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=works, PrimaryContainer=container)
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    endpoint = person(allow("sagemaker:CreateEndpoint"))("sagemaker").create_endpoint
    client("iam").put_role_policy(RoleName=works.rpartition("/")[2], PolicyName="own", PolicyDocument=document(*JOB))

    assert "s3:GetObject" == lacks(endpoint, EndpointName="e", EndpointConfigName="c")
    client("iam").put_role_policy(
        RoleName=works.rpartition("/")[2], PolicyName="own", PolicyDocument=document(*JOB, reads)
    )
    assert endpoint(EndpointName="e", EndpointConfigName="c")["EndpointArn"]
