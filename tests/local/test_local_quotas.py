"""What goes beyond an account's quotas is refused in the service's words; what is declared or asked for is there."""

import pytest
from botocore.exceptions import ClientError

from local.cloud import private_cloud
from local.deployment import identities
from local.handlers.accounts import Identities
from tests.local.people import ACCOUNT, SAGEMAKER, document
from zone.plan.planner import read

FEW = {
    "iam/L-FE177D64": 3,
    "iam/L-E95E4862": 2,
    "iam/L-0DA4ABF3": 2,
    "kms/L-C2F1777E": 1,
    "s3/L-DC2B2D3D": 2,
    "vpc/L-F678F1CE": 2,
    "vpc/L-29B6F2EB": 1,
    "vpc/L-1B52E74A": 1,
    "vpc/L-E79EC296": 4,
    "vpc/L-0EA8095F": 2,
}
"""Fewer than AWS gives, so that a test needs few calls."""

ARN = f"arn:aws:iam::{ACCOUNT}:role/quota"


@pytest.fixture(scope="module")
def start(tmp_path_factory, aws):
    """Clients of the management account of a new cloud in which these quotas are declared."""
    running = []

    def begin(quotas):
        cloud = private_cloud(
            tmp_path_factory.mktemp("cloud"), Identities(ACCOUNT, "o-abcdefghij", quotas={ACCOUNT: quotas})
        )
        running.append(cloud)
        entered = cloud.__enter__()
        return lambda service: aws(entered, service)

    yield begin
    for cloud in running:
        cloud.__exit__(None, None, None)


@pytest.fixture(scope="module")
def few(start):
    return start(FEW)


