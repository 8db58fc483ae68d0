"""What a SageMaker model consists of, where its image holds a program that runs here."""

import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.sagemaker.models import sagemaker_backends

from local.containers.images import folder_of
from local.handlers.model_versions import version
from local.handlers.operation import Call


@dataclass(frozen=True, kw_only=True)
class Program:
    """All that starts a model's container."""

    model: str
    """Name of the model."""

    image_uri: str
    """The image as the model names it."""

    image: Path
    """The image's folder."""

    data_url: str
    """Where its model.tar.gz lies; empty: it has none."""

    environment: Mapping[str, str]
    """Variables that the model sets."""

    role_arn: str
    """Its execution role."""

    subnets: tuple[str, ...]
    """Subnets of its network; empty: SageMaker's own network."""

    isolated: bool
    """Whether the container has no network and no credentials."""


def program_of(call: Call, model_name: str) -> Program | None:
    """Return the program of a model of the caller's account; None: one of its images holds none here."""
    found = sagemaker_backends[call.account][call.region]._models[model_name]  # noqa: SLF001 - no other way in
    containers = [each for each in (found.primary_container, *(found.containers or ())) if each]
    if len(containers) != 1:  # an inference pipeline: nothing here runs several
        return None
    container = _whole(call, containers[0])
    folder = folder_of(str(container.get("Image", "")))
    if folder is None:
        return None
    network = found.vpc_config or {}
    source = (container.get("ModelDataSource") or {}).get("S3DataSource") or {}
    return Program(
        model=model_name,
        image_uri=str(container["Image"]),
        image=folder,
        data_url=str(container.get("ModelDataUrl") or source.get("S3Uri") or ""),
        environment={str(name): str(value) for name, value in (container.get("Environment") or {}).items()},
        role_arn=str(found.execution_role_arn),
        subnets=tuple(network.get("Subnets") or ()),
        isolated=bool(found.enable_network_isolation),
    )


def _whole(call: Call, container: Mapping[str, Any]) -> Mapping[str, Any]:
    """A container definition, with what the model package that it names says."""
    package = container.get("ModelPackageName")
    if not package:
        return container
    specified = version(call, str(package)).inference_specification["Containers"][0]
    return {**specified, **{name: value for name, value in container.items() if value}}


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a model.tar.gz; nothing gets out of *folder*.

    Raises:
        tarfile.TarError, OSError: it is no archive, or has what must not be in one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
