"""Makes the facts that come from botocore's service models; `python tests/zone/aws_model_facts.py` writes them.

The plan itself must not import botocore, so the facts are files, and a test says that they are fresh.
"""

import json
from pathlib import Path

import botocore
import botocore.session

FACTS = Path(__file__).parents[2] / "zone" / "facts"
AS_OF = "2026-11-21"
USES = {
    "notebook": ("CreateApp", "AppInstanceType"),
    "processing": ("CreateProcessingJob", "ProcessingInstanceType"),
    "training": ("CreateTrainingJob", "TrainingInstanceType"),
    "tuning": ("CreateHyperParameterTuningJob", "TrainingInstanceType"),
    "transform": ("CreateTransformJob", "TransformInstanceType"),
    "endpoint": ("CreateEndpointConfig", "ProductionVariantInstanceType"),
}
NAMES = {
    "domain": ("sagemaker", "DomainName"),
    "user_profile": ("sagemaker", "UserProfileName"),
    "space": ("sagemaker", "SpaceName"),
    "feature_group": ("sagemaker", "FeatureGroupName"),
    "endpoint": ("sagemaker", "EndpointName"),
    "model_package_group": ("sagemaker", "EntityName"),
    "mlflow_server": ("sagemaker", "TrackingServerName"),
    "repository": ("ecr", "RepositoryName"),
    "role": ("iam", "roleNameType"),
    "account": ("organizations", "CreateAccountName"),
}
# S3's model has no limit for bucket names; the User Guide has.
BUCKET = {
    "min": 3,
    "max": 63,
    "pattern": "[a-z0-9][a-z0-9.-]*[a-z0-9]",
    "source": "Amazon S3 User Guide, bucket naming rules",
    "as_of": "2026-04-13",
}
RESERVED_FEATURES = {
    "names": ["is_deleted", "write_time", "api_invocation_time"],
    "source": "Amazon SageMaker Developer Guide, Feature Store quotas, naming rules and data types",
    "as_of": "2026-10",
}


def shapes(service: str) -> dict:
    loader = botocore.session.get_session().get_component("data_loader")
    return loader.load_service_model(service, "service-2")["shapes"]


def instance_types() -> dict:
    sagemaker = shapes("sagemaker")
    return {
        "about": "SageMaker instance types that AWS has, by the use our specs name and the API behind it.",
        "source": f"botocore {botocore.__version__}, sagemaker service model",
        "as_of": AS_OF,
        "uses": {
            use: {
                "api": api,
                "shape": shape,
                "types": [name for name in sagemaker[shape]["enum"] if name.startswith("ml.")],
            }
            for use, (api, shape) in USES.items()
        },
    }


def name_limits() -> dict:
    found = {"bucket": BUCKET}
    for name, (service, shape) in NAMES.items():
        model = shapes(service)[shape]
        found[name] = {
            "min": model.get("min", 0),
            "max": model["max"],
            "pattern": model.get("pattern"),
            "source": f"botocore {botocore.__version__}, {service} service model, {shape}",
            "as_of": AS_OF,
        }
    return {
        "about": "Lengths and patterns of the names AWS takes; a pattern holds for the whole name.",
        "names": found,
        "reserved_feature_names": RESERVED_FEATURES,
    }


FILES = {"instance_types.json": instance_types, "names.json": name_limits}

if __name__ == "__main__":
    for file, make in FILES.items():
        (FACTS / file).write_text(json.dumps(make(), indent=1) + "\n")
