"""SageMaker's endpoints: their life, and what no endpoint is made of; what serves is in local/endpoints/.

An endpoint whose images hold no program that runs here is InService at once, as moto has it, and answers moto's words.
Sources, read 2026-11-30: SageMaker API Reference, CreateEndpoint, UpdateEndpoint (RetainAllVariantProperties,
ExcludeRetainedVariantProperties, RetainDeploymentConfig), UpdateEndpointWeightsAndCapacities, DescribeEndpoint;
SageMaker Developer Guide, "Deploy models with Amazon SageMaker Serverless Inference" (feature exclusions), by way of a
public summary. The words: public reports ("Cannot update in-progress endpoint", "One or more endpoint features are not
supported using this configuration": boto3 4275). That an endpoint serves on as it was where an update fails is the
guide's "Deployment guardrails": the old fleet goes when the new one serves.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from moto.core.utils import get_service_model
from moto.sagemaker.models import FakeEndpointConfig, sagemaker_backends

from local.containers.images import folder_of
from local.containers.model import program_of
from local.endpoints.asynchronous import Queue
from local.endpoints.capture import Capture
from local.endpoints.fleet import Fleet, variant_of
from local.endpoints.hosted import Hosted, Wanted, deploy, forget, hosted
from local.endpoints.shifting import shift_of
from local.handlers.operation import Call, Refusal, completes, operation, requires
from local.handlers.records import Record

_CHANGING: Final = frozenset({"Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"})
_KEPT: Final = {"DesiredInstanceCount": "InitialInstanceCount", "DesiredWeight": "InitialVariantWeight"}
"""What an update may retain of a variant, and what a configuration calls it."""

_INVALID: Final = "ValidationException"


def install() -> None:
    """Let moto take each type of instance that AWS does: botocore's model lists them, moto's own list is old."""
    kinds = frozenset(get_service_model("sagemaker").shape_for("ProductionVariantInstanceType").enum)
    refuse: Any = FakeEndpointConfig.validate_instance_type

    def validate(config: Any, instance_type: str) -> None:  # noqa: ANN401 - moto's own signature
        if instance_type not in kinds:
            refuse(config, instance_type)

    setattr(FakeEndpointConfig, refuse.__name__, validate)


def _endpoint(call: Call) -> Any:  # noqa: ANN401 - moto's class
    name = str(call.params["EndpointName"])
    found = sagemaker_backends[call.account][call.region].endpoints.get(name)
    if found is None:
        raise Refusal(_INVALID, f'Could not find endpoint "{call.arn(f"endpoint/{name.lower()}")}".')
    return found


def _config(call: Call) -> Any:  # noqa: ANN401 - moto's class
    name = str(call.params["EndpointConfigName"])
    found = sagemaker_backends[call.account][call.region].endpoint_configs.get(name)
    if found is None:
        arn = call.arn(f"endpoint-config/{name.lower()}")
        raise Refusal(_INVALID, f'Could not find endpoint configuration "{arn}".')
    return found


def _settled(call: Call) -> Any:  # noqa: ANN401 - moto's class
    """The endpoint, where it is not changing."""
    found = _endpoint(call)
    if found.endpoint_status in _CHANGING:
        raise Refusal(_INVALID, f'Cannot update in-progress endpoint "{found.arn}".')
    return found


@requires("sagemaker", "CreateEndpoint", "CreateEndpointConfig")
def new(call: Call) -> None:
    """Make none over another one."""
    noun, words, place = (
        ("EndpointName", "endpoint", "endpoints")
        if call.operation == "CreateEndpoint"
        else ("EndpointConfigName", "endpoint configuration", "endpoint_configs")
    )
    name = call.params[noun]
    if name in getattr(sagemaker_backends[call.account][call.region], place):
        arn = call.arn(f"{words.replace(' configuration', '-config')}/{str(name).lower()}")
        raise Refusal(_INVALID, f'Cannot create already existing {words} "{arn}".')


@requires("sagemaker", "CreateEndpoint", "UpdateEndpoint")
def possible(call: Call) -> None:
    """Make none of what serverless and asynchronous endpoints cannot have; only where the image's program runs here."""
    config = _config(call)
    variants = config.production_variants
    models = sagemaker_backends[call.account][call.region]._models  # noqa: SLF001 - no other way in
    serverless = [each for each in variants if each.get("ServerlessConfig")]
    kept = [models[each["ModelName"]] for each in serverless if each["ModelName"] in models]
    runs = any(folder_of(str((each.primary_container or {}).get("Image", ""))) for each in kept)
    network = any(each.vpc_config or each.enable_network_isolation for each in kept)
    alone = len(variants) == 1 and not config.async_inference_config and not config.data_capture_config
    if runs and (network or not alone):
        raise Refusal(_INVALID, "One or more endpoint features are not supported using this configuration")


@completes("sagemaker", "CreateEndpoint")
def create(call: Call) -> None:
    """Bring up what serves."""
    record, config = _endpoint(call), _config(call)
    record.async_inference_config = config.async_inference_config
    record.last_deployment_config = call.params.get("DeploymentConfig")
    variants = [dict(each) for each in config.production_variants]
    wanted = _wanted(call, variants, config.data_capture_config, config.async_inference_config, {})
    if wanted:
        record.endpoint_status = "Creating"
        deploy(Hosted(call, str(call.params["EndpointName"])), wanted)


