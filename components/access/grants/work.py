"""Grants on the work bucket: code on its way into jobs, intermediate results. Neither data sets nor models."""

from components.access.grants.place import Place
from components.access.grants.statement import ENCRYPT, Statement


def keep_work(place: Place) -> tuple[Statement, ...]:
    """Read and write the team's work bucket: people put code there, jobs fetch it and leave results."""
    bucket = place.bucket("studio")
    ours = {"StringEquals": {"aws:ResourceAccount": place.account_id}}
    return (
        Statement(
            sid="KeepWork",
            actions=(
                "s3:GetObject",
                "s3:PutObject",
                "s3:DeleteObject",
                "s3:AbortMultipartUpload",
                "s3:ListMultipartUploadParts",  # large results of Athena
            ),
            resources=(f"{bucket}/*",),
            conditions=ours,
        ),
        Statement(
            sid="ListWork", actions=("s3:ListBucket", "s3:GetBucketLocation"), resources=(bucket,), conditions=ours
        ),
        Statement(
            sid="EncryptWork",
            actions=("kms:Decrypt", *ENCRYPT),
            resources=(place.key_arns["studio"],),
            conditions={"StringEquals": {"kms:ViaService": place.service("s3")}},
        ),
    )
