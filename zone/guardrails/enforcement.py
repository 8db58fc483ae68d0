"""What AWS itself enforces: guardrails, and the organisation policies that carry them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class PolicyType(StrEnum):
    """Organizations' policy types in use."""

    SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
    RESOURCE_CONTROL = "RESOURCE_CONTROL_POLICY"
    TAG = "TAG_POLICY"
    EC2 = "DECLARATIVE_POLICY_EC2"
    AI_OPT_OUT = "AISERVICES_OPT_OUT_POLICY"


@dataclass(frozen=True, kw_only=True)
class Guardrail:
    """One thing AWS itself enforces in organisational units or accounts."""

    key: str
    """Identity, e.g. deny-leaving."""

    type: PolicyType = PolicyType.SERVICE_CONTROL
    """How AWS enforces it."""

    description: str
    """What it refuses and why, for people [≤ 512 characters]."""

    document: Mapping[str, object]
    """The policy document."""

    targets: tuple[str, ...]
    """OU paths (Workloads/Dev), account keys (dev-fraud) or "root"."""

    owner: str = ""
    """E-mail of who answers for it; empty only until guardrails() has written it."""


@dataclass(frozen=True, kw_only=True)
class OrganizationPolicy:
    """One policy as it is attached: the statements of one guardrail or of many, see packing.py."""

    key: str
    """Identity, e.g. scp-deny-leaving: after the guardrail it begins with."""

    type: PolicyType
    """How AWS enforces it."""

    description: str
    """The guardrails it carries [≤ 512 characters]."""

    document: Mapping[str, object]
    """The policy document."""

    targets: tuple[str, ...]
    """As Guardrail.targets."""

    sources: Mapping[str, tuple[str, ...]]
    """Source map: Sid → statements it stands for, each <guardrail>/<Sid>; without statements "" → guardrail."""
