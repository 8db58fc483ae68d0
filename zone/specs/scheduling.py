"""What a team has started by schedule or by event: checks of its models, and batches of predictions."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from zone.specs.spec import Spec
from zone.specs.values import Email, Key, Unique, words


class Check(StrEnum):
    """What a monitor looks at, each in a job of its own."""

    DATA = "data"
    MODEL = "model"
    BIAS = "bias"
    EXPLAIN = "explain"


class Limit(StrEnum):
    """A number that a monitor counts and that an alarm may ring for."""

    DRIFT = "drift"
    MISSING = "missing"
    AUC = "auc"
    BIAS = "bias"
    ATTRIBUTION = "attribution"


class Start(StrEnum):
    """An event that starts a batch."""

    ARRIVAL = "arrival"


COUNTED_BY: Final = {
    Limit.DRIFT: Check.DATA,
    Limit.MISSING: Check.DATA,
    Limit.AUC: Check.MODEL,
    Limit.BIAS: Check.BIAS,
    Limit.ATTRIBUTION: Check.EXPLAIN,
}
"""Which check counts the number; without it an alarm would never ring."""

Schedule = Annotated[
    str,
    StringConstraints(
        pattern=r"^(rate\((1 (minute|hour|day)|([2-9]|[1-9][0-9]{1,4}) (minutes|hours|days))\)"
        r"|cron\([0-9*,/-]+ [0-9*,/-]+ [0-9A-Z*?,/#-]+ [0-9A-Z*,/-]+ [0-9A-Z*?,/#-]+ [0-9*,/-]+\))$"
    ),
    words("rate(1 day) or cron(0 4 ? * MON *): minute, hour, day of month, month, day of week, year, in UTC"),
]
"""When EventBridge Scheduler starts something, again and again (its User Guide, "Schedule types", read 2026-11-30)."""

Prefix = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]*/([A-Za-z0-9_=.-]+/)*$", max_length=512),
    words("a data set and folders below it, ending in a slash, such as customers/weekly/"),
]
"""A prefix within one data set."""


Release = Annotated[
    str,
    StringConstraints(pattern=r"^emr-(7\.[0-9]{1,2}|spark-8\.[0-9]{1,2})\.0$"),
    words("an EMR release with Spark, such as emr-spark-8.1.0 or emr-7.12.0"),
]
"""Releases 7 and 8: their workers can encrypt what they send each other, which came with 6.15. Sources: EMR Serverless
User Guide, "Amazon EMR Serverless release versions" and "Inter-worker encryption", read 2026-11-30."""

WORKER_VCPUS: Final = 4
"""vCPUs of each worker of a Spark batch, the driver among them."""


class Monitor(Spec):
    """Regular checks of one model in use, as processing jobs of the model's own image."""

    image_version: Annotated[int, Field(ge=1)] | None = None
    """Tag of the model's image: 3 stands for v3 in its repository, the owner's where the model is promoted. Not given:
    nothing of the image is scheduled yet."""

    endpoint: Key
    """Endpoint whose captured calls are compared with the baseline."""

    schedule: Schedule = "rate(1 day)"
    """When the checks run: rate(…) or cron(…) of EventBridge Scheduler, in UTC."""

    checks: Unique[Check] = Field(min_length=1)
    """What is looked at: data, model, bias, explain; a job each."""

    alarm_to: Email
    """Who is told when a limit is passed or a job fails; AWS asks that address once whether it wants to be."""

    model_monitor: Unique[Check] = ()
    """Checks that SageMaker Model Monitor runs instead of the model's own image: data, where the endpoint is deployed.
    AWS takes no new customers for it, so it answers only an organisation that used it before."""

    limits: dict[Limit, Annotated[float, Field(ge=0, le=1)]] = {}
    """Number → limit [0 to 1]; an alarm each. drift: largest population stability index of a column; missing: largest
    share of missing values; bias: largest difference between groups; attribution: change of what columns contribute.
    These ring above; auc, the area under the ROC curve, rings below."""

    @property
    def own(self) -> tuple[Check, ...]:
        """Checks that the model's own image runs."""
        return tuple(check for check in self.checks if check not in self.model_monitor)


class FileFormat(StrEnum):
    """How rows lie in files."""

    CSV = "csv"
    PARQUET = "parquet"


class Spark(Spec):
    """A run by Spark on EMR Serverless: workers of 4 vCPUs and 16 GB, which AWS bills by the second while they work."""

    max_vcpus: Annotated[int, Field(ge=2 * WORKER_VCPUS, le=4000, multiple_of=WORKER_VCPUS)] = 16
    """The most that all workers together may have, the driver's 4 among them [vCPU]; memory follows, 4 GB each. A new
    account's quota is 16."""

    release: Release = "emr-spark-8.1.0"
    """EMR release. It decides the versions of Spark and Python that the packed environment must fit."""

    format: FileFormat = FileFormat.CSV
    """csv or parquet: of the input, and of what is written."""

    most_rejected: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Largest share of rows that the model may not be able to take; with more the run fails, and that is told."""


class Batch(Spec):
    """Predictions for many records at once: by schedule, or one job for each file that arrives.

    They are batch transform jobs on one machine, or, with spark, a run on as many as it takes.
    """

    model: Key
    """Model of the team; one that another environment promotes is taken from there."""

    version: Annotated[int, Field(ge=1)] | None = None
    """Approved version in the registry. Not given: nothing is started yet."""

    schedule: Schedule | None = None
    """When it runs over all that lies below input: rate(…) or cron(…) of EventBridge Scheduler, in UTC."""

    on: Start | None = None
    """Instead of schedule. arrival: each file that comes below input starts a job of its own."""

    input: Prefix
    """Where the records lie: data set and folders, ending in a slash; each file below is one request."""

    output: Prefix
    """Where predictions go: another data set or folder; each run writes below its own id."""

    spark: Spark | None = None
    """Run by Spark on EMR Serverless instead of as a transform job; {} takes every default. Only with a schedule."""
