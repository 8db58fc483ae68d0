"""The hub in a platform stack."""

import json
from dataclasses import dataclass
from typing import Any

import pulumi

from components.network.central_endpoints import CentralEndpointArgs, CentralEndpoints, CentralEndpointsArgs
from components.network.dns_firewall import DnsFirewall, DnsFirewallArgs
from components.network.egress import Egress, EgressArgs
from components.network.flow_logs import FlowLogs, FlowLogsArgs
from components.network.hub_logs import HubLogs, HubLogsArgs
from components.network.hub_network import HubNetwork, HubNetworkArgs
from components.network.inspection import Inspection, InspectionArgs
from components.network.network import Network
from components.network.sharing import Sharing, SharingArgs
from components.network.transit_gateway import OutsideArgs, SharedVpcArgs, TransitGateway, TransitGatewayArgs
from zone import platform_names
from zone.plan.endpoints import endpoint_policy
from zone.plan.hub import PRIVATE, HubPlan
from zone.plan.zone import PlatformPlan
from zone.specs.mlflow import FargateMlflow

_NAME = "hub"


@dataclass(frozen=True, kw_only=True)
class HubGround:
    """What the platform's stack has made before the hub."""

    logs_key_arn: pulumi.Input[str]
    """Key of the logs."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the account's roles."""

    network: Network | None
    """The platform's own network, where it has one."""


def hub(plan: PlatformPlan, spec: HubPlan, ground: HubGround, there: pulumi.ResourceOptions) -> dict[str, Any]:
    """Register the hub; return what the teams' stacks must know of it, as HubIds."""
    account = plan.account
    outside = {
        name: (attachment, {name if len(cidrs) == 1 else f"{name}-{_word(block)}": str(block) for block in cidrs})
        for name, (attachment, cidrs) in spec.attachments.items()
    }
    network = HubNetwork(
        _NAME,
        HubNetworkArgs(
            account_key=account.key,
            region=account.region,
            cidr=str(spec.cidr),
            tiers={tier: {zone: str(block) for zone, block in blocks.items()} for tier, blocks in spec.tiers.items()},
            pool=str(spec.pool),
            others={key: block for _, blocks in outside.values() for key, block in blocks.items()},
        ),
        opts=there,
    )
    FlowLogs(
        _NAME,
        FlowLogsArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=account.region,
            network="hub",
            vpc_id=network.vpc_id,
            key_arn=ground.logs_key_arn,
            boundary_arn=ground.boundary_arn,
            retention_days=plan.log_retention_days,
            disposable=account.disposable,
            further=False,
        ),
        opts=there,
    )
    endpoints = CentralEndpoints(
        _NAME,
        CentralEndpointsArgs(
            account_key=account.key,
            region=account.region,
            vpc_id=network.vpc_id,
            subnet_ids=list(network.subnet_ids["endpoints"].values()),
            security_group_id=network.endpoint_security_group_id,
            endpoints={
                each.key: CentralEndpointArgs(
                    service=each.service,
                    private_name=spec.private_names[each.key].removeprefix("*."),
                    below=spec.private_names[each.key].startswith("*."),
                    policy=_policy(plan, each.key) if each.policy_supported else None,
                )
                for each in spec.endpoints
            },
        ),
        opts=there,
    )
    gateway = TransitGateway(
        _NAME,
        TransitGatewayArgs(
            account_key=account.key,
            pool=str(spec.pool),
            shared={
                "hub": SharedVpcArgs(
                    vpc_id=network.vpc_id,
                    cidr=str(spec.cidr),
                    subnet_ids=list(network.subnet_ids["attachment"].values()),
                    return_tables=_answering(spec, network),
                    appliance=spec.egress is not None and spec.egress.inspected,
                ),
                **_mlflow(plan, ground.network),
            },
            outside={
                name: OutsideArgs(attachment_id=attachment, cidrs=blocks)
                for name, (attachment, blocks) in outside.items()
            },
            exit="hub" if spec.egress else None,
            unreachable={"teams": str(spec.pool), **{_word(block): str(block) for block in PRIVATE}},
        ),
        opts=there,
    )
    shared = {"gateway": gateway.transit_gateway_arn}
    ids: dict[str, Any] = {}
    if spec.egress:
        out = _egress(plan, spec, network, ground, there)
        shared |= {"dns-firewall": out.firewall.rule_group_arn, "dns-queries": out.logs.query_log_arn}
        ids = {"dns_firewall": out.firewall.rule_group_id, "query_log": out.logs.query_log_id}
    Sharing(
        _NAME,
        SharingArgs(
            share_name=platform_names.hub(account.environment),
            resource_arns=shared,
            accounts={team: each.account_id for team, each in spec.spokes.items()},
        ),
        opts=there,
    )
    return {
        "transit_gateway": gateway.transit_gateway_id,
        "spokes_table": gateway.spokes_table_id,
        "shared_table": gateway.shared_table_id,
        "zones": dict(endpoints.zone_ids),
        **ids,
        "accounts": sorted(each.account_id for each in spec.spokes.values()),
    }


