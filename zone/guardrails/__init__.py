"""Pure: what AWS itself enforces in the organisation's accounts, one document a file.

Service control policies (SCPs) bind everybody in a member account, its root user included; resource control policies
(RCPs) bind whoever reaches for what a member account owns. Neither binds the management account or AWS's service-linked
roles. Tag and EC2 policies are settings that AWS keeps.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from zone.guardrails.ai_opt_out import ai_opt_out
from zone.guardrails.ec2_defaults import ec2_defaults
from zone.guardrails.encrypted import encrypted
from zone.guardrails.encrypted_transport import encrypted_transport
from zone.guardrails.enforcement import Guardrail
from zone.guardrails.environment_tags import environment_tags
from zone.guardrails.foundation import foundation
from zone.guardrails.hub import hub
from zone.guardrails.identities import identities
from zone.guardrails.instance_types import instance_types
from zone.guardrails.leaving import leaving
from zone.guardrails.logs import logs
from zone.guardrails.no_internet import no_internet
from zone.guardrails.outsiders import outsiders
from zone.guardrails.private import private
from zone.guardrails.private_data_plane import private_data_plane
from zone.guardrails.private_stores import private_stores
from zone.guardrails.regions import regions
from zone.guardrails.required_tags import required_tags
from zone.guardrails.root import root
from zone.guardrails.services import services
from zone.guardrails.suspended import suspended
from zone.guardrails.undeclared import undeclared
from zone.names import UNASSIGNED_ORGANIZATION
from zone.specs.account import InstanceTypes

__all__ = ["Held", "guardrails"]


@dataclass(frozen=True, kw_only=True)
class Held:
    """An account in which SageMaker is used, as far as guardrails look at it."""

    instance_types: InstanceTypes
    """What it may start; a platform account starts nothing."""

    owner: str
    """E-mail of who answers for it."""

    team: bool
    """Whether it is a team's account, and not the platform's."""


def guardrails(
    *,
    organization_id: str,
    owner: str,
    allowed_regions: Sequence[str],
    provisioning_roles: Sequence[str],
    environments: Mapping[str, str],
    tag_keys: Sequence[str],
    accounts: Mapping[str, Held],
    retired: bool,
    hubs: Sequence[str] = (),
) -> tuple[Guardrail, ...]:
    """Write the organisation's guardrails.

    Args:
        organization_id: o-…; empty until the org stack has made it, then a stand-in is written.
        owner: e-mail of who answers for what all accounts have in common.
        allowed_regions: regions any account may use.
        provisioning_roles: names of the roles that may do what only Pulumi may; the first is the one it assumes.
        environments: path of the OU, where SageMaker is used, by environment.
        tag_keys: required tags.
        accounts: accounts in these OUs by key.
        retired: whether there are accounts that were given up.
        hubs: environments whose networks meet in a hub.
    """
    units = sorted(set(environments.values()))
    ours = organization_id or UNASSIGNED_ORGANIZATION
    common = (
        leaving(),
        root(),
        regions(allowed_regions),
        foundation(provisioning_roles),
        logs(provisioning_roles),
        identities(),
        private(units),
        encrypted(units),
        undeclared(units),
        private_data_plane(ours, units),
        outsiders(ours),
        services(ours),
        encrypted_transport(),
        private_stores(ours),
        required_tags(tag_keys),
        *_environment_tags(environments),
        ec2_defaults(),
        ai_opt_out(),
        no_internet(key for key, account in accounts.items() if account.team),
        *(suspended(provisioning_roles[0]) if retired else ()),
        hub(sorted({environments[name] for name in hubs}), provisioning_roles),
    )
    return (
        # Where no environment is left, some hold nobody.
        *(replace(guardrail, owner=owner) for guardrail in common if guardrail.targets),
        *(
            replace(instance_types(key, held.instance_types, provisioning_roles), owner=held.owner)
            for key, held in sorted(accounts.items())
        ),
    )


def _environment_tags(environments: Mapping[str, str]) -> Iterator[Guardrail]:
    """One a unit: environments may share it."""
    by_unit: defaultdict[str, list[str]] = defaultdict(list)
    for environment, unit in environments.items():
        by_unit[unit].append(environment)
    for unit, own in sorted(by_unit.items()):
        yield environment_tags(unit, own)
