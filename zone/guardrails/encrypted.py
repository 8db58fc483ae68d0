"""Guardrail: SageMaker encrypts with keys of the account."""

from collections.abc import Sequence

from zone.facts import local_storage
from zone.guardrails.enforcement import Guardrail
from zone.guardrails.sagemaker import INLINE_SCHEDULE, INSTANCE_TYPES, JOB_DEFINITIONS, SCHEDULES
from zone.guardrails.statement import Condition, deny, document

_VOLUME = "sagemaker:VolumeKmsKey"
_OUTPUT = "sagemaker:OutputKmsKey"

_VOLUMES_OF_INSTANCES = (
    "sagemaker:CreateEndpointConfig",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateTransformJob",
    *JOB_DEFINITIONS,
)
_OUTPUTS = (
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateLabelingJob",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateTransformJob",
    *JOB_DEFINITIONS,
)


def encrypted(organizational_units: Sequence[str]) -> Guardrail:
    """Refuse SageMaker volumes, results and feature stores without a key of one's own."""
    # AWS refuses the key for types with local storage, so it is asked for where some type has none. An endpoint
    # configuration that mixes both kinds can't satisfy both and has to be split.
    no_volume_key: Condition = {
        "Null": {_VOLUME: "true"},
        "ForAnyValue:StringNotLike": {INSTANCE_TYPES: list(local_storage())},
    }
    return Guardrail(
        key="encrypted-sagemaker",
        description="SageMaker volumes, results, homes and feature stores are encrypted with the account's keys.",
        document=document(
            deny("NoVolumeKey", _VOLUMES_OF_INSTANCES, no_volume_key),
            # ForAnyValue is false for an absent key: without a type the volume key is asked for in any case.
            deny("NoVolumeKeyNorType", _VOLUMES_OF_INSTANCES, {"Null": {_VOLUME: "true", INSTANCE_TYPES: "true"}}),
            deny("NoScheduledVolumeKey", SCHEDULES, no_volume_key),
            deny(
                "NoKeyOfHomeOrNotebook",
                ["sagemaker:CreateDomain", "sagemaker:CreateLabelingJob", "sagemaker:CreateNotebookInstance"],
                {"Null": {_VOLUME: "true"}},
            ),
            deny("NoOutputKey", _OUTPUTS, {"Null": {_OUTPUT: "true"}}),
            deny("NoScheduledOutputKey", SCHEDULES, {"Null": {_OUTPUT: "true"} | INLINE_SCHEDULE}),
            deny(
                "NoOnlineStoreKey",
                ["sagemaker:CreateFeatureGroup"],
                {
                    "Bool": {"sagemaker:FeatureGroupEnableOnlineStore": "true"},
                    "Null": {"sagemaker:FeatureGroupOnlineStoreKmsKey": "true"},
                },
            ),
            # The bucket is the one thing every offline store must name.
            deny(
                "NoOfflineStoreKey",
                ["sagemaker:CreateFeatureGroup"],
                {
                    "Null": {
                        "sagemaker:FeatureGroupOfflineStoreS3Uri": "false",
                        "sagemaker:FeatureGroupOfflineStoreKmsKey": "true",
                    }
                },
            ),
        ),
        targets=tuple(organizational_units),
    )
