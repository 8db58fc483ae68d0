"""A team's way to its environment's hub."""

from collections.abc import Mapping
from operator import itemgetter

import pulumi

from components.network.hub_attachment import (
    HubAdmission,
    HubAdmissionArgs,
    HubAttachment,
    HubAttachmentArgs,
    HubReach,
    HubReachArgs,
)
from components.network.network import Network
from stacks.inputs import home_of
from zone.plan.zone import TeamPlan


def attach(plan: TeamPlan, network: Network, there: pulumi.ResourceOptions, *, reading: bool) -> None:
    """Register a team's way to the hub: asked for in its account, admitted in the hub's, used in its own.

    The second step is the hub's to say and the team's to wait for: in the platform's stack it would come with that
    stack's next `up` only. So a team's stack works in the platform's account too, on this one attachment.
    """
    account, spoke = plan.account, plan.hub
    if spoke is None:
        return
    attachment = HubAttachment(
        plan.team,
        HubAttachmentArgs(
            account_key=account.key,
            transit_gateway_id=spoke.ids.transit_gateway,
            vpc_id=network.vpc_id,
            subnet_ids=list(network.subnet_ids.values()),
        ),
        opts=there,
    )
    admission = HubAdmission(
        plan.team,
        HubAdmissionArgs(
            account_key=account.key,
            region=account.region,
            attachment_id=attachment.attachment_id,
            vpc_id=network.vpc_id,
            spokes_table_id=spoke.ids.spokes_table,
            shared_table_id=spoke.ids.shared_table,
            zone_ids={each.key: spoke.ids.zones.get(each.key, "") for each in spoke.central},
            tags=account.tags,
        ),
        opts=pulumi.ResourceOptions(provider=home_of(spoke.platform, reading=reading)),
    )
    HubReach(
        plan.team,
        HubReachArgs(
            # A route to the gateway needs an attachment that is accepted, and goes before it.
            transit_gateway_id=pulumi.Output.all(admission.accepted_id, spoke.ids.transit_gateway).apply(itemgetter(1)),
            vpc_id=network.vpc_id,
            region=account.region,
            route_table_id=network.route_table_id,
            routes=beyond(plan),
            zone_ids=admission.zone_ids,
            dns_firewall_id=spoke.ids.dns_firewall if spoke.egress else None,
            query_log_id=spoke.ids.query_log if spoke.egress else None,
        ),
        opts=there,
    )


def beyond(plan: TeamPlan) -> Mapping[str, str]:
    """Return what a team reaches through the transit gateway, by name."""
    return {name: str(block) for name, block in plan.hub.routes.items()} if plan.hub else {}
