"""Versions of models: looked at and listed from another account, approved, staged, and made models of.

moto keeps each account's own packages, forgets the metadata of a version that is updated, and knows neither stages nor
cards. Sources, read 2026-11-30: botocore 1.44, SageMaker: DescribeModelPackage (ModelPackageName: "the name or Amazon
Resource Name"), UpdateModelPackage (CustomerMetadataPropertiesToRemove: so what is given is added), CreateModelPackage
(ModelApprovalStatus: "for versioned models … must be set to Approved to deploy the model"); SageMaker Developer Guide,
"Deploy a Model Version from a Different Account". In which call SageMaker refuses what is not approved, and in which
words, no page says.
"""

from collections.abc import Mapping
from typing import Any

from moto.sagemaker.models import ModelPackage, sagemaker_backends

from local.authority.params import at
from local.handlers.operation import Call, Refusal, completes, operation, requires

LIFE: dict[str, Mapping[str, Any]] = {}
"""ModelLifeCycle by the version's ARN."""
CARDS: dict[str, Mapping[str, Any]] = {}
"""ModelCard by the version's ARN."""
_APPROVED = "Approved"


def owner_of(call: Call, name: str) -> str:
    """Return the account that an ARN names, else the caller's."""
    return name.split(":")[4] if name.startswith("arn:") else call.account


def version(call: Call, name: str) -> ModelPackage:
    """Return the package that is named by ARN, or by the name of an unversioned one."""
    backend = sagemaker_backends[owner_of(call, name)][call.region]
    found = backend.model_packages.get(backend.model_package_name_mapping.get(name, name))
    if found is None:
        raise Refusal("ValidationException", f"Model package {name} does not exist.")
    return found


@operation("sagemaker", "DescribeModelPackage")
def describe(call: Call) -> Mapping[str, Any]:
    """Look at a version, in whatever account; who may is decided before."""
    found = version(call, str(call.params["ModelPackageName"]))
    life = LIFE.get(found.arn)
    card = CARDS.get(found.arn)
    return {
        **found.gen_response_object(),
        **({"ModelLifeCycle": life} if life else {}),
        **({"ModelCard": card} if card else {}),
    }


@operation("sagemaker", "ListModelPackages")
def listed(call: Call) -> Mapping[str, Any] | None:
    """List another account's versions; moto lists the own."""
    group = str(call.params.get("ModelPackageGroupName", ""))
    if owner_of(call, group) == call.account:
        return None
    packages = sagemaker_backends[owner_of(call, group)][call.region].model_packages.values()
    name = group.rpartition("/")[2]
    found = [each.gen_response_object() for each in packages if each.model_package_group_name == name]
    return {"ModelPackageSummaryList": found}


@operation("sagemaker", "UpdateModelPackage")
def update(call: Call) -> Mapping[str, Any]:
    """Change what the call names, and leave the rest as it is."""
    asked = call.params
    found = version(call, str(asked["ModelPackageArn"]))
    if "ModelApprovalStatus" in asked:
        found.set_model_approval_status(asked["ModelApprovalStatus"])
    if "ApprovalDescription" in asked:
        found.approval_description = asked["ApprovalDescription"]
    metadata = {**(found.customer_metadata_properties or {}), **asked.get("CustomerMetadataProperties", {})}
    removed = asked.get("CustomerMetadataPropertiesToRemove", ())
    found.customer_metadata_properties = {key: value for key, value in metadata.items() if key not in removed}
    if "InferenceSpecification" in asked:
        found.inference_specification = asked["InferenceSpecification"]
    found.add_additional_inference_specifications(asked.get("AdditionalInferenceSpecificationsToAdd"))
    if "ModelLifeCycle" in asked:
        LIFE[found.arn] = asked["ModelLifeCycle"]
    if "ModelCard" in asked:
        CARDS[found.arn] = {**CARDS.get(found.arn, {}), **asked["ModelCard"]}
    found.modifications_done()
    return {"ModelPackageArn": found.arn}


@completes("sagemaker", "CreateModelPackage")
def keep_what_moto_drops(call: Call) -> None:
    """Keep the stage and the card that a new version is given."""
    for member, kept in (("ModelLifeCycle", LIFE), ("ModelCard", CARDS)):
        if member in call.params:
            packages = sagemaker_backends[call.account][call.region].model_packages.values()
            kept[[*packages][-1].arn] = call.params[member]


@requires("sagemaker", "CreateModel")
def approved(call: Call) -> None:
    """Make no model of a version that is not approved."""
    named = [*at(call.params, "PrimaryContainer.ModelPackageName"), *at(call.params, "Containers.ModelPackageName")]
    for name in named:
        found = version(call, str(name))
        if found.model_package_version and found.model_approval_status != _APPROVED:
            status = found.model_approval_status
            raise Refusal(
                "ValidationException", f"Model package {found.arn} is {status}: only approved ones are deployed."
            )
