"""Grants on models that another environment promotes: making models of versions, and loading these."""

from components.access.grants.place import Place
from components.access.grants.runtime import PULL
from components.access.grants.statement import Statement
from zone import names

_VERSIONS = "a model package's name is its group's and a version number"


def take_versions(place: Place) -> tuple[Statement, ...]:
    """See the other environment's versions and make models of them; SageMaker takes those that are approved."""
    promoted = place.team.promoted
    if not promoted:
        return ()
    groups = [
        (
            f"arn:aws:sagemaker:{place.region}:{each.account_id}",
            names.model_package_group(place.team.name, each.model),
        )
        for each in promoted
    ]
    packages = tuple(f"{home}:model-package/{group}/*" for home, group in groups)
    return (
        Statement(
            sid="SeePromoted",
            actions=(
                "sagemaker:DescribeModelPackage",
                "sagemaker:DescribeModelPackageGroup",
                "sagemaker:ListModelPackages",
            ),
            resources=(*(f"{home}:model-package-group/{group}" for home, group in groups), *packages),
            reason=_VERSIONS,
        ),
        # The model itself is made under the conditions of MakeModels; this is the right on what it is made of.
        Statement(sid="TakePromoted", actions=("sagemaker:CreateModel",), resources=packages, reason=_VERSIONS),
    )


def read_promoted(place: Place) -> tuple[Statement, ...]:
    """Load promoted models: their artifacts, the key of these, and their images."""
    promoted = place.team.promoted
    owners = {each.account_key: each.account_id for each in promoted}
    buckets = [
        (names.bucket_arn(each.account_key, "models", each.account_id), names.model_prefix(each.model))
        for each in promoted
    ]
    theirs = {"StringEquals": {"aws:ResourceAccount": sorted({*owners.values()})}}
    return (
        Statement(
            sid="ReadPromoted",
            actions=("s3:GetObject",),
            resources=tuple(f"{bucket}/{prefix}/*" for bucket, prefix in buckets),
            conditions=theirs,
            reason="all artifacts of a model lie below its own prefix",
        ),
        Statement(
            # For artifacts that are not packed: SageMaker lists what lies below the prefix.
            sid="ListPromoted",
            actions=("s3:ListBucket",),
            resources=tuple(dict.fromkeys(bucket for bucket, _ in buckets)),
            conditions={**theirs, "StringLike": {"s3:prefix": [f"{prefix}/*" for _, prefix in buckets]}},
        ),
        Statement(
            sid="DecryptPromoted",
            actions=("kms:Decrypt",),
            resources=tuple(f"arn:aws:kms:{place.region}:{account_id}:key/*" for account_id in owners.values()),
            conditions={
                "StringEquals": {"kms:ViaService": place.service("s3")},
                "ForAnyValue:StringEquals": {
                    "kms:ResourceAliases": [names.key_alias(account_key, "models") for account_key in owners]
                },
            },
            reason="AWS invents the key's id in another account; the alias names the key",
        ),
        Statement(
            sid="PullPromoted",
            actions=PULL,
            resources=tuple(
                names.repository_arn(place.region, each.account_id, place.team.name, each.model) for each in promoted
            ),
        ),
    )
