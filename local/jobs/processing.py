"""A processing job: inputs in, the container's command, outputs out.

Sources: SageMaker Developer Guide, "How Amazon SageMaker Processing Runs Your Processing Container Image" and "Save and
Access Metadata Information About Your Processing Job", read 2026-11-30; its pages on inputs and outputs from memory.
One instance runs, however many are asked for.
"""

import json
from pathlib import Path
from typing import Final

from local.jobs.job import FailedError, Job, StoppedError
from local.jobs.objects import fetch, upload
from local.jobs.run import capacity, contained, rewritten, variables

_LONGEST_MESSAGE: Final = 1024
"""Characters of ExitMessage."""


def process(job: Job) -> None:
    """Do a processing job.

    Raises:
        FailedError, StoppedError: how it ended, if not well.
    """
    outputs = (job.params.get("ProcessingOutputConfig") or {}).get("Outputs") or ()
    key = (job.params.get("ProcessingOutputConfig") or {}).get("KmsKeyId") or ""
    with capacity(job):
        _lay_out(job)
        for output in outputs:
            _local(job, output["S3Output"]["LocalPath"]).mkdir(parents=True, exist_ok=True)
        environment = variables(job, {"PROCESSING_JOB_ARN": job.record.arn, **(job.params.get("Environment") or {})})
        code, why = contained(job, _command(job), environment, job.log.say)
        message = job.root / "output" / "message"
        if message.is_file():
            job.change(exit_message=message.read_text(errors="replace")[:_LONGEST_MESSAGE])
        if why:
            raise StoppedError(why)
        if code:
            raise FailedError("AlgorithmError: See job logs for more information")
        for output in outputs:
            upload(job, _local(job, output["S3Output"]["LocalPath"]), output["S3Output"]["S3Uri"], key)


def _command(job: Job) -> list[str]:
    application = job.params["AppSpecification"]
    entrypoint = application.get("ContainerEntrypoint") or []
    if not entrypoint:
        raise FailedError("ClientError: an image of the emulated AWS has no entry point: give ContainerEntrypoint")
    return [rewritten(job, each) for each in (*entrypoint, *(application.get("ContainerArguments") or ()))]


def _local(job: Job, path: str) -> Path:
    """A LocalPath here."""
    place = Path(rewritten(job, path)).resolve()
    if not place.is_relative_to(job.root.resolve()):
        raise FailedError(f"ClientError: LocalPath {path} does not lie below /opt/ml")
    return place


def _lay_out(job: Job) -> None:
    (job.root / "output").mkdir(parents=True, exist_ok=True)
    config = job.root / "config"
    config.mkdir(parents=True, exist_ok=True)
    asked = {"ProcessingJobArn": job.record.arn, **job.params}
    (config / "processingjobconfig.json").write_text(json.dumps(asked, default=str))
    hosts = {"current_host": "algo-1", "hosts": ["algo-1"]}
    (config / "resourceconfig.json").write_text(json.dumps(hosts))
    for each in job.params.get("ProcessingInputs") or ():
        source = each.get("S3Input")
        if not source:
            raise FailedError(f"ClientError: the emulated AWS brings inputs from S3 only: {each['InputName']}")
        fetch(job, source["S3DataType"], source["S3Uri"], _local(job, source["LocalPath"]))
