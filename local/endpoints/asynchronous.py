"""Asynchronous inference: input from S3, answer to S3, word by SNS; all with the execution role's rights.

Sources: SageMaker API Reference, InvokeEndpointAsync (timeout 15 minutes, time to live 6 hours, Body up to 128,000
bytes), AsyncInferenceConfig; the messages: published ones of 2023 (Completed and Failed); read 2026-11-30. That a
message carries the answer itself (IncludeInferenceResponseIn) is not emulated.
"""

import json
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from local.authority.network import UnreachableError
from local.authority.sessions import NotTrustedError
from local.endpoints.fleet import Variant
from local.endpoints.replies import Question
from local.endpoints.server import NotServingError
from local.endpoints.watching import put_metrics
from local.handlers.dispatch import LOCK
from local.handlers.operation import Call

TIMEOUT_SECONDS: Final = 900
LIVES_SECONDS: Final = 21600
_MOST_AT_ONCE: Final = 4
_MOST_WAITING: Final = 1000
_LOST: Final = (BotoCoreError, ClientError, NotTrustedError, UnreachableError)


@dataclass(frozen=True, kw_only=True)
class Order:
    """One request in the queue."""

    inference_id: str
    source: str
    """Where the input lies; empty: it is the body."""

    body: bytes
    content_type: str
    accept: str
    custom: str
    output: str
    """Where the answer will lie."""

    failure: str
    """Where the model's error will lie; empty: nowhere."""

    seconds: float
    """The longest it may take [s]."""

    lives: float
    """The longest it may wait [s]."""

    received: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: float = field(default_factory=time.monotonic)


class Queue:
    """The queue of an asynchronous endpoint."""

    def __init__(self, call: Call, endpoint: str, config: Mapping[str, Any]) -> None:
        self.config = config
        self._call = call
        self._endpoint = endpoint
        wanted = (config.get("ClientConfig") or {}).get("MaxConcurrentInvocationsPerInstance") or _MOST_AT_ONCE
        self._workers = ThreadPoolExecutor(min(int(wanted), _MOST_AT_ONCE))
        self._waiting = 0

    @property
    def full(self) -> bool:
        """Whether it takes no more."""
        return self._waiting >= _MOST_WAITING

    def order(self, params: Mapping[str, Any]) -> Order:
        """Return what a call of InvokeEndpointAsync asks for."""
        name = str(uuid.uuid4())
        given = self.config["OutputConfig"]
        file = params.get("Filename") or f"{name}.out"
        extension = str(params.get("S3OutputPathExtension") or "").strip("/")
        failures = given.get("S3FailurePath")

        def place(root: str, last: str) -> str:
            return "/".join(part for part in (root.rstrip("/"), extension, last) if part)

        return Order(
            inference_id=str(params.get("InferenceId") or uuid.uuid4()),
            source=str(params.get("InputLocation") or ""),
            body=params.get("Body") or b"",
            content_type=str(params.get("ContentType") or ""),
            accept=str(params.get("Accept") or ""),
            custom=str(params.get("CustomAttributes") or ""),
            output=place(str(given.get("S3OutputPath") or ""), file),
            failure=place(str(failures), f"{name}-error.out") if failures else "",
            seconds=float(params.get("InvocationTimeoutSeconds") or TIMEOUT_SECONDS),
            lives=float(params.get("RequestTTLSeconds") or LIVES_SECONDS),
        )

    def submit(self, order: Order, turn: Callable[[], Variant]) -> None:
        """Take a request in; whose *turn* it is, is asked when its own comes."""
        self._waiting += 1
        self._workers.submit(self._work, order, turn)

    def close(self, *, waiting: bool = True) -> None:
        """Take nothing more in; what is *waiting* still has its turn, or has not."""
        self._workers.shutdown(wait=False, cancel_futures=not waiting)

    def _work(self, order: Order, turn: Callable[[], Variant]) -> None:
        with LOCK:
            variant = turn()
        try:
            if time.monotonic() - order.began > order.lives:
                self._tell(order, variant, "Expired", "", reason="The request expired before it was processed.")
            else:
                self._answer(order, variant)
        except _LOST as error:
            self._tell(order, variant, "Failed", "", reason=f"ClientError: {error}")
        except NotServingError as error:
            self._tell(order, variant, "Failed", "", reason=f"InternalServerError: {error}")
        finally:
            self._waiting -= 1

    def _answer(self, order: Order, variant: Variant) -> None:
        s3 = variant.role.client("s3")
        body = order.body
        if order.source:
            bucket, _, key = order.source.removeprefix("s3://").partition("/")
            body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        question = Question(body=body, content_type=order.content_type, accept=order.accept, custom=order.custom)
        variant.server.up()
        reply = variant.server.ask(question, seconds=order.seconds)
        place = order.output if reply.well else order.failure
        if place:
            self._write(s3, place, reply.body, reply.content_type)
        if reply.well:
            self._tell(order, variant, "Completed", reply.content_type)
            return
        kind, code = ("client", "ClientError") if 400 <= reply.status < 500 else ("server", "InternalServerError")  # noqa: PLR2004 - HTTP's own
        reason = f"{code}: Received {kind} error ({reply.status}) from model. See the SageMaker Endpoint logs in your "
        self._tell(order, variant, "Failed", "", reason=f"{reason}account for more information.")

    def _write(self, s3: Any, place: str, body: bytes, content_type: str) -> None:  # noqa: ANN401 - boto3's client
        bucket, _, key = place.removeprefix("s3://").partition("/")
        encrypted = {}
        if kms := self.config["OutputConfig"].get("KmsKeyId"):
            encrypted = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms}
        s3.put_object(
            Bucket=bucket, Key=key, Body=body, ContentType=content_type or "application/octet-stream", **encrypted
        )

    def _tell(self, order: Order, variant: Variant, status: str, content_type: str, *, reason: str = "") -> None:
        """Log and count how it went, and tell who wants to know."""
        well = status == "Completed"
        if reason:
            variant.log(f"inference {order.inference_id}: {reason}")
        counted = {"InvocationsProcessed": 1.0, "InvocationFailures": 0.0 if well else 1.0}
        put_metrics(self._call.account, self._call.region, {"EndpointName": self._endpoint}, counted)
        topic = (self.config["OutputConfig"].get("NotificationConfig") or {}).get(
            "SuccessTopic" if well else "ErrorTopic"
        )
        if not topic:
            return
        message = json.dumps(self._message(order, status, content_type, reason), separators=(",", ":"))
        try:
            variant.role.client("sns").publish(TopicArn=topic, Message=message)
        except _LOST as error:
            variant.log(f"inference {order.inference_id}: nobody was told: {error}")

    def _message(self, order: Order, status: str, content_type: str, reason: str) -> Mapping[str, Any]:
        asked = {"endpointName": self._endpoint, "inputLocation": order.source, "accept": order.accept}
        message = {
            "awsRegion": self._call.region,
            "eventTime": _instant(datetime.now(UTC)),
            "receivedTime": _instant(order.received),
            "invocationStatus": status,
            "requestParameters": {name: value for name, value in asked.items() if value},
            "inferenceId": order.inference_id,
            "eventVersion": "1.0",
            "eventSource": "aws:sagemaker",
            "eventName": "InferenceResult",
        }
        if reason:
            return {**message, "failureReason": reason}
        return {**message, "responseParameters": {"contentType": content_type, "outputLocation": order.output}}


def _instant(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}Z"
