"""How many instances an endpoint has: more with calls, fewer when they are gone."""

import pulumi
import pulumi_aws as aws

from zone.serving_names import VARIANT


def scale(
    name: str,
    endpoint_name: pulumi.Output[str],
    *,
    least: int,
    most: int,
    invocations_per_minute: int,
    child: pulumi.ResourceOptions,
) -> None:
    """Keep the calls that an instance has where they should be, between least and most.

    Both need the endpoint, so they are gone before it is: AWS says to deregister first. Another version of the model
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
    aws.appautoscaling.Policy(
        name,
        name=pulumi.Output.concat(endpoint_name, "-invocations"),
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        target_tracking_scaling_policy_configuration={
            "target_value": invocations_per_minute,
            "predefined_metric_specification": {"predefined_metric_type": "SageMakerVariantInvocationsPerInstance"},
            "scale_in_cooldown": 300,
            "scale_out_cooldown": 60,
        },
        opts=child,
    )
