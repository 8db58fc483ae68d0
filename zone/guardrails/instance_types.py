"""Guardrail: a team starts only the instance types its spec lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zone.guardrails.enforcement import Guardrail
from zone.guardrails.sagemaker import INSTANCE_TYPES, JOB_DEFINITIONS, SCHEDULES
from zone.guardrails.statement import deny, document, unless_provisioning
from zone.specs.account import InstanceTypes


@dataclass(frozen=True, kw_only=True)
class _Use:
    """SageMaker's calls that start instances for one use of the spec."""

    starts: tuple[str, ...]
    """Calls that always name a type: refused without one, and wholly where the team has no type for the use."""

    may_start: tuple[str, ...] = ()
    """Calls that may leave the type out: refused wholly where the team has none, never for leaving it out."""

    defaults: tuple[str, ...] = ()
    """Calls that only note a default type for later: never refused wholly, and not to Pulumi. AWS does not say whether
    the types that a domain hides are among those it counts (Service Authorization Reference, sagemaker:InstanceTypes,
    read 2026-11-29); then our own domains, which hide what is not allowed, would be refused."""

    also: tuple[str, ...] = ()
    """Values that are no instance type of the team's to choose."""


_USES = {
    "notebook": _Use(
        starts=("sagemaker:CreateNotebookInstance",),
        may_start=(
            "sagemaker:CreateApp",
            "sagemaker:CreateSpace",
            "sagemaker:UpdateNotebookInstance",
            "sagemaker:UpdateSpace",
        ),
        defaults=(
            "sagemaker:CreateDomain",
            "sagemaker:CreateUserProfile",
            "sagemaker:UpdateDomain",
            "sagemaker:UpdateUserProfile",
        ),
        # What AWS calls the instance of its own that Studio's server apps run on; it costs nothing.
        also=("system",),
    ),
    "processing": _Use(starts=("sagemaker:CreateProcessingJob", *JOB_DEFINITIONS), may_start=SCHEDULES),
    "training": _Use(starts=("sagemaker:CreateTrainingJob",), may_start=("sagemaker:UpdateTrainingJob",)),
    "tuning": _Use(starts=("sagemaker:CreateHyperParameterTuningJob",)),
    "transform": _Use(starts=("sagemaker:CreateTransformJob",)),
    "endpoint": _Use(starts=("sagemaker:CreateEndpointConfig",)),
}


def instance_types(account_key: str, allowed: InstanceTypes, provisioning_roles: Sequence[str]) -> Guardrail:
    """Refuse to one team's account every instance type that is not listed for the use."""
    statements = []
    for name, use in _USES.items():
        # Any one type outside the list is enough. ForAnyValue is false for an absent key: see NoType.
        other = {"ForAnyValue:StringNotEquals": {INSTANCE_TYPES: sorted({*getattr(allowed, name), *use.also})}}
        title = f"Other{name.capitalize()}"
        if getattr(allowed, name):
            statements.append(deny(f"{title}Types", [*use.starts, *use.may_start], other))
        if use.defaults:
            statements.append(
                deny(f"{title}Defaults", use.defaults, {**other, **unless_provisioning(provisioning_roles)})
            )
    uses = {name: use for name, use in _USES.items() if getattr(allowed, name)}
    unused = [use for name, use in _USES.items() if name not in uses]
    starts = _calls(use.starts for use in uses.values())
    never = _calls((*use.starts, *use.may_start) for use in unused)
    if starts:
        statements.append(deny("NoType", starts, {"Null": {INSTANCE_TYPES: "true"}}))
    if never:
        statements.append(deny("UnusedKinds", never))
    return Guardrail(
        key=f"instance-types-{account_key}",
        description=f"SageMaker instance types of {account_key}: those its spec lists for the use, no others."
        if uses
        else f"{account_key} starts no SageMaker instances: its spec lists none.",
        document=document(*statements),
        targets=(account_key,),
    )


def _calls(groups: Iterable[tuple[str, ...]]) -> list[str]:
    return [call for group in groups for call in group]
