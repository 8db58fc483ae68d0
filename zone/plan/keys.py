"""Which KMS keys an account has."""

from zone.names import KEY_PURPOSES
from zone.plan.zone import PlatformPlan, TeamPlan


def key_purposes(plan: TeamPlan) -> tuple[str, ...]:
    """Return what the team needs keys for: all purposes, online only where a feature group has that store."""
    online = any(group.online for group in plan.feature_groups.values())
    absent = {"images", "packages", *(() if online else ("online",))}
    return tuple(purpose for purpose in KEY_PURPOSES if purpose not in absent)


def platform_purposes(plan: PlatformPlan) -> tuple[str, ...]:
    """Return what the platform needs keys for: MLflow's artifacts, and images and packages where it has them."""
    return ("models", *(("images",) if plan.images.wanted else ()), *(("packages",) if plan.packages else ()))
