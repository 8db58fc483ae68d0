"""Pure: what AWS itself refuses in every account: service control policies, one a file.

A service control policy binds everybody in a member account, its root user included, but not the management account
and not AWS's service-linked roles.
"""

from collections.abc import Mapping, Sequence

from accounts.guardrails.encrypted import encrypted
from accounts.guardrails.foundation import foundation
from accounts.guardrails.identities import identities
from accounts.guardrails.instance_types import instance_types
from accounts.guardrails.leaving import leaving
from accounts.guardrails.logs import logs
from accounts.guardrails.private import private
from accounts.guardrails.regions import regions
from accounts.guardrails.root import root
from accounts.guardrails.sagemaker import local_storage
from accounts.guardrails.undeclared import undeclared
from accounts.spec import InstanceTypes
from accounts.zone import Guardrail

__all__ = ["guardrails", "local_storage"]


def guardrails(
    *,
    allowed_regions: Sequence[str],
    provisioning_role: str,
    organizational_units: Sequence[str],
    teams: Mapping[str, InstanceTypes],
) -> tuple[Guardrail, ...]:
    """Write the organisation's service control policies.

    Args:
        allowed_regions: regions any account may use.
        provisioning_role: name of the role Pulumi assumes in each account.
        organizational_units: paths of the environments' OUs, where SageMaker is used.
        teams: allowed instance types by team account key.
    """
    return (
        leaving(),
        root(),
        regions(allowed_regions),
        foundation(provisioning_role),
        logs(provisioning_role),
        identities(),
        private(organizational_units),
        encrypted(organizational_units),
        undeclared(organizational_units),
        *(instance_types(account_key, teams[account_key]) for account_key in sorted(teams)),
    )