@pytest.fixture(scope="module")
def new(start):
    """A new account, with a role for jobs."""
    clients = start({})
    clients("iam").create_role(RoleName="quota", AssumeRolePolicyDocument=SAGEMAKER)
    everything = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    clients("iam").put_role_policy(RoleName="quota", PolicyName="all", PolicyDocument=everything)
    clients("s3").create_bucket(Bucket="mlz-quota", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return clients


def refused(call, **params):
    with pytest.raises(ClientError) as error:
        call(**params)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def training(name, instance_type, count=1, hours=1):
    return {
        "TrainingJobName": name,
        "RoleArn": ARN,
        "AlgorithmSpecification": {
            "TrainingImage": "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.2",
            "TrainingInputMode": "File",
        },
        "OutputDataConfig": {"S3OutputPath": "s3://mlz-quota/out"},
        "ResourceConfig": {"InstanceType": instance_type, "InstanceCount": count, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": hours * 3600},
    }


def test_a_new_account_has_no_gpu_and_says_so_in_aws_own_words(new):
    sagemaker = new("sagemaker")

    assert (
        "ResourceLimitExceeded",
        (
            "The account-level service limit 'ml.g5.2xlarge for training job usage' is 0 Instances, with current "
            "utilization of 0 Instances and a request delta of 2 Instances. Please use AWS Service Quotas to request "
            "an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an "
            "increase for this quota."
        ),
    ) == refused(sagemaker.create_training_job, **training("gpu", "ml.g5.2xlarge", 2))
    assert (
        "'Number of instances across all training jobs' is 4 Instances"
        in refused(sagemaker.create_training_job, **training("many", "ml.g5.2xlarge", 5))[1]
    )
    assert (
        "'Longest run time for a training job' is 432000 Seconds"
        in refused(sagemaker.create_training_job, **training("long", "ml.g5.2xlarge", hours=121))[1]
    )


def test_what_was_asked_for_and_granted_is_there(new):
    quotas, sagemaker = new("service-quotas"), new("sagemaker")
    job = training("asked", "ml.m5.large")

    assert "ResourceLimitExceeded" == refused(sagemaker.create_training_job, **job)[0]
    quotas.request_service_quota_increase(ServiceCode="sagemaker", QuotaCode="L-611FA074", DesiredValue=1)
    sagemaker.create_training_job(**job)


def test_jobs_and_endpoints_of_the_other_uses_are_held_too(new):
    sagemaker = new("sagemaker")
    cluster = {"ClusterConfig": {"InstanceType": "ml.g5.2xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10}}
    image = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.2"
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=ARN, PrimaryContainer={"Image": image})
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.c5.xlarge", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    definition = training("x", "ml.g5.2xlarge")
    tuned = {name: definition[name] for name in ("RoleArn", "OutputDataConfig", "ResourceConfig", "StoppingCondition")}

    assert (
        "'ml.g5.2xlarge for processing job usage' is 0"
        in refused(
            sagemaker.create_processing_job,
            ProcessingJobName="p",
            RoleArn=ARN,
            AppSpecification={"ImageUri": image},
            ProcessingResources=cluster,
        )[1]
    )
    assert (
        "'ml.g5.2xlarge for transform job usage' is 0"
        in refused(
            sagemaker.create_transform_job,
            TransformJobName="t",
            ModelName="m",
            TransformInput={"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://mlz-quota/in"}}},
            TransformOutput={"S3OutputPath": "s3://mlz-quota/out"},
            TransformResources={"InstanceType": "ml.g5.2xlarge", "InstanceCount": 1},
        )[1]
    )
    assert (
        "'ml.c5.xlarge for endpoint usage' is 0"
        in refused(sagemaker.create_endpoint, EndpointName="e", EndpointConfigName="c")[1]
    )
    assert (
        "'ml.g5.2xlarge for training job usage' is 0 Instances, with current utilization of 0 Instances and a "
        "request delta of 3 Instances"
        in refused(
            sagemaker.create_hyper_parameter_tuning_job,
            HyperParameterTuningJobName="h",
            HyperParameterTuningJobConfig={
                "Strategy": "Random",
                "ResourceLimits": {"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 3},
            },
            TrainingJobDefinition={"AlgorithmSpecification": definition["AlgorithmSpecification"], **tuned},
        )[1]
    )


def test_studio_has_two_profiles_until_more_are_declared(new, start):
    more = start({"sagemaker/L-AC46C40F": 3})

    def profiles(clients, number):
        sagemaker = clients("sagemaker")
        place = clients("ec2").describe_subnets()["Subnets"][0]
        domain = sagemaker.create_domain(
            DomainName="d",
            AuthMode="IAM",
            DefaultUserSettings={},
            SubnetIds=[place["SubnetId"]],
            VpcId=place["VpcId"],
        )["DomainArn"].rpartition("/")[2]
        for each in range(number):
            sagemaker.create_user_profile(DomainId=domain, UserProfileName=f"p{each}")
        return sagemaker, domain

    sagemaker, domain = profiles(new, 2)
    assert (
        "'Maximum number of Studio user profiles allowed per account' is 2 UserProfiles, with current utilization"
        in (refused(sagemaker.create_user_profile, DomainId=domain, UserProfileName="third")[1])
    )
    profiles(more, 3)


def test_iam_keys_and_buckets_are_counted(few):
    iam, nothing = few("iam"), document({"Effect": "Deny", "Action": "sqs:PurgeQueue", "Resource": "*"})
    for number in range(3):
        iam.create_role(RoleName=f"r{number}", AssumeRolePolicyDocument=SAGEMAKER)
    for number in range(2):
        iam.create_policy(PolicyName=f"p{number}", PolicyDocument=nothing)
        iam.attach_role_policy(RoleName="r0", PolicyArn=f"arn:aws:iam::{ACCOUNT}:policy/p{number}")
        few("s3").create_bucket(
            Bucket=f"mlz-few-{number}", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
    few("kms").create_key()
    iam.attach_role_policy(RoleName="r0", PolicyArn=f"arn:aws:iam::{ACCOUNT}:policy/p0")  # again, which is no more

    assert ("LimitExceeded", "Cannot exceed quota for RolesPerAccount: 3") == refused(
        iam.create_role, RoleName="r3", AssumeRolePolicyDocument=SAGEMAKER
    )
    assert "LimitExceeded" == refused(iam.create_policy, PolicyName="p2", PolicyDocument=nothing)[0]
    assert ("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 2") == refused(
        iam.attach_role_policy, RoleName="r0", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"
    )
    assert (
        "TooManyBuckets"
        == refused(
            few("s3").create_bucket, Bucket="mlz-few-2", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )[0]
    )
    assert "LimitExceededException" == refused(few("kms").create_key)[0]


def test_the_network_is_counted(few):
    ec2 = few("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="a", Description="a", VpcId=vpc)["GroupId"]
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.eu-west-1.s3")
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.eu-west-1.sts", VpcEndpointType="Interface")

    def rule(*blocks):
        ranges = [{"CidrIp": block} for block in blocks]
        return {
            "GroupId": group,
            "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "IpRanges": ranges}],
        }

    ec2.authorize_security_group_ingress(**rule("10.0.0.0/24"))
    assert "VpcLimitExceeded" == refused(ec2.create_vpc, CidrBlock="10.1.0.0/16")[0]
    assert (
        "RulesPerSecurityGroupLimitExceeded"
        == refused(ec2.authorize_security_group_ingress, **rule("10.0.1.0/24", "10.0.2.0/24"))[0]
    )
    for service, more in (("dynamodb", {}), ("logs", {"VpcEndpointType": "Interface"})):
        name = f"com.amazonaws.eu-west-1.{service}"
        assert "VpcEndpointLimitExceeded" == refused(ec2.create_vpc_endpoint, VpcId=vpc, ServiceName=name, **more)[0]
    ec2.create_security_group(GroupName="b", Description="b", VpcId=vpc)
    assert (
        "SecurityGroupLimitExceeded" == refused(ec2.create_security_group, GroupName="c", Description="c", VpcId=vpc)[0]
    )


def test_a_rehearsal_hands_over_what_the_files_declare_and_who_is_a_member():
    known = identities(read())

    assert 20 == known.quotas["111122223333"]["organizations/L-E619E033"]
    assert 10 == known.quotas["aws+dev-fraud@example.com"]["sagemaker/L-AC46C40F"]
    assert 600 == known.quotas["aws+dev-vision@example.com"]["sagemaker/L-A37B67B0"]
    assert "ana.silva@example.com" in known.users
    assert "eu-west-1" == known.instance_region
