"""Features added to a group that has records: what AWS does in place and the provider does by replacing the group.

pulumi-aws 7.21.0 replaces a group for any change of its features (ForceNew; terraform-provider-aws issues 26809, 36784,
open). So the program does not hand them on after the creation, and a hook of the engine asks AWS itself before the
group's tag is updated: in any `pulumi up`, with nothing to install but boto3.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

AT_ONCE: Final = 100
"""Features one call adds (SageMaker API Reference, UpdateFeatureGroup, FeatureAdditions; botocore 1.44.5) [count]."""

_TAG_LENGTH: Final = 256
"""Longest tag value (SageMaker API Reference, Tag) [characters]."""

_PAUSE_SECONDS: Final = 2
_PATIENCE_SECONDS: Final = 600


class FeatureError(Exception):
    """AWS has other features than the program can add to; the text is for the user."""


def signature(features: Mapping[str, str]) -> str:
    """Return what the group's tag says of its features: another value for other features, whatever their order."""
    text = " ".join(f"{name}:{kind}" for name, kind in sorted(features.items()))
    if len(text) <= _TAG_LENGTH:
        return text
    return f"{len(features)} features {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def add_features(
    client: Any,  # noqa: ANN401 - boto3 ships no types
    group: str,
    features: Mapping[str, str],
    pause: Callable[[float], None] = time.sleep,
) -> list[str]:
    """Add to *group* what it lacks of *features*, wait until it is there, and return the names.

    Raises:
        FeatureError: a feature is gone or has another type, which AWS changes in no group; or the update failed.
    """
    there = _definitions(client, group)
    wrong = sorted(f"{name} ({kind})" for name, kind in there.items() if features.get(name) != kind)
    if wrong:
        raise FeatureError(
            f"feature group {group} has {', '.join(wrong)}: AWS takes no feature away and changes no type; restore "
            "them, or make a group under a new name"
        )
    new = [name for name in features if name not in there]
    for start in range(0, len(new), AT_ONCE):
        part = [{"FeatureName": name, "FeatureType": features[name]} for name in new[start : start + AT_ONCE]]
        client.update_feature_group(FeatureGroupName=group, FeatureAdditions=part)
        _wait(client, group, pause)
    return new


def _definitions(client: Any, group: str) -> dict[str, str]:  # noqa: ANN401 - as above
    """Type by feature, all pages of them."""
    found: dict[str, str] = {}
    more: dict[str, str] = {}
    while True:
        page = client.describe_feature_group(FeatureGroupName=group, **more)
        found |= {each["FeatureName"]: each["FeatureType"] for each in page["FeatureDefinitions"]}
        if not page.get("NextToken"):
            return found
        more = {"NextToken": page["NextToken"]}


def _wait(client: Any, group: str, pause: Callable[[float], None]) -> None:  # noqa: ANN401 - as above
    """Wait for the end of an update, which AWS makes after its answer."""
    for _ in range(_PATIENCE_SECONDS // _PAUSE_SECONDS):
        status = client.describe_feature_group(FeatureGroupName=group).get("LastUpdateStatus", {})
        if status.get("Status") == "Failed":
            raise FeatureError(
                f"feature group {group}: AWS added no feature: {status.get('FailureReason', 'no reason given')}"
            )
        if status.get("Status") != "InProgress":
            return
        pause(_PAUSE_SECONDS)
    raise FeatureError(f"feature group {group}: AWS still adds features after {_PATIENCE_SECONDS} s; run `up` again")
