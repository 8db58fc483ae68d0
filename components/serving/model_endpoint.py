"""An endpoint: a registered version of a model that answers in the team's network."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.access.grants.jobs import on_local_disk
from components.serving.alarms import alarms
from components.serving.scaling import on_backlog, on_calls, scale
from zone.serving_names import VARIANT

BAKING_SECONDS = 300
"""How long a new version answers before the old one's instances go, and an alarm brings them back [seconds]."""


@dataclass(frozen=True, kw_only=True)
class AsynchronousArgs:
    """How an endpoint answers later."""

    concurrency: int
    """Questions that an instance works on at a time [count]."""

    backlog_per_instance: int
    """Questions, waiting or worked on, that an instance is kept at [count]."""

    answers_uri: pulumi.Input[str]
    """Where answers are left, and errors below `failed/`: s3://bucket/prefix."""

    key_arn: pulumi.Input[str]
    """Their key."""


@dataclass(frozen=True, kw_only=True)
class ModelEndpointArgs:
    """Inputs of ModelEndpoint."""

    endpoint_name: str
    """Name under which it is called."""

    package_arn: str
    """ARN of the registered version that answers; AWS takes approved ones only."""

    instance_type: str
    """What it runs on."""

    least: int
    """Instances that always run [count]."""

    most: int
    """Instances at the busiest time [count]; above least, it scales."""

    invocations_per_minute: int | None
    """Calls a minute that an instance is kept at [count]; None: it does not scale by calls."""

    asynchronous: AsynchronousArgs | None
    """How it answers later, and then nothing is captured; None: it answers at once."""

    capture_percent: int
    """Calls that are kept [%, 0 to 100]."""

    capture_uri: pulumi.Input[str]
    """Where they are kept: s3://bucket/prefix."""

    latency_ms: int
    """Longest answer for 99 of 100 calls [milliseconds]."""

    isolated: bool
    """Whether the container has no network at all; SageMaker brings the model in and keeps the calls."""

    role_arn: pulumi.Input[str]
    """Role that the container works as."""

    key_arn: pulumi.Input[str]
    """Key of the volumes and of what is captured."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets the instances are in."""

    security_group_id: pulumi.Input[str]
    """Their security group."""


class ModelEndpoint(pulumi.ComponentResource):
    """A model of a registered version, and the endpoint that answers with it.

    Models and configurations never change in AWS. Ours have names of Pulumi's, so what changes gets a new one beside
    the old; the endpoint then switches in place and without a gap, and the old ones go last. A new fleet that fails,
    answers with errors or too slowly is rolled back by SageMaker itself, and `up` fails.

    Source: SageMaker Developer Guide, "Blue/Green Deployments" and "Auto-Rollback Configuration and Monitoring", read
    2026-11-30.
    """

    endpoint_arn: pulumi.Output[str]
    """ARN of the endpoint."""

    def __init__(self, name: str, args: ModelEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:ModelEndpoint", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        model = aws.sagemaker.Model(
            name,
            execution_role_arn=args.role_arn,
            primary_container={"model_package_name": args.package_arn},
            vpc_config={"subnets": args.subnet_ids, "security_group_ids": [args.security_group_id]},
            enable_network_isolation=args.isolated,
            opts=child,
        )
        configuration = aws.sagemaker.EndpointConfiguration(
            name,
            production_variants=[
                {
                    "variant_name": VARIANT,
                    "model_name": model.name,
                    "instance_type": args.instance_type,
                    # None at all only later, by scaling: AWS makes no endpoint without an instance.
                    "initial_instance_count": max(args.least, 1),
                    "initial_variant_weight": 1,
                }
            ],
            # SageMaker refuses a volume key for types with local disks, whose own hardware encrypts.
            kms_key_arn=None if on_local_disk(args.instance_type) else args.key_arn,
            data_capture_config=_capture(args),
            async_inference_config=_later(args.asynchronous),
            opts=child,
        )
        watching = alarms(name, args.endpoint_name, args.latency_ms, child)
        endpoint = aws.sagemaker.Endpoint(
            name,
            name=args.endpoint_name,
            endpoint_config_name=configuration.name,
            deployment_config={
                "blue_green_update_policy": {
                    # The same whatever else changes: the provider replaces an endpoint for another way of switching.
                    "traffic_routing_configuration": {
                        "type": "ALL_AT_ONCE",
                        "wait_interval_in_seconds": BAKING_SECONDS,
                    },
                    "termination_wait_in_seconds": 0,
                },
                "auto_rollback_configuration": {"alarms": [{"alarm_name": alarm.name} for alarm in watching]},
            },
            opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
        )
        if args.most > args.least and (tracked := _tracked(args, endpoint.name)):
            scale(name, endpoint.name, least=args.least, most=args.most, tracked=tracked, child=child)

        self.endpoint_arn = endpoint.arn
        self.register_outputs({"endpoint_arn": self.endpoint_arn})


def _capture(args: ModelEndpointArgs) -> Any:  # noqa: ANN401 - the provider's own dictionary
    """What is kept of the calls: both sides, text as it was sent, so that a monitor reads it line by line."""
    if not args.capture_percent:
        return None
    return {
        "enable_capture": True,
        "initial_sampling_percentage": args.capture_percent,
        "destination_s3_uri": args.capture_uri,
        "kms_key_id": args.key_arn,
        "capture_options": [{"capture_mode": "Input"}, {"capture_mode": "Output"}],
        "capture_content_type_header": {
            "csv_content_types": ["text/csv"],
            "json_content_types": ["application/json"],
        },
    }


def _later(args: AsynchronousArgs | None) -> Any:  # noqa: ANN401 - the provider's own dictionary
    """How it answers later. Nobody is told by SNS: who asks is told where the answer, or the error, will lie."""
    if args is None:
        return None
    return {
        "client_config": {"max_concurrent_invocations_per_instance": args.concurrency},
        "output_config": {
            "s3_output_path": args.answers_uri,
            "s3_failure_path": pulumi.Output.concat(args.answers_uri, "/failed"),
            "kms_key_id": args.key_arn,
        },
    }


def _tracked(args: ModelEndpointArgs, endpoint_name: pulumi.Output[str]) -> Any:  # noqa: ANN401 - as above
    """What the number of instances follows; None: nothing."""
    if args.asynchronous:
        return on_backlog(endpoint_name, args.asynchronous.backlog_per_instance)
    return on_calls(args.invocations_per_minute) if args.invocations_per_minute else None
