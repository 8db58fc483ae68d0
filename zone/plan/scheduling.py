"""Pure: what a team has started by schedule or by event, with the account from which image and version come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from zone import names
from zone.facts import analyzer_registry
from zone.plan.account import AccountPlan
from zone.plan.promotions import PromotionPlan
from zone.specs.account import TeamAccount
from zone.specs.scheduling import COUNTED_BY

_ANALYZER: Final = "sagemaker-model-monitor-analyzer"
"""Repository of Model Monitor's own image; it takes no tag. Source: SageMaker Developer Guide, "Amazon SageMaker Model
Monitor prebuilt container", read 2026-11-30 in a stored copy."""


@dataclass(frozen=True, kw_only=True)
class MonitorPlan:
    """Checks of one model."""

    image: str
    """Address of the model's image, ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG; empty: it checks nothing."""

    endpoint: str
    """Endpoint whose captured calls are read."""

    schedule: str
    """When, as EventBridge Scheduler has it, and Model Monitor where that runs a check."""

    checks: tuple[str, ...]
    """Checks of the model's own image: data, model, bias, explain."""

    model_monitor: tuple[str, ...]
    """Checks of SageMaker Model Monitor: data."""

    analyzer: str
    """Address of Model Monitor's own image; empty: it checks nothing."""

    alarm_to: str
    """E-mail."""

    limits: Mapping[str, float]
    """Number → limit [0 to 1]."""


@dataclass(frozen=True, kw_only=True)
class SparkPlan:
    """How a batch runs by Spark."""

    release: str
    """EMR release."""

    max_vcpus: int
    """The most that all workers together have [vCPU]."""

    format: str
    """csv or parquet."""

    most_rejected: float
    """Largest share of rejected rows with which a run succeeds [0 to 1]."""


@dataclass(frozen=True, kw_only=True)
class BatchPlan:
    """Predictions by schedule, or for each file that arrives."""

    model: str
    """The model."""

    version_arn: str
    """ARN of the approved model package."""

    schedule: str
    """When, as EventBridge Scheduler has it; empty: whenever a file arrives."""

    input_prefix: str
    """Prefix of the records in the data bucket, ending in a slash."""

    output_prefix: str
    """Prefix of the predictions there, ending in a slash."""

    spark: SparkPlan | None
    """How it runs by Spark; None: as transform jobs."""


@dataclass(frozen=True, kw_only=True)
class ScheduledPlan:
    """What a team has started by schedule or by event; what is declared only is not in it."""

    monitors: Mapping[str, MonitorPlan] = field(default_factory=dict)
    """Checks by model."""

    batches: Mapping[str, BatchPlan] = field(default_factory=dict)
    """Batches by name."""

    def __bool__(self) -> bool:
        """Whether anything starts by schedule or by event."""
        return bool(self.monitors or self.batches)

    @property
    def arrivals(self) -> bool:
        """Whether any batch waits for files."""
        return any(not batch.schedule for batch in self.batches.values())

    @property
    def spark(self) -> Mapping[str, BatchPlan]:
        """Batches that run by Spark, by name."""
        return {name: batch for name, batch in self.batches.items() if batch.spark}


def scheduled(spec: TeamAccount, team: str, account: AccountPlan, promoted: Sequence[PromotionPlan]) -> ScheduledPlan:
    """Return what starts by schedule in *account*.

    Args:
        spec: what the team declares.
        team: the team.
        account: where it runs.
        promoted: models of an earlier environment: their versions and images are in its account.
    """
    owners = {each.model: each.owner_account_id for each in promoted}
    region = account.region
    return ScheduledPlan(
        monitors={
            model: planned
            for model in spec.monitors
            if (
                planned := _monitor(
                    spec,
                    model,
                    region,
                    f"{owners.get(model, account.account_id)}.dkr.ecr.{region}.amazonaws.com/"
                    f"{names.repository(team, model)}",
                )
            )
        },
        batches={
            name: BatchPlan(
                model=batch.model,
                spark=SparkPlan(
                    release=batch.spark.release,
                    max_vcpus=batch.spark.max_vcpus,
                    format=batch.spark.format.value,
                    most_rejected=batch.spark.most_rejected,
                )
                if batch.spark
                else None,
                version_arn=f"arn:aws:sagemaker:{region}:{owners.get(batch.model, account.account_id)}:model-package/"
                f"{names.model_package_group(team, batch.model)}/{batch.version}",
                schedule=batch.schedule or "",
                input_prefix=_within(batch.input),
                output_prefix=_within(batch.output),
            )
            for name, batch in spec.batches.items()
            if batch.version
        },
    )


def _monitor(spec: TeamAccount, model: str, region: str, repository: str) -> MonitorPlan | None:
    """Checks of *model* that start: the own ones once there is an image, Model Monitor's once the endpoint answers."""
    monitor = spec.monitors[model]
    own = monitor.own if monitor.image_version else ()
    theirs = monitor.model_monitor
    if theirs and not spec.endpoints[monitor.endpoint].version:
        theirs = ()
    if not own and not theirs:
        return None
    return MonitorPlan(
        image=f"{repository}:v{monitor.image_version}" if own else "",
        endpoint=monitor.endpoint,
        schedule=monitor.schedule,
        checks=tuple(check.value for check in own),
        model_monitor=tuple(check.value for check in theirs),
        analyzer=f"{analyzer_registry(region)}.dkr.ecr.{region}.amazonaws.com/{_ANALYZER}" if theirs else "",
        alarm_to=monitor.alarm_to,
        # An alarm on a number whose check does not start yet would be fed by nothing.
        limits={limit.value: value for limit, value in monitor.limits.items() if COUNTED_BY[limit] in own},
    )


def _within(path: str) -> str:
    """The prefix in the data bucket of data set and folders."""
    dataset, _, folders = path.partition("/")
    return f"{names.dataset_prefix(dataset)}/{folders}"
