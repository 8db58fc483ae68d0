"""Pure: what a hub needs of AWS's quotas in the platform account, by id of limits.json."""

from zone.plan.hub import HubPlan


def hub_needs(hub: HubPlan, *, beside: int) -> dict[str, int]:
    """Count attachments of the teams, of the hub and of the company, and what the hub's own network has.

    Args:
        hub: the hub.
        beside: other networks of the account [count].
    """
    spokes, zones = len(hub.spokes), len(hub.tiers["endpoints"])
    found = {
        "transit_gateway.per_account": 1,
        "transit_gateway.attachments": spokes + 1 + beside + len(hub.attachments),
        "iam.roles_per_account": 1,  # flow logs
        "vpc.vpcs_per_region": 1,
        "vpc.security_groups_per_region": 2,  # its default one, and that of the endpoints
        "vpc.rules_per_security_group": 1 + len(hub.attachments),  # in, from the teams' pool and the company's networks
        "vpc.interface_endpoints_per_vpc": len(hub.endpoints),
        "route53.hosted_zones": len(hub.endpoints),
        # The hub's own network is associated too.
        "route53.vpcs_per_private_zone": spokes + 1 if hub.endpoints else 0,
        "route53.association_authorizations": spokes if hub.endpoints else 0,
    }
    if hub.egress:
        found |= {
            "vpc.elastic_ips_per_region": zones,
            "vpc.nat_gateways_per_zone": 1,
            "route53resolver.query_log_associations": spokes + 1,
        }
    return found
