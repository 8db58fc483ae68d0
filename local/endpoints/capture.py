"""Data capture: what goes into an endpoint and comes out of it, as lines of JSON in S3.

Written with the execution role's rights, in the order of the calls: a file every LINES lines, or once a second has
passed, or when somebody lists the bucket. Only answered calls are captured; a refused file is lost, and the
container's log says why: no page says what AWS does there.
Sources: SageMaker API Reference, DataCaptureConfig ("If no headers are specified SageMaker will by default base64
encode"); SageMaker Developer Guide, "Capture data from real-time endpoint" (the path of the files); a captured line
with an inference id, public example of 2022-01-11; read 2026-11-30. The file's name is not documented.
"""

import base64
import json
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from local.authority.network import UnreachableError
from local.authority.sessions import NotTrustedError
from local.endpoints.choosing import sampled
from local.endpoints.fleet import Variant
from local.endpoints.replies import Question, Reply

LINES: Final = 100
_MOST_BYTES: Final = 1 << 20
_AFTER_SECONDS: Final = 1.0


@dataclass
class _File:
    """Lines of one variant that are not written yet."""

    variant: Variant
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    lines: list[str] = field(default_factory=list)
    size: int = 0


class Capture:
    """Captures what an endpoint is asked and answers."""

    def __init__(self, endpoint: str, settings: Mapping[str, Any]) -> None:
        self.endpoint = endpoint
        self.settings = settings
        self.bucket, _, self._prefix = str(settings["DestinationS3Uri"]).removeprefix("s3://").partition("/")
        modes = {str(each.get("CaptureMode")) for each in settings.get("CaptureOptions", ())}
        self._input = bool(modes & {"Input", "InputAndOutput"})
        self._output = bool(modes & {"Output", "InputAndOutput"})
        self._calls = 0
        self._files: dict[str, _File] = {}
        self._guard = threading.Lock()
        self._writing = threading.Lock()

    @property
    def summary(self) -> Mapping[str, Any]:
        """What DescribeEndpoint shows of it."""
        runs = self._enabled
        shown = {
            "EnableCapture": runs,
            "CaptureStatus": "Started" if runs else "Stopped",
            "CurrentSamplingPercentage": self.settings["InitialSamplingPercentage"],
            "DestinationS3Uri": self.settings["DestinationS3Uri"],
            "KmsKeyId": self.settings.get("KmsKeyId"),
        }
        return {name: value for name, value in shown.items() if value is not None}

    @property
    def _enabled(self) -> bool:
        return bool(self.settings.get("EnableCapture", True))

    def note(self, variant: Variant, question: Question, reply: Reply, inference_id: str) -> None:
        """Capture one call, where it is one of the sample."""
        with self._guard:
            self._calls += 1
            if not self._enabled or not sampled(self._calls, int(self.settings["InitialSamplingPercentage"])):
                return
            line = self._line(question, reply, inference_id)
            first = not self._files
            file = self._files.setdefault(variant.name, _File(variant))
            file.lines.append(line)
            file.size += len(line)
            full = len(file.lines) >= LINES or file.size >= _MOST_BYTES
        if full:
            self.flush()
        elif first:
            timer = threading.Timer(_AFTER_SECONDS, self.flush)
            timer.daemon = True
            timer.start()

    def flush(self) -> None:
        """Write what is not written yet; never while a call is being answered."""
        with self._writing:
            with self._guard:
                files, self._files = self._files, {}
            for file in files.values():
                self._write(file)

    def _write(self, file: _File) -> None:
        began, variant = file.began, file.variant
        name = f"{began:%M-%S}-{began.microsecond // 1000:03d}-{uuid.uuid4()}.jsonl"
        parts = [self._prefix.strip("/"), self.endpoint, variant.name, f"{began:%Y/%m/%d/%H}", name]
        key = self.settings.get("KmsKeyId")
        encrypted = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key} if key else {}
        try:
            variant.role.client("s3").put_object(
                Bucket=self.bucket,
                Key="/".join(part for part in parts if part),
                Body="".join(f"{line}\n" for line in file.lines).encode(),
                **encrypted,
            )
        except (BotoCoreError, ClientError, NotTrustedError, UnreachableError) as error:
            variant.log(f"data capture of {len(file.lines)} calls is lost: {error}")

    def _line(self, question: Question, reply: Reply, inference_id: str) -> str:
        data = {}
        if self._input:
            data["endpointInput"] = self._part("INPUT", question.content_type, question.body)
        if self._output:
            data["endpointOutput"] = self._part("OUTPUT", reply.content_type, reply.body)
        event: dict[str, Any] = {"eventId": str(uuid.uuid4())}
        if inference_id:
            event["inferenceId"] = inference_id
        if question.custom:
            event["customAttributes"] = [question.custom]
        event["inferenceTime"] = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return json.dumps({"captureData": data, "eventMetadata": event, "eventVersion": "0"}, separators=(",", ":"))

    def _part(self, mode: str, content_type: str, body: bytes) -> Mapping[str, str]:
        encoding = self._encoding(content_type)
        plain = encoding != "BASE64"
        data = body.decode(errors="replace") if plain else base64.b64encode(body).decode()
        return {"observedContentType": content_type, "mode": mode, "data": data, "encoding": encoding}

    def _encoding(self, content_type: str) -> str:
        kinds = self.settings.get("CaptureContentTypeHeader") or {}
        bare = content_type.partition(";")[0].strip().lower()
        for encoding, member in (("CSV", "CsvContentTypes"), ("JSON", "JsonContentTypes")):
            if bare in {str(each).lower() for each in kinds.get(member) or ()}:
                return encoding
        return "BASE64"
