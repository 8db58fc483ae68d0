"""What MLflow on Fargate costs while nobody works, and what it takes of AWS's quotas. Pure."""

from collections.abc import Iterator

from zone.plan.keys import platform_key_purposes
from zone.plan.zone import PlatformPlan
from zone.specs.mlflow import FargateMlflow

QUARTER = 256
"""CPU units that are priced as one."""

_ALARMS_OF_ALL, _ALARMS_OF_A_SERVER = 1, 6
"""Metric alarms (components/mlflow/alarms.py) [count]."""

_ROLES_OF_A_SERVER = 3
"""To work, to start, to migrate (stacks/mlflow.py) [count]."""

_GROUPS = 4
"""Security groups beside the default one and those of servers: endpoints, workloads, balancer, link [count]."""


def standing_of(plan: PlatformPlan, spec: FargateMlflow) -> Iterator[tuple[str, int]]:
    """Yield what runs all the time, by its name in prices.json, and how many of it."""
    if spec.lacks:
        return
    servers = len(plan.servers)
    zones = len(plan.network.subnets) if plan.network else 0
    where = "two zones" if spec.database.multi_az else "one zone"
    tasks = servers * spec.tasks.least
    yield "interface endpoint", zones * sum(not endpoint.gateway for endpoint in plan.endpoints)
    yield "application load balancer", 1
    yield "network load balancer", int(spec.reach == "private_link")
    yield "Fargate quarter processor", tasks * spec.tasks.cpu // QUARTER
    yield "Fargate memory", tasks * spec.tasks.memory_mb // 1024
    yield f"RDS {spec.database.instance_class}, {where}", servers
    yield f"RDS storage, {where}", servers * spec.database.storage_gb
    yield "secret", servers
    yield "alarm", _ALARMS_OF_ALL + servers * _ALARMS_OF_A_SERVER
    yield "Container Insights", 1


def ways_of(plan: PlatformPlan) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return what each way from the teams to the server keeps running, by reach and by names of prices.json.

    A hub that is there for other things costs nothing more for this one.
    """
    zones = len(plan.network.subnets) if plan.network else 0
    teams = len(plan.teams)
    return {
        "private_link": (("network load balancer", 1), ("interface endpoint", teams * zones)),
        "hub": (("transit gateway attachment", teams + 1),),
    }


def quotas_of(plan: PlatformPlan, spec: FargateMlflow) -> dict[str, int]:
    """Return how much of each quota it takes at a time, by the ids of limits.json."""
    servers = len(plan.servers)
    gateways = sum(endpoint.gateway for endpoint in plan.endpoints)
    # The boundary and the preview's are managed policies; the servers' are inline.
    previews = int(plan.account.preview_caller_arn is not None)
    return {
        "iam.roles_per_account": servers * _ROLES_OF_A_SERVER + 1 + previews,  # flow logs
        "iam.customer_managed_policies_per_account": 1 + previews,
        "kms.customer_managed_keys_per_region": len(platform_key_purposes(plan)),
        "s3.buckets_per_account": 1,
        "vpc.vpcs_per_region": 2,  # a new account has a default one
        "vpc.interface_endpoints_per_vpc": len(plan.endpoints) - gateways,
        "vpc.gateway_endpoints_per_region": gateways,
        "vpc.security_groups_per_region": _GROUPS + 2 * servers,
        "rds.instances_per_region": servers,
        "rds.storage_per_region": servers * spec.database.most_storage_gb * (1 + spec.database.multi_az),
        "elb.rules_per_balancer": servers + 1,
        "elb.targets_per_balancer": servers * spec.tasks.most * 2,  # twice as many while the service rolls
    }
