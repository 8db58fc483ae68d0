"""How large and how many: instance types, counts, volumes and run times of SageMaker."""

import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from policies.rules.plain import UNKNOWN, Reader, is_set, shown_value, values
from policies.rules.registry import rule
from zone.facts import facts

PATHS: Final[Mapping[str, Mapping[str, str]]] = json.loads((Path(__file__).parent / "instance_paths.json").read_text())[
    "paths"
]
"""Where an instance type enters a resource: type token → property path → use (notebook, studio, training …)."""

DEFAULT_TYPES: Final = (
    *(f"ml.[tmcr][1-9]*.{size}" for size in ("medium", "large", "xlarge", "2xlarge", "4xlarge")),
    *(f"ml.g[4-6]*.{size}" for size in ("xlarge", "2xlarge", "4xlarge")),
)
"""What a stack that declares no list may use: nothing above 4xlarge, one small GPU at most."""

DEFAULT_COUNT: Final = 4
"""Instances one job or variant may use where the stack declares no number."""

MOST_LISTED: Final = 6
"""Allowed types that a message names."""

LOCAL_STORAGE: Final = tuple(f"ml.{family}." for family in facts("local_storage")["families"])
"""Beginnings of instance types whose hardware encrypts their local disks: AWS refuses a volume key for them."""

STUDIO_SYSTEM: Final = "system"
"""Not a machine of its own: the JupyterServer default, free of charge."""


def allowed(instance_type: object, patterns: Iterable[str]) -> bool:
    """Whether *instance_type* is in *patterns*, which may hold ml.m5.* as well as whole names."""
    return any(instance_type == p or ("*" in p and fnmatchcase(str(instance_type), p)) for p in patterns)


def types_outside(r: Reader, paths: Iterable[str], *always: str) -> Iterator[str]:
    """Complain about instance types at *paths* that are neither in allowedInstanceTypes nor *always* fine."""
    for path in paths:
        for shown, value in r.each(path):
            if value is not None and not allowed(value, (*always, *r.settings["allowedInstanceTypes"])):
                yield f"{shown} {shown_value(value)} is not in allowedInstanceTypes ({listed(r)})"


def listed(r: Reader) -> str:
    """Name what is allowed, as many as a line holds."""
    names = [str(name) for name in r.settings["allowedInstanceTypes"]]
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(names[:MOST_LISTED]) + more or "none"


def above(r: Reader, paths: Iterable[str], setting: str, default: float = 0) -> Iterator[str]:
    """Complain about numbers at *paths* above *setting*; absent counts as *default*."""
    limit = r.settings[setting]
    for path in paths:
        for shown, value in r.each(path):
            if number(value, default) > limit:
                yield f"{shown} {shown_value(value, default)} is above {setting} {shown_value(limit)}"


def number(value: Any, default: float = 0) -> float:
    """Return *value* as a number; "3" counts as 3, anything else that is none as *default*."""
    try:
        return default if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return default


def volume_key_missing(r: Reader, cluster: str) -> Iterator[str]:
    """Complain that *cluster*'s volumes have no key, unless all its instances are of LOCAL_STORAGE."""
    kinds = [
        kind
        for path in ("instanceType", "instanceGroups[].instanceType", "instanceConfigs[].instanceType")
        for _, kind in values(r.data, f"{cluster}.{path}")
        if is_set(kind)
    ]
    on_volumes = [kind for kind in kinds if kind is not UNKNOWN and not str(kind).startswith(LOCAL_STORAGE)]
    for fault in r.missing(f"{cluster}.volumeKmsKeyId"):
        if on_volumes or not kinds:
            yield fault
        elif UNKNOWN in kinds:
            r.waits_for.append(f"{r.inside}{cluster}.instanceType")


def counts_beside(paths: Iterable[str]) -> list[str]:
    """Return the count property next to each instance type of *paths*."""
    return [path.removesuffix("instanceType") + "instanceCount" for path in paths]


def guard(r: Reader) -> Iterator[str]:
    """Judge every instance type of a job, and the count beside it."""
    paths = PATHS[r.resource.type]
    yield from types_outside(r, paths)
    yield from above(r, counts_beside(paths), "maxInstanceCount")


SETTINGS: Final = {"allowedInstanceTypes": DEFAULT_TYPES, "maxInstanceCount": DEFAULT_COUNT}
PICK_A_TYPE: Final = (
    "use an instance type and count the account's file allows, or ask for more under instance_types there"
)

