"""The endpoints of a team: one for each that is declared with a version."""

from collections.abc import Mapping, Sequence

import pulumi

from components.access.grants.place import Place
from components.serving.model_endpoint import AsynchronousArgs, ModelEndpoint, ModelEndpointArgs
from zone.plan.serving import ServingPlan
from zone.plan.zone import TeamPlan
from zone.serving_names import answers_prefix, capture_prefix, endpoint


def serve(
    plan: TeamPlan,
    there: pulumi.ResourceOptions,
    *,
    place: Place,
    role_arns: Mapping[str, pulumi.Input[str]],
    after: Sequence[pulumi.Resource],
) -> dict[str, pulumi.Resource]:
    """Make them, once what their instances reach is there; return them by name.

    Args:
        plan: what the team has.
        there: where: the team's provider.
        place: where its roles act; gives subnets, security group and keys.
        role_arns: ARN by role.
        after: what must be there first.
    """
    made: dict[str, pulumi.Resource] = {}
    for name, each in plan.serving.items():
        if each.version is None:
            continue
        made[name] = ModelEndpoint(
            f"{plan.team}-{name}",
            ModelEndpointArgs(
                endpoint_name=endpoint(plan.team, name),
                package_arn=each.package_arn(plan.account.region, plan.team),
                instance_type=each.instance_type,
                least=each.least,
                most=each.most,
                invocations_per_minute=each.instances.invocations_per_minute,
                capture_percent=each.capture_percent,
                capture_uri=f"s3://{place.bucket_name('data')}/{capture_prefix(name)}",
                asynchronous=_asynchronous(name, each, place),
                latency_ms=each.latency_ms,
                isolated=not each.looks_up_features,
                role_arn=role_arns["endpoint"],
                key_arn=place.key_arns["data"],
                subnet_ids=place.subnet_ids,
                security_group_id=place.security_group_id,
            ),
            opts=there.merge(pulumi.ResourceOptions(depends_on=list(after))),
        )
    return made


def _asynchronous(name: str, plan: ServingPlan, place: Place) -> AsynchronousArgs | None:
    if plan.asynchronous is None:
        return None
    return AsynchronousArgs(
        concurrency=plan.asynchronous.concurrency,
        backlog_per_instance=plan.asynchronous.backlog_per_instance,
        answers_uri=f"s3://{place.bucket_name('studio')}/{answers_prefix(name)}",
        key_arn=place.key_arns["studio"],
    )
