"""Which KMS keys a team has."""

from zone.names import KEY_PURPOSES
from zone.plan.zone import TeamPlan


def key_purposes(plan: TeamPlan) -> tuple[str, ...]:
    """Return what the team needs keys for: all purposes, online only where a feature group has that store."""
    online = any(group.online for group in plan.feature_groups.values())
    return tuple(purpose for purpose in KEY_PURPOSES if online or purpose != "online")
