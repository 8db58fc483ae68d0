"""How many tasks an MLflow server has: more with load, fewer when it is gone."""

from typing import TYPE_CHECKING, Any, Final

import pulumi
import pulumi_aws as aws

if TYPE_CHECKING:
    from components.mlflow.server import ServerArgs

CPU_PERCENT: Final = 60
"""CPU that a task is kept at [%]."""

REQUESTS: Final = 1200
"""Requests a minute that a task is kept at [count]: 20 a second. Load that waits for the database shows here first."""


def scale(
    name: str,
    args: "ServerArgs",
    target_group_suffix: pulumi.Input[str],
    service: aws.ecs.Service,
    child: pulumi.ResourceOptions,
) -> None:
    """Keep the tasks' CPU and requests where they should be, between least and most."""
    target = aws.appautoscaling.Target(
        name,
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=pulumi.Output.concat(
            "service/",
            pulumi.Output.from_input(args.cluster_arn).apply(lambda arn: arn.rpartition("/")[2]),
            "/",
            service.name,
        ),
        min_capacity=args.least,
        max_capacity=args.most,
        opts=child,
    )
    policies: dict[str, tuple[int, Any]] = {
        "cpu": (CPU_PERCENT, {"predefined_metric_type": "ECSServiceAverageCPUUtilization"}),
        "requests": (
            REQUESTS,
            {
                "predefined_metric_type": "ALBRequestCountPerTarget",
                "resource_label": pulumi.Output.concat(args.balancer_arn_suffix, "/", target_group_suffix),
            },
        ),
    }
    for what, (value, metric) in policies.items():
        aws.appautoscaling.Policy(
            f"{name}-{what}",
            name=f"{args.server}-{what}",
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            target_tracking_scaling_policy_configuration={
                "target_value": value,
                "predefined_metric_specification": metric,
                "scale_in_cooldown": 300,
                "scale_out_cooldown": 60,
            },
            opts=child,
        )
