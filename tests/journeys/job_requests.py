"""Jobs as the team's guardrails want them; a step changes what it is about."""

from typing import Any

from tests.journeys.callers import Caller
from tests.journeys.step import Stage
from tests.journeys.steps.data import OWN, stored
from tests.journeys.steps.models import image, model
from zone import names

TAGS = [{"Key": "project", "Value": "cards"}]


def processing(who: Caller, stage: Stage, **changed: Any) -> str:
    """Start a processing job; its name."""
    team = who.team
    bucket, key = stored(stage, f"{names.dataset_prefix(OWN)}/part-0.csv")
    local = {"LocalPath": "/opt/ml/processing/input", "S3DataType": "S3Prefix", "S3InputMode": "File"}
    cluster = {
        "InstanceCount": 1,
        "InstanceType": team.types["processing"][0],
        "VolumeSizeInGB": 10,
        "VolumeKmsKeyId": team.key_arn("data"),
    }
    upload = {"LocalPath": "/opt/ml/processing/output", "S3UploadMode": "EndOfJob"}
    output = {"S3Uri": f"s3://{team.bucket('data')}/{names.dataset_prefix(OWN)}/clean/", **upload}
    asked: dict[str, Any] = {
        "ProcessingJobName": f"p-{len(stage.made)}-{who.slug}"[:63],
        "AppSpecification": {"ImageUri": image(stage)},
        "RoleArn": team.role("processing"),
        "ProcessingInputs": [{"InputName": "in", "S3Input": {"S3Uri": f"s3://{bucket}/{key}", **local}}],
        "ProcessingOutputConfig": {
            "KmsKeyId": team.key_arn("data"),
            "Outputs": [{"OutputName": "out", "S3Output": output}],
        },
        "ProcessingResources": {"ClusterConfig": cluster},
        "NetworkConfig": {"VpcConfig": team.network, "EnableInterContainerTrafficEncryption": True},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "Tags": TAGS,
    }
    asked = without({**asked, **changed})
    stage.made[asked["ProcessingJobName"]] = True
    who.client("sagemaker").create_processing_job(**asked)
    return str(asked["ProcessingJobName"])


def training(who: Caller, stage: Stage, **changed: Any) -> str:
    """Start a training job; its name."""
    asked = {
        "TrainingJobName": f"t-{len(stage.made)}-{who.slug}"[:63],
        **definition(who, stage),
        "AlgorithmSpecification": {"TrainingImage": image(stage), "TrainingInputMode": "File"},
        "Tags": TAGS,
    }
    asked = without({**asked, **changed})
    stage.made[asked["TrainingJobName"]] = True
    who.client("sagemaker").create_training_job(**asked)
    return str(asked["TrainingJobName"])


def definition(who: Caller, stage: Stage) -> dict[str, Any]:
    """What a training job and the jobs of a tuning job have in common."""
    team = who.team
    bucket, key = stored(stage, f"{names.dataset_prefix(OWN)}/part-0.csv")
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/{key}", "S3DataDistributionType": "FullyReplicated"}
    volume = {
        "InstanceCount": 1,
        "InstanceType": team.types["training"][0],
        "VolumeSizeInGB": 10,
        "VolumeKmsKeyId": team.key_arn("data"),
    }
    return {
        "RoleArn": team.role("training"),
        "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        "OutputDataConfig": {
            "S3OutputPath": f"s3://{team.bucket('models')}/runs/",
            "KmsKeyId": team.key_arn("models"),
        },
        "ResourceConfig": volume,
        "VpcConfig": team.network,
        "EnableInterContainerTrafficEncryption": True,
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }


def tuning(who: Caller, stage: Stage, **changed: Any) -> str:
    """Start a tuning job of two training jobs; its name."""
    goal = {"Type": "Minimize", "MetricName": "loss"}
    counts = {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 1}
    metric = [{"Name": "loss", "Regex": "loss=(.*)"}]
    trials = {
        **definition(who, stage),
        "RoleArn": who.team.role("tuning"),
        "AlgorithmSpecification": {
            "TrainingImage": image(stage),
            "TrainingInputMode": "File",
            "MetricDefinitions": metric,
        },
    }
    name = f"h-{len(stage.made)}-{who.slug}"[:32].rstrip("-")
    stage.made[name] = True
    who.client("sagemaker").create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig={
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": goal,
            "ResourceLimits": counts,
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0.1", "MaxValue": "0.9"}]},
        },
        TrainingJobDefinition=without({**trials, **changed}),
        Tags=TAGS,
    )
    return name


def transform(who: Caller, stage: Stage, **changed: Any) -> str:
    """Score a data set in a batch; the job's name."""
    team = who.team
    bucket, key = stored(stage, f"{names.dataset_prefix(OWN)}/part-0.csv")
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/{key}"}
    name = f"b-{len(stage.made)}-{who.slug}"[:63]
    stage.made[name] = True
    asked = {
        "TransformJobName": name,
        "ModelName": model(stage, "transform"),
        "TransformInput": {"DataSource": {"S3DataSource": source}},
        "TransformOutput": {
            "S3OutputPath": f"s3://{team.bucket('data')}/{names.dataset_prefix(OWN)}/scores/",
            "KmsKeyId": team.key_arn("data"),
        },
        "TransformResources": {
            "InstanceType": team.types["transform"][0],
            "InstanceCount": 1,
            "VolumeKmsKeyId": team.key_arn("data"),
        },
        "Tags": TAGS,
    }
    who.client("sagemaker").create_transform_job(**without({**asked, **changed}))
    return name


def without(asked: dict[str, Any]) -> dict[str, Any]:
    """A request without the members that a step has set to None."""
    return {name: value for name, value in asked.items() if value is not None}
