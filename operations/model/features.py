"""Which definitions of features a model was made with: the feature group as it was when its run began.

A feature group's features can be added to (UpdateFeatureGroup), and a group of the same name can be made anew: neither
its name nor its ARN says which one a run saw. Time of creation and schema together do.
Source: botocore 1.44, SageMaker, DescribeFeatureGroup (definitions come in pages), UpdateFeatureGroup, read 2026-11-30.
"""

from collections.abc import Mapping
from hashlib import sha256
from json import dumps
from typing import Any, Final

from botocore.exceptions import ClientError

from operations.model.errors import ModelError
from operations.model.place import Clients, Place
from operations.model.spec import ModelSpec
from zone import names

GROUP: Final = "feature_group"
"""Metadata of a version: ARN of the feature group."""

CREATED: Final = "feature_group_created"
"""Metadata of a version: when the group was made [UTC]."""

SCHEMA: Final = "feature_schema"
"""Metadata of a version: digest of the group's features, their types, record id and event time."""

_SHOWN: Final = 16
"""Characters of the digest [count]."""


def features(place: Place, clients: Clients, spec: ModelSpec) -> dict[str, str]:
    """Return what identifies the definitions of the model's features now; nothing for a model without a feature group.

    Raises:
        ModelError: the group is not there, or may not be looked at.
    """
    if spec.feature_group is None:
        return {}
    name, sagemaker = names.feature_group(place.team.team, spec.feature_group), clients("sagemaker")
    definitions: list[Mapping[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        try:
            said = sagemaker.describe_feature_group(FeatureGroupName=name, **token)
        except ClientError as error:
            raise ModelError(f"the feature group {name} can't be looked at: {error}") from error
        definitions += said["FeatureDefinitions"]
        if not said.get("NextToken"):
            break
        token = {"NextToken": said["NextToken"]}
    return {
        GROUP: said["FeatureGroupArn"],
        CREATED: f"{said['CreationTime']:%Y-%m-%dT%H:%M:%S%z}",
        SCHEMA: schema(definitions, said["RecordIdentifierFeatureName"], said["EventTimeFeatureName"]),
    }


def schema(definitions: list[Mapping[str, Any]], record_id: str, event_time: str) -> str:
    """Return the digest of feature definitions, the same in whatever order AWS lists them."""
    whole = sorted(dumps(dict(each), sort_keys=True) for each in definitions)
    return sha256(dumps([record_id, event_time, whole]).encode()).hexdigest()[:_SHOWN]
