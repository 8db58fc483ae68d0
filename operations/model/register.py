"""Registers what a run made: one version a run, with all that a reviewer and a monitor need."""

import json
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from operations.model.errors import RefusedError
from operations.model.reading import EVALUATION
from operations.model.run import Order, Run
from operations.model.spec import MODEL, ProcessingStep
from operations.model.state import State
from operations.model.stored import files, put
from operations.model.versions import ALGORITHM, PENDING, RUN, SAID_OF_RUN, Version, group, versions
from zone import names

_CARD: Final = "card.json"
_STATISTICS: Final = "evaluation.json"
_REPORTS: Final = {"bias.json": ("Bias", "Report"), "explainability.json": ("Explainability", "Report")}
"""Files that an evaluation may have besides, by their place in ModelMetrics."""


def register(order: Order, state: State, run: Run, metadata: Mapping[str, str]) -> Version:
    """Return the version of *run*'s model: the one that is there already, or a new one that waits for approval.

    One artifact is one version, however often it is judged. The evaluation is kept beside it, where a reviewer may read
    it and where it lasts as long.

    Args:
        order: what was run.
        state: gets the version.
        run: what came of it; its gate has passed.
        metadata: what the version says of itself besides data version and run.

    Raises:
        RefusedError: the registry refused it.
    """
    model = run.output(f"{order.spec.registered}/{MODEL}")

    def found() -> Version | None:
        there = versions(order.place, order.clients, order.spec.model)
        return next((each for each in there if each.model_data == model), None)

    version = found()
    if version is None:
        try:
            _create(order, run, model, metadata)
        except ClientError as error:
            raise RefusedError(f"the version was not registered: {error}; the same command tries again") from error
        version = found()
    if version is None:
        raise RefusedError(f"the registry does not list the version of {model}; the same command tries again")
    state.versions[run.id] = version.arn
    state.write()
    return version


def params(order: Order, run: Run) -> Mapping[str, str]:
    """Return the hyperparameters of the model that is registered."""
    return dict(run.steps[order.spec.registered].facts.get("hyperparameters", {}))


def algorithm(order: Order) -> str:
    """Return the built-in algorithm and version that trains the model that is registered; empty: its own image does."""
    step = next(each for each in order.spec.steps if each.name == order.spec.registered)
    if isinstance(step, ProcessingStep) or step.algorithm is None:
        return ""
    return f"{step.algorithm.name} {step.algorithm.version}"


def _create(order: Order, run: Run, model: str, metadata: Mapping[str, str]) -> None:
    spec, place = order.spec, order.place
    home = f"s3://{place.bucket('models')}/{names.model_prefix(spec.model)}/runs/{run.id}/evaluation"
    there = dict(files(order.clients, run.output(f"{spec.gate}/{EVALUATION}")))
    there[SAID_OF_RUN] = json.dumps(
        {
            "run": run.id,
            "image": order.image,
            "algorithm": algorithm(order),
            "data_version": run.data_version,
            "features": dict(order.features),
            "hyperparameters": params(order, run),
            "jobs": {name: record.job for name, record in run.steps.items()},
        },
        indent=1,
    ).encode()
    for name, content in there.items():
        put(order.clients, f"{home}/{name}", content)
    types = dict(place.team.instance_types)
    asked: dict[str, Any] = {
        "ModelPackageGroupName": group(place, spec.model),
        "ModelPackageDescription": f"{spec.model} of run {run.id}",
        "ModelApprovalStatus": PENDING,
        "InferenceSpecification": {
            "Containers": [{"Image": order.image, "ModelDataUrl": model}],
            "SupportedContentTypes": ["text/csv", "application/json"],
            "SupportedResponseMIMETypes": ["application/json"],
            **({"SupportedRealtimeInferenceInstanceTypes": [*types["endpoint"]]} if types["endpoint"] else {}),
            **({"SupportedTransformInstanceTypes": [*types["transform"]]} if types["transform"] else {}),
        },
        "ModelMetrics": _metrics(home, there),
        "DriftCheckBaselines": _baselines(order, run, home, there),
        "CustomerMetadataProperties": {
            **metadata,
            **order.features,
            "data_version": run.data_version,
            RUN: run.id,
            **({ALGORITHM: named} if (named := algorithm(order)) else {}),
        },
        "ClientToken": f"{spec.model}-{run.id}",
    }
    if _CARD in there:
        asked["ModelCard"] = {"ModelCardContent": there[_CARD].decode(), "ModelCardStatus": "Draft"}
    order.clients("sagemaker").create_model_package(**asked)


def _metrics(home: str, there: Mapping[str, bytes]) -> dict[str, Any]:
    said = {"ModelQuality": {"Statistics": _source(f"{home}/{_STATISTICS}")}} if _STATISTICS in there else {}
    reports = {kind: {which: _source(f"{home}/{name}")} for name, (kind, which) in _REPORTS.items() if name in there}
    return {**said, **reports}


def _baselines(order: Order, run: Run, home: str, there: Mapping[str, bytes]) -> dict[str, Any]:
    """What later data and answers are held against: the training data, and how good the model was."""
    gate = next(step for step in order.spec.steps if step.name == order.spec.gate)
    quality = {"ModelQuality": {"Statistics": _source(f"{home}/{_STATISTICS}")}} if _STATISTICS in there else {}
    if "train" not in gate.inputs:
        return quality
    data = f"{run.output(gate.inputs['train'])}/data.csv"
    return {**quality, "ModelDataQuality": {"Statistics": {"ContentType": "text/csv", "S3Uri": data}}}


def _source(uri: str) -> dict[str, str]:
    return {"ContentType": "application/json", "S3Uri": uri}
