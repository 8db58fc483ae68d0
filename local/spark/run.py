"""One run of an application: what was asked, its state, and who is told of each change.

Source: EMR Serverless User Guide, "Job run states" and "Automating EMR Serverless with Amazon EventBridge"; botocore
1.44, EMR Serverless, JobRun; read 2026-11-30.
"""

import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from local.authority.network import UnreachableError
from local.authority.sessions import NotTrustedError
from local.containers.process import Connection
from local.containers.role import client, connected
from local.handlers.dispatch import LOCK
from local.handlers.here import HERE
from local.handlers.records import Record, stamp
from local.jobs.logs import Stream
from local.spark.events import tell

SERVICE: Final = "emr-serverless.amazonaws.com"
ENDED: Final = frozenset({"SUCCESS", "FAILED", "CANCELLED"})

_LONGEST_DETAILS: Final = 256
"""Characters of stateDetails. Source: botocore 1.44, EMR Serverless, String256."""


class RunFailedError(Exception):
    """The run has failed; the text is stateDetails."""


class Run:
    """A run."""

    def __init__(self, account: str, region: str, application: Record, asked: Mapping[str, Any], caller: str) -> None:
        self.account, self.region, self.application, self.asked = account, region, application, asked
        self.cancelled, self.ended = threading.Event(), threading.Event()
        self.working_since = 0.0
        name = f"00{secrets.token_hex(7)}"
        HERE.folder.mkdir(parents=True, exist_ok=True)
        self.root = Path(tempfile.mkdtemp(prefix=f"spark-{name}-", dir=HERE.folder))
        now = stamp()
        self.record: Record = {
            "applicationId": application["applicationId"],
            "jobRunId": name,
            "arn": f"{application['arn']}/jobruns/{name}",
            "createdBy": caller,
            "createdAt": now,
            "updatedAt": now,
            "executionRole": asked["executionRoleArn"],
            "state": "SUBMITTED",
            "stateDetails": "",
            "releaseLabel": application["releaseLabel"],
            "jobDriver": asked.get("jobDriver") or {},
            "configurationOverrides": asked.get("configurationOverrides") or {},
            "networkConfiguration": application.get("networkConfiguration") or {},
            "executionTimeoutMinutes": asked.get("executionTimeoutMinutes", 720),
            "mode": asked.get("mode", "BATCH"),
            "attempt": 1,
            "tags": asked.get("tags") or {},
            **({"name": asked["name"]} if asked.get("name") else {}),
        }

    def change(self, state: str, details: str = "") -> None:
        """Enter a state, and tell EventBridge."""
        with LOCK:
            before, now = self.record["state"], stamp()
            self.record |= {"state": state, "stateDetails": details[:_LONGEST_DETAILS], "updatedAt": now}
            if state == "RUNNING":
                self.record["startedAt"], self.working_since = now, time.monotonic()
            if state in ENDED:
                self.record["endedAt"] = now
                took = time.monotonic() - self.working_since if self.working_since else 0
                self.record["totalExecutionDurationSeconds"] = int(took)
        tell(
            self.account,
            self.region,
            "aws.emr-serverless",
            "EMR Serverless Job Run State Change",
            {
                "jobRunId": self.record["jobRunId"],
                "applicationId": self.record["applicationId"],
                "arn": self.record["arn"],
                "releaseLabel": self.record["releaseLabel"],
                "state": state,
                "previousState": before,
                "createdBy": self.record["createdBy"],
                "updatedAt": _time(now),
                "createdAt": _time(self.record["createdAt"]),
            },
        )

    def end(self, state: str, details: str = "") -> None:
        """Say how it ended, and leave nothing of it on this machine."""
        shutil.rmtree(self.root, ignore_errors=True)
        self.change(state, details)
        self.ended.set()

    @cached_property
    def connection(self) -> Connection:
        """How the run's role reaches AWS.

        Raises:
            RunFailedError: EMR Serverless may not take the role, or the network is not there.
        """
        subnets = tuple(self.record["networkConfiguration"].get("subnetIds") or ())
        try:
            return connected(str(self.record["executionRole"]), subnets, service=SERVICE)
        except (NotTrustedError, UnreachableError) as error:
            raise RunFailedError(f"Could not assume runtime role: {error}") from error

    @cached_property
    def s3(self) -> Any:  # noqa: ANN401 - boto3's clients have no type
        """S3, with the role's own rights and through the application's network."""
        return client(self.connection, "s3", self.region)

    @cached_property
    def log(self) -> Stream | None:
        """The driver's stream in CloudWatch Logs; None: it is not asked for."""
        wanted = (self.record["configurationOverrides"].get("monitoringConfiguration") or {}).get(
            "cloudWatchLoggingConfiguration"
        ) or {}
        if not wanted.get("enabled"):
            return None
        prefix = wanted.get("logStreamNamePrefix", "")
        place = f"applications/{self.record['applicationId']}/jobs/{self.record['jobRunId']}/SPARK_DRIVER/stdout"
        group = wanted.get("logGroupName", "/aws/emr-serverless")
        return Stream(self.account, self.region, group, f"{prefix}/{place}" if prefix else place)


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
