"""SageMaker's jobs: those whose image holds a program here really run; others end at once, and say that nothing ran.

Source of the rights that are asked when a job is made: zone/facts/dependent_rights; what its container asks for later
is decided then. Operations: botocore 1.44, SageMaker, CreateTrainingJob and its kind, Stop….
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from moto.sagemaker.models import sagemaker_backends

from local.containers.algorithms import algorithm_of, folder_of_algorithm
from local.containers.images import folder_of
from local.containers.model import program_of
from local.handlers.operation import Call, Refusal, completes, operation, requires
from local.handlers.records import Record
from local.jobs.job import JOBS, PROCESSING, SORTS, TRAINING, TRANSFORM, TUNING, Job, Sort, Where
from local.jobs.logs import Stream
from local.jobs.processing import process
from local.jobs.run import in_background
from local.jobs.training import train
from local.jobs.transform import transform
from local.jobs.tuning import TRIALS, prepare, summary, tune

NOTHING_RAN: Final = "image holds no program here: nothing ran"


def _place(folder: Path | None, role: str, network: Mapping[str, Any], *, isolated: object) -> Where | None:
    """Return where a container runs; None: its image holds no program here."""
    subnets = tuple((network.get("VpcConfig") or {}).get("Subnets") or ())
    return Where(role_arn=role, subnets=subnets, isolated=bool(isolated), image=folder) if folder else None


def _made(call: Call, sort: Sort, place: Where | None) -> Job | None:
    """Take a job over that moto has made; None, and a line in its log, where nothing can run."""
    if place is not None:
        return Job(sort, call.account, call.region, call.params, place)
    Stream(call.account, call.region, sort.group, f"{call.params[f'{sort.noun}Name']}/algo-1-0").say(NOTHING_RAN)
    return None


@requires("sagemaker", *(f"Create{sort.noun}" for sort in SORTS[:3]))
def new_name(call: Call) -> None:
    """A job's name is taken for good; moto would put the new job in the old one's place.

    Source: botocore 1.44, SageMaker: "The name must be unique within an Amazon Web Services Region in an Amazon Web
    Services account", ResourceInUse; its words are not documented. moto refuses a second tuning job itself.
    """
    sort = next(each for each in SORTS if call.operation == f"Create{each.noun}")
    name = call.params[f"{sort.noun}Name"]
    if name in getattr(sagemaker_backends[call.account][call.region], sort.store):
        raise Refusal("ResourceInUse", f"Job name must be unique within an AWS account and region: {name} exists.")


@requires("sagemaker", "CreateTrainingJob", "CreateHyperParameterTuningJob")
def own_metrics(call: Call) -> None:
    """A built-in algorithm's metrics are AWS's to define, and tuning looks at one of them.

    Source: SageMaker Developer Guide, "Define metrics and environment variables" ("metrics are already defined for
    you"), read 2026-11-30; the first refusal's words are AWS's, as users and AWS's own tests quote them, the second's
    are not documented.
    """
    asked = call.params.get("TrainingJobDefinition") or call.params
    algorithm = asked.get("AlgorithmSpecification") or {}
    known = algorithm_of(algorithm.get("TrainingImage") or "")
    if known is None:
        return
    if algorithm.get("MetricDefinitions"):
        raise Refusal(
            "ValidationException",
            "You can't override the metric definitions for Amazon SageMaker algorithms. Please retry the request "
            "without specifying metric definitions.",
        )
    goal = (call.params.get("HyperParameterTuningJobConfig") or {}).get("HyperParameterTuningJobObjective") or {}
    if goal and known.metrics.get(str(goal.get("MetricName"))) != goal.get("Type"):
        raise Refusal(
            "ValidationException",
            f"{goal.get('Type')} {goal.get('MetricName')} is no objective of the algorithm {known.name}.",
        )


@completes("sagemaker", "CreateProcessingJob")
def processing(call: Call) -> None:
    """Run a processing job."""
    asked = call.params
    network = asked.get("NetworkConfig") or {}
    isolated = network.get("EnableNetworkIsolation")
    place = _place(folder_of(asked["AppSpecification"]["ImageUri"]), asked["RoleArn"], network, isolated=isolated)
    if job := _made(call, PROCESSING, place):
        job.change(processing_resources=asked["ProcessingResources"], environment=asked.get("Environment") or {})
        in_background(job, process)


@completes("sagemaker", "CreateTrainingJob")
def training(call: Call) -> None:
    """Run a training job."""
    asked = call.params
    if job := _made(call, TRAINING, _trained(asked)):
        prepare(job)
        in_background(job, train)


def _trained(asked: Mapping[str, Any]) -> Where | None:
    image = asked["AlgorithmSpecification"].get("TrainingImage") or ""
    folder = folder_of(image) or folder_of_algorithm(image)
    place = _place(folder, asked["RoleArn"], asked, isolated=asked.get("EnableNetworkIsolation"))
    known = algorithm_of(image)
    return replace(place, metrics=known.patterns) if place and known else place


@completes("sagemaker", "CreateHyperParameterTuningJob")
def tuning(call: Call) -> None:
    """Run a tuning job; its training jobs begin one by one."""
    definition = call.params.get("TrainingJobDefinition")
    if job := _made(call, TUNING, _trained(definition) if definition else None):
        job.change(best_training_job=None, OverallBestTrainingJob=None)
        job.change(tuning_job_completion_details=None, consumed_resources=None)
        in_background(job, tune)


@completes("sagemaker", "CreateTransformJob")
def transforming(call: Call) -> None:
    """Run a transform job, as its model says."""
    models = sagemaker_backends[call.account][call.region]._models  # noqa: SLF001 - no other way in
    program = program_of(call, call.params["ModelName"]) if call.params["ModelName"] in models else None
    place = None
    if program:
        place = Where(
            role_arn=program.role_arn, subnets=program.subnets, isolated=program.isolated, image=program.image
        )
    job = _made(call, TRANSFORM, place)
    if job and program:
        in_background(job, partial(transform, program=program))


@operation("sagemaker", *(f"Stop{sort.noun}" for sort in SORTS))
def stop(call: Call) -> Record:
    """Stop a job; one that has ended stays as it is."""
    sort = next(each for each in SORTS if call.operation == f"Stop{each.noun}")
    name = call.params[f"{sort.noun}Name"]
    if job := JOBS.get((call.account, call.region, sort.noun, name)):
        job.stop()
        return {}
    record = getattr(sagemaker_backends[call.account][call.region], sort.store).get(name)
    if record is None:
        raise Refusal("ResourceNotFound", f'Could not find "{name}".')
    if getattr(record, f"{sort.prefix}_status") not in {"Completed", "Failed"}:
        setattr(record, f"{sort.prefix}_status", "Stopped")
    return {}


@operation("sagemaker", "ListTrainingJobsForHyperParameterTuningJob")
def trials(call: Call) -> Record:
    """List a tuning job's training jobs."""
    name = call.params["HyperParameterTuningJobName"]
    record = sagemaker_backends[call.account][call.region].hyper_parameter_tuning_jobs.get(name)
    if record is None:
        raise Refusal("ResourceNotFound", f'Could not find "{name}".')
    said = [summary(each, record.hyper_parameter_tuning_job_config) for each in TRIALS.get(record.arn, ())]
    wanted = call.params.get("StatusEquals")
    by = call.params.get("SortBy", "Name")
    said = [each for each in said if wanted in {None, each["TrainingJobStatus"]}]
    said.sort(key=_ORDERS[by], reverse=call.params.get("SortOrder") == "Descending")
    first = int(call.params.get("NextToken") or 0)
    after = first + int(call.params.get("MaxResults") or 100)
    more = {"NextToken": str(after)} if after < len(said) else {}
    return {"TrainingJobSummaries": said[first:after], **more}


def _value(said: Mapping[str, Any]) -> float:
    """What a trial came to; one that never said is last, whatever is wanted."""
    found = said.get("FinalHyperParameterTuningJobObjectiveMetric")
    return float(found["Value"]) if found else float("-inf")


_ORDERS: Final[dict[str, Callable[[Mapping[str, Any]], Any]]] = {
    "Name": lambda said: said["TrainingJobName"],
    "CreationTime": lambda said: said["CreationTime"],
    "Status": lambda said: said["TrainingJobStatus"],
    "FinalObjectiveMetricValue": _value,
}
