"""Registered versions of a model: listed, looked at, found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from operations.model.errors import ModelError, RefusedError
from operations.model.place import Clients, Place
from operations.model.stored import read_json
from zone import names

PENDING: Final = "PendingManualApproval"
APPROVED: Final = "Approved"
RUN: Final = "run"
"""Metadata of a version: the run that made it. One run registers one version."""

ALGORITHM: Final = "algorithm"
"""Metadata of a version: the built-in algorithm of SageMaker's that trained it; left out where its own image did."""

SAID_OF_RUN: Final = "run.json"
"""Beside a version's evaluation: which jobs, hyperparameters and data made it."""

AUTHOR: Final = "author"
"""Metadata of a version: who registered it, by name at sign-in."""


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version as the registry has it."""

    number: int
    arn: str
    status: str
    """PendingManualApproval, Approved or Rejected."""

    image: str
    model_data: str
    metadata: Mapping[str, str]
    """What it says of itself: git_commit, data_version, run, author …"""

    statistics: str
    """S3 address of evaluation.json; empty: none was given."""

    baseline: str = ""
    """S3 address of the data that it learnt from; empty: none was given."""

    note: str = ""
    """What was said when it was judged."""


def group(place: Place, model: str) -> str:
    """Name of the model's package group.

    Raises:
        ModelError: the team declares no such model.
    """
    if model not in place.team.models:
        has = ", ".join(place.team.models) or "none"
        raise ModelError(f"{place.team.account.source} declares no model {model}; it has {has}")
    return names.model_package_group(place.team.team, model)


def versions(place: Place, clients: Clients, model: str) -> list[Version]:
    """Return all versions, the oldest first.

    Raises:
        ModelError: there is no such model.
        RefusedError: the registry does not answer.
    """
    sagemaker, name = clients("sagemaker"), group(place, model)
    pages = sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=name)
    try:
        arns = [each["ModelPackageArn"] for page in pages for each in page["ModelPackageSummaryList"]]
        found = [_version(sagemaker.describe_model_package(ModelPackageName=arn)) for arn in arns]
    except ClientError as error:
        raise RefusedError(f"the registry can't be read: {error}") from error
    return sorted(found, key=lambda each: each.number)


def one(there: Sequence[Version], model: str, number: int) -> Version:
    """Return one of the versions that are *there*.

    Raises:
        ModelError: there is none of that number; the message says which there are.
    """
    for each in there:
        if each.number == number:
            return each
    known = ", ".join(str(each.number) for each in there) or "none: ./mlz model run registers one"
    raise ModelError(f"{model} has no version {number}; there are {known}")


def before(there: Sequence[Version], model: str, deployed: Mapping[str, int | None]) -> int:
    """Return the newest approved version before the one that is deployed.

    Raises:
        ModelError: none is deployed, or none was approved before it.
    """
    now = [each for each in deployed.values() if each is not None]
    if not now:
        raise ModelError(f"no version of {model} is deployed: ./mlz model deploy {model} VERSION")
    earlier = [each.number for each in there if each.status == APPROVED and each.number < max(now)]
    if not earlier:
        raise ModelError(f"no version of {model} before {max(now)} is approved: there is nothing to go back to")
    return earlier[-1]


def champion(place: Place, clients: Clients, model: str) -> Version | None:
    """Return the newest approved version; None: there is none yet."""
    approved = [each for each in versions(place, clients, model) if each.status == APPROVED]
    return approved[-1] if approved else None


def metrics(clients: Clients, found: Version) -> dict[str, float]:
    """Return the numbers of a version's evaluation.json, nested ones with dots between their keys."""
    return dict(_numbers("", read_json(clients, found.statistics))) if found.statistics else {}


def side_by_side(clients: Clients, there: Sequence[Version]) -> dict[str, list[object]]:
    """Return what differs or may differ between versions: name → its value in each; None where one has none."""
    found: list[dict[str, object]] = []
    for each in there:
        said = read_json(clients, f"{each.statistics.rpartition('/')[0]}/{SAID_OF_RUN}") if each.statistics else {}
        found.append({**metrics(clients, each), **said.get("hyperparameters", {}), **each.metadata, "note": each.note})
    rows = dict.fromkeys(name for each in found for name in each)
    return {name: [each.get(name) for each in found] for name in rows}


def _numbers(above: str, value: Any) -> list[tuple[str, float]]:
    if isinstance(value, Mapping):
        if "value" in value:  # as SageMaker writes a metric, its spread beside it
            return _numbers(above, value["value"])
        return [pair for key, each in value.items() for pair in _numbers(_below(above, key), each)]
    return [(above, float(value))] if isinstance(value, int | float) and not isinstance(value, bool) else []


def _below(above: str, key: str) -> str:
    return key if not above or above.endswith("_metrics") else f"{above}.{key}"


def _version(said: Mapping[str, Any]) -> Version:
    container = said["InferenceSpecification"]["Containers"][0]
    learnt = (said.get("DriftCheckBaselines") or {}).get("ModelDataQuality") or {}
    quality = (said.get("ModelMetrics") or {}).get("ModelQuality") or {}
    return Version(
        number=said["ModelPackageVersion"],
        arn=said["ModelPackageArn"],
        status=said["ModelApprovalStatus"],
        image=container["Image"],
        model_data=container.get("ModelDataUrl", ""),
        metadata=dict(said.get("CustomerMetadataProperties") or {}),
        statistics=(quality.get("Statistics") or {}).get("S3Uri", ""),
        baseline=(learnt.get("Statistics") or {}).get("S3Uri", ""),
        note=said.get("ApprovalDescription") or "",
    )
