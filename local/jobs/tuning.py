"""A tuning job: training jobs side by side, each with hyperparameters that a search chose.

Sources: botocore 1.44, SageMaker: CreateHyperParameterTuningJob, DescribeHyperParameterTuningJob and
ListTrainingJobsForHyperParameterTuningJob; SageMaker Developer Guide, "Understand the hyperparameter tuning
strategies", from memory. Early stopping, warm start and several definitions at once are not done here.
"""

import secrets
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from moto.sagemaker.models import sagemaker_backends

from local.handlers.dispatch import LOCK
from local.jobs.job import TRAINING, FailedError, Job, StoppedError
from local.jobs.run import in_background
from local.jobs.search import Search, ranges_of
from local.jobs.training import train

_OBJECTIVE: Final = "_tuning_objective_metric"
"""Hyperparameter by which a container learns what is tuned. Source: sagemaker-training 5.1.4, params.py."""

_LOOK_SECONDS: Final = 0.1


@dataclass(kw_only=True)
class Trial:
    """One training job of a tuning job."""

    tuned: Mapping[str, str]
    job: Job
    metric: str

    @property
    def value(self) -> float | None:
        """What it came to; None: it never said."""
        found = [each for each in self.job.record.final_metric_data_list if each["MetricName"] == self.metric]
        return float(found[0]["Value"]) if found else None

    @property
    def well(self) -> bool:
        """Whether it counts."""
        return self.job.status == "Completed" and self.value is not None


TRIALS: Final[dict[str, list[Trial]]] = {}
"""ARN of a tuning job → its trials, in order."""


def tune(job: Job) -> None:
    """Do a tuning job.

    Raises:
        FailedError, StoppedError: how it ended, if not well.
    """
    config = job.params["HyperParameterTuningJobConfig"]
    search = _search(job, config)
    most = int(config["ResourceLimits"].get("MaxNumberOfTrainingJobs") or len(search.grid))
    trials = TRIALS[job.record.arn] = []
    while not job.stopping.wait(_LOOK_SECONDS):
        running = [each for each in trials if not each.job.ended.is_set()]
        _tell(job, trials, maximize=search.maximize)
        more = len(trials) < most and len(running) < int(config["ResourceLimits"]["MaxParallelTrainingJobs"])
        done = [(each.tuned, each.value) for each in trials if each.well and each.value is not None]
        tuned = search.next(done, [each.tuned for each in running], len(trials)) if more else None
        if tuned is not None:
            trials.append(_begin(job, config, tuned, len(trials) + 1))
        elif not running:
            break
    if job.stopping.is_set():
        for each in trials:
            each.job.stop()
        for each in trials:
            each.job.ended.wait()
    _tell(job, trials, maximize=search.maximize)
    if job.stopping.is_set():
        raise StoppedError("Stopped")
    if not any(each.well for each in trials):
        raise FailedError(
            f"No training job succeeded after {len(trials)} attempts. For additional details, please take a look at "
            "the training job failures by listing training jobs for the hyperparameter tuning job."
        )


def _search(job: Job, config: Mapping[str, Any]) -> Search:
    if not job.params.get("TrainingJobDefinition") or job.params.get("WarmStartConfig"):
        raise FailedError("ClientError: the emulated AWS tunes one TrainingJobDefinition, without a warm start")
    goal = config.get("HyperParameterTuningJobObjective") or {}
    try:
        ranges = ranges_of(config.get("ParameterRanges") or {})
        seed = config.get("RandomSeed", job.record.arn)
        return Search(config["Strategy"], ranges, seed=seed, maximize=goal.get("Type") == "Maximize")
    except ValueError as error:
        raise FailedError(f"ClientError: {error}") from error


