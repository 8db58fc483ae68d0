"""What MLflow on Fargate costs while nobody works, and what it takes of AWS's quotas. Pure."""

from collections.abc import Iterator

from zone.plan.network_quotas import network_needs
from zone.plan.zone import PlatformPlan
from zone.specs.mlflow import FargateMlflow

QUARTER = 256
"""CPU units that are priced as one."""

_ALARMS_OF_ALL, _ALARMS_OF_A_SERVER = 1, 6
"""Metric alarms (components/mlflow/alarms.py) [count]."""

_ROLES_OF_A_SERVER = 3
"""To work, to start, to migrate (stacks/mlflow.py) [count]."""


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
    """Return how much of each quota the servers and their network take at a time, by the ids of limits.json."""
    servers = len(plan.servers)
    network = network_needs(plan.endpoints)
    # Of the balancer, of the link to it, and of each server and its database.
    network["vpc.security_groups_per_region"] += 1 + (spec.reach == "private_link") + 2 * servers
    # A balancer lets in each team's network by its block.
    network["vpc.rules_per_security_group"] = max(network["vpc.rules_per_security_group"], len(plan.clients))
    return network | {
        "iam.roles_per_account": servers * _ROLES_OF_A_SERVER + 1,  # flow logs
        "rds.instances_per_region": servers,
        "rds.storage_per_region": servers * spec.database.most_storage_gb * (1 + spec.database.multi_az),
        "elb.rules_per_balancer": servers + 1,
        "elb.targets_per_balancer": servers * spec.tasks.most * 2,  # twice as many while the service rolls
    }
