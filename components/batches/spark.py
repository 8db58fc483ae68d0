"""Spark on EMR Serverless: an application for each batch that runs by it, and what their runs share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components import words
from components.access.grants.place import Place
from components.access.grants.spark import SERVICE, Scored, run_spark
from components.access.role import service_role, trust_service
from components.batches.spark_request import GB_PER_VCPU
from zone import names, schedule_names

_IDLE_MINUTES: Final = 1
"""After how long an application stops: it keeps no workers ready, so nothing is lost, and only a stopped one can be
changed or deleted (EMR Serverless API, UpdateApplication and DeleteApplication, botocore 1.44)."""

_DISK_GB_PER_VCPU: Final = 5
"""20 GB a worker, which are in its price."""


@dataclass(frozen=True, kw_only=True)
class Application:
    """What one batch's runs get."""

    scored: Scored
    """What they read and write."""

    release: str
    """EMR release."""

    max_vcpus: int
    """The most that all workers together have [vCPU, a multiple of 4]."""


@dataclass(frozen=True, kw_only=True)
class SparkArgs:
    """Inputs of Spark."""

    place: Place
    """Where runs work. Plain but for ids: it decides what their role may."""

    applications: Sequence[Application]
    """One for each batch. Plain: what is."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary of the role."""

    log_key_arn: pulumi.Input[str]
    """KMS key of the log."""

    log_retention_days: int
    """Retention of the log [days, one CloudWatch Logs knows]."""


class Spark(pulumi.ComponentResource):
    """EMR Serverless applications in the account's network, the role of their runs, and their log.

    An application costs nothing while no run works. Its maximum capacity is the ceiling of what a run costs.
    """

    role_arn: pulumi.Output[str]
    """Role of runs; complete only when its policy is there."""

    application_ids: Mapping[str, pulumi.Output[str]]
    """Id of the application by batch."""

    application_arns: Mapping[str, pulumi.Output[str]]
    """ARN of the application by batch."""

    def __init__(self, name: str, args: SparkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Spark", name, {}, opts)
        words.names(batch=[each.scored.batch for each in args.applications])
        child = pulumi.ResourceOptions(parent=self)
        place = args.place

        group_name = names.log_group(place.team.account_key, schedule_names.SPARK)
        aws.cloudwatch.LogGroup(
            f"{name}-spark",
            name=group_name,
            kms_key_id=args.log_key_arn,
            retention_in_days=args.log_retention_days,
            opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
        )
        self.role_arn = service_role(
            f"{name}-spark",
            schedule_names.SPARK,
            account_id=place.account_id,
            boundary_arn=args.boundary_arn,
            # The guide asks for the account; that EMR Serverless names its application too (aws:SourceArn) it does not
            # say. Source: EMR Serverless User Guide, "Getting started", create a job runtime role, read 2026-11-30.
            trust=trust_service(SERVICE, place.account_id),
            statements=run_spark(place, [each.scored for each in args.applications], group_name),
            child=child,
        )
        made = {each.scored.batch: _application(name, place, each, child) for each in args.applications}
        self.application_ids = {batch: application.id for batch, application in made.items()}
        self.application_arns = {batch: application.arn for batch, application in made.items()}
        self.register_outputs(
            {
                "role_arn": self.role_arn,
                "application_ids": self.application_ids,
                "application_arns": self.application_arns,
            }
        )


def _application(
    name: str, place: Place, asked: Application, child: pulumi.ResourceOptions
) -> aws.emrserverless.Application:
    """The application of one batch.

    Source: EMR Serverless User Guide, "Understanding application behavior", maximum capacity and auto-stop, and
    "Configuring VPC access", read 2026-11-30.
    """
    vcpus = asked.max_vcpus
    return aws.emrserverless.Application(
        f"{name}-{asked.scored.batch}",
        name=schedule_names.batch_job(asked.scored.batch),
        # As the provider reads it back: another spelling would replace it each time.
        type="spark",
        release_label=asked.release,
        # What the environment was packed for.
        architecture="X86_64",
        maximum_capacity={
            "cpu": f"{vcpus} vCPU",
            "memory": f"{vcpus * GB_PER_VCPU} GB",
            "disk": f"{vcpus * _DISK_GB_PER_VCPU} GB",
        },
        network_configuration={
            "subnet_ids": place.subnet_ids,
            "security_group_ids": [place.security_group_id],
        },
        auto_start_configuration={"enabled": True},
        auto_stop_configuration={"enabled": True, "idle_timeout_minutes": _IDLE_MINUTES},
        # No notebooks and no Livy: what runs, the schedule says.
        interactive_configuration={"livy_endpoint_enabled": False, "studio_enabled": False},
        opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
    )
