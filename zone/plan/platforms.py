"""An environment's platform account: what its teams share there."""

from collections.abc import Mapping
from ipaddress import IPv4Network

from zone.plan.account import AccountPlan
from zone.plan.endpoints import needed
from zone.plan.hub import HubPlan
from zone.plan.images import images
from zone.plan.lock import Lock
from zone.plan.mlflow import routed, servers_of
from zone.plan.network import cut
from zone.plan.packages import packages
from zone.plan.zone import PlatformPlan, TeamPlan
from zone.specs.tree import Specs


def platform_plan(
    specs: Specs,
    lock: Lock,
    blocks: Mapping[str, IPv4Network],
    account: AccountPlan,
    teams: Mapping[str, TeamPlan],
    *,
    hub: HubPlan | None,
) -> PlatformPlan:
    """Plan it.

    Args:
        specs: all specs.
        lock: what is recorded.
        blocks: every network's block, as LockFile.blocks has them.
        account: the platform's account.
        teams: all teams; those of the environment are its own.
        hub: the environment's hub; None: it has none.
    """
    environment = specs.environments[account.environment]
    members = [team for team in teams.values() if team.account.environment == account.environment]
    own = {team.team: team.account for team in members}
    block = blocks.get(account.key)
    return PlatformPlan(
        account=account,
        organization_id=lock.ids.organization.id,
        mlflow=environment.mlflow,
        teams=own,
        log_retention_days=environment.log_retention_days,
        key_deletion_days=environment.key_deletion_days,
        network=cut(block, environment.zones) if block else None,
        endpoints=needed(account.region, ["mlflow-server"]) if block else (),
        clients={team.team: team.network.cidr for team in members} if routed(environment.mlflow) else {},
        servers=servers_of(
            environment.mlflow, account.environment, {team: each.account_id for team, each in own.items()}
        ),
        hub=hub,
        images=images(specs, account.key),
        packages=packages(environment.packages, account),
    )
