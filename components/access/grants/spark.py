"""What a run by Spark may do on EMR Serverless, and what it takes to start one.

Sources, read 2026-11-30: EMR Serverless User Guide, "Job runtime roles for Amazon EMR Serverless", "Using Spark
configurations when you run EMR Serverless jobs", "Storing logs", "Encrypting logs" and "Disk Encryption with KMS CMK".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.access.grants.place import Place
from components.access.grants.statement import ENCRYPT, Statement
from zone import names, schedule_names

SERVICE: Final = "emr-serverless.amazonaws.com"
"""Who takes the role of runs."""


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What one batch reads and writes."""

    batch: str
    """Its name."""

    model: str
    """The model."""

    version_arn: str
    """ARN of the approved version of it."""

    input_prefix: str
    """Prefix of the rows in the data bucket, ending in a slash."""

    output_prefix: str
    """Prefix of what it writes there, ending in a slash."""


def run_spark(place: Place, batches: Sequence[Scored], log_group: str) -> tuple[Statement, ...]:
    """Read the batches' programs, versions and rows, write their predictions, log; nothing else.

    Args:
        place: where they run.
        batches: all that run by Spark.
        log_group: name of their log group.
    """
    ours = {"StringEquals": {"aws:ResourceAccount": place.account_id}}
    by_s3 = {"StringEquals": {"kms:ViaService": place.service("s3")}}
    data, work = place.bucket("data"), place.bucket("studio")
    inputs, outputs = ([getattr(each, f"{way}_prefix") for each in batches] for way in ("input", "output"))
    programs = [schedule_names.spark_files(each.batch) for each in batches]
    above = sorted({parent for prefix in (*inputs, *outputs) for parent in _above(prefix)})
    group = place.arn("logs", f"log-group:{log_group}")
    return (
        Statement(
            sid="ReadPrograms",
            actions=("s3:GetObject",),
            resources=tuple(f"{work}/{program}/*" for program in programs),
            conditions=ours,
        ),
        Statement(
            sid="ListPrograms",
            actions=("s3:ListBucket",),
            resources=(work,),
            conditions={**ours, "StringLike": {"s3:prefix": [f"{program}/*" for program in programs]}},
        ),
        Statement(
            # Hadoop's client looks whether the folders above are files, by their bare names, and fails on a refusal.
            # From memory of Hadoop's own documentation of S3A; no page of AWS's was read for it.
            sid="ReadRows",
            actions=("s3:GetObject",),
            resources=(*(f"{data}/{prefix}*" for prefix in (*inputs, *outputs)), *(f"{data}/{each}" for each in above)),
            conditions=ours,
        ),
        Statement(
            sid="ListRows",
            actions=("s3:ListBucket",),
            resources=(data,),
            conditions={
                **ours,
                "StringLike": {
                    "s3:prefix": [*(f"{prefix}*" for prefix in (*inputs, *outputs)), *(f"{each}/" for each in above)]
                },
            },
        ),
        Statement(
            sid="WritePredictions",
            actions=("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
            resources=tuple(f"{data}/{prefix}*" for prefix in outputs),
            conditions=ours,
        ),
        Statement(
            sid="UseData",
            actions=("kms:Decrypt", *ENCRYPT),
            resources=(place.key_arns["data"],),
            conditions=by_s3,
        ),
        Statement(
            sid="DecryptPrograms", actions=("kms:Decrypt",), resources=(place.key_arns["studio"],), conditions=by_s3
        ),
        *_read_models(place, batches),
        Statement(
            # EMR Serverless wants the role to be able to use the key of its workers' disks; in which way it says not.
            sid="EncryptDisks",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(place.key_arns[schedule_names.SPARK],),
        ),
        Statement(
            sid="Log",
            actions=(
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
            ),
            resources=(group, f"{group}:*"),
            reason="EMR Serverless makes a stream a run and worker; the group is named",
        ),
        Statement(
            sid="FindLog",
            actions=("logs:DescribeLogGroups",),
            resources=(place.arn("logs", "log-group:*"),),
            reason="AWS offers no narrower resource than all groups; it shows names, no content",
        ),
    )


def start_spark(place: Place, applications: Sequence[pulumi.Input[str]]) -> tuple[Statement, ...]:
    """Start runs of the Spark *applications*, ARNs, under the role of such runs, and under no other.

    Who starts one must be able to use the key of the disks, or AWS rejects the run.
    """
    return (
        Statement(
            sid="StartSpark",
            actions=("emr-serverless:StartJobRun",),
            resources=tuple(applications),
        ),
        Statement(
            sid="PassSparkRole",
            actions=("iam:PassRole",),
            resources=(place.role(schedule_names.SPARK),),
            conditions={"StringEquals": {"iam:PassedToService": SERVICE}},
        ),
        Statement(
            sid="UseSparkKey",
            actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
            resources=(place.key_arns[schedule_names.SPARK],),
            conditions={"StringEquals": {"kms:ViaService": place.service("emr-serverless")}},
        ),
    )


def _read_models(place: Place, batches: Sequence[Scored]) -> tuple[Statement, ...]:
    """Find and read the artifacts of the batches' versions, the team's own or another environment's."""
    promoted = {(each.account_id, each.model): each for each in place.team.promoted}
    buckets, foreign, own = list[str](), list[str](), False
    for each in batches:
        owner = promoted.get((each.version_arn.split(":")[4], each.model))
        bucket = names.bucket_arn(owner.account_key, "models", owner.account_id) if owner else place.bucket("models")
        buckets.append(f"{bucket}/{names.model_prefix(each.model)}/*")
        own = own or owner is None
        foreign += [owner.account_key] if owner else []
    accounts = sorted({each.version_arn.split(":")[4] for each in batches})
    return (
        Statement(
            sid="FindVersions",
            actions=("sagemaker:DescribeModelPackage",),
            resources=tuple(dict.fromkeys(each.version_arn for each in batches)),
        ),
        Statement(
            sid="ReadVersions",
            actions=("s3:GetObject",),
            resources=tuple(dict.fromkeys(buckets)),
            conditions={"StringEquals": {"aws:ResourceAccount": accounts}},
            reason="artifacts get their names when they are made; all of a model lie below its own prefix",
        ),
        *(
            (
                Statement(
                    sid="DecryptVersions",
                    actions=("kms:Decrypt",),
                    resources=(place.key_arns["models"],),
                    conditions={"StringEquals": {"kms:ViaService": place.service("s3")}},
                ),
            )
            if own
            else ()
        ),
        *(
            (
                Statement(
                    sid="DecryptPromoted",
                    actions=("kms:Decrypt",),
                    resources=tuple(
                        f"arn:aws:kms:{place.region}:{account}:key/*"
                        for account in accounts
                        if account != place.account_id
                    ),
                    conditions={
                        "StringEquals": {"kms:ViaService": place.service("s3")},
                        "ForAnyValue:StringEquals": {
                            "kms:ResourceAliases": [names.key_alias(key, "models") for key in dict.fromkeys(foreign)]
                        },
                    },
                    reason="AWS invents the key's id in another account; the alias names the key",
                ),
            )
            if foreign
            else ()
        ),
    )


def _above(prefix: str) -> Iterator[str]:
    """The folders of a prefix that ends in a slash, and those above, without their slashes."""
    parts = prefix.rstrip("/").split("/")
    yield from ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
