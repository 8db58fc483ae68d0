"""Which KMS keys an account has."""

from zone.names import KEY_PURPOSES, PLATFORM_KEY_PURPOSES
from zone.plan.zone import PlatformPlan, TeamPlan
from zone.schedule_names import SCHEDULES, SPARK
from zone.specs.mlflow import FargateMlflow


def key_purposes(plan: TeamPlan) -> tuple[str, ...]:
    """Return what the team needs keys for; online, schedules and spark only where it has what they encrypt."""
    online = any(group.online for group in plan.feature_groups.values())
    always = tuple(purpose for purpose in KEY_PURPOSES if online or purpose != "online")
    return (*always, *((SCHEDULES,) if plan.scheduled else ()), *((SPARK,) if plan.scheduled.spark else ()))


def platform_key_purposes(plan: PlatformPlan) -> tuple[str, ...]:
    """Return what the platform needs keys for: artifacts, what runs in its networks, and images and packages it has."""
    fargate = isinstance(plan.mlflow, FargateMlflow)
    needed = {
        "models": True,
        "logs": fargate or plan.hub or plan.images.builds,
        "database": fargate,
        "alarms": fargate,
        "images": plan.images.wanted,
        "packages": plan.packages,
    }
    return tuple(purpose for purpose in PLATFORM_KEY_PURPOSES if needed[purpose])