def _begin(job: Job, config: Mapping[str, Any], tuned: Mapping[str, str], number: int) -> Trial:
    """Start one training job."""
    definition = job.params["TrainingJobDefinition"]
    metric = str((config.get("HyperParameterTuningJobObjective") or {}).get("MetricName", ""))
    asked = {
        **{name: value for name, value in definition.items() if name not in _NOT_OF_TRAINING},
        "TrainingJobName": f"{job.name}-{number:03d}-{secrets.token_hex(4)}",
        "HyperParameters": {_OBJECTIVE: metric, **(definition.get("StaticHyperParameters") or {}), **tuned},
        "ResourceConfig": definition.get("ResourceConfig") or definition.get("HyperParameterTuningResourceConfig"),
        "Tags": job.params.get("Tags"),
    }
    backend: Any = sagemaker_backends[job.account][job.region]
    with LOCK:
        # moto changes what it is given.
        made = backend.create_training_job(**{member: deepcopy(asked.get(name)) for member, name in _MOTO.items()})
        made.tuning_job_arn = job.record.arn
        trial = Job(TRAINING, job.account, job.region, asked, job.place)
        prepare(trial)
    in_background(trial, train)
    return Trial(tuned=tuned, job=trial, metric=metric)


def prepare(job: Job) -> None:
    """Take what moto makes up out of a training job's record."""
    starting = {"Status": "Starting", "StartTime": job.record.creation_time}
    job.change(
        algorithm_specification=dict(job.params["AlgorithmSpecification"]),
        environment=job.params.get("Environment"),
        final_metric_data_list=[],
        secondary_status="Starting",
        secondary_status_transitions=[{**starting, "StatusMessage": "Preparing the instances for training"}],
        training_start_time=None,
        model_artifacts={},
    )


def _tell(job: Job, trials: list[Trial], *, maximize: bool) -> None:
    """Count the trials, and name the best."""
    states = [each.job.status for each in trials]
    ended = [each for each in trials if each.job.ended.is_set()]
    well = sorted((each for each in ended if each.well), key=lambda each: each.value or 0.0, reverse=maximize)
    job.change(
        training_job_status_counters={
            "Completed": states.count("Completed"),
            "InProgress": states.count("InProgress") + states.count("Stopping"),
            "RetryableError": 0,
            "NonRetryableError": states.count("Failed"),
            "Stopped": states.count("Stopped"),
        },
        objective_status_counters={
            "Succeeded": len(well),
            "Pending": len(trials) - len(ended),
            "Failed": len(ended) - len(well),
        },
        best_training_job=summary(well[0], job.params["HyperParameterTuningJobConfig"]) if well else None,
    )


def summary(trial: Trial, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a trial; without what is not known yet."""
    record = trial.job.record
    goal = config.get("HyperParameterTuningJobObjective") or {}
    ended = trial.job.ended.is_set()
    status = "Pending" if not ended else "Succeeded" if trial.well else "Failed"
    said = {
        "TrainingJobName": trial.job.name,
        "TrainingJobArn": record.arn,
        "CreationTime": record.creation_time,
        "TrainingStartTime": record.training_start_time,
        "TrainingEndTime": record.training_end_time,
        "TrainingJobStatus": trial.job.status,
        "TunedHyperParameters": dict(trial.tuned),
        "FailureReason": getattr(record, "failure_reason", None),
        "ObjectiveStatus": status,
        "FinalHyperParameterTuningJobObjectiveMetric": None
        if trial.value is None
        else {"Type": goal.get("Type"), "MetricName": trial.metric, "Value": trial.value},
    }
    return {name: value for name, value in said.items() if value is not None}


_NOT_OF_TRAINING: Final = frozenset(
    {"StaticHyperParameters", "HyperParameterRanges", "DefinitionName", "TuningObjective", "RetryStrategy"}
    | {"HyperParameterTuningResourceConfig"}
)
_MOTO: Final = {
    "training_job_name": "TrainingJobName",
    "hyper_parameters": "HyperParameters",
    "algorithm_specification": "AlgorithmSpecification",
    "role_arn": "RoleArn",
    "input_data_config": "InputDataConfig",
    "output_data_config": "OutputDataConfig",
    "resource_config": "ResourceConfig",
    "vpc_config": "VpcConfig",
    "stopping_condition": "StoppingCondition",
    "tags": "Tags",
    "enable_network_isolation": "EnableNetworkIsolation",
    "enable_inter_container_traffic_encryption": "EnableInterContainerTrafficEncryption",
    "enable_managed_spot_training": "EnableManagedSpotTraining",
    "checkpoint_config": "CheckpointConfig",
    "debug_hook_config": "DebugHookConfig",
    "debug_rule_configurations": "DebugRuleConfigurations",
    "tensor_board_output_config": "TensorBoardOutputConfig",
    "experiment_config": "ExperimentConfig",
}
"""moto's argument → the request's member."""
