"""STS: what a session carries besides its role, which moto drops: session tags and the source identity.

Source: IAM User Guide, "Pass session tags in AWS STS" and "Monitor and control actions taken with assumed roles", read
2026-11-29.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from moto.sts.models import sts_backends

from local.handlers.here import PLACES
from local.handlers.operation import Call, completes
from local.handlers.tags import plain


@dataclass(frozen=True)
class Passed:
    """What was passed when a role was assumed, or comes from the session that assumed it."""

    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: frozenset[str] = frozenset()
    """Tags that go on to each role assumed from this session."""

    source_identity: str | None = None
    """Goes on too, and never changes."""


PASSED: dict[str, Passed] = {}
"""Access key of a session → what it carries."""


@completes("sts", "AssumeRole")
def keep(call: Call) -> None:
    """Keep it with the session just made. Tags that came along a chain win: AWS refuses to pass others of that name."""
    role: str = call.params["RoleArn"]
    made = next(
        each for each in reversed(sts_backends[role.split(":")[4]]["aws"].assumed_roles) if each.role_arn == role
    )
    if call.key in PLACES:
        PLACES[made.access_key_id] = PLACES[call.key]
    before = PASSED.get(call.key, Passed())
    handed_on = {key: value for key, value in before.tags.items() if key in before.transitive}
    PASSED[made.access_key_id] = Passed(
        {**plain(call.params.get("Tags")), **handed_on},
        before.transitive | set(call.params.get("TransitiveTagKeys", ())),
        before.source_identity or call.params.get("SourceIdentity"),
    )
