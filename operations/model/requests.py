"""A step as SageMaker is asked for it: in the team's network, under its keys and roles, with a time limit.

What lies where: data in the data bucket below the model's data set, models in the models bucket below the model.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from operations.model.errors import ModelError
from operations.model.place import Place
from operations.model.spec import ModelSpec, ProcessingStep, Range, TrainingStep, TuningStep
from zone import names
from zone.facts.algorithms import CONTENT_TYPE, algorithm

INPUT: Final = "/opt/ml/processing/input"
OUTPUT: Final = "/opt/ml/processing/output"
OPERATIONS: Final = {
    "processing": "create_processing_job",
    "training": "create_training_job",
    "tuning": "create_hyper_parameter_tuning_job",
}
LONGEST: Final = {"processing": 63, "training": 63, "tuning": 32}
"""Characters of a job's name by kind (botocore 1.44, SageMaker)."""

_WORK: Final = "studio"
"""Purpose of the work bucket."""

AnyStep = ProcessingStep | TrainingStep | TuningStep


@dataclass(frozen=True, kw_only=True)
class Job:
    """One step of a run, ready to be asked for."""

    name: str
    """Name of the job."""

    place: Place
    spec: ModelSpec
    step: AnyStep
    image: str
    """The model's image, by its digest."""

    inputs: Mapping[str, str]
    """Channel → S3 address."""

    prefix: str
    """Below which the step leaves what it makes: its name and digest."""

    environment: Mapping[str, str]
    """Variables of the container."""

    further: tuple[str, ...] = ()
    """Further words of its command."""


def request(job: Job) -> dict[str, Any]:
    """Return what SageMaker is asked for."""
    if isinstance(job.step, ProcessingStep):
        return _processing(job, job.step)
    if isinstance(job.step, TrainingStep):
        return {"TrainingJobName": job.name, **_definition(job, job.step, [])}
    return _tuning(job, job.step)


def training_image(job: Job, step: TrainingStep | TuningStep) -> str:
    """Return the image that trains: the model's own, or a built-in algorithm's of AWS's.

    Raises:
        ModelError: AWS has the algorithm not in the team's region.
    """
    if step.algorithm is None:
        return job.image
    region = job.place.team.account.region
    image = algorithm(step.algorithm.name).image(step.algorithm.version, region)
    if image is None:
        raise ModelError(f"{step.name}: AWS keeps no image of {step.algorithm.name} for {region}")
    return image


def output(job: Job, name: str) -> str:
    """S3 address of one of a processing step's outputs."""
    home = f"{job.spec.model}/runs" if _bucket(job) == _WORK else f"{names.dataset_prefix(job.spec.dataset)}/runs"
    return f"s3://{job.place.bucket(_bucket(job))}/{home}/{job.prefix}/{name}"


def _bucket(job: Job) -> str:
    """Where a processing step leaves what it makes: ingestion may write features and the work bucket, no data set."""
    return _WORK if job.step.role == "ingestion" else "data"


def _processing(job: Job, step: ProcessingStep) -> dict[str, Any]:
    place, team = job.place, job.place.team
    group = names.feature_group(team.team, job.spec.feature_group) if job.spec.feature_group else ""
    return {
        "ProcessingJobName": job.name,
        "RoleArn": place.role(step.role),
        "AppSpecification": {
            "ImageUri": job.image,
            "ContainerEntrypoint": [word.replace("{feature_group}", group) for word in step.command],
            **({"ContainerArguments": [*job.further]} if job.further else {}),
        },
        "ProcessingInputs": [
            {
                "InputName": channel,
                "S3Input": {
                    "S3Uri": uri,
                    "LocalPath": f"{INPUT}/{channel}",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                },
            }
            for channel, uri in job.inputs.items()
        ],
        "ProcessingOutputConfig": {
            "KmsKeyId": place.key(_bucket(job)),
            "Outputs": [
                {
                    "OutputName": name,
                    "S3Output": {
                        "S3Uri": output(job, name),
                        "LocalPath": f"{OUTPUT}/{name}",
                        "S3UploadMode": "EndOfJob",
                    },
                }
                for name in step.outputs
            ],
        },
        "ProcessingResources": {"ClusterConfig": place.cluster("processing")},
        "NetworkConfig": {
            "VpcConfig": place.network,
            "EnableInterContainerTrafficEncryption": True,
            **({"EnableNetworkIsolation": True} if place.isolated else {}),
        },
        "Environment": dict(job.environment),
        "StoppingCondition": {"MaxRuntimeInSeconds": step.max_minutes * 60},
        "Tags": _tags(job),
    }


def _definition(job: Job, step: TrainingStep | TuningStep, metrics: list[dict[str, str]]) -> dict[str, Any]:
    """What a training job and the jobs of a tuning job have in common."""
    place, tuned = job.place, isinstance(step, TuningStep)
    values = {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in step.hyperparameters.items()
    }
    image = {"TrainingImage": training_image(job, step), "TrainingInputMode": "File"}
    return {
        "AlgorithmSpecification": {**image, **({"MetricDefinitions": metrics} if metrics else {})},
        "RoleArn": place.role(step.role),
        ("StaticHyperParameters" if tuned else "HyperParameters"): values,
        "InputDataConfig": [
            {
                "ChannelName": channel,
                **({"ContentType": CONTENT_TYPE} if step.algorithm else {}),
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": uri,
                        "S3DataDistributionType": "FullyReplicated",
                    }
                },
            }
            for channel, uri in job.inputs.items()
        ],
        "OutputDataConfig": {
            "S3OutputPath": f"s3://{place.bucket('models')}/{names.model_prefix(job.spec.model)}/runs/{job.prefix}",
            "KmsKeyId": place.key("models"),
        },
        "ResourceConfig": place.cluster(step.job),
        "VpcConfig": place.network,
        "EnableInterContainerTrafficEncryption": True,
        **({"EnableNetworkIsolation": True} if place.isolated else {}),
        # An image of AWS's is told nothing of where runs are tracked.
        "Environment": dict(step.environment if step.algorithm else job.environment),
        "StoppingCondition": {"MaxRuntimeInSeconds": step.max_minutes * 60},
        **({} if tuned else {"Tags": _tags(job)}),
    }


def _tuning(job: Job, step: TuningStep) -> dict[str, Any]:
    how, goal = step.tuning, step.tuning.objective
    return {
        "HyperParameterTuningJobName": job.name,
        "HyperParameterTuningJobConfig": {
            "Strategy": how.strategy,
            "HyperParameterTuningJobObjective": {"Type": goal.type, "MetricName": goal.name},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": how.max_jobs, "MaxParallelTrainingJobs": how.parallel},
            "ParameterRanges": {
                kind: [_range(name, each) for name, each in how.ranges.items() if each.whole is whole]
                for kind, whole in (("IntegerParameterRanges", True), ("ContinuousParameterRanges", False))
                if any(each.whole is whole for each in how.ranges.values())
            },
            **({"RandomSeed": seed} if isinstance(seed := step.hyperparameters.get("seed"), int) else {}),
        },
        "TrainingJobDefinition": _definition(
            job, step, [{"Name": goal.name, "Regex": goal.regex}] if goal.regex else []
        ),
        "Tags": _tags(job),
    }


def _range(name: str, values: Range) -> dict[str, str]:
    least, most = ((str(int(each)) if values.whole else str(each)) for each in (values.least, values.most))
    return {"Name": name, "MinValue": least, "MaxValue": most, "ScalingType": values.scale}


def _tags(job: Job) -> list[dict[str, str]]:
    return [{"Key": "project", "Value": job.spec.model}]
