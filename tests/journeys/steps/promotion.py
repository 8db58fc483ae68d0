"""A model of dev in prod: what the later environment of the same team may do with it, and what nobody else may."""

from typing import Any

from tests.journeys.callers import ADMINISTRATOR, NEXT, NEXT_USERS, OTHER_ENGINEER, OTHER_JOB, Caller
from tests.journeys.step import Stage, step
from tests.journeys.steps.data import put
from tests.journeys.steps.models import MODEL, register
from zone import names

PART = "Promotion"
TRIED_BY = (*NEXT, OTHER_ENGINEER, OTHER_JOB)
MAKERS = "prod's ml engineer, prod's pipeline"
USERS = ", ".join(NEXT_USERS)
MANIFEST = '{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "layers": []}'


def owner(stage: Stage) -> Any:
    """The team in dev."""
    return stage.callers["ml-engineer"].team


def key(stage: Stage) -> str:
    """The promoted model's artifact in dev's models bucket."""
    if "promoted artifact" not in stage.made:
        name = f"{names.model_prefix(MODEL)}/7/model.tar.gz"
        put(stage.callers["training"], owner(stage).bucket("models"), name)
        stage.made["promoted artifact"] = name
    return str(stage.made["promoted artifact"])


def digest(stage: Stage) -> str:
    """The promoted model's image in dev's repository, pushed by somebody with the right."""
    if "promoted image" not in stage.made:
        ecr = stage.callers[ADMINISTRATOR].client("ecr")
        pushed = ecr.put_image(repositoryName=names.repository(owner(stage).name, MODEL), imageManifest=MANIFEST)
        stage.made["promoted image"] = pushed["image"]["imageId"]["imageDigest"]
    return str(stage.made["promoted image"])


def promoted(stage: Stage) -> str:
    """A version that dev's ML engineer registered and dev's reviewer approved for prod."""
    if "promoted version" not in stage.made:
        team, engineer = owner(stage), stage.callers["ml-engineer"]
        registry = f"{team.account}.dkr.ecr.eu-west-1.amazonaws.com/{names.repository(team.name, MODEL)}"
        container = {
            "Image": f"{registry}@{digest(stage)}",
            "ModelDataUrl": f"s3://{team.bucket('models')}/{key(stage)}",
        }
        made = register(engineer, stage, "PendingManualApproval", container=container)
        stage.callers["reviewer"].client("sagemaker").update_model_package(
            ModelPackageArn=made,
            ModelApprovalStatus="Approved",
            ModelLifeCycle={"Stage": "prod", "StageStatus": "Approved"},
            CustomerMetadataProperties={"note": "beats the last one on chargebacks"},
        )
        stage.made["promoted version"] = made
    return str(stage.made["promoted version"])


@step(PART, "look at a version of dev's registry", MAKERS, only=TRIED_BY)
def look(who: Caller, stage: Stage):
    seen = who.client("sagemaker").describe_model_package(ModelPackageName=promoted(stage))
    assert "Approved" == seen["ModelApprovalStatus"]
    assert {"git_commit", "data_version", "note"} == {*seen["CustomerMetadataProperties"]}
    assert "prod" == seen["ModelLifeCycle"]["Stage"]


@step(PART, "find the model in dev's registry, and list its versions", MAKERS, only=TRIED_BY)
def find(who: Caller, stage: Stage):
    sagemaker, version = who.client("sagemaker"), promoted(stage)
    group = version.rpartition("/")[0].replace(":model-package/", ":model-package-group/")
    sagemaker.describe_model_package_group(ModelPackageGroupName=group)
    listed = sagemaker.list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"]
    assert version in [each["ModelPackageArn"] for each in listed]


@step(PART, "approve a version of dev's registry", only=TRIED_BY)
def approve(who: Caller, stage: Stage):
    who.client("sagemaker").update_model_package(ModelPackageArn=promoted(stage), ModelApprovalStatus="Approved")


@step(PART, "delete a version of dev's registry", only=TRIED_BY)
def delete(who: Caller, stage: Stage):
    who.client("sagemaker").delete_model_package(ModelPackageName=promoted(stage))


@step(PART, "read the promoted model's artifact in dev", USERS, only=TRIED_BY)
def read_artifact(who: Caller, stage: Stage):
    who.client("s3").get_object(Bucket=owner(stage).bucket("models"), Key=key(stage))["Body"].read()


@step(PART, "read another artifact in dev's models bucket", only=TRIED_BY)
def read_another(who: Caller, stage: Stage):
    bucket, name = owner(stage).bucket("models"), "runs/not-promoted/model.tar.gz"
    if "another" not in stage.made:
        put(stage.callers["training"], bucket, name)
        stage.made["another"] = True
    who.client("s3").get_object(Bucket=bucket, Key=name)


@step(PART, "write over the promoted model's artifact", only=TRIED_BY)
def write_artifact(who: Caller, stage: Stage):
    who.client("s3").put_object(Bucket=owner(stage).bucket("models"), Key=key(stage), Body=b"other weights")


@step(PART, "pull the promoted model's image from dev", USERS, only=TRIED_BY)
def pull(who: Caller, stage: Stage):
    ecr, team = who.client("ecr"), owner(stage)
    found = ecr.batch_get_image(
        registryId=team.account,
        repositoryName=names.repository(team.name, MODEL),
        imageIds=[{"imageDigest": digest(stage)}],
    )
    assert [MANIFEST] == [each["imageManifest"] for each in found["images"]]


@step(PART, "make a model of the promoted version, and drop it", MAKERS, only=TRIED_BY)
def make(who: Caller, stage: Stage):
    sagemaker, name = who.client("sagemaker"), f"promoted-{who.slug}"
    sagemaker.create_model(
        ModelName=name,
        PrimaryContainer={"ModelPackageName": promoted(stage)},
        ExecutionRoleArn=who.team.role("endpoint"),
        VpcConfig=who.team.network,
    )
    sagemaker.delete_model(ModelName=name)