def _mlflow(plan: PlatformPlan, network: Network | None) -> dict[str, SharedVpcArgs]:
    """The platform's own network, if teams come to it through the hub."""
    if network is None or plan.network is None or not isinstance(plan.mlflow, FargateMlflow):
        return {}
    if plan.mlflow.reach != "hub":
        return {}
    return {
        "mlflow": SharedVpcArgs(
            vpc_id=network.vpc_id,
            cidr=str(plan.network.cidr),
            subnet_ids=list(network.subnet_ids.values()),
            return_tables={"private": network.route_table_id},
            appliance=False,
        )
    }


@dataclass(frozen=True)
class _Out:
    """The way out."""

    firewall: DnsFirewall
    logs: HubLogs


def _egress(
    plan: PlatformPlan, spec: HubPlan, network: HubNetwork, ground: HubGround, there: pulumi.ResourceOptions
) -> _Out:
    """Register the way out: translation, names, and the firewall where connections are read."""
    account, egress = plan.account, spec.egress
    if egress is None:
        raise ValueError("no egress is planned")
    logs = HubLogs(
        _NAME,
        HubLogsArgs(
            account_key=account.key,
            config_name=platform_names.hub(account.environment),
            vpc_id=network.vpc_id,
            key_arn=ground.logs_key_arn,
            retention_days=plan.log_retention_days,
            inspected=egress.inspected,
            disposable=account.disposable,
        ),
        opts=there,
    )
    firewall = DnsFirewall(
        _NAME,
        DnsFirewallArgs(
            group_name=platform_names.hub(account.environment),
            allowed_domains=egress.allowed_domains,
            own_names=egress.own_names,
        ),
        opts=there,
    )
    public = _by_zone(network, "public")
    Egress(
        _NAME,
        EgressArgs(
            account_key=account.key,
            vpc_id=network.vpc_id,
            public_subnet_ids=network.subnet_ids["public"],
            public_tables=public,
            senders=_by_zone(network, "firewall" if egress.inspected else "attachment"),
        ),
        opts=there,
    )
    if egress.inspected:
        Inspection(
            _NAME,
            InspectionArgs(
                firewall_name=platform_names.hub(account.environment),
                region=account.region,
                vpc_id=network.vpc_id,
                subnet_ids=network.subnet_ids["firewall"],
                tables_in=_by_zone(network, "attachment"),
                tables_back=public,
                pool=str(spec.pool),
                hub_cidr=str(spec.cidr),
                allowed_domains=egress.allowed_domains,
                log_group_name=logs.firewall_log_group_name.apply(str),
                protected=not account.disposable,
            ),
            opts=there,
        )
    return _Out(firewall, logs)


def _by_zone(network: HubNetwork, tier: str) -> dict[str, pulumi.Output[str]]:
    return {zone: network.route_table_ids[f"{tier}-{zone}"] for zone in network.subnet_ids[tier]}


def _answering(spec: HubPlan, network: HubNetwork) -> dict[str, pulumi.Input[str]]:
    """Route tables whose subnets send to the teams: endpoints, and what is last on the way back from the internet."""
    last = () if spec.egress is None else ("firewall",) if spec.egress.inspected else ("public",)
    return {key: id_ for key, id_ in network.route_table_ids.items() if key.split("-")[0] in ("endpoints", *last)}


def _policy(plan: PlatformPlan, key: str) -> str:
    account = plan.account
    return json.dumps(
        endpoint_policy(key, region=account.region, organization_id=plan.organization_id, account_id=account.account_id)
    )


def _word(block: object) -> str:
    return str(block).replace("/", "-")
