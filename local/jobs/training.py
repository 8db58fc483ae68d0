"""A training job: channels in, `train`, model.tar.gz and output.tar.gz out, metrics from its log.

Sources: SageMaker Developer Guide, "How Amazon SageMaker AI Signals Algorithm Success and Failure", and botocore 1.44,
SageMaker, DescribeTrainingJob (secondary statuses), read 2026-11-30; the Guide's other pages on training containers
(folders, files, `train`) and the words of FailureReason from memory. One instance runs, however many are asked for.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from local.handlers.records import stamp
from local.jobs.job import FailedError, Job, StoppedError
from local.jobs.objects import fetch, upload_packed
from local.jobs.run import capacity, contained, variables

_LONGEST_FAILURE: Final = 1024
"""Characters of output/failure that are read."""


def train(job: Job) -> None:
    """Do a training job.

    Raises:
        FailedError, StoppedError: how it ended, if not well.
    """
    output = job.params["OutputDataConfig"]
    place = f"{output['S3OutputPath'].rstrip('/')}/{job.name}/output"
    with capacity(job):
        job.phase("Downloading", "Downloading input data")
        _lay_out(job)
        environment = variables(
            job,
            {
                "TRAINING_JOB_NAME": job.name,
                "TRAINING_JOB_ARN": job.record.arn,
                **(job.params.get("Environment") or {}),
            },
        )
        job.phase("Training", "Training image download completed. Training in progress.")
        metrics = Metrics(job)
        code, why = contained(job, _command(job.params["AlgorithmSpecification"]), environment, metrics.line)
        if code and not why:
            raise FailedError(_failure(job, code))
        job.phase("Uploading", "Uploading generated training model")
        key = output.get("KmsKeyId") or ""
        # What a stopped job has saved so far is kept as well.
        kept = upload_packed(job, job.root / "model", f"{place}/model.tar.gz", key)
        job.change(model_artifacts={"S3ModelArtifacts": f"{place}/model.tar.gz"} if kept else {})
        upload_packed(job, job.root / "output" / "data", f"{place}/output.tar.gz", key)
        if why:
            raise StoppedError(why)


def _command(algorithm: Mapping[str, Any]) -> list[str]:
    entrypoint = algorithm.get("ContainerEntrypoint") or []
    return [*entrypoint, *(algorithm.get("ContainerArguments") or ([] if entrypoint else ["train"]))]


def _lay_out(job: Job) -> None:
    """Make the folders and files that a container finds."""
    for name in ("input/config", "input/data", "model", "output/data", "checkpoints"):
        (job.root / name).mkdir(parents=True, exist_ok=True)
    resources = job.params.get("ResourceConfig") or {}
    algorithm = job.params["AlgorithmSpecification"]
    channels = {}
    for channel in job.params.get("InputDataConfig") or ():
        name = channel["ChannelName"]
        mode = channel.get("InputMode") or algorithm.get("TrainingInputMode")
        if mode == "Pipe":
            raise FailedError(f"ClientError: the emulated AWS brings channels as files, not in {mode} mode: {name}")
        source = (channel.get("DataSource") or {}).get("S3DataSource")
        if not source:
            raise FailedError(f"ClientError: the emulated AWS brings channels from S3 only: {name}")
        fetch(job, source["S3DataType"], source["S3Uri"], job.root / "input" / "data" / name)
        channels[name] = {
            "TrainingInputMode": "File",
            "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
            "RecordWrapperType": channel.get("RecordWrapperType", "None"),
            **({"ContentType": channel["ContentType"]} if channel.get("ContentType") else {}),
        }
    kind = resources.get("InstanceType", "")
    group = {"instance_group_name": "homogeneousCluster", "instance_type": kind, "hosts": ["algo-1"]}
    written = {
        "hyperparameters": dict(job.params.get("HyperParameters") or {}),
        "inputdataconfig": channels,
        "resourceconfig": {
            "current_host": "algo-1",
            "current_instance_type": kind,
            "current_group_name": "homogeneousCluster",
            "hosts": ["algo-1"],
            "instance_groups": [group],
            "network_interface_name": "eth0",
        },
    }
    for name, content in written.items():
        (job.root / "input" / "config" / f"{name}.json").write_text(json.dumps(content))


def _failure(job: Job, code: int) -> str:
    """FailureReason: what the container has written, else its exit code alone."""
    file = job.root / "output" / "failure"
    said = file.read_text(errors="replace")[:_LONGEST_FAILURE] if file.is_file() else ""
    exit_code = f", exit code: {code}"
    return f"AlgorithmError: {said[: _LONGEST_FAILURE - len(exit_code) - 16]}{exit_code}"


class Metrics:
    """Reads metrics from the log by the request's regular expressions; the last value counts."""

    def __init__(self, job: Job) -> None:
        self.job = job
        defined = job.params["AlgorithmSpecification"].get("MetricDefinitions") or []
        of_image = job.place.metrics.items()
        self.patterns = {name: re.compile(regex) for name, regex in of_image} | {
            each["Name"]: re.compile(each["Regex"]) for each in defined
        }
        self.values: dict[str, dict[str, object]] = {}

    def line(self, text: str) -> None:
        """Take a line of the log."""
        self.job.log.say(text)
        for name, pattern in self.patterns.items():
            if found := pattern.search(text):
                try:
                    value = float(found[1] if pattern.groups else found[0])
                except ValueError:
                    continue
                self.values[name] = {"MetricName": name, "Value": value, "Timestamp": stamp()}
                self.job.change(final_metric_data_list=[*self.values.values()])
