"""Pure: what a team needs of AWS's quotas in a further region; jobs and endpoints it may run there as at home."""

from typing import TYPE_CHECKING, Final

from zone.names import BUCKET_PURPOSES, FURTHER_KEY_PURPOSES
from zone.plan.zone import RegionPlan, TeamPlan

if TYPE_CHECKING:  # quotas.py asks for these numbers
    from zone.plan.quotas import Quota

_GROUPS: Final = 4
"""Security groups there: the default one of either network, of the endpoints, of the workloads."""


def further(plan: TeamPlan, there: RegionPlan) -> dict["Quota | str", int]:
    """Return the needs there, by id in limits.json; a bucket and a role are counted at home, for the account has them.

    Whether another region has them, Service Quotas says: it keeps a quota a region.
    """
    gateways = sum(endpoint.gateway for endpoint in there.endpoints)
    return {
        "sagemaker.model_package_groups": len(plan.models),
        "vpc.vpcs_per_region": 2,  # a new account has a default one
        "vpc.interface_endpoints_per_vpc": len(there.endpoints) - gateways,
        "vpc.gateway_endpoints_per_region": gateways,
        "vpc.security_groups_per_region": _GROUPS,
        "vpc.rules_per_security_group": 2 + gateways,
        "kms.customer_managed_keys_per_region": len(FURTHER_KEY_PURPOSES),
    }


def buckets(plan: TeamPlan) -> int:
    """Return how many buckets the account has in all regions."""
    return len(BUCKET_PURPOSES) * (1 + len(plan.regions))
