"""A file arrived: EventBridge starts the pipeline of a rule, and SageMaker Pipelines the transform job of its one step.

moto tells its rules of each new object where the bucket asks for it, and knows neither the target nor how to run a
pipeline. So from there it goes on here, as AWS does: EventBridge takes the target's role, as the rule, and starts the
pipeline; SageMaker takes the pipeline's role and starts the job: calls like anybody's, decided at the gate. What cannot
be started becomes a dead letter where the queue lets EventBridge write one, at once: the tries between are not made. A
step that is refused fails the run. Of a run whose job was started nothing follows: it counts as succeeded at once.

Sources: EventBridge User Guide, "Event bus targets in Amazon EventBridge" (JSON paths as target parameters), read
2026-11-30; from memory of the SageMaker Developer Guide: the names of jobs that Pipelines starts, and its JSON.
"""

import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Thread
from typing import Any, Final

from botocore.exceptions import ClientError, ParamValidationError
from moto.events.models import Rule
from moto.sagemaker.models import sagemaker_backends
from moto.sqs.models import sqs_backends

from checks.access import evaluate, request
from local.authority.held import service_caller
from local.authority.resource_policies import target_of
from local.authority.sessions import NotTrustedError
from local.containers.role import client, connected
from local.handlers.dispatch import LOCK

_EVENTS: Final = "events.amazonaws.com"
_CANNOT: Final = (NotTrustedError, ClientError, ParamValidationError)


class _StepError(Exception):
    """A step that cannot be run here."""


@dataclass(frozen=True)
class _Run:
    """A run of a pipeline."""

    region: str
    account: str
    pipeline: str
    arn: str
    parameters: Mapping[str, str]


def install() -> None:
    """Let rules start pipelines; once per process."""
    send = Rule.send_to_targets

    def send_to_targets(self: Any, original_event: Any, transform_input: bool = True) -> None:  # noqa: ANN401 - moto's signature
        mine = [each for each in self.targets if ":sagemaker:" in each["Arn"]]
        if mine and self.state == "ENABLED" and self.event_pattern.matches_event(original_event):
            event = {**original_event, "id": str(uuid.uuid4())}
            for target in mine:
                # The object's own call is still being answered.
                Thread(target=_arrived, args=(self.arn, dict(target), event), daemon=True).start()
        if len(mine) < len(self.targets) or not mine:
            send(self, original_event, transform_input)

    Rule.send_to_targets = send_to_targets  # type: ignore[method-assign] # moto has no other place for it


def _arrived(rule_arn: str, target: Mapping[str, Any], event: Mapping[str, Any]) -> None:
    """Start the target's pipeline."""
    _, _, _, region, account, resource = str(target["Arn"]).split(":", 5)
    name = resource.removeprefix("pipeline/")
    given = target.get("SageMakerPipelineParameters", {}).get("PipelineParameterList", [])
    parameters = {each["Name"]: _value(event, each["Value"]) for each in given}
    try:
        sagemaker = client(connected(target["RoleArn"], service=_EVENTS, source=rule_arn), "sagemaker", region)
        arn = sagemaker.start_pipeline_execution(
            PipelineName=name,
            PipelineParameters=[{"Name": key, "Value": value} for key, value in parameters.items()],
        )["PipelineExecutionArn"]
    except _CANNOT as error:
        _bury(rule_arn, target, event, error)
        return
    _execute(_Run(region, account, name, arn, parameters))


def _value(event: Mapping[str, Any], text: str) -> str:
    """A parameter: text, or a JSON path into the event, of names only."""
    if not text.startswith("$."):
        return text
    found: Any = event
    for step in text.removeprefix("$.").split("."):
        found = found[step]
    return str(found)


def _execute(run: _Run) -> None:
    """Start what the steps say."""
    with LOCK:
        pipeline = sagemaker_backends[run.account][run.region].pipelines[run.pipeline]
        steps = json.loads(pipeline.pipeline_definition)["Steps"]
        execution = pipeline.pipeline_executions[run.arn]
    identity = run.arn.rpartition("/")[2]
    try:
        sagemaker = client(connected(pipeline.role_arn), "sagemaker", run.region)
        for step in steps:
            name = f"pipelines-{identity}-{step['Name']}-{secrets.token_hex(5)}"
            sagemaker.create_transform_job(TransformJobName=name, **_job(step, run))
    except (*_CANNOT, _StepError) as error:
        with LOCK:
            execution.pipeline_execution_status = "Failed"
            execution.pipeline_execution_failure_reason = str(error)  # type: ignore[assignment] # moto begins with None


def _job(step: Mapping[str, Any], run: _Run) -> dict[str, Any]:
    """The request of the step's job, but for its name."""
    if step["Type"] != "Transform":
        raise _StepError(f"step {step['Name']}: the emulated AWS runs Transform steps only")
    request: dict[str, Any] = _resolved(step["Arguments"], run)
    return request


def _resolved(value: Any, run: _Run) -> Any:  # noqa: ANN401 - JSON
    """The arguments with what the run knows in the places of references."""
    if isinstance(value, list):
        return [_resolved(each, run) for each in value]
    if not isinstance(value, dict):
        return value
    if "Std:Join" in value:
        join = value["Std:Join"]
        return str(join["On"]).join(_resolved(join["Values"], run))
    if "Get" in value:
        kind, _, name = str(value["Get"]).partition(".")
        if kind == "Parameters" and name in run.parameters:
            return run.parameters[name]
        if value["Get"] == "Execution.PipelineExecutionId":
            return run.arn.rpartition("/")[2]
        raise _StepError(f"nothing is known of {value['Get']}")
    return {key: _resolved(each, run) for key, each in value.items()}


def _bury(rule_arn: str, target: Mapping[str, Any], event: Mapping[str, Any], error: Exception) -> None:
    """Keep the event as a dead letter, if the queue and its key let EventBridge."""
    queue_arn = str(target.get("DeadLetterConfig", {}).get("Arn", ""))
    if not queue_arn:
        return
    _, _, _, region, account, name = queue_arn.split(":")
    with LOCK:
        queues = sqs_backends[account][region]
        queue = queues.queues.get(name)
        key = getattr(queue, "kms_master_key_id", None)
        lets = _lets("sqs:SendMessage", queue_arn, account, rule_arn)
        if queue is None or not lets or (key and not _lets("kms:GenerateDataKey", key, account, rule_arn)):
            return
        facts = {"ERROR_MESSAGE": str(error), "RULE_ARN": rule_arn, "TARGET_ARN": str(target["Arn"])}
        queues.send_message(
            queue_name=name,
            message_body=json.dumps(event),
            message_attributes={each: {"DataType": "String", "StringValue": value} for each, value in facts.items()},
        )


def _lets(action: str, resource: str, account: str, rule_arn: str) -> bool:
    """Whether a resource's own policy lets EventBridge come for the rule."""
    asked = request(_EVENTS, action, resource, resource_account=account, context={"aws:SourceArn": rule_arn})
    return evaluate(asked, service_caller(_EVENTS), target_of(resource, account)).allowed
