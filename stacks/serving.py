"""The endpoints of a team: one for each that is declared with a version, and the HTTP APIs in front of them."""

from collections.abc import Mapping, Sequence

import pulumi

from components.access.grants.place import Place
from components.access.grants.roles import roles
from components.network.existing import ExistingNetwork
from components.network.network import Network
from components.serving.api_logs import ApiLogs, ApiLogsArgs
from components.serving.endpoint_api import EndpointApi, EndpointApiArgs
from components.serving.model_endpoint import AsynchronousArgs, ModelEndpoint, ModelEndpointArgs
from zone.plan.serving import ServingPlan
from zone.plan.zone import TeamPlan
from zone.serving_names import answers_prefix, capture_prefix, endpoint, endpoint_arn


def serve(
    plan: TeamPlan,
    there: pulumi.ResourceOptions,
    *,
    place: Place,
    role_arns: Mapping[str, pulumi.Input[str]],
    after: Sequence[pulumi.Resource],
) -> Mapping[str, ModelEndpoint]:
    """Make them, once what their instances reach is there, and return them by name.

    Args:
        plan: what the team has.
        there: where: the team's provider.
        place: where its roles act; gives subnets, security group and keys.
        role_arns: ARN by role.
        after: what must be there first.
    """
    return {
        name: ModelEndpoint(
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
        for name, each in plan.serving.items()
        if each.version is not None
    }


def serve_over_http(
    plan: TeamPlan,
    there: pulumi.ResourceOptions,
    *,
    place: Place,
    network: Network | ExistingNetwork,
    endpoints: Mapping[str, ModelEndpoint],
    boundary_arn: pulumi.Input[str],
) -> dict[str, pulumi.Output[str]]:
    """Make the APIs of those that have one, and return their addresses by name.

    Args:
        plan: what the team has.
        there: where: the team's provider.
        place: where its roles act; gives keys.
        network: where the APIs are asked from; one that the network team made has endpoints whose ids nobody said.
        endpoints: what they ask.
        boundary_arn: the permission boundary of their roles.
    """
    account, wanted = plan.account, {name: each.api for name, each in plan.serving.items() if each.has_api}
    if not wanted:
        return {}
    logs = ApiLogs(plan.team, ApiLogsArgs(account_id=account.account_id, boundary_arn=boundary_arn), opts=there)
    callers = [place.role(role) for role, grants in roles(place.team).items() if "deploy" in grants]
    return {
        name: EndpointApi(
            f"{plan.team}-{name}",
            EndpointApiArgs(
                endpoint=name,
                endpoint_arn=endpoint_arn(account.region, account.account_id, plan.team, name),
                account_key=account.key,
                account_id=account.account_id,
                region=account.region,
                caller_role_arns=callers,
                vpc_id=network.vpc_id,
                vpc_endpoint_id=network.endpoint_ids["execute-api"] if isinstance(network, Network) else None,
                calls_per_second=api.calls_per_second,
                boundary_arn=boundary_arn,
                log_key_arn=place.key_arns["logs"],
                log_retention_days=plan.log_retention_days,
                disposable=account.disposable,
            ),
            opts=there.merge(pulumi.ResourceOptions(depends_on=[logs, endpoints[name]])),
        ).url
        for name, api in wanted.items()
        if api
    }


def _asynchronous(name: str, plan: ServingPlan, place: Place) -> AsynchronousArgs | None:
    if plan.asynchronous is None:
        return None
    return AsynchronousArgs(
        concurrency=plan.asynchronous.concurrency,
        backlog_per_instance=plan.asynchronous.backlog_per_instance,
        answers_uri=f"s3://{place.bucket_name('studio')}/{answers_prefix(name)}",
        key_arn=place.key_arns["studio"],
    )
