"""The request of CreateTransformJob, but for its name: that is whoever starts the job's to give."""

from typing import Any

import pulumi

from components.access.grants import jobs
from components.access.grants.place import Place


def transform_job(place: Place, model_name: pulumi.Input[str], source: Any, target: Any) -> dict[str, Any]:  # noqa: ANN401 - text, or what stands for it in a pipeline
    """Return the request.

    Each file is one request: the first line of a CSV is its header, so files are not split.

    Args:
        place: where it runs.
        model_name: SageMaker model.
        source: prefix of the records, s3://…
        target: prefix of the predictions, likewise.
    """
    kind = place.types("transform")[0]
    resources: dict[str, Any] = {"InstanceType": kind, "InstanceCount": 1}
    if not jobs.on_local_disk(kind):
        resources["VolumeKmsKeyId"] = place.key_arns["data"]
    return {
        "ModelName": model_name,
        "BatchStrategy": "SingleRecord",
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": source}},
            "ContentType": "text/csv",
            "SplitType": "None",
        },
        "TransformOutput": {
            "S3OutputPath": target,
            "KmsKeyId": place.key_arns["data"],
            "Accept": "application/json",
        },
        "TransformResources": resources,
    }
