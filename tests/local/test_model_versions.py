"""Versions of models in the emulated AWS: what an update leaves, what may be deployed, which metadata IAM sees."""

import pytest
from botocore.exceptions import ClientError

from tests.local.people import NUMBERS, SAGEMAKER, allow, lacks

IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/xgboost:1"


@pytest.fixture
def sagemaker(client):
    return client("sagemaker")


@pytest.fixture
def group(sagemaker):
    name = f"models-{next(NUMBERS)}"
    sagemaker.create_model_package_group(ModelPackageGroupName=name)
    return name


def registered(sagemaker, group, **more):
    specification = {
        "Containers": [{"Image": IMAGE}],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    asked = {"ModelApprovalStatus": "PendingManualApproval", "InferenceSpecification": specification, **more}
    return sagemaker.create_model_package(ModelPackageGroupName=group, **asked)["ModelPackageArn"]


@pytest.mark.shows("G12")
def test_each_registration_gets_the_next_version(sagemaker, group):
    arns = [registered(sagemaker, group) for _ in range(3)]

    assert ["1", "2", "3"] == [arn.rpartition("/")[2] for arn in arns]


def test_an_approval_leaves_what_the_version_came_from(sagemaker, group):
    arn = registered(sagemaker, group, CustomerMetadataProperties={"git_commit": "1f0c2a9", "note": "old"})

    sagemaker.update_model_package(
        ModelPackageArn=arn,
        ModelApprovalStatus="Approved",
        CustomerMetadataProperties={"by": "chloe"},
        CustomerMetadataPropertiesToRemove=["note"],
        ModelLifeCycle={"Stage": "prod", "StageStatus": "Approved"},
    )

    seen = sagemaker.describe_model_package(ModelPackageName=arn)
    assert {"git_commit": "1f0c2a9", "by": "chloe"} == seen["CustomerMetadataProperties"]
    assert ("Approved", "prod") == (seen["ModelApprovalStatus"], seen["ModelLifeCycle"]["Stage"])


def test_an_annotation_leaves_the_approval(sagemaker, group):
    arn = registered(sagemaker, group)
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Rejected")

    sagemaker.update_model_package(ModelPackageArn=arn, CustomerMetadataProperties={"note": "drifts"})

    assert "Rejected" == sagemaker.describe_model_package(ModelPackageName=arn)["ModelApprovalStatus"]


def test_no_model_is_made_of_a_version_that_is_not_approved(sagemaker, group, role):
    arn = registered(sagemaker, group)
    asked = {
        "ModelName": f"model-{next(NUMBERS)}",
        "PrimaryContainer": {"ModelPackageName": arn},
        "ExecutionRoleArn": role(allow("*"), trusted=SAGEMAKER),
    }
    with pytest.raises(ClientError, match="is PendingManualApproval: only approved ones"):
        sagemaker.create_model(**asked)

    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    sagemaker.create_model(**asked)


def test_a_version_that_is_not_there_is_said_to_be(sagemaker):
    arn = "arn:aws:sagemaker:eu-west-1:111111111111:model-package/none/1"

    with pytest.raises(ClientError, match="does not exist"):
        sagemaker.describe_model_package(ModelPackageName=arn)


def test_a_list_of_versions_is_about_all_of_the_group(sagemaker, group, person):
    arn = registered(sagemaker, group)
    versions = arn.rpartition("/")[0]
    reader = person(allow("sagemaker:ListModelPackages", resource=f"{versions}/*"))("sagemaker")
    other = person(allow("sagemaker:ListModelPackages", resource=f"{versions}-2/*"))("sagemaker")

    listed = reader.list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"]

    assert [arn] == [each["ModelPackageArn"] for each in listed]
    assert "sagemaker:ListModelPackages" == lacks(other.list_model_packages, ModelPackageGroupName=group)


def test_a_group_is_found_by_its_arn(sagemaker, group):
    arn = sagemaker.describe_model_package_group(ModelPackageGroupName=group)["ModelPackageGroupArn"]

    assert group == sagemaker.describe_model_package_group(ModelPackageGroupName=arn)["ModelPackageGroupName"]


def test_policies_see_each_property_of_the_metadata(group, person):
    said = "sagemaker:CustomerMetadataProperties/git_commit"
    careful = person(allow("sagemaker:CreateModelPackage", Null={said: "false"}))("sagemaker")
    specification = {
        "Containers": [{"Image": IMAGE}],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    asked = {"ModelPackageGroupName": group, "InferenceSpecification": specification}

    assert "sagemaker:CreateModelPackage" == lacks(careful.create_model_package, **asked)
    careful.create_model_package(**asked, CustomerMetadataProperties={"git_commit": "1f0c2a9"})


def test_a_model_of_a_version_needs_a_right_on_the_version(sagemaker, group, role, person):
    arn = registered(sagemaker, group)
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    model = "arn:aws:sagemaker:eu-west-1:111111111111:model/*"
    engineer = person(allow("sagemaker:CreateModel", resource=model), allow("iam:PassRole"))("sagemaker")

    missing = lacks(
        engineer.create_model,
        ModelName=f"model-{next(NUMBERS)}",
        PrimaryContainer={"ModelPackageName": arn},
        ExecutionRoleArn=role(allow("*"), trusted=SAGEMAKER),
    )

    assert "sagemaker:CreateModel" == missing
