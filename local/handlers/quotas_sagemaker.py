"""SageMaker refuses what goes beyond the account's quotas: domains, profiles, spaces, servers, instances by type.

The words: SageMaker Developer Guide, "Supported Regions and Quotas" (ResourceLimitExceeded), and for other units than
instances aws-solutions' and users' reports ("is 4 FeatureGroups, with current utilization of 4 FeatureGroups and a
request delta of 1 FeatureGroups. Please use AWS Service Quotas …"), read 2026-11-29. A type of instance whose default
AWS's page does not give is not held to one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from moto.sagemaker.models import sagemaker_backends

from local.handlers.operation import Call, Refusal, requires
from local.handlers.records import STORES, Record
from local.handlers.service_quotas import applied, limit
from zone.facts import facts

COUNTED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "Domain": (("domains", "Domains"),),
    "UserProfile": (("user_profiles", "UserProfiles"),),
    "Space": (("spaces", "Spaces"),),
    "App": (("running_apps", "Apps"),),
    "FeatureGroup": (("feature_groups", "FeatureGroups"),),
    "ModelPackageGroup": (("model_package_groups", "ModelPackageGroups"),),
    "MlflowTrackingServer": (("mlflow_servers", "MlflowTrackingServers"),),
}
"""Noun of a Create operation → quotas that count these, and the unit in the message."""

DEFAULT_SPACE_GB: Final = 5
"""Storage of a space whose request and domain name none [GB]. Source: SageMaker Developer Guide, "JupyterLab user
guide", read 2026-11-29."""

_GONE: Final = frozenset({"Deleted", "Deleting", "Failed"})


@requires("sagemaker", *(f"Create{noun}" for noun in COUNTED))
def count(call: Call) -> None:
    """One more of a kind."""
    noun = call.operation.removeprefix("Create")
    for key, unit in COUNTED[noun]:
        _hold(*limit(call, f"sagemaker.{key}"), len(_kept(call, noun)), 1, unit)


@requires("sagemaker", "CreateMlflowTrackingServer")
def count_servers_by_size(call: Call) -> None:
    """One more server of its size."""
    size = call.params.get("TrackingServerSize", "Small")
    used = sum(each.get("TrackingServerSize") == size for each in _kept(call, "MlflowTrackingServer"))
    _hold(*limit(call, f"sagemaker.mlflow_servers_{size.lower()}"), used, 1, "MlflowTrackingServers")


@requires("sagemaker", "CreateSpace")
def hold_storage(call: Call) -> None:
    """The volumes of all spaces together."""
    used = sum(_gigabytes(call, each) for each in _kept(call, "Space"))
    _hold(*limit(call, "sagemaker.space_storage"), used, _gigabytes(call, call.params), "Gigabytes")


@requires("sagemaker", "CreateApp")
def hold_notebook(call: Call) -> None:
    """One more JupyterLab on its type of instance."""
    instance_type = _type_of(call.params)
    if call.params.get("AppType") == "JupyterLab" and instance_type:
        apps = [each for each in _kept(call, "App") if each.get("AppType") == "JupyterLab"]
        used = sum(_type_of(each) == instance_type for each in apps)
        _hold_type(call, "notebook", Counter({instance_type: 1}), Counter({instance_type: used}))


@requires("sagemaker", "CreateTrainingJob")
def hold_training(call: Call) -> None:
    """Instances of one job, of all running ones, and how long it may run."""
    running = _running(call, "training_jobs", "training_job_status", "resource_config")
    _hold_job(
        call, "training", _of_groups(call.params["ResourceConfig"]), sum((_of_groups(r) for r in running), Counter())
    )


@requires("sagemaker", "CreateHyperParameterTuningJob")
def hold_tuning(call: Call) -> None:
    """As many training jobs as run side by side."""
    config = call.params.get("HyperParameterTuningJobConfig") or {}
    at_once = (config.get("ResourceLimits") or {}).get("MaxParallelTrainingJobs", 1)
    one = call.params.get("TrainingJobDefinition")
    for job in call.params.get("TrainingJobDefinitions") or ([one] if one else []):
        wanted = _of_groups(job.get("ResourceConfig") or job.get("HyperParameterTuningResourceConfig") or {})
        _hold_type(call, "training", Counter({kind: number * at_once for kind, number in wanted.items()}), Counter())


@requires("sagemaker", "CreateProcessingJob")
def hold_processing(call: Call) -> None:
    """Instances of one job, of all running ones, and how long it may run."""
    running = _running(call, "processing_jobs", "processing_job_status", "processing_resources")
    used = sum((_of_groups(each.get("ClusterConfig") or {}) for each in running), Counter[str]())
    _hold_job(call, "processing", _of_groups(call.params["ProcessingResources"]["ClusterConfig"]), used)


