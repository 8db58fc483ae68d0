"""A batch transform job: the model's container serves, each object of the input is sent, each answer kept as NAME.out.

Sources: botocore 1.44, SageMaker, CreateTransformJob (defaults, splitting; no output of an object that was not
processed whole, the others go on), read 2026-11-30; SageMaker Developer Guide, "Use batch transform for inference"
(the job is failed then) and "Custom Inference Code with Batch Transform" (variables), from memory. NAME is the
object's key below the input's prefix; the page's example has a prefix more, what AWS does was not tried.
"""

import time
from collections.abc import Iterator, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from local.containers.model import Program, unpack
from local.containers.process import Running, start
from local.containers.serving import free_port, invoke, pings
from local.jobs.job import FailedError, Job, StoppedError
from local.jobs.logs import Stream
from local.jobs.objects import fetch, objects, put, read
from local.jobs.run import capacity, variables

_START_SECONDS: Final = 600
"""How long a container may take until it answers /ping."""

_SEE_LOGS: Final = "See job logs for more information"


def transform(job: Job, program: Program) -> None:
    """Do a transform job of the model *program*.

    Raises:
        FailedError, StoppedError: how it ended, if not well.
    """
    _unsupported(job.params)
    with capacity(job):
        _bring_model(job, program.data_url)
        source = job.params["TransformInput"]["DataSource"]["S3DataSource"]
        found = objects(job, source["S3DataType"], source["S3Uri"])
        running, port = _serve(job, program)
        try:
            _wait(job, running, port)
            failed = [
                f"s3://{bucket}/{key}" for bucket, key, path in found if not _scored(job, port, bucket, key, path)
            ]
        finally:
            running.terminate(10)
    if failed:
        raise FailedError(f"ClientError: {_SEE_LOGS}")


def _unsupported(asked: Mapping[str, Any]) -> None:
    processing = asked.get("DataProcessing") or {}
    if any(processing.get(name, "$") != "$" for name in ("InputFilter", "OutputFilter")) or (
        processing.get("JoinSource", "None") != "None"
    ):
        raise FailedError("ClientError: the emulated AWS does not filter or join records (DataProcessing)")
    if asked["TransformInput"].get("CompressionType", "None") != "None":
        raise FailedError("ClientError: the emulated AWS reads no compressed input (CompressionType)")
    if asked["TransformInput"].get("SplitType", "None") not in {"None", "Line"}:
        raise FailedError("ClientError: the emulated AWS splits by Line or not at all (SplitType)")


def _bring_model(job: Job, uri: str) -> None:
    model = job.root / "model"
    model.mkdir(parents=True, exist_ok=True)
    if uri.endswith("/"):
        fetch(job, "S3Prefix", uri, model)
    elif uri:
        [archive] = fetch(job, "S3Prefix", uri, job.root / "tmp")[:1]
        try:
            unpack(archive, model)
        except (OSError, ValueError) as error:
            raise FailedError(f"ClientError: {uri} is no model.tar.gz: {error}") from error
        archive.unlink()


def _serve(job: Job, program: Program) -> tuple[Running, int]:
    asked, port = job.params, free_port()
    given = {
        **program.environment,
        "SAGEMAKER_BATCH": "true",
        "SAGEMAKER_MAX_PAYLOAD_IN_MB": str(asked.get("MaxPayloadInMB", 6)),
        "SAGEMAKER_BATCH_STRATEGY": asked.get("BatchStrategy", "MultiRecord"),
        "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": str(asked.get("MaxConcurrentTransforms", 1)),
        **(asked.get("Environment") or {}),
        "SAGEMAKER_BIND_TO_PORT": str(port),
    }
    environment = variables(job, given)
    job.begin()
    return start(program.image, job.root, ["serve"], environment, job.log.say), port


def _wait(job: Job, running: Running, port: int) -> None:
    """Wait until the container answers."""
    deadline = time.monotonic() + _START_SECONDS
    while not pings(port):
        if job.stopping.is_set():
            raise StoppedError("Stopped")
        if running.wait(0.1) is not None or time.monotonic() > deadline:
            raise FailedError(f"AlgorithmError: {_SEE_LOGS}")


def _scored(job: Job, port: int, bucket: str, key: str, path: str) -> bool:
    """Send one object, record by record or whole, and write the answers; whether all came."""
    output = job.params["TransformOutput"]
    headers = {
        "Content-Type": job.params["TransformInput"].get("ContentType", ""),
        "Accept": output.get("Accept", ""),
    }
    client = job.params.get("ModelClientConfig") or {}
    ask = partial(invoke, headers=headers, seconds=float(client.get("InvocationsTimeoutInSeconds") or 600))
    data_log = Stream(job.account, job.region, job.sort.group, f"{job.log.name}/data-log")
    most = int(job.params.get("MaxPayloadInMB", 6)) << 20
    answers = []
    for body in _payloads(job.params, read(job, bucket, key), most):
        if job.stopping.is_set():
            raise StoppedError("Stopped")
        if 0 < most < len(body):
            data_log.say(f"{bucket}/{key}: payload of {len(body)} bytes is larger than MaxPayloadInMB")
            return False
        for _ in range(1 + int(client.get("InvocationsMaxRetries") or 0)):
            status, answer = ask(port, body)
            if status == HTTPStatus.OK:
                break
        else:
            data_log.say(f"{bucket}/{key}: Bad HTTP status received from algorithm: {status}: {answer[:500]!r}")
            return False
        answers.append(answer)
    end = b"\n" if output.get("AssembleWith") == "Line" else b""
    joined = b"".join(answer if end and answer.endswith(end) else answer + end for answer in answers)
    put(job, joined, f"{output['S3OutputPath'].rstrip('/')}/{path}.out", output.get("KmsKeyId") or "")
    return True


def _payloads(asked: Mapping[str, Any], content: bytes, most: int) -> Iterator[bytes]:
    """Yield what is posted: the object, its lines, or as many lines as fit."""
    if asked["TransformInput"].get("SplitType", "None") == "None":
        yield content
        return
    lines = content.splitlines(keepends=True)
    if asked.get("BatchStrategy", "MultiRecord") == "SingleRecord":
        yield from (line.rstrip(b"\r\n") for line in lines)
        return
    batch = b""
    for line in lines:
        if batch and 0 < most < len(batch) + len(line):
            yield batch
            batch = b""
        batch += line
    if batch:
        yield batch
