"""The registry and what serves: register, approve, deploy, ask, scale, roll back."""

from collections.abc import Mapping
from typing import Any

from tests.journeys.callers import OTHER_ENGINEER, OUTSIDE, Caller
from tests.journeys.step import Stage, step
from tests.journeys.steps.data import put
from zone import names
from zone.facts import image_registries

PART = "Models"
MODEL = "card-fraud"
VARIANT = "all"
PULLERS = "data-scientist, ml-engineer, processing, training, tuning, transform, endpoint, ingestion"


def image(stage: Stage) -> str:
    """An image of AWS's, as jobs and models name it."""
    region = stage.callers["data-scientist"].team.contract["keys/data"].split(":")[3]
    return f"{image_registries(region)[0]}.dkr.ecr.{region}.amazonaws.com/sagemaker-xgboost:1.7-1"


def artifact(stage: Stage) -> str:
    """A trained model in the models bucket, put there by the training role."""
    training = stage.callers["training"]
    if "artifact" not in stage.made:
        put(training, training.team.bucket("models"), "runs/first/model.tar.gz")
        stage.made["artifact"] = f"s3://{training.team.bucket('models')}/runs/first/model.tar.gz"
    return str(stage.made["artifact"])


def create_model(who: Caller, stage: Stage, name: str, use: str = "endpoint", **changed: Any) -> str:
    """Make a SageMaker model."""
    asked = {
        "ModelName": name,
        "PrimaryContainer": {"Image": image(stage), "ModelDataUrl": artifact(stage)},
        "ExecutionRoleArn": who.team.role(use),
        "VpcConfig": who.team.network,
        "Tags": [{"Key": "project", "Value": "cards"}],
        **changed,
    }
    given = {member: value for member, value in asked.items() if value is not None}
    who.client("sagemaker").create_model(**given)
    return name


def model(stage: Stage, use: str = "endpoint") -> str:
    """A model that the ML engineer made."""
    name = f"made-for-{use}"
    if name not in stage.made:
        stage.made[name] = create_model(stage.callers["ml-engineer"], stage, name, use)
    return name


def create_config(who: Caller, stage: Stage, name: str, **changed: Any) -> str:
    """Make an endpoint configuration."""
    variant = {
        "VariantName": VARIANT,
        "ModelName": model(stage),
        "InstanceType": who.team.types["endpoint"][0],
        "InitialInstanceCount": 1,
    }
    asked = {
        "EndpointConfigName": name,
        "ProductionVariants": [variant],
        "KmsKeyId": who.team.key_arn("data"),
        "Tags": [{"Key": "project", "Value": "cards"}],
        **changed,
    }
    given = {member: value for member, value in asked.items() if value is not None}
    who.client("sagemaker").create_endpoint_config(**given)
    return name


def endpoint(stage: Stage) -> str:
    """An endpoint that the ML engineer made, with a second configuration to roll back to."""
    engineer = stage.callers["ml-engineer"]
    if "served" not in stage.made:
        create_config(engineer, stage, "served-before")
        config = create_config(engineer, stage, "served")
        engineer.client("sagemaker").create_endpoint(EndpointName="served", EndpointConfigName=config)
        stage.made["served"] = True
    return "served"


SAID = {"git_commit": "1f0c2a96a8ff3d7c", "data_version": "transactions@2026-11-30"}
"""What each version says of itself."""


