"""Pure: what AWS itself enforces in the organisation's accounts, one document a file.

Service control policies (SCPs) bind everybody in a member account, its root user included; resource control policies
(RCPs) bind whoever reaches for what a member account owns. Neither binds the management account or AWS's service-linked
roles. Tag and EC2 policies are settings that AWS keeps.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from accounts.enforcement import Guardrail
from accounts.guardrails.ai_opt_out import ai_opt_out
from accounts.guardrails.ec2_defaults import ec2_defaults
from accounts.guardrails.encrypted import encrypted
from accounts.guardrails.encrypted_transport import encrypted_transport
from accounts.guardrails.environment_tags import environment_tags
from accounts.guardrails.foundation import foundation
from accounts.guardrails.identities import identities
from accounts.guardrails.instance_types import instance_types
from accounts.guardrails.leaving import leaving
from accounts.guardrails.logs import logs
from accounts.guardrails.no_internet import no_internet
from accounts.guardrails.outsiders import outsiders
from accounts.guardrails.private import private
from accounts.guardrails.regions import regions
from accounts.guardrails.required_tags import required_tags
from accounts.guardrails.root import root
from accounts.guardrails.sagemaker import local_storage
from accounts.guardrails.services import services
from accounts.guardrails.undeclared import undeclared
from accounts.spec import InstanceTypes
from accounts.zone import UNASSIGNED_ORGANIZATION

__all__ = ["Held", "guardrails", "local_storage"]


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
    provisioning_role: str,
    environments: Mapping[str, str],
    tag_keys: Sequence[str],
    accounts: Mapping[str, Held],
) -> tuple[Guardrail, ...]:
    """Write the organisation's guardrails.

    Args:
        organization_id: o-…; empty until the org stack has made it, then a stand-in is written.
        owner: e-mail of who answers for what all accounts have in common.
        allowed_regions: regions any account may use.
        provisioning_role: name of the role Pulumi assumes in each account.
        environments: path of the OU, where SageMaker is used, by environment.
        tag_keys: required tags.
        accounts: accounts in these OUs by key.
    """
    units = sorted(set(environments.values()))
    ours = organization_id or UNASSIGNED_ORGANIZATION
    common = (
        leaving(),
        root(),
        regions(allowed_regions),
        foundation(provisioning_role),
        logs(provisioning_role),
        identities(),
        private(units),
        encrypted(units),
        undeclared(units),
        outsiders(ours),
        services(ours),
        encrypted_transport(),
        required_tags(tag_keys),
        *_environment_tags(environments),
        ec2_defaults(),
        ai_opt_out(),
        no_internet(key for key, account in accounts.items() if account.team),
    )
    return (
        *(replace(guardrail, owner=owner) for guardrail in common),
        *(
            replace(instance_types(key, held.instance_types), owner=held.owner)
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
