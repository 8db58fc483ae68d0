"""One job: what was asked, what Describe says of it, and whether somebody has stopped it.

moto keeps the record that Describe and List answer from; here it changes as the job goes on.
"""

import shutil
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from moto.sagemaker.models import sagemaker_backends

from local.authority.network import UnreachableError
from local.authority.sessions import NotTrustedError
from local.containers.process import Connection
from local.containers.role import client, connected
from local.handlers.dispatch import LOCK
from local.handlers.here import HERE
from local.handlers.records import stamp
from local.jobs.logs import Stream

_LONGEST_REASON: Final = 1024
"""Characters of FailureReason. Source: botocore 1.44, SageMaker, FailureReason."""


class FailedError(Exception):
    """The job has failed; the text is FailureReason, in AWS's words where they are known."""


class StoppedError(Exception):
    """The job was stopped; the text is its secondary status."""


@dataclass(frozen=True, kw_only=True)
class Sort:
    """A kind of job, and what moto calls its members."""

    noun: str
    """As in the operations' names."""

    store: str
    prefix: str
    """Of the attributes: training_job_status."""

    times: tuple[str, str]
    """Attributes of start and end."""

    @property
    def group(self) -> str:
        """The log group."""
        return f"/aws/sagemaker/{self.noun}s"


TRAINING: Final = Sort(
    noun="TrainingJob",
    store="training_jobs",
    prefix="training_job",
    times=("training_start_time", "training_end_time"),
)
PROCESSING: Final = Sort(
    noun="ProcessingJob",
    store="processing_jobs",
    prefix="processing_job",
    times=("processing_start_time", "processing_end_time"),
)
TRANSFORM: Final = Sort(
    noun="TransformJob",
    store="transform_jobs",
    prefix="transform_job",
    times=("transform_start_time", "transform_end_time"),
)
TUNING: Final = Sort(
    noun="HyperParameterTuningJob",
    store="hyper_parameter_tuning_jobs",
    prefix="hyper_parameter_tuning_job",
    times=("creation_time", "hyper_parameter_tuning_end_time"),
)
SORTS: Final = (TRAINING, PROCESSING, TRANSFORM, TUNING)

JOBS: Final[dict[tuple[str, str, str, str], "Job"]] = {}
"""(account, region, noun, name) → the job, as long as it runs."""


@dataclass(frozen=True, kw_only=True)
class Where:
    """As whom and from where a job works."""

    role_arn: str
    subnets: tuple[str, ...] = ()
    isolated: bool = False
    """Whether its container has no network."""

    image: Path = Path()
    """The image's folder."""

    metrics: Mapping[str, str] = field(default_factory=dict)
    """Metrics that are defined for the image, a built-in algorithm's: name → regular expression."""


class Job:
    """A job that runs here."""

    def __init__(self, sort: Sort, account: str, region: str, params: Mapping[str, Any], place: Where) -> None:
        self.sort, self.account, self.region, self.params, self.place = sort, account, region, params, place
        self.name = str(params[f"{sort.noun}Name"])
        self.record: Any = getattr(sagemaker_backends[account][region], sort.store)[self.name]
        self.stopping = threading.Event()
        self.ended = threading.Event()
        HERE.folder.mkdir(parents=True, exist_ok=True)
        self.root = Path(tempfile.mkdtemp(prefix=f"{self.name[:40]}-", dir=HERE.folder))
        host = f"i-{time.time_ns():x}"[:19] if sort is TRANSFORM else "algo-1"
        self.log = Stream(account, region, sort.group, f"{self.name}/{host}-{int(time.time())}")
        self.change("InProgress", **{sort.times[1]: None})
        JOBS[account, region, sort.noun, self.name] = self

    def change(self, status: str = "", /, **members: object) -> None:
        """Change what Describe says; *status* is the job's."""
        with LOCK:
            if status:
                setattr(self.record, f"{self.sort.prefix}_status", status)
            for name, value in members.items():
                setattr(self.record, name, value)
            self.record.last_modified_time = stamp()

    @property
    def status(self) -> str:
        """What Describe says."""
        return str(getattr(self.record, f"{self.sort.prefix}_status"))

    def phase(self, name: str, message: str) -> None:
        """Enter a secondary status; training jobs have them."""
        if self.sort is not TRAINING:
            return
        with LOCK:
            now, before = stamp(), [*self.record.secondary_status_transitions]
            if before and "EndTime" not in before[-1]:
                before[-1] = {**before[-1], "EndTime": now}
            entered = {"Status": name, "StartTime": now, "StatusMessage": message}
            self.change(secondary_status=name, secondary_status_transitions=[*before, entered])

    def begin(self) -> None:
        """Its container starts now."""
        self.change(**{self.sort.times[0]: stamp()})

    def end(self, status: str, *, reason: str = "", phase: str = "") -> None:
        """Say how it ended, and leave nothing of it on this machine."""
        words = {"Completed": "completed", "Failed": "failed", "Stopped": "stopped"}[status]
        exceeded = phase == "MaxRuntimeExceeded"
        message = "Training job runtime exceeded MaxRuntimeInSeconds provided" if exceeded else f"Training job {words}"
        shutil.rmtree(self.root, ignore_errors=True)
        with LOCK:
            self.phase(phase or status, message)
            if self.sort is TRAINING:
                self.record.secondary_status_transitions[-1]["EndTime"] = stamp()
            failed = {"failure_reason": reason[:_LONGEST_REASON]} if reason else {}
            self.change(status, **{self.sort.times[1]: stamp()}, **failed)
            JOBS.pop((self.account, self.region, self.sort.noun, self.name), None)
        self.ended.set()

    def stop(self) -> None:
        """Let it end: SIGTERM for its container, the rest in its own time."""
        if self.status == "InProgress":
            self.change("Stopping")
            self.phase("Stopping", "Stopping the training job")
        self.stopping.set()

    @cached_property
    def connection(self) -> Connection:
        """How its role reaches AWS.

        Raises:
            FailedError: the role or the network is not there any more.
        """
        try:
            return connected(self.place.role_arn, self.place.subnets)
        except (NotTrustedError, UnreachableError) as error:
            raise FailedError(f"ClientError: {error}") from error

    @cached_property
    def s3(self) -> Any:  # noqa: ANN401 - boto3's clients have no type
        """S3, with the role's own rights and through the job's network."""
        return client(self.connection, "s3", self.region)
