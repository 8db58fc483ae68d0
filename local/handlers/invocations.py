"""SageMaker Runtime: calls of endpoints that run here, answered by their models' own containers.

Sources, read 2026-11-30: botocore's service model of SageMaker Runtime (Body up to 6,291,456 bytes, ModelError with
OriginalStatusCode, OriginalMessage and LogStreamArn); SageMaker Developer Guide, "Invoke a serverless endpoint" (4 MB).
The words: public reports ("Endpoint … of account … not found.", "Received client error (400) from primary with message
…", a ThrottlingException without a message). How AWS words the refusal of a variant that is not there, and of a call
that an endpoint of the other kind is for (a ValidationError: strands-agents/harness-sdk 1969), no page says.
"""

import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from moto.sagemaker.models import sagemaker_backends

from local.authority.network import UnreachableError
from local.authority.sessions import NotTrustedError
from local.endpoints.fleet import Variant
from local.endpoints.hosted import Hosted, captures_to, hosted
from local.endpoints.replies import LONGEST_ANSWER_SECONDS, Question, Reply
from local.endpoints.server import NotServingError
from local.endpoints.watching import put_metrics
from local.handlers.dispatch import waiting
from local.handlers.operation import Call, Refusal, operation, requires
from local.handlers.records import Record

SERVICE: Final = "sagemaker-runtime"
_MOST_BYTES: Final = 6 << 20
_MOST_BYTES_SERVERLESS: Final = 4 << 20
_MOST_BYTES_INLINE: Final = 128_000
_MICROSECONDS: Final = 1_000_000
_INVALID: Final = "ValidationError"


def _found(call: Call) -> Hosted | None:
    """The endpoint of a call; None: moto answers for it."""
    name = str(call.params["EndpointName"])
    record = sagemaker_backends[call.account][call.region].endpoints.get(name)
    if record is None or record.endpoint_status in {"Creating", "Failed"}:
        raise Refusal(_INVALID, f"Endpoint {name} of account {call.account} not found.")
    return hosted(call, name)


def _variant(call: Call, endpoint: Hosted) -> Variant:
    target = call.params.get("TargetVariant")
    found = endpoint.find(str(target)) if target else endpoint.turn()
    if found is None:
        raise Refusal(_INVALID, f"Variant {target} not found for endpoint {endpoint.name}.")
    return found


@operation(SERVICE, "InvokeEndpoint")
def invoke(call: Call) -> Record | None:
    """Ask the model, and say how it went to who watches."""
    endpoint = _found(call)
    if endpoint is None:
        return None
    if endpoint.queue:
        raise Refusal(_INVALID, f"Endpoint {endpoint.name} is asynchronous: call InvokeEndpointAsync.")
    variant = _variant(call, endpoint)
    question = Question(
        body=call.params.get("Body") or b"",
        content_type=str(call.params.get("ContentType") or ""),
        accept=str(call.params.get("Accept") or ""),
        custom=str(call.params.get("CustomAttributes") or ""),
    )
    most = _MOST_BYTES_SERVERLESS if variant.most else _MOST_BYTES
    if len(question.body) > most:
        text = f"failed to satisfy constraint: Member must have length less than or equal to {most}"
        raise Refusal(_INVALID, f"1 validation error detected: Value at 'body' {text}")
    if variant.most and variant.busy >= variant.most:
        raise Refusal("ThrottlingException", "")
    reply = _asked(call, endpoint, variant, question)
    if not reply.well:
        raise _model_error(call, endpoint.name, reply)
    answer = {
        "Body": reply.body,
        "ContentType": reply.content_type,
        "InvokedProductionVariant": variant.name,
        "CustomAttributes": reply.custom,
    }
    return {name: value for name, value in answer.items() if value or name == "Body"}


def _asked(call: Call, endpoint: Hosted, variant: Variant, question: Question) -> Reply:
    """Ask the container while other calls go on."""
    began, took = time.monotonic(), _Took()
    variant.busy += 1
    try:
        with waiting():
            try:
                took.setup = variant.server.up()
                asked = time.monotonic()
                reply = variant.server.ask(question, seconds=LONGEST_ANSWER_SECONDS)
                took.model = time.monotonic() - asked
            except (NotServingError, NotTrustedError, UnreachableError) as error:
                reply = Reply(status=0, body=str(error).encode())
            if endpoint.capture and reply.well:
                endpoint.capture.note(variant, question, reply, str(call.params.get("InferenceId") or ""))
    finally:
        variant.busy -= 1
    took.whole = time.monotonic() - began
    _count(call, endpoint, variant, reply, took)
    return reply


@dataclass
class _Took:
    """How long the parts of a call took [s]."""

    setup: float = 0.0
    model: float = 0.0
    whole: float = 0.0


def _count(call: Call, endpoint: Hosted, variant: Variant, reply: Reply, took: _Took) -> None:
    client = HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR
    values = {
        "Invocations": 1.0,
        "InvocationsPerInstance": 1.0 / max(variant.instances, 1),
        "ModelLatency": took.model * _MICROSECONDS,
        "OverheadLatency": (took.whole - took.model) * _MICROSECONDS,
        "Invocation4XXErrors": float(client),
        "Invocation5XXErrors": float(not reply.well and not client),
        "InvocationModelErrors": float(not reply.well),
    }
    if variant.most and took.setup:
        values["ModelSetupTime"] = took.setup * _MICROSECONDS
    put_metrics(call.account, call.region, {"EndpointName": endpoint.name, "VariantName": variant.name}, values)


def _model_error(call: Call, name: str, reply: Reply) -> Refusal:
    kind = "client" if HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR else "server"
    said, group = reply.body.decode(errors="replace"), f"/aws/sagemaker/Endpoints/{name}"
    console = f"https://{call.region}.console.aws.amazon.com/cloudwatch/home?region={call.region}"
    return Refusal(
        "ModelError",
        f'Received {kind} error ({reply.status}) from primary with message "{said}". See '
        f"{console}#logEventViewer:group={group} in account {call.account} for more information.",
        OriginalStatusCode=reply.status,
        OriginalMessage=said,
        LogStreamArn=call.arn(f"log-group:{group}", service="logs"),
    )


@operation(SERVICE, "InvokeEndpointAsync")
def invoke_later(call: Call) -> Record | None:
    """Take a request in, and say where its answer will lie."""
    endpoint = _found(call)
    if endpoint is None:
        return None
    if endpoint.queue is None:
        raise Refusal(_INVALID, f"Endpoint {endpoint.name} is not asynchronous: call InvokeEndpoint.")
    given = [name for name in ("Body", "InputLocation") if call.params.get(name)]
    if len(given) != 1 or len(call.params.get("Body") or b"") > _MOST_BYTES_INLINE:
        raise Refusal(_INVALID, f"Give either InputLocation or a Body of up to {_MOST_BYTES_INLINE} bytes.")
    if endpoint.queue.full:
        raise Refusal("ThrottlingException", "")
    order = endpoint.queue.order(call.params)
    endpoint.queue.submit(order, endpoint.turn)
    places = {"OutputLocation": order.output, "FailureLocation": order.failure}
    return {"InferenceId": order.inference_id, **{name: place for name, place in places.items() if place}}


@requires("s3", "ListObjects", "ListObjectsV2")
def written(call: Call) -> None:
    """Let who lists a bucket see all that was captured before."""
    for capture in captures_to(str(call.params["Bucket"])):
        with waiting():
            capture.flush()
