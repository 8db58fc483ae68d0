"""Who is who in an emulated AWS. Apart from the emulator, which takes seconds to import."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Identities:
    """Who is who in the emulated AWS."""

    management_account: str = "123456789012"
    """Owner of every credential that no role gave out [12 digits]."""

    organization: str = "o-mlzlocal00"
    """The id the organisation gets when it is made."""

    accounts: dict[str, str] = field(default_factory=dict)
    """Root e-mail → account id. Other e-mails get fresh ids."""

    retired: dict[str, str] = field(default_factory=dict)
    """Key → id of accounts that were given up: the organisation has them from the start."""

    instance: str = ""
    """ARN of the organisation's instance of Identity Center; empty: it is not on."""

    instance_region: str = ""
    """The only region that knows it."""

    users: dict[str, str] = field(default_factory=dict)
    """User name in Identity Center's directory → id; others may be made."""

    groups: dict[str, str] = field(default_factory=dict)
    """Group in Identity Center's directory → id."""

    quotas: dict[str, dict[str, int]] = field(default_factory=dict)
    """Root e-mail, or the management account's id → quotas its file declares raised (sagemaker/L-AC46C40F) → value."""

    provisioning_role: str = "OrganizationAccountAccessRole"
    """Role in each account as which the management account works."""

    certificates: list[str] = field(default_factory=list)
    """ARNs of the certificates that specs name: there and issued before anything is deployed."""

    existing: dict[str, Any] = field(default_factory=dict)
    """An organisation that is there before anybody makes one: root, policy_types, units (id by path) and accounts (id,
    name, email, unit, tags), and where it has one control_tower (region, version, controls by unit); empty: none."""
