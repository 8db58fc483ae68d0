"""Guardrails: what the organisation refuses even to an administrator of a team's account.

Who has every right meets nothing but control policies and the resources' own policies: each must refuse by itself.
"""

from typing import Any

from tests.journeys.callers import (
    ADMINISTRATOR,
    OUTSIDE_ADMINISTRATOR,
    PLATFORM_ADMINISTRATOR,
    WIDE,
    Caller,
)
from tests.journeys.job_requests import processing, training, transform, tuning
from tests.journeys.step import Stage, step
from tests.journeys.steps.escape import EVERYTHING, trusting
from tests.journeys.steps.models import VARIANT, create_config, create_model, model
from tests.journeys.steps.studio import app, space
from zone import names

PART = "Guardrails"
FORBIDDEN = "ml.p5.48xlarge"


def refused(title: str, *who: str) -> Any:
    """A step that even these administrators must not take."""
    return step(PART, title, only=who or (ADMINISTRATOR,))


@refused("make a user with a password and keys", OUTSIDE_ADMINISTRATOR)
def user(who: Caller, _stage: Stage):
    who.client("iam").create_user(UserName="somebody")


@refused("work in a region the organisation does not use", OUTSIDE_ADMINISTRATOR)
def region(who: Caller, _stage: Stage):
    who.client("sqs", region="us-west-2").create_queue(QueueName="far-away")


@refused("change one of the zone's roles", OUTSIDE_ADMINISTRATOR)
def our_role(who: Caller, _stage: Stage):
    who.client("iam").put_role_policy(RoleName=names.role("training"), PolicyName="all", PolicyDocument=EVERYTHING)


@refused("change one of the zone's policies", OUTSIDE_ADMINISTRATOR)
def our_policy(who: Caller, _stage: Stage):
    arn = names.iam_arn(who.team.account, "policy", names.BOUNDARY)
    who.client("iam").create_policy_version(PolicyArn=arn, PolicyDocument=EVERYTHING, SetAsDefault=True)


@refused("make a role without the boundary", OUTSIDE_ADMINISTRATOR)
def role_without_boundary(who: Caller, _stage: Stage):
    who.client("iam").create_role(RoleName="free", AssumeRolePolicyDocument=trusting(who.team.account))


@refused("take the boundary off a role", OUTSIDE_ADMINISTRATOR)
def remove_boundary(who: Caller, _stage: Stage):
    who.client("iam").delete_role_permissions_boundary(RoleName=names.role("training"))


@refused("let a log group forget sooner")
def retention(who: Caller, _stage: Stage):
    who.client("logs").put_retention_policy(logGroupName=names.log_group(who.team.key, "flow-logs"), retentionInDays=1)


@refused("start a processing job on a type the team does not declare")
def processing_type(who: Caller, stage: Stage):
    cluster = {"InstanceCount": 1, "InstanceType": FORBIDDEN, "VolumeSizeInGB": 10}
    processing(who, stage, ProcessingResources={"ClusterConfig": cluster})


@refused("start a training job on a type the team does not declare")
def training_type(who: Caller, stage: Stage):
    training(who, stage, ResourceConfig={"InstanceCount": 1, "InstanceType": FORBIDDEN, "VolumeSizeInGB": 10})


@refused("start a tuning job on a type the team does not declare")
def tuning_type(who: Caller, stage: Stage):
    tuning(who, stage, ResourceConfig={"InstanceCount": 1, "InstanceType": FORBIDDEN, "VolumeSizeInGB": 10})


@refused("serve on a type the team does not declare")
def endpoint_type(who: Caller, stage: Stage):
    variant = {"VariantName": VARIANT, "ModelName": model(stage), "InstanceType": FORBIDDEN, "InitialInstanceCount": 1}
    create_config(who, stage, f"large-{who.slug}", ProductionVariants=[variant], KmsKeyId=None)


@refused("serve without naming a type (serverless)")
def serverless(who: Caller, stage: Stage):
    size = {"MemorySizeInMB": 2048, "MaxConcurrency": 1}
    variant = {"VariantName": VARIANT, "ModelName": model(stage), "ServerlessConfig": size}
    create_config(who, stage, f"serverless-{who.slug}", ProductionVariants=[variant])


