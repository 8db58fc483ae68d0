"""Grants around a managed MLflow tracking server: what the server may do, what a team may do with it."""

import pulumi

from components.access.grants.statement import Statement


def serve(
    bucket_arn: str, prefix: str, key_arn: pulumi.Input[str], *, region: str, account_id: str
) -> tuple[Statement, ...]:
    """Let a server keep artifacts under *prefix* (empty, or ending in a slash) of its bucket."""
    return (
        Statement(
            sid="KeepArtifacts",
            actions=("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"),
            resources=(f"{bucket_arn}/{prefix}*",),
            conditions={"StringEquals": {"aws:ResourceAccount": account_id}},
            reason="MLflow names experiments and runs; the prefix is the server's",
        ),
        Statement(
            # Unlike objects, names are not bound to the prefix: the server first asks whether the bucket is there
            # (HeadBucket), which is this action without a prefix. Source: SageMaker Developer Guide, "Set up IAM
            # permissions for MLflow" (s3:List*, s3:Get*, s3:Put* on the bucket), read 2026-11-29.
            sid="ListArtifacts",
            actions=("s3:GetBucketLocation", "s3:ListBucket"),
            resources=(bucket_arn,),
            conditions={"StringEquals": {"aws:ResourceAccount": account_id}},
        ),
        Statement(
            sid="EncryptArtifacts",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(key_arn,),
            conditions={"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
        ),
    )


def track(server_arn: pulumi.Input[str], *, shared: bool) -> tuple[Statement, ...]:
    """Let a team log to one server and open its pages; a *shared* one denies deleting, which would hit other teams."""
    return (
        Statement(
            sid="Track",
            actions=("sagemaker-mlflow:*",),
            resources=(server_arn,),
            reason="MLflow's calls know no experiment or run: the server is the smallest thing IAM can name",
        ),
        Statement(
            sid="ShowPages",
            actions=("sagemaker-mlflow:AccessUI",),
            resources=("*",),
            reason="AWS knows no resource for it; which server's pages open is decided by the presigned URL below",
        ),
        Statement(
            sid="OpenPages",
            actions=("sagemaker:CreatePresignedMlflowTrackingServerUrl", "sagemaker:DescribeMlflowTrackingServer"),
            resources=(server_arn,),
        ),
        *(
            (
                Statement(
                    sid="NeverDeleteForOthers",
                    effect="Deny",
                    actions=("sagemaker-mlflow:Delete*",),
                    resources=(server_arn,),
                    reason="a denial is meant to be wide",
                ),
            )
            if shared
            else ()
        ),
    )
