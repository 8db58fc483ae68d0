"""Feature groups as the YAML has them, and who else may read them."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from zone.specs.spec import Spec
from zone.specs.values import FeatureName, Key, Unique


class ShareMode(StrEnum):
    """Which store of a feature group another team may read."""

    OFFLINE = "offline"
    ONLINE = "online"


class FeatureType(StrEnum):
    """The three types SageMaker Feature Store knows."""

    STRING = "String"
    INTEGRAL = "Integral"
    FRACTIONAL = "Fractional"


class FeatureShare(Spec):
    """How one other team reads a feature group."""

    modes: Unique[ShareMode] = Field(min_length=1)
    """offline: grants to the team's roles; online: a role in this account the team may assume."""

    via: Literal["grants", "role", "resource_policy"] | None = None
    """Leave it out: offline goes by grants, online by a role. `resource_policy` is refused for the online store,
    which has none in AWS."""


class FeatureGroup(Spec):
    """A SageMaker feature group."""

    description: Annotated[str, Field(max_length=128)] = ""
    """What a record says, for whoever finds the group [≤ 128 characters]; AWS keeps the first one for ever."""

    record_id: FeatureName
    """Feature that identifies a record; one of `features`."""

    event_time: FeatureName
    """Feature that holds the event time; one of `features`, String or Fractional."""

    features: Annotated[dict[FeatureName, FeatureType], Field(min_length=2, max_length=2500)]
    """Feature name → type, the two above included [count, 2 to 2500]."""

    online: bool = False
    """Keep an online store (for inference)."""

    offline: bool = True
    """Keep an offline store (for training): S3, Glue table."""

    shared_with: dict[Key, FeatureShare] = {}
    """Teams of the same environment that may read it."""