@refused("start a notebook app on a type the team does not declare")
def notebook_type(who: Caller, stage: Stage):
    owner = stage.callers["data-scientist"]
    app(who, space(owner, f"of-{owner.slug}-for-{who.slug}"), FORBIDDEN)


@refused("start a job in the platform's account, which runs none", PLATFORM_ADMINISTRATOR)
def unused(who: Caller, stage: Stage):
    training(who, stage)


@refused("start a job without subnets")
def no_subnets(who: Caller, stage: Stage):
    training(who, stage, VpcConfig=None)


@refused("make a model without subnets")
def no_model_subnets(who: Caller, stage: Stage):
    create_model(who, stage, f"public-{who.slug}", VpcConfig=None)


@refused("start a job without a volume key")
def no_volume_key(who: Caller, stage: Stage):
    volume = {"InstanceCount": 1, "InstanceType": who.team.types["training"][0], "VolumeSizeInGB": 10}
    training(who, stage, ResourceConfig=volume)


@refused("start a job without a key for its output")
def no_output_key(who: Caller, stage: Stage):
    training(who, stage, OutputDataConfig={"S3OutputPath": f"s3://{who.team.bucket('models')}/runs/"})


@refused("score in a batch without a key for the result")
def no_transform_key(who: Caller, stage: Stage):
    transform(who, stage, TransformOutput={"S3OutputPath": f"s3://{who.team.bucket('data')}/scores/"})


def domain(who: Caller, **changed: Any) -> None:
    """Make a Studio domain as the zone does, but for what is changed."""
    asked = {
        "DomainName": f"own-{who.slug}",
        "AuthMode": "IAM",
        "VpcId": who.team.contract["network/vpc-id"],
        "SubnetIds": who.team.subnets,
        "DefaultUserSettings": {
            "ExecutionRole": who.team.role("data-scientist"),
            "SecurityGroups": who.team.network["SecurityGroupIds"],
        },
        "AppNetworkAccessType": "VpcOnly",
        "KmsKeyId": who.team.key_arn("studio"),
        **changed,
    }
    who.client("sagemaker").create_domain(**{name: value for name, value in asked.items() if value is not None})


@refused("make a Studio domain that reaches the internet")
def public_domain(who: Caller, _stage: Stage):
    domain(who, AppNetworkAccessType="PublicInternetOnly")


@refused("make a Studio domain without security groups")
def domain_without_groups(who: Caller, _stage: Stage):
    domain(who, DefaultUserSettings={"ExecutionRole": who.team.role("data-scientist")})


@refused(
    "make a Studio domain whose apps start on a type the team does not declare", ADMINISTRATOR, PLATFORM_ADMINISTRATOR
)
def domain_type(who: Caller, _stage: Stage):
    settings = {
        "ExecutionRole": who.team.role("data-scientist"),
        "SecurityGroups": who.team.network["SecurityGroupIds"],
        "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": FORBIDDEN}},
    }
    domain(who, DefaultUserSettings=settings)


@refused("make a notebook instance without a subnet")
def notebook_without_subnet(who: Caller, _stage: Stage):
    notebook(who, SubnetId=None)


@refused("make a Studio domain without a key of ours")
def domain_without_key(who: Caller, _stage: Stage):
    domain(who, KmsKeyId=None)


@refused("let the Studio domain reach the internet")
def open_domain(who: Caller, _stage: Stage):
    who.client("sagemaker").update_domain(
        DomainId=who.team.contract["studio/domain-id"], AppNetworkAccessType="PublicInternetOnly"
    )


def notebook(who: Caller, **changed: Any) -> None:
    """Make a notebook instance as closed as one can be, but for what is changed."""
    asked = {
        "NotebookInstanceName": f"n-{who.slug}",
        "InstanceType": who.team.types["notebook"][0],
        "SubnetId": who.team.subnets[0],
        "SecurityGroupIds": who.team.network["SecurityGroupIds"],
        "RoleArn": who.team.role("data-scientist"),
        "KmsKeyId": who.team.key_arn("studio"),
        "DirectInternetAccess": "Disabled",
        "RootAccess": "Disabled",
        **changed,
    }
    who.client("sagemaker").create_notebook_instance(**{name: each for name, each in asked.items() if each is not None})


