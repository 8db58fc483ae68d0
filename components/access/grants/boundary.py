"""The permission boundary's statements. A boundary grants nothing: it is cut with each role's own policies."""

from collections.abc import Sequence

from components.access.grants.packages import SERVICE
from components.access.grants.runtime import PULL, pull_images_of_aws
from components.access.grants.statement import Statement

_CEILING = "a boundary grants nothing; what a role may do is named one by one in its own policies"


_ARTIFACTS = ("s3:PutObject", "s3:AbortMultipartUpload", "kms:GenerateDataKey")
_DATABASES = ("rds-db:connect", "secretsmanager:GetSecretValue")


def boundary(
    account_id: str,
    regions: Sequence[str],
    partner_account_ids: Sequence[str],
    promoting_account_ids: Sequence[str] = (),
    *,
    databases: bool = False,
    managed_mlflow: bool = True,
) -> tuple[Statement, ...]:
    """Return the most any role of *account_id* may do.

    Not in it, so impossible for every role of the account: making or changing roles, policies and keys (a role
    could free itself), networks, organisation, billing.

    Args:
        account_id: the account.
        regions: where it works: AWS keeps SageMaker's images by region.
        partner_account_ids: accounts that declared shares and MLflow connect it with.
        promoting_account_ids: accounts whose models may be deployed in it.
        databases: whether roles log in to databases and read their passwords.
        managed_mlflow: whether SageMaker runs MLflow, whose clients write artifacts to the platform themselves.
    """
    home = Statement(
        # The services an ML account works with, in this account only. IfExists: some calls (lists, tokens) touch no
        # resource, and then the key is absent.
        sid="WorkInThisAccount",
        actions=(
            "sagemaker:*",
            "s3:*",
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey*",
            "kms:CreateGrant",
            "ecr:*",
            "glue:*",
            "logs:*",
            "cloudwatch:*",
            # Endpoints' HTTP APIs.
            "execute-api:Invoke",
            # What could not be started by schedule is kept in a queue.
            "sqs:SendMessage",
            "emr-serverless:CancelJobRun",
            "emr-serverless:GetJobRun",
            "emr-serverless:ListApplications",
            "emr-serverless:ListJobRuns",
            "emr-serverless:StartJobRun",
            "codebuild:BatchGetBuilds",
            "codebuild:ListBuildsForProject",
            "codebuild:StartBuild",
            "codebuild:StopBuild",
            "athena:Get*",
            "athena:StartQueryExecution",
            "athena:StopQueryExecution",
            "ssm:GetParameter",
            "ssm:GetParameters",
            "ssm:GetParametersByPath",
            "iam:GetRole",
            "iam:PassRole",
            "sts:AssumeRole",
            "sts:SetSourceIdentity",
            "sts:GetCallerIdentity",
            "ec2:Describe*",
            "ec2:CreateNetworkInterface",
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DeleteNetworkInterface",
            "ec2:DeleteNetworkInterfacePermission",
            *(_DATABASES if databases else ()),
        ),
        resources=("*",),
        conditions={"StringEqualsIfExists": {"aws:ResourceAccount": account_id}},
        reason=_CEILING,
    )
    partners = Statement(
        # Declared shares are read, MLflow artifacts are read and written; nothing else crosses the account's edge.
        sid="UseDeclaredShares",
        actions=(
            "s3:GetObject",
            "s3:ListBucket",
            "s3:GetBucketLocation",
            "kms:Decrypt",
            *(_ARTIFACTS if managed_mlflow else ()),
            "glue:GetDatabase",
            "glue:GetTable",
            "glue:GetPartition",
            "glue:GetPartitions",
            "sts:AssumeRole",
            "sts:SetSourceIdentity",
            # Images and packages of the platform.
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:BatchImportUpstreamImage",
            "ecr:CreateRepository",
            "ecr:DescribeImages",
            "ecr:GetDownloadUrlForLayer",
            "codeartifact:GetAuthorizationToken",
            "codeartifact:GetRepositoryEndpoint",
            "codeartifact:ReadFromRepository",
        ),
        resources=("*",),
        conditions={"StringEquals": {"aws:ResourceAccount": sorted(partner_account_ids)}},
        reason=_CEILING,
    )
    promoted = Statement(
        # What another environment of the team lets this one deploy: seen, read and made a model of, never changed.
        sid="TakePromotedModels",
        actions=(
            "sagemaker:DescribeModelPackage",
            "sagemaker:DescribeModelPackageGroup",
            "sagemaker:ListModelPackages",
            "sagemaker:CreateModel",
            "s3:GetObject",
            "s3:ListBucket",
            "kms:Decrypt",
            *PULL,
        ),
        resources=("*",),
        conditions={"StringEquals": {"aws:ResourceAccount": sorted(promoting_account_ids)}},
        reason=_CEILING,
    )
    mlflow = Statement(
        # Roles that MLflow's teams assume in the platform account; the actions know no other resource.
        sid="UseMlflow",
        actions=("sagemaker-mlflow:*",),
        resources=("*",),
        reason=_CEILING,
    )
    tokens = Statement(
        # A package client's token: CodeArtifact asks STS for it in the role's name. STS knows no resource for it.
        sid="BearPackageTokens",
        actions=("sts:GetServiceBearerToken",),
        resources=("*",),
        conditions={"StringEquals": {"sts:AWSServiceName": SERVICE}},
        reason=_CEILING,
    )
    never = Statement(
        # Notebook instances stand outside Studio's network and idle rules. The rest would loosen what Pulumi made.
        sid="NeverLoosenTheFrame",
        effect="Deny",
        actions=(
            "sagemaker:CreateNotebookInstance",
            "sagemaker:CreatePresignedNotebookInstanceUrl",
            "sagemaker:CreateDomain",
            "sagemaker:UpdateDomain",
            "sagemaker:DeleteDomain",
            "sagemaker:CreateUserProfile",
            "sagemaker:UpdateUserProfile",
            "sagemaker:DeleteUserProfile",
            "sagemaker:DeleteModelPackage",
            "sagemaker:DeleteModelPackageGroup",
            "sagemaker:PutModelPackageGroupPolicy",
            "sagemaker:DeleteModelPackageGroupPolicy",
            "sagemaker:DeleteFeatureGroup",
            "s3:DeleteBucket",
            "s3:PutBucketPolicy",
            "s3:DeleteBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketVersioning",
            "s3:PutEncryptionConfiguration",
            "s3:PutLifecycleConfiguration",
            "s3:DeleteObjectVersion",
            "ecr:SetRepositoryPolicy",
            "ecr:DeleteRepository",
            "ecr:PutImageTagMutability",
            "glue:PutResourcePolicy",
            "glue:DeleteResourcePolicy",
            "logs:DeleteLogGroup",
            "logs:PutResourcePolicy",
            "logs:DeleteRetentionPolicy",
        ),
        resources=("*",),
        reason="a denial is meant to be wide",
    )
    return (
        home,
        *((partners,) if partner_account_ids else ()),
        *((promoted,) if promoting_account_ids else ()),
        *pull_images_of_aws(*regions),
        *((mlflow,) if managed_mlflow else ()),
        tokens,
        never,
    )