@requires("sagemaker", "CreateTransformJob")
def hold_transform(call: Call) -> None:
    """Instances of all running jobs."""
    running = _running(call, "transform_jobs", "transform_job_status", "transform_resources")
    _hold_job(
        call,
        "transform",
        _of_groups(call.params["TransformResources"]),
        sum((_of_groups(r) for r in running), Counter()),
    )


@requires("sagemaker", "CreateEndpoint", "UpdateEndpoint")
def hold_endpoint(call: Call) -> None:
    """Instances of the new fleet; while an endpoint changes, its old one runs on.

    Source: SageMaker Developer Guide, "Blue/Green Deployments", read 2026-11-29.
    """
    backend = sagemaker_backends[call.account][call.region]
    config = backend.endpoint_configs.get(call.params["EndpointConfigName"])
    wanted = _of_variants(config.production_variants if config else ())
    fleets = [backend.endpoint_configs.get(each.endpoint_config_name) for each in backend.endpoints.values()]
    used = sum((_of_variants(each.production_variants) for each in fleets if each), Counter[str]())
    _hold(*limit(call, "sagemaker.instances_per_endpoint"), 0, wanted.total(), "Instances")
    _hold(*limit(call, "sagemaker.instances_across_endpoints"), used.total(), wanted.total(), "Instances")
    _hold_type(call, "endpoint", wanted, used)


def _hold_job(call: Call, use: str, wanted: Counter[str], used: Counter[str]) -> None:
    if use != "transform":
        _hold(*limit(call, f"sagemaker.instances_per_{use}_job"), 0, wanted.total(), "Instances")
        seconds = (call.params.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds", 0)
        _hold(*limit(call, f"sagemaker.{use}_run_time"), 0, seconds, "Seconds")
    _hold(*limit(call, f"sagemaker.instances_across_{use}_jobs"), used.total(), wanted.total(), "Instances")
    _hold_type(call, use, wanted, used)


def _hold_type(call: Call, use: str, wanted: Counter[str], used: Counter[str]) -> None:
    known = facts("limits")["instances"]
    for instance_type, number in wanted.items():
        record = known["by_use"][use].get(instance_type, {"default": None, "code": None})
        has = applied(call, "sagemaker", record["code"], record["default"])
        if has is not None:
            name = known["names"][use].format(type=instance_type)
            _hold(name, has, used[instance_type], number, "Instances")


def _hold(name: str, has: float, used: float, more: float, unit: str) -> None:
    if used + more > has:
        raise Refusal(
            "ResourceLimitExceeded",
            f"The account-level service limit '{name}' is {has:g} {unit}, with current utilization of {used:g} {unit} "
            f"and a request delta of {more:g} {unit}. Please use AWS Service Quotas to request an increase for this "
            "quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.",
        )


def _kept(call: Call, noun: str) -> list[Record]:
    """What there is of a kind."""
    kept = STORES.get(("sagemaker", noun, call.account, call.region), {})
    return [each for each in kept.values() if each.get("Status") not in _GONE]


def _gigabytes(call: Call, space: Mapping[str, Any]) -> int:
    storage = (space.get("SpaceSettings") or {}).get("SpaceStorageSettings") or {}
    domains = {each["DomainId"]: each for each in _kept(call, "Domain")}
    defaults = domains.get(space.get("DomainId"), {}).get("DefaultUserSettings") or {}
    usual = (defaults.get("SpaceStorageSettings") or {}).get("DefaultEbsStorageSettings") or {}
    named = (storage.get("EbsStorageSettings") or {}).get("EbsVolumeSizeInGb")
    return int(named or usual.get("DefaultEbsVolumeSizeInGb") or DEFAULT_SPACE_GB)


def _type_of(app: Mapping[str, Any]) -> str | None:
    found: str | None = (app.get("ResourceSpec") or {}).get("InstanceType")
    return found


def _running(call: Call, place: str, status: str, config: str) -> list[Mapping[str, Any]]:
    jobs = getattr(sagemaker_backends[call.account][call.region], place).values()
    return [getattr(each, config) or {} for each in jobs if getattr(each, status) == "InProgress"]


def _of_groups(config: Mapping[str, Any]) -> Counter[str]:
    """Instances by type; a job may have groups of several types."""
    found: Counter[str] = Counter()
    for each in config.get("InstanceGroups") or config.get("InstanceConfigs") or [config]:
        if each.get("InstanceType"):
            found[each["InstanceType"]] += each.get("InstanceCount", 1)
    return found


def _of_variants(variants: Iterable[Mapping[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for each in variants:
        if each.get("InstanceType"):
            found[each["InstanceType"]] += each.get("InitialInstanceCount", 1)
    return found