rule("sm-algorithm-instance-types", PICK_A_TYPE, settings=SETTINGS)(guard)
rule("sm-monitoring-instance-types", PICK_A_TYPE, settings=SETTINGS)(guard)
rule("sm-training-instance-guardrail", PICK_A_TYPE, settings=SETTINGS)(guard)


@rule("sm-notebook-instance-type", PICK_A_TYPE, settings=SETTINGS)
@rule("sm-domain-instance-types", PICK_A_TYPE, settings=SETTINGS)
def interactive(r: Reader) -> Iterator[str]:
    """Judge notebooks and Studio apps; they have no count."""
    return types_outside(r, PATHS[r.resource.type], STUDIO_SYSTEM)


@rule("sm-endpointconfig-instance-type", PICK_A_TYPE, settings=SETTINGS)
def endpoint(r: Reader) -> Iterator[str]:
    """Judge variants, their first count and how far they may scale out."""
    paths = PATHS[r.resource.type]
    yield from types_outside(r, paths)
    for variants in ("productionVariants[]", "shadowProductionVariants[]"):
        yield from above(
            r,
            (f"{variants}.initialInstanceCount", f"{variants}.managedInstanceScaling.maxInstanceCount"),
            "maxInstanceCount",
        )


@rule("sm-tuning-instance-guardrail", PICK_A_TYPE, settings={**SETTINGS, "maxParallelTrainingJobs": 4})
def tuning(r: Reader) -> Iterator[str]:
    """Judge each training job a tuning job may start, and how many at once."""
    yield from guard(r)
    yield from above(r, ("config.resourceLimits.maxParallelTrainingJobs",), "maxParallelTrainingJobs")


@rule(
    "sm-mlflow-size-guardrail",
    "use a trackingServerSize of allowedSizes: a larger server costs more each hour",
    settings={"allowedSizes": ("Small",)},
)
def mlflow_size(r: Reader) -> Iterator[str]:
    """An absent size is Small."""
    sizes = r.settings["allowedSizes"]
    for fault in r.unless("trackingServerSize", *sizes, default="Small"):
        yield f"{fault}, allowed: {', '.join(sizes)}"


@rule(
    "sm-notebook-volume-cap", "ask for a smaller volume; large data belongs into S3", settings={"maxVolumeSizeGb": 100}
)
def notebook_volume(r: Reader) -> Iterator[str]:
    """An absent size is 5 GB."""
    yield from above(r, ("volumeSize",), "maxVolumeSizeGb", default=5)


@rule(
    "sm-training-max-runtime",
    "set stoppingCondition.maxRuntimeInSeconds, at most maxRuntimeSeconds",
    settings={"maxRuntimeSeconds": 86400},
)
def training_run_time(r: Reader) -> Iterator[str]:
    """An absent limit is 24 hours, but must be said."""
    yield from r.missing("stoppingCondition.maxRuntimeInSeconds")
    yield from above(r, ("stoppingCondition.maxRuntimeInSeconds",), "maxRuntimeSeconds")


@rule(
    "sm-domain-idle-shutdown",
    "enable idle shutdown with a timeout of at most maxIdleTimeoutMinutes",
    settings={"maxIdleTimeoutMinutes": 120},
)
def domain_idle_shutdown(r: Reader) -> Iterator[str]:
    """Apps that nobody uses still cost."""
    idle = "defaultUserSettings.jupyterLabAppSettings.appLifecycleManagement.idleSettings"
    yield from r.unless(f"{idle}.lifecycleManagement", "ENABLED", default="DISABLED")
    yield from r.missing(f"{idle}.idleTimeoutInMinutes")
    yield from above(r, (f"{idle}.idleTimeoutInMinutes",), "maxIdleTimeoutMinutes")


@rule("sm-endpointconfig-instance-count", "give each variant two instances or more, or make it serverless")
def endpoint_redundancy(r: Reader) -> Iterator[str]:
    """One instance is one zone."""
    for variant in r.elements("productionVariants[]"):
        if variant.none_of(
            ("serverlessConfig", is_set), ("initialInstanceCount", lambda count: number(count, default=1) > 1)
        ):
            shown = f"{variant.inside}initialInstanceCount"
            yield f"{shown} is {shown_value(variant.get('initialInstanceCount'), 1)}"
