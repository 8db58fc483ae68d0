"""Pure: the processing job that checks a model, as SageMaker takes it."""

from typing import Any, Final

from components.access.grants import jobs
from components.access.grants.place import Place
from zone import schedule_names, serving_names
from zone.schedule_names import EXECUTION

_VOLUME_GB: Final = 30
_MOST_SECONDS: Final = 3600
"""A check reads some files and counts: one that takes an hour hangs."""

_WITH_OUTCOMES: Final = ("model", "bias")
"""Checks that need to know what happened afterwards, and to whom: they read labels/."""

_ROOT: Final = "/opt/ml/processing"


def processing_job(place: Place, model: str, check: str, *, image: str, endpoint: str, role_arn: Any) -> dict[str, Any]:  # noqa: ANN401 - an Input of text
    """Return the request of CreateProcessingJob that runs one check.

    Args:
        place: subnets, group, keys and types.
        model: the model; its package in the image has the same name, with underscores.
        check: data, model, bias or explain.
        image: address of the model's image.
        endpoint: whose captured calls are read.
        role_arn: the processing role.
    """
    work = f"s3://{place.bucket_name('studio')}"
    data = f"s3://{place.bucket_name('data')}"
    own = f"{work}/{schedule_names.monitor_prefix(model)}"
    kind = place.types("processing")[0]
    cluster: dict[str, Any] = {"InstanceCount": 1, "InstanceType": kind, "VolumeSizeInGB": _VOLUME_GB}
    if not jobs.on_local_disk(kind):
        cluster["VolumeKmsKeyId"] = place.key_arns["data"]
    inputs = {"baseline": f"{own}/baseline/", "captured": f"{data}/{serving_names.capture_prefix(endpoint)}/"}
    if check in _WITH_OUTCOMES:
        inputs["labels"] = f"{own}/labels/"
    return {
        # A name is taken for good, and each attempt has an id of its own.
        "ProcessingJobName": f"{schedule_names.monitor_job(model, check)}-{EXECUTION}",
        "RoleArn": role_arn,
        "AppSpecification": {
            "ImageUri": image,
            "ContainerEntrypoint": ["python", "-m", model.replace("-", "_")],
            "ContainerArguments": ["monitor", "--kind", check],
        },
        "Environment": {"MLZ_METRICS_NAMESPACE": schedule_names.METRICS, "MLZ_MODEL": model},
        "ProcessingInputs": [
            {
                "InputName": name,
                "S3Input": {
                    "S3Uri": uri,
                    "LocalPath": f"{_ROOT}/input/{name}",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                },
            }
            for name, uri in inputs.items()
        ],
        "ProcessingOutputConfig": {
            "KmsKeyId": place.key_arns["studio"],
            "Outputs": [
                {
                    "OutputName": "report",
                    "S3Output": {
                        "S3Uri": f"{own}/reports/{check}/{EXECUTION}/",
                        "LocalPath": f"{_ROOT}/output/report",
                        "S3UploadMode": "EndOfJob",
                    },
                }
            ],
        },
        "ProcessingResources": {"ClusterConfig": cluster},
        "NetworkConfig": {
            "EnableInterContainerTrafficEncryption": jobs.encrypted_between(place),
            "VpcConfig": {"Subnets": list(place.subnet_ids), "SecurityGroupIds": [place.security_group_id]},
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": _MOST_SECONDS},
    }
