"""Pure: what the SageMaker Python SDK fills in by itself, so that nobody types what guardrails and roles ask for.

The form is schema version 1.0 of the SDK's configuration (SageMaker Python SDK, "Configuring and using defaults with
the SageMaker Python SDK"; sagemaker 2.257.7, sagemaker/config/config_schema.py; read 2026-11-29). JSON is YAML, so the
text is the file. It has no tags: an account is one team's, and the SDK refuses the whole file for a tag's value that
holds a comma.
"""

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from components.access.grants import jobs
from components.access.grants.place import Place

PREFIX: Final = "sdk"
"""Prefix of the work bucket under which the SDK puts code, inputs and results whose place the caller leaves open."""


def sdk_defaults(place: Place, variables: Mapping[str, str]) -> pulumi.Output[str]:
    """Return the text of the configuration for the team of *place* [≤ 4,096 characters, SSM's standard parameters].

    Args:
        place: where the team works.
        variables: environment of its jobs, where a job names none itself.
    """
    return pulumi.Output.json_dumps(defaults(place, variables), separators=(",", ":"))


def defaults(place: Place, variables: Mapping[str, str]) -> dict[str, Any]:
    """Return the configuration: a kind of job is in it if the team has instance types for it."""
    kinds = {
        "processing": ("ProcessingJob", _processing),
        "training": ("TrainingJob", _training),
        "transform": ("TransformJob", _transform),
        "endpoint": ("EndpointConfig", _endpoint_config),
    }
    used = {kind: make(place) for use, (kind, make) in kinds.items() if place.types(use)}
    for kind in {"ProcessingJob", "TrainingJob"} & used.keys() if variables else ():
        used[kind] = {**used[kind], "Environment": dict(variables)}
    model = next((role for role in ("endpoint", "transform") if place.types(role)), None)
    return {
        "SchemaVersion": "1.0",
        "SageMaker": {
            # The SDK reports each call to a bucket of AWS's; in a network without a way out it would wait for that.
            "PythonSDK": {"Modules": {"TelemetryOptOut": True, **_modules(place, variables)}},
            **{kind: settings for kind, settings in used.items() if settings},
            **({"Model": _model(place, model)} if model else {}),
            "Pipeline": {"RoleArn": place.role("pipeline")},
        },
    }


def _modules(place: Place, variables: Mapping[str, str]) -> dict[str, Any]:
    bucket = place.bucket_name("studio")
    session = {"DefaultS3Bucket": bucket, "DefaultS3ObjectKeyPrefix": PREFIX}
    # A remote function is a training job that fetches its code by itself: without a network it can't.
    if not place.types("training") or jobs.isolated(place):
        return {"Session": session}
    return {
        "Session": session,
        "RemoteFunction": {
            "RoleArn": place.role("training"),
            "S3RootUri": f"s3://{bucket}/{PREFIX}",
            "S3KmsKeyId": place.key_arns["studio"],
            "VpcConfig": _network(place),
            **_packages(place, "EnvironmentVariables"),
            **_encrypted_between(place),
            **_volume(place, "training"),
            **({"EnvironmentVariables": dict(variables)} if variables else {}),
        },
    }


def _processing(place: Place) -> dict[str, Any]:
    return {
        "RoleArn": place.role("processing"),
        "NetworkConfig": {"VpcConfig": _network(place), **_encrypted_between(place), **_isolated(place)},
        "ProcessingOutputConfig": _results(place),
        **_packages(place, "Environment"),
        **_within("ProcessingResources", _within("ClusterConfig", _volume(place, "processing"))),
    }


def _training(place: Place) -> dict[str, Any]:
    return {
        "RoleArn": place.role("training"),
        "VpcConfig": _network(place),
        "OutputDataConfig": _results(place),
        **_packages(place, "Environment"),
        **_within("ResourceConfig", _volume(place, "training")),
        **_encrypted_between(place),
        **_isolated(place),
    }


def _transform(place: Place) -> dict[str, Any]:
    return {"TransformOutput": _results(place), **_within("TransformResources", _volume(place, "transform"))}


def _endpoint_config(place: Place) -> dict[str, Any]:
    return _volume(place, "endpoint", "KmsKeyId")


def _model(place: Place, role: str) -> dict[str, Any]:
    isolated = {} if place.reads_features else {"EnableNetworkIsolation": True}
    return {"ExecutionRoleArn": place.role(role), "VpcConfig": _network(place), **isolated}


def _network(place: Place) -> dict[str, Any]:
    return {"Subnets": list(place.subnet_ids), "SecurityGroupIds": [place.security_group_id]}


def _results(place: Place) -> dict[str, Any]:
    """The key of the work bucket, where results go if the caller names no other: each bucket takes its own key only."""
    return {"KmsKeyId": place.key_arns["studio"]}


def _volume(place: Place, use: str, key: str = "VolumeKmsKeyId") -> dict[str, Any]:
    """The volume key, unless one of the team's types has local disks: SageMaker refuses it for these.

    A default can't be taken back in a call, so with such a type among others the caller names the key.
    """
    return {} if any(map(jobs.on_local_disk, place.types(use))) else {key: place.key_arns["data"]}


def _encrypted_between(place: Place) -> dict[str, Any]:
    return {"EnableInterContainerTrafficEncryption": True} if jobs.encrypted_between(place) else {}


def _isolated(place: Place) -> dict[str, Any]:
    return {"EnableNetworkIsolation": True} if jobs.isolated(place) else {}


def _packages(place: Place, key: str) -> dict[str, Any]:
    """Name the package repository to AWS's containers: they ask for a token themselves and install requirements.txt.

    Sources, read 2026-11-30: sagemaker-inference-toolkit, model_server.py, and the SageMaker Python SDK's
    core/utils/install_requirements.py, which says the same of sagemaker-training-toolkit.
    """
    source = place.team.packages
    return {key: {"CA_REPOSITORY_ARN": source.repository_arn}} if source else {}


def _within(name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Put settings under *name*, if there are any."""
    return {name: dict(settings)} if settings else {}
