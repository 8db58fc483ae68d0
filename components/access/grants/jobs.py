"""Grants to start jobs: only in our subnets, with our keys, on the declared instance types, under the job's role."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

import pulumi

from components.access.grants.place import Place
from components.access.grants.statement import Statement
from zone import names
from zone.facts import local_storage

_ACTIONS = {
    "processing": ("CreateProcessingJob", "processing-job"),
    "training": ("CreateTrainingJob", "training-job"),
    "tuning": ("CreateHyperParameterTuningJob", "hyper-parameter-tuning-job"),
    "transform": ("CreateTransformJob", "transform-job"),
}
USES = tuple(_ACTIONS)
"""Uses of instance types that are jobs."""

_SENSITIVE = ("confidential", "restricted")
_STOP = {
    "processing": "StopProcessingJob",
    "training": "StopTrainingJob",
    "tuning": "StopHyperParameterTuningJob",
    "transform": "StopTransformJob",
}


def start(place: Place, *uses: str) -> tuple[Statement, ...]:
    """Start, stop and look at jobs of those *uses* (processing, training, tuning, transform) that the team has."""
    return tuple(statement for use in uses if place.types(use) for statement in _start(place, use))


def start_named(place: Place, use: str, prefix: str) -> tuple[Statement, ...]:
    """Start jobs of one *use* whose names begin with *prefix*, and do nothing else with them."""
    _, kind = _ACTIONS[use]
    return (
        *_create(place, use, (place.arn("sagemaker", f"{kind}/{prefix}*"),)),
        *(pass_role(place, f"Pass{use.capitalize()}Role", use) if use != "transform" else ()),
    )


def _create(place: Place, use: str, jobs: tuple[str, ...]) -> tuple[Statement, ...]:
    return (
        *create(
            place,
            use.capitalize(),
            f"sagemaker:{_ACTIONS[use][0]}",
            jobs,
            instance_types=place.types(use),
            frame=_frame(place, use),
        ),
        *(_attach(place) if use == "processing" else ()),
    )


def _start(place: Place, use: str) -> tuple[Statement, ...]:
    action, kind = _ACTIONS[use]
    jobs = place.sagemaker(kind)
    title = use.capitalize()
    return (
        *_create(place, use, jobs),
        Statement(
            sid=f"Handle{title}",
            actions=(f"sagemaker:{_STOP[use]}", f"sagemaker:{action.replace('Create', 'Describe')}"),
            resources=jobs,
            reason=_NAMES,
        ),
        Statement(
            sid=f"Tag{title}",
            actions=("sagemaker:AddTags",),
            resources=jobs,
            conditions={"StringEquals": {"sagemaker:TaggingAction": action}},
            reason=_NAMES,
        ),
        # A transform job has no role of its own: its model was given one by who made it.
        *(pass_role(place, f"Pass{title}Role", *_roles(place, use)) if use != "transform" else ()),
    )


def create(
    place: Place,
    sid: str,
    action: str,
    resources: tuple[str, ...],
    *,
    instance_types: Sequence[str],
    frame: dict[str, dict[str, Any]],
) -> tuple[Statement, ...]:
    """Allow *action* on *instance_types*, with our volume key wherever SageMaker takes one, within *frame*.

    ForAllValues is true for an absent key, so each such key must also not be Null.
    """
    with_disk = [kind for kind in instance_types if on_local_disk(kind)]
    with_volume = [kind for kind in instance_types if kind not in with_disk]
    keyed = {"ArnEquals": {"sagemaker:VolumeKmsKey": place.key_arns["data"]}}
    return tuple(
        Statement(
            sid=f"Create{sid}{name}",
            actions=(action,),
            resources=resources,
            conditions=merged(frame, listed("sagemaker:InstanceTypes", kinds), key),
            reason=_NAMES,
        )
        # SageMaker refuses a volume key for types with local disks, whose own hardware encrypts.
        for name, kinds, key in (("", with_volume, keyed), ("OnLocalDisk", with_disk, {}))
        if kinds
    )


def on_local_disk(kind: str) -> bool:
    """Whether an instance type has local disks: SageMaker refuses a volume key for it."""
    return any(fnmatchcase(kind, pattern) for pattern in local_storage())


def encrypted_between(place: Place) -> bool:
    """Whether containers of one job must encrypt what they send each other."""
    return place.team.data_class in _SENSITIVE


def isolated(place: Place) -> bool:
    """Whether containers of jobs have no network at all."""
    return place.team.data_class == "restricted"


def pass_role(place: Place, sid: str, *roles: str) -> tuple[Statement, ...]:
    """Hand the named roles to SageMaker, and to no other service."""
    return (
        Statement(
            sid=sid,
            actions=("iam:PassRole",),
            resources=tuple(place.role(role) for role in roles),
            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
    )


def in_our_network(place: Place) -> dict[str, dict[str, Any]]:
    """Return the condition that a request names our subnets and our security group, and no others."""
    return merged(
        listed("sagemaker:VpcSubnets", place.subnet_ids),
        listed("sagemaker:VpcSecurityGroupIds", [place.security_group_id]),
    )


def listed(key: str, allowed: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """Return the condition that *key* is there and all its values are *allowed*."""
    return {"ForAllValues:StringEquals": {key: list(allowed)}, "Null": {key: "false"}}


_NAMES = "jobs get their names when they start; all jobs of the account are the team's"


def _roles(place: Place, use: str) -> tuple[str, ...]:
    # Records are ingested by processing jobs, under a role of their own.
    return (use, "ingestion") if use == "processing" and place.team.feature_groups else (use,)


def _attach(place: Place) -> tuple[Statement, ...]:
    """What CreateProcessingJob asks of its caller besides, when it names a network.

    Source: SageMaker Developer Guide, "API permissions: actions, permissions and resources", read 2026-11-29.
    """
    subnets = tuple(_after(place.arn("ec2", "subnet/"), subnet) for subnet in place.subnet_ids)
    group = _after(place.arn("ec2", "security-group/"), place.security_group_id)
    return (
        Statement(
            sid="AttachToOurSubnets",
            actions=("ec2:CreateNetworkInterface",),
            resources=(*subnets, group, place.arn("ec2", "network-interface/*")),
            reason="a network interface gets its id when it is made; subnets and security group are named",
        ),
    )


def _after(prefix: str, value: pulumi.Input[str]) -> pulumi.Input[str]:
    """Join *prefix* and *value*; plain stays plain."""
    return f"{prefix}{value}" if isinstance(value, str) else pulumi.Output.concat(prefix, value)


def _frame(place: Place, use: str) -> dict[str, dict[str, Any]]:
    keys = [place.key_arns[purpose] for purpose in names.BUCKET_PURPOSES]
    output = {"ArnEquals": {"sagemaker:OutputKmsKey": keys}}
    if use == "transform":
        # A transform job runs where its model was made to run: its network is fixed by CreateModel.
        return output
    seconds = str(place.team.max_runtime_hours * 3600)
    frame = merged(output, in_our_network(place), {"NumericLessThanEquals": {"sagemaker:MaxRuntimeInSeconds": seconds}})
    if use == "training":
        # A debugging session would open the container to the outside, past the network.
        frame = merged(frame, {"BoolIfExists": {"sagemaker:EnableRemoteDebug": "false"}})
    if encrypted_between(place):
        frame = merged(frame, {"Bool": {"sagemaker:InterContainerTrafficEncryption": "true"}})
    if isolated(place):
        # Containers without any network: SageMaker brings the data in and the result out. MLflow logs by its parent.
        frame = merged(frame, {"Bool": {"sagemaker:NetworkIsolation": "true"}})
    return frame


def merged(*conditions: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return one condition that holds when all *conditions* hold."""
    result: dict[str, dict[str, Any]] = {}
    for condition in conditions:
        for operator, keys in condition.items():
            result[operator] = {**result.get(operator, {}), **keys}
    return result
