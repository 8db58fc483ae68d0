"""A version of SageMaker's model registry: found by its ARN, taken only if it is approved."""

import tarfile
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError


def fetch(arn: str, folder: Path) -> Path:
    """Bring the model of a version into *folder*; the folder of the MLflow model.

    Args:
        arn: arn:aws:sagemaker:REGION:ACCOUNT:model-package/GROUP/VERSION.
        folder: an empty one, on the driver.

    Raises:
        ValueError: there is no such version, it is not approved, or its artifact is no model.tar.gz that may be read.
    """
    parts = arn.split(":")
    if len(parts) != 6 or not parts[5].startswith("model-package/"):
        raise ValueError(f"--model-package {arn}: give the ARN of a version, arn:aws:sagemaker:…:model-package/…")
    try:
        said = boto3.client("sagemaker", region_name=parts[3]).describe_model_package(ModelPackageName=arn)
        status = said.get("ModelApprovalStatus")
        if status != "Approved":
            raise ValueError(f"{arn} is {status}: only an approved version is run")
        (container,) = said["InferenceSpecification"]["Containers"]
        bucket, _, key = container["ModelDataUrl"].removeprefix("s3://").partition("/")
        packed, model = folder / "model.tar.gz", folder / "model"
        boto3.client("s3", region_name=parts[3]).download_file(bucket, key, str(packed))
        with tarfile.open(packed) as archive:
            archive.extractall(model, filter="data")
    except (BotoCoreError, ClientError, KeyError, OSError, tarfile.TarError) as error:
        raise ValueError(f"the model of {arn} cannot be had: {error}") from error
    packed.unlink()
    return model
