"""Pure: a quota as AWS's Service Quotas knows it, what is needed of it, and what parts of a stack need together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from zone.facts import facts

LARGEST: Final = frozenset(
    {
        "iam.managed_policies_per_role",
        "vpc.interface_endpoints_per_vpc",
        "vpc.rules_per_security_group",
    }
)
"""Ids of limits.json that hold for each one of several: the largest counts, not the sum."""


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One quota as Service Quotas knows it."""

    service: str
    """Service code, e.g. sagemaker."""

    code: str | None
    """Quota code, e.g. L-AC46C40F; None: Service Quotas has none, or it is known by its name alone."""

    name: str
    """Its name there."""

    default: int | None
    """Documented default; None: not known here, AWS must be asked."""

    unit: str = "count"
    """count, GB or seconds."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """What one account needs of one quota."""

    stack: str
    """The stack that needs it."""

    account: str
    """Key of the account; management for the management account."""

    account_id: str
    """12 digits; UNASSIGNED until the account is made."""

    role: str | None
    """Role by which the management account reads there; None: its own credentials do."""

    region: str
    """Region in which the quota is read and raised."""

    quota: Quota
    """Which."""

    number: int
    """How much of it the plan may use at a time [the quota's unit]."""

    declared: int | None
    """What the YAML says AWS has raised it to."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A need, and what the account has."""

    need: Need
    """What is needed."""

    has: int | None
    """What there is; None: not known."""

    source: str
    """Who says so: AWS, declared, default, or unknown."""

    @property
    def fits(self) -> bool:
        """Whether it is known to suffice."""
        return self.has is not None and self.need.number <= self.has

    @property
    def command(self) -> str:
        """The command that asks for the increase, to be run with credentials of the account."""
        quota, region = self.need.quota, self.need.region
        if quota.code:
            return (
                f"aws service-quotas request-service-quota-increase --region {region} --service-code {quota.service} "
                f"--quota-code {quota.code} --desired-value {self.need.number}"
            )
        query = f"Quotas[?QuotaName=='{quota.name}'].[QuotaCode,Value]"
        return (
            f"aws service-quotas list-service-quotas --region {region} --service-code {quota.service} "
            f'--output text --query "{query}"'
        )


def known(key: str) -> Quota:
    """Return the quota with the id *key* in limits.json."""
    record: dict[str, Any] = next(record for record in facts("limits")["limits"] if record["id"] == key)
    return Quota(
        service=record["service"],
        code=record["code"],
        name=record["name"],
        default=record["default"],
        unit=record["unit"],
    )


def of_type(use: str, instance_type: str) -> Quota:
    """The quota on instances of one type for one use; for a type without a record AWS knows default and code."""
    records = facts("limits")["instances"]
    record = records["by_use"][use].get(instance_type, {"default": None, "code": None})
    name = records["names"][use].format(type=instance_type)
    return Quota(service="sagemaker", code=record["code"], name=name, default=record["default"])


def together(*parts: Mapping[str, int]) -> dict[str, int]:
    """Add up what parts of one stack need, by the quota's id in limits.json; see LARGEST."""
    found: dict[str, int] = {}
    for part in parts:
        for key, number in part.items():
            before = found.get(key, 0)
            found[key] = max(before, number) if key in LARGEST else before + number
    return found
