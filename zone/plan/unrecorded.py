"""What a plan decides and ids.lock.yaml does not hold yet."""

from ipaddress import IPv4Network

from zone.plan.lock import HUB, Lock, block_key
from zone.plan.zone import ZonePlan


def unrecorded(lock: Lock, zone: ZonePlan) -> dict[str, IPv4Network]:
    """Return the blocks that *zone* plans and *lock* does not hold yet, as LockFile.blocks has them."""
    recorded = lock.ids.blocks
    networks = {team.account.key: team.network for team in zone.teams.values()}
    networks |= {each.account.key: each.network for each in zone.platforms.values() if each.network}
    planned = {key: network.cidr for key, network in networks.items() if network.existing is None}
    planned |= {each.account.key + HUB: each.hub.cidr for each in zone.platforms.values() if each.hub}
    for team in zone.teams.values():
        planned |= {block_key(team.account.key, name): there.network.cidr for name, there in team.regions.items()}
    return {key: block for key, block in planned.items() if recorded.get(key) != block}


def unrecorded_facts(lock: Lock, zone: ZonePlan) -> list[str]:
    """Return whose facts *zone* plans and *lock* does not hold: keys of accounts, environments, `organization`."""
    was, now = lock.ids.fixed, zone.fixed
    told = ["organization"] if was.organization != now.organization else []
    for recorded, planned in ((was.environments, now.environments), (was.emails, now.emails), (was.teams, now.teams)):
        told += [key for key, value in planned.items() if recorded.get(key) != value]
    return list(dict.fromkeys(told))
