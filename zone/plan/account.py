"""The plan of one member account."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from zone.specs.account import PolicyException


@dataclass(frozen=True, kw_only=True)
class AccountPlan:
    """One member account of the organisation."""

    key: str
    """Identity of the account: <environment>-<file stem>, e.g. dev-fraud, org-logs."""

    stack: str
    """Stack that fills the account: dev-fraud, dev (the platform account), org-logs."""

    kind: str
    """team, platform, logs or security."""

    environment: str
    """org, dev, prod …: the folder."""

    account_id: str
    """12 digits; UNASSIGNED until the org stack has made the account."""

    email: str
    """Root e-mail."""

    account_name: str = ""
    """Name of the AWS account; empty: its key."""

    account_tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of the AWS account itself besides `tags`."""

    adopted: str | None = None
    """Path of the OU in which it was before us; None: the org stack made it."""

    organizational_unit: str
    """Path of its OU, e.g. Workloads/Dev."""

    region: str
    """Home region."""

    role: str
    """Role Pulumi assumes in the account."""

    tags: Mapping[str, str]
    """The required tags: mlz:owner, mlz:cost-centre, mlz:environment, mlz:account, mlz:data-class."""

    budget_usd_per_month: int
    """Monthly budget [USD]."""

    owner: str
    """E-mail of who answers for the account; gets the budget's alerts."""

    disposable: bool
    """Whether destroying the stack deletes data."""

    policy_exceptions: tuple[PolicyException, ...]
    """What policy rules let pass in the stack."""

    quotas: Mapping[str, int]
    """Quotas AWS has raised there, as service/code → value."""

    source: str
    """File it comes from, relative to the accounts folder: dev/fraud.yaml."""

    preview_caller_arn: str | None
    """Role in the management account that may read here for pull requests' previews; None: nobody."""

    further_regions: tuple[str, ...] = ()
    """Regions besides its home in which a team trains and serves."""


def with_parents(path: str) -> list[str]:
    """Return Workloads and Workloads/Dev for Workloads/Dev: an account's OU and those it is in."""
    parts = path.split("/")
    return ["/".join(parts[: length + 1]) for length in range(len(parts))]
