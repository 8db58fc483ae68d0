"""A schedule's time has come: what EventBridge Scheduler does then, at once and when it is asked to.

    cloud.ask("fire", {"schedule": "arn:aws:scheduler:eu-west-1:111111111111:schedule/GROUP/NAME"})

It takes the schedule's role as the role's trust policy lets it, reads the schedule with the role's right on its key,
puts the run's facts into the input and calls the target's API: a call like anybody's, decided at the gate. What cannot
succeed goes to the dead letter queue at once, what may is tried again, here without the waiting between. Nothing fires
by itself: a rehearsal's clock does not wait for Monday.

Sources, read 2026-11-30: EventBridge Scheduler User Guide, "Adding context attributes"; "Confused deputy prevention"
(the schedule's group is the source); "Encryption at rest"; "Configuring a schedule's dead-letter queue" (its beginning:
the names of the message's attributes are from memory). Which errors are tried again: from memory of EventBridge's own
retry policy; Scheduler's page does not say.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from botocore.exceptions import ClientError, ParamValidationError
from moto.scheduler.models import scheduler_backends
from moto.sqs.models import sqs_backends

from local.authority.role_rights import refused
from local.authority.sessions import NotTrustedError, session
from local.containers.process import Connection, Credentials
from local.containers.role import client
from local.handlers.dispatch import LOCK
from local.handlers.here import HERE
from local.handlers.operation import Call
from local.schedules.universal import TargetError, call_of, request_of

_SERVICE: Final = "scheduler.amazonaws.com"
_SLOW_DOWN: Final = frozenset(
    {"ThrottlingException", "Throttling", "TooManyRequestsException", "ResourceLimitExceeded"}
)

Caller = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]
"""Makes a call: service, method, request → answer."""


class LostError(Exception):
    """The run is lost: Scheduler could not even use the role, so nothing is left of it, not even a dead letter."""


@dataclass(frozen=True)
class Failure:
    """Why a target could not be called."""

    code: str
    message: str
    again: bool
    """Whether trying again may help."""


def fire(schedule_arn: str) -> dict[str, Any]:
    """Start what a schedule says, and return what came of it.

    Returns:
        execution (id of the last attempt), attempts, and either answer (of the API) or error, dead_letter (ARN of the
        queue that has it; empty: none) and unkept (why none); or lost and why.
    """
    _, _, _, region, account, path = schedule_arn.split(":", 5)
    with LOCK:
        kept = scheduler_backends[account][region].schedule_groups.get(path.split("/")[1])
        schedule = kept.schedules.get(path.split("/")[2]) if kept else None
    if schedule is None or schedule.state != "ENABLED":
        return {"lost": f"there is no schedule {schedule_arn} that is enabled"}
    try:
        connection = _connected(schedule, account, region)
    except LostError as error:
        return {"lost": str(error)}

    def call(service: str, method: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = getattr(client(connection, service, region), method)(**request)
        return answer

    return run(schedule.arn, schedule.target, call, unkept=_unkept(schedule, account, region))


def run(arn: str, target: Mapping[str, Any], call: Caller, *, unkept: str = "") -> dict[str, Any]:
    """Call *target* until it succeeds, cannot, or has been tried often enough.

    Args:
        arn: the schedule.
        target: what it says.
        call: makes calls under its role.
        unkept: why the role could encrypt no dead letter; empty: it can.
    """
    most = 1 + int(target["RetryPolicy"]["MaximumRetryAttempts"])
    time = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    attempt = 0
    while True:
        attempt += 1
        execution = secrets.token_hex(8)
        text = _filled(str(target.get("Input") or "{}"), arn, time, execution, attempt)
        outcome = _tried(str(target["Arn"]), text, call)
        if not isinstance(outcome, Failure):
            return {"execution": execution, "attempts": attempt, "answer": dict(outcome)}
        if not outcome.again or attempt == most:
            break
    facts = {
        "ERROR_CODE": outcome.code,
        "ERROR_MESSAGE": outcome.message,
        "EXECUTION_ID": execution,
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": str(attempt - 1),
        "SCHEDULED_TIME": time,
        "SCHEDULE_ARN": arn,
        "TARGET_ARN": str(target["Arn"]),
    }
    queue = str((target.get("DeadLetterConfig") or {}).get("Arn", ""))
    error = f"{outcome.code}: {outcome.message}"
    lost = unkept or (_buried(queue, text, facts, call) if queue else "it has no dead letter queue")
    return {
        "execution": execution,
        "attempts": attempt,
        "error": error,
        "dead_letter": "" if lost else queue,
        "unkept": lost,
    }


def _connected(schedule: Any, account: str, region: str) -> Connection:  # noqa: ANN401 - moto's class
    """Take the role, and read the schedule with it."""
    role = str(schedule.target["RoleArn"])
    group = f"arn:aws:scheduler:{region}:{account}:schedule-group/{schedule.group_name}"
    call = Call("scheduler", "FireSchedule", account, region, {})
    with LOCK:
        try:
            taken = session(role, service=_SERVICE, name=secrets.token_hex(16), source=group)
        except NotTrustedError as error:
            raise LostError(str(error)) from error
        key = schedule.kms_key_arn
        if key and (why := refused(call, role, "kms:Decrypt", key, via="scheduler")):
            raise LostError(why)
    credentials = Credentials(
        access_key=taken["aws_access_key_id"],
        secret_key=taken["aws_secret_access_key"],
        token=taken["aws_session_token"],
    )
    return Connection(endpoint=HERE.address, credentials=credentials)


def _unkept(schedule: Any, account: str, region: str) -> str:  # noqa: ANN401 - moto's class
    """Why the role could not write to its encrypted queue; empty: it can, or there is no such queue or key."""
    arn = str((schedule.target.get("DeadLetterConfig") or {}).get("Arn", ""))
    if not arn:
        return ""
    with LOCK:
        _, _, _, there, owner, name = arn.split(":")
        key = getattr(sqs_backends[owner][there].queues.get(name), "kms_master_key_id", None)
        call = Call("scheduler", "FireSchedule", account, region, {})
        return refused(call, str(schedule.target["RoleArn"]), "kms:GenerateDataKey", key, via="sqs") if key else ""


def _filled(text: str, arn: str, time: str, execution: str, attempt: int) -> str:
    """The input with the run's facts for the keywords."""
    facts = {"schedule-arn": arn, "scheduled-time": time, "execution-id": execution, "attempt-number": str(attempt)}
    for name, value in facts.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def _tried(target: str, text: str, call: Caller) -> Mapping[str, Any] | Failure:
    """Call once."""
    try:
        service, method = call_of(target)
        return call(service, method, request_of(target, json.loads(text)))
    except ClientError as error:
        said = error.response["Error"]
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", HTTPStatus.BAD_REQUEST)
        again = status >= HTTPStatus.INTERNAL_SERVER_ERROR or said["Code"] in _SLOW_DOWN
        return Failure(said["Code"], said["Message"], again)
    except (ParamValidationError, TargetError, ValueError) as error:
        return Failure("ValidationException", str(error), again=False)


def _buried(queue: str, text: str, facts: Mapping[str, str], call: Caller) -> str:
    """Keep the run as a dead letter; why not, if not."""
    _, _, _, _, account, name = queue.split(":")
    request = {
        "QueueUrl": f"{HERE.address}/{account}/{name}",
        "MessageBody": text,
        "MessageAttributes": {key: {"DataType": "String", "StringValue": value} for key, value in facts.items()},
    }
    try:
        call("sqs", "send_message", request)
    except ClientError as error:
        return str(error)
    return ""