def register(who: Caller, stage: Stage, status: str, *, container: Mapping[str, str] | None = None, **more: Any) -> str:
    """Register a version; its ARN."""
    group = names.model_package_group(who.team.name, MODEL)
    container = container or {"Image": image(stage), "ModelDataUrl": artifact(stage)}
    more.setdefault("CustomerMetadataProperties", SAID)
    made = who.client("sagemaker").create_model_package(
        ModelPackageGroupName=group,
        ModelApprovalStatus=status,
        InferenceSpecification={
            "Containers": [container],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        **more,
    )
    return str(made["ModelPackageArn"])


def version(stage: Stage) -> str:
    """A version that waits for approval."""
    if "version" not in stage.made:
        stage.made["version"] = register(stage.callers["ml-engineer"], stage, "PendingManualApproval")
    return str(stage.made["version"])


@step(PART, "register a model version, pending approval", "ml-engineer, pipeline")
def register_pending(who: Caller, stage: Stage):
    register(who, stage, "PendingManualApproval")


@step(PART, "register a version that does not say of which code it is")
def register_without_commit(who: Caller, stage: Stage):
    register(who, stage, "PendingManualApproval", CustomerMetadataProperties={"data_version": "yesterday"})


@step(PART, "change of which code a version is")
def change_commit(who: Caller, stage: Stage):
    sagemaker = who.client("sagemaker")
    sagemaker.update_model_package(ModelPackageArn=version(stage), CustomerMetadataProperties={"git_commit": "f" * 40})


@step(PART, "annotate a version, and give it a stage", "reviewer", also=(OTHER_ENGINEER,))
def annotate(who: Caller, stage: Stage):
    who.client("sagemaker").update_model_package(
        ModelPackageArn=version(stage),
        CustomerMetadataProperties={"note": "drifts in winter"},
        ModelLifeCycle={"Stage": "dev", "StageStatus": "Approved"},
    )


@step(PART, "give a version a stage that the team has no environment for")
def stage_elsewhere(who: Caller, stage: Stage):
    life = {"Stage": "qa", "StageStatus": "Approved"}
    who.client("sagemaker").update_model_package(ModelPackageArn=version(stage), ModelLifeCycle=life)


@step(PART, "register a version that is approved already")
def register_approved(who: Caller, stage: Stage):
    register(who, stage, "Approved")


READERS = "data-scientist, ml-engineer, reviewer, processing, training, tuning, transform, endpoint, pipeline"


@step(PART, "look at a version", READERS, also=(OTHER_ENGINEER,))
def look(who: Caller, stage: Stage):
    who.client("sagemaker").describe_model_package(ModelPackageName=version(stage))


@step(PART, "delete a version")
def delete_version(who: Caller, stage: Stage):
    who.client("sagemaker").delete_model_package(ModelPackageName=version(stage))


@step(PART, "approve a version", "reviewer", also=(OTHER_ENGINEER,))
def approve(who: Caller, stage: Stage):
    who.client("sagemaker").update_model_package(ModelPackageArn=version(stage), ModelApprovalStatus="Approved")


@step(PART, "list trained models", READERS)
def artifacts(who: Caller, _stage: Stage):
    s3 = who.client("s3")
    s3.list_objects_v2(Bucket=who.team.bucket("models"), Prefix="runs/")
    s3.get_bucket_location(Bucket=who.team.bucket("models"))


@step(PART, "find an image of the team's by its digest", "ml-engineer, pipeline")
def find_image(who: Caller, _stage: Stage):
    who.client("ecr").describe_images(repositoryName=names.repository(who.team.name, MODEL))


@step(PART, "pull an image of the team's", PULLERS, also=(OUTSIDE, OTHER_ENGINEER))
def pull(who: Caller, stage: Stage):
    ecr, owner = who.client("ecr"), stage.callers["data-scientist"].team
    ecr.get_authorization_token()
    wanted = [{"imageTag": "latest"}]
    ecr.batch_get_image(registryId=owner.account, repositoryName=names.repository(owner.name, MODEL), imageIds=wanted)


@step(PART, "make a model in our network, and drop it", "ml-engineer, pipeline")
def make(who: Caller, stage: Stage):
    create_model(who, stage, f"made-by-{who.slug}")
    who.client("sagemaker").describe_model(ModelName=f"made-by-{who.slug}")
    who.client("sagemaker").delete_model(ModelName=f"made-by-{who.slug}")


@step(PART, "make a model outside the network")
def make_outside(who: Caller, stage: Stage):
    create_model(who, stage, f"outside-{who.slug}", VpcConfig=None)


@step(PART, "make a model from a stranger's image")
def make_of_stranger(who: Caller, stage: Stage):
    container = {"Image": "666666666666.dkr.ecr.eu-west-1.amazonaws.com/evil:latest", "ModelDataUrl": artifact(stage)}
    create_model(who, stage, f"evil-{who.slug}", PrimaryContainer=container)


@step(PART, "make a model that runs under the ML engineer's role")
def make_stronger(who: Caller, stage: Stage):
    create_model(who, stage, f"stronger-{who.slug}", use="ml-engineer")


@step(PART, "make an endpoint configuration", "ml-engineer")
def configure(who: Caller, stage: Stage):
    create_config(who, stage, f"config-{who.slug}")


@step(PART, "make an endpoint configuration without a volume key")
def configure_without_key(who: Caller, stage: Stage):
    create_config(who, stage, f"plain-{who.slug}", KmsKeyId=None)


@step(PART, "make an endpoint configuration on a type the team does not declare")
def configure_type(who: Caller, stage: Stage):
    variant = {
        "VariantName": VARIANT,
        "ModelName": model(stage),
        "InstanceType": "ml.p4d.24xlarge",
        "InitialInstanceCount": 1,
    }
    create_config(who, stage, f"large-{who.slug}", ProductionVariants=[variant], KmsKeyId=None)


@step(PART, "deploy: make an endpoint and take it down", "ml-engineer")
def deploy(who: Caller, stage: Stage):
    sagemaker, config = who.client("sagemaker"), create_config(who, stage, f"deployed-{who.slug}")
    tags = [{"Key": "project", "Value": "cards"}]
    sagemaker.create_endpoint(EndpointName=f"e-{who.slug}", EndpointConfigName=config, Tags=tags)
    sagemaker.describe_endpoint(EndpointName=f"e-{who.slug}")
    sagemaker.delete_endpoint(EndpointName=f"e-{who.slug}")
    sagemaker.delete_endpoint_config(EndpointConfigName=config)


@step(PART, "ask an endpoint", "ml-engineer", also=(OUTSIDE,))
def invoke(who: Caller, stage: Stage):
    runtime = who.client("sagemaker-runtime")
    runtime.invoke_endpoint(EndpointName=endpoint(stage), Body=b"1,2", ContentType="text/csv")


@step(PART, "change an endpoint's weights and capacity", "operator")
def scale(who: Caller, stage: Stage):
    wanted = [{"VariantName": VARIANT, "DesiredWeight": 1.0, "DesiredInstanceCount": 2}]
    who.client("sagemaker").update_endpoint_weights_and_capacities(
        EndpointName=endpoint(stage), DesiredWeightsAndCapacities=wanted
    )


@step(PART, "roll an endpoint back to the configuration before", "ml-engineer, operator")
def roll_back(who: Caller, stage: Stage):
    who.client("sagemaker").update_endpoint(EndpointName=endpoint(stage), EndpointConfigName="served-before")