def _wanted(
    call: Call,
    variants: list[Record],
    capture: Mapping[str, Any] | None,
    queue: Mapping[str, Any] | None,
    deployment: Mapping[str, Any],
) -> Wanted | None:
    """What an endpoint is to become; None: nothing of it runs here."""
    name, record = str(call.params["EndpointName"]), _endpoint(call)
    programs = [program_of(call, each["ModelName"]) for each in variants]
    runs = [each for each in programs if each]
    if len(runs) != len(programs):
        return None
    fleet = Fleet([variant_of(call, name, program, each) for program, each in zip(runs, variants, strict=True)])
    now = datetime.now(UTC)
    shown = record._process_production_variants(variants)  # noqa: SLF001 - no other way in
    for each, program, variant in zip(shown, runs, fleet.variants, strict=True):
        each |= {"CurrentWeight": variant.weight, "DesiredWeight": variant.weight}
        image = {"SpecifiedImage": program.image_uri, "ResolvedImage": program.image_uri, "ResolutionTime": now}
        each["DeployedImages"] = [image]
    captures = Capture(name, capture) if capture else None
    return Wanted(
        fleet=fleet,
        capture=captures,
        queue=Queue(call, name, queue) if queue else None,
        shown={
            "production_variants": shown,
            "data_capture_config": captures.summary if captures else None,
            "async_inference_config": queue,
        },
        shift=shift_of(deployment, sum(each.instances for each in fleet.variants)),
    )


@operation("sagemaker", "UpdateEndpoint")
def update(call: Call) -> Record:
    """Serve by another configuration; what serves now goes when the new serves."""
    record, config = _settled(call), _config(call)
    if record.endpoint_status == "Failed":
        raise Refusal(_INVALID, f'Cannot update endpoint "{record.arn}": its status is Failed.')
    retained = _retained(call)
    variants = [_with(each, record.production_variants, retained) for each in config.production_variants]
    runs = hosted(call, str(call.params["EndpointName"]))
    same = runs.capture if runs and "DataCaptureConfig" in retained else None
    deployment = call.params.get("DeploymentConfig") or (
        getattr(record, "last_deployment_config", None) if call.params.get("RetainDeploymentConfig") else None
    )
    capture = same.settings if same else config.data_capture_config
    wanted = _wanted(call, variants, capture, config.async_inference_config, deployment or {})
    become = {"endpoint_config_name": config.endpoint_config_name, "last_deployment_config": deployment}
    if wanted is None:
        forget(call, str(call.params["EndpointName"]))
        become["production_variants"] = record._process_production_variants(variants)  # noqa: SLF001 - no other way in
        for name, value in become.items():
            setattr(record, name, value)
        return {"EndpointArn": record.arn}
    wanted.shown.update(become)
    record.endpoint_status = "Updating"
    record.pending_deployment_summary = {
        "EndpointConfigName": config.endpoint_config_name,
        "ProductionVariants": [{"VariantName": each["VariantName"]} for each in variants],
        "StartTime": datetime.now(UTC),
    }
    deploy(runs or Hosted(call, str(call.params["EndpointName"])), wanted)
    return {"EndpointArn": record.arn}


def _retained(call: Call) -> frozenset[str]:
    """What an update keeps of variants and capture as it is."""
    if not call.params.get("RetainAllVariantProperties"):
        return frozenset()
    left = {each["VariantPropertyType"] for each in call.params.get("ExcludeRetainedVariantProperties") or ()}
    return frozenset({*_KEPT, "DataCaptureConfig"} - left)


def _with(variant: Mapping[str, Any], before: list[Record], retained: frozenset[str]) -> Record:
    """A variant of a configuration, with what is retained of the one of its name."""
    old = next((each for each in before if each["VariantName"] == variant["VariantName"]), {})
    kept = {member: old[name] for name, member in _KEPT.items() if name in retained and old.get(name) is not None}
    return {**variant, **kept}


@operation("sagemaker", "UpdateEndpointWeightsAndCapacities")
def rebalance(call: Call) -> Record:
    """Change weights and numbers of instances, of those variants that are named."""
    record = _settled(call)
    shown = {each["VariantName"]: each for each in record.production_variants}
    wanted = {each["VariantName"]: each for each in call.params["DesiredWeightsAndCapacities"]}
    if len(wanted) != len(call.params["DesiredWeightsAndCapacities"]):
        raise Refusal(_INVALID, "A variant name was non-unique within the request.")
    for name in wanted:
        if name not in shown:
            text = f'The variant name(s) "{name}" is/are not present within endpoint configuration '
            raise Refusal(_INVALID, f'{text}"{record.endpoint_config_name}".')
    runs = hosted(call, str(call.params["EndpointName"]))
    for name, each in wanted.items():
        variant = runs.find(name) if runs else None
        if (weight := each.get("DesiredWeight")) is not None:
            shown[name] |= {"DesiredWeight": weight, "CurrentWeight": weight}
            if variant:
                variant.weight, variant.credit = float(weight), 0.0
        if (count := each.get("DesiredInstanceCount")) is not None:
            shown[name] |= {"DesiredInstanceCount": count, "CurrentInstanceCount": count}
            if variant:
                variant.instances = int(count)
    return {"EndpointArn": record.arn}


@requires("sagemaker", "DeleteEndpoint")
def deletable(call: Call) -> None:
    """Delete none that is changing."""
    _settled(call)


@completes("sagemaker", "DeleteEndpoint")
def delete(call: Call) -> None:
    """End what serves."""
    forget(call, str(call.params["EndpointName"]))
