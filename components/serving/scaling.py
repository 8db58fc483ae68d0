"""How many instances an endpoint has: more with calls or with what waits, fewer when they are gone."""

from typing import Any

import pulumi
import pulumi_aws as aws

from zone.serving_names import VARIANT


def on_calls(invocations_per_minute: int) -> Any:  # noqa: ANN401 - the provider's own dictionary
    """Follow the calls that an instance has."""
    return {
        "target_value": invocations_per_minute,
        "predefined_metric_specification": {"predefined_metric_type": "SageMakerVariantInvocationsPerInstance"},
        "scale_in_cooldown": 300,
        "scale_out_cooldown": 60,
    }


def on_backlog(endpoint_name: pulumi.Output[str], backlog_per_instance: int) -> Any:  # noqa: ANN401 - as above
    """Follow the questions that wait for an instance or that it works on.

    Source: SageMaker Developer Guide, "Autoscale an asynchronous endpoint" and "Monitor asynchronous endpoint" (its
    dimension is the endpoint alone), read 2026-11-30.
    """
    return {
        "target_value": backlog_per_instance,
        "customized_metric_specification": {
            "metric_name": "ApproximateBacklogSizePerInstance",
            "namespace": "AWS/SageMaker",
            "statistic": "Average",
            "dimensions": [{"name": "EndpointName", "value": endpoint_name}],
        },
        "scale_in_cooldown": 600,
        "scale_out_cooldown": 300,
    }


def scale(
    name: str,
    endpoint_name: pulumi.Output[str],
    *,
    least: int,
    most: int,
    tracked: Any,  # noqa: ANN401 - as above
    child: pulumi.ResourceOptions,
) -> None:
    """Keep *tracked* where it should be, with instances between least and most.

    All need the endpoint, so they are gone before it is: AWS says to deregister first. Another version of the model
    goes in while they are there, another instance type does not (docs/endpoints.md). Source: SageMaker Developer Guide,
    "Update endpoints that use auto scaling" and "Delete endpoints configured for auto scaling", read 2026-11-30.
    """
    target = aws.appautoscaling.Target(
        name,
        service_namespace="sagemaker",
        scalable_dimension="sagemaker:variant:DesiredInstanceCount",
        resource_id=pulumi.Output.concat("endpoint/", endpoint_name, "/variant/", VARIANT),
        min_capacity=least,
        max_capacity=most,
        opts=child,
    )
    by_backlog = "customized_metric_specification" in tracked
    aws.appautoscaling.Policy(
        name,
        name=pulumi.Output.concat(endpoint_name, "-backlog" if by_backlog else "-invocations"),
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        target_tracking_scaling_policy_configuration=tracked,
        opts=child,
    )
    if not least:
        _wake(name, endpoint_name, target, child)


def _wake(
    name: str, endpoint_name: pulumi.Output[str], target: aws.appautoscaling.Target, child: pulumi.ResourceOptions
) -> None:
    """Bring the first instance as soon as something waits.

    With none there the backlog an instance has says nothing until it is above its target: the first question would
    wait for others. Source: SageMaker Developer Guide, "Autoscale an asynchronous endpoint", "Define a scaling policy
    that scales up from zero for new requests", read 2026-11-30.
    """
    first = aws.appautoscaling.Policy(
        f"{name}-first",
        name=pulumi.Output.concat(endpoint_name, "-first"),
        policy_type="StepScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        step_scaling_policy_configuration={
            "adjustment_type": "ChangeInCapacity",
            "metric_aggregation_type": "Average",
            "cooldown": 300,
            "step_adjustments": [{"metric_interval_lower_bound": "0", "scaling_adjustment": 1}],
        },
        opts=child,
    )
    aws.cloudwatch.MetricAlarm(
        f"{name}-first",
        alarm_description=pulumi.Output.concat("Something waits for ", endpoint_name, ", which has no instance"),
        namespace="AWS/SageMaker",
        metric_name="HasBacklogWithoutCapacity",
        dimensions={"EndpointName": endpoint_name},
        statistic="Average",
        comparison_operator="GreaterThanOrEqualToThreshold",
        threshold=1,
        period=60,
        evaluation_periods=2,
        treat_missing_data="missing",
        alarm_actions=[first.arn],
        opts=child,
    )
