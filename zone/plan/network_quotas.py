"""Pure: what a network needs of AWS's quotas."""

from collections.abc import Mapping, Sequence
from typing import Final

from zone.plan.endpoint import EndpointPlan

DEFAULT_NETWORK: Final[Mapping[str, int]] = {"vpc.vpcs_per_region": 1, "vpc.security_groups_per_region": 1}
"""What a new account has in each region. Source: Amazon VPC User Guide, "Default VPCs", read 2026-11-29."""

_GROUPS: Final = 3
"""Security groups of a network: its default one, that of the endpoints, that of the workloads."""


def network_needs(endpoints: Sequence[EndpointPlan], *, beyond: int = 0) -> dict[str, int]:
    """Return the needs of one network, by id in limits.json.

    Args:
        endpoints: its VPC endpoints.
        beyond: blocks that its workloads reach besides [count].
    """
    gateways = sum(endpoint.gateway for endpoint in endpoints)
    return {
        "vpc.vpcs_per_region": 1,
        "vpc.interface_endpoints_per_vpc": len(endpoints) - gateways,
        "vpc.gateway_endpoints_per_region": gateways,
        "vpc.security_groups_per_region": _GROUPS,
        # Out to the interface endpoints, to each gateway endpoint, and to the other members of the group.
        "vpc.rules_per_security_group": 2 + gateways + beyond,
    }