@refused("make a notebook instance that reaches the internet")
def public_notebook(who: Caller, _stage: Stage):
    notebook(who, DirectInternetAccess="Enabled")


@refused("make a notebook instance with root access")
def root_notebook(who: Caller, _stage: Stage):
    notebook(who, RootAccess="Enabled")


@refused("give a notebook instance root access")
def made_root(who: Caller, _stage: Stage):
    who.client("sagemaker").update_notebook_instance(NotebookInstanceName="any", RootAccess="Enabled")


@refused("start AutoML, which nobody declares")
def undeclared(who: Caller, _stage: Stage):
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{who.team.bucket('data')}/x"}}
    who.client("sagemaker").create_auto_ml_job(
        AutoMLJobName="auto",
        InputDataConfig=[{"DataSource": source, "TargetAttributeName": "y"}],
        OutputDataConfig={"S3OutputPath": f"s3://{who.team.bucket('models')}/auto"},
        RoleArn=who.team.role("training"),
    )


def feature_group(who: Caller, name: str, **stores: Any) -> None:
    """Make a feature group."""
    who.client("sagemaker").create_feature_group(
        FeatureGroupName=f"{name}-{who.slug}"[:63],
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="at",
        FeatureDefinitions=[{"FeatureName": each, "FeatureType": "String"} for each in ("id", "at")],
        RoleArn=who.team.role("feature-store"),
        **stores,
    )


@refused("make an online store without a key of ours")
def online_without_key(who: Caller, _stage: Stage):
    feature_group(who, "online", OnlineStoreConfig={"EnableOnlineStore": True})


@refused("make an offline store without a key of ours")
def offline_without_key(who: Caller, _stage: Stage):
    uri = f"s3://{who.team.bucket('data')}/features/x"
    feature_group(who, "offline", OfflineStoreConfig={"S3StorageConfig": {"S3Uri": uri}})


def schedule(who: Caller, **changed: Any) -> None:
    """Make a monitoring schedule that carries its job."""
    local = {"EndpointName": "served", "LocalPath": "/opt/ml/processing/in"}
    output = {"S3Uri": f"s3://{who.team.bucket('studio')}/m", "LocalPath": "/opt/ml/processing/out"}
    cluster = {
        "InstanceCount": 1,
        "InstanceType": who.team.types["processing"][0],
        "VolumeSizeInGB": 10,
        "VolumeKmsKeyId": who.team.key_arn("data"),
    }
    job = {
        "MonitoringInputs": [{"EndpointInput": local}],
        "MonitoringOutputConfig": {
            "MonitoringOutputs": [{"S3Output": output}],
            "KmsKeyId": who.team.key_arn("studio"),
        },
        "MonitoringResources": {"ClusterConfig": cluster},
        "MonitoringAppSpecification": {"ImageUri": "x"},
        "NetworkConfig": {"VpcConfig": who.team.network},
        "RoleArn": who.team.role("processing"),
        **changed,
    }
    given = {name: value for name, value in job.items() if value is not None}
    who.client("sagemaker").create_monitoring_schedule(
        MonitoringScheduleName=f"m-{who.slug}", MonitoringScheduleConfig={"MonitoringJobDefinition": given}
    )


@refused("schedule a monitor outside the network")
def monitor_outside(who: Caller, _stage: Stage):
    schedule(who, NetworkConfig=None)


@refused("schedule a monitor without a key for what it finds")
def monitor_without_key(who: Caller, _stage: Stage):
    output = {"S3Uri": f"s3://{who.team.bucket('studio')}/m", "LocalPath": "/opt/ml/processing/out"}
    schedule(who, MonitoringOutputConfig={"MonitoringOutputs": [{"S3Output": output}]})


@refused("loosen the frame with every right the boundary leaves", WIDE)
def loosen(who: Caller, _stage: Stage):
    who.client("s3").delete_bucket_policy(Bucket=who.team.bucket("data"))
