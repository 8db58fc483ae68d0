"""What a preview reads: settings of what the stacks make, and no data.

Named one by one: these are the calls by which the provider reads the stacks' types of resources back, found by a
refresh of every stack on the emulated AWS; tests hold that none of them writes or reads data.
"""

from collections.abc import Sequence
from typing import Final

from components.access.grants.statement import Statement
from components.encryption.key_policy import READING
from zone import names, platform_names

_NO_DATA: Final = "settings, not data; AWS gives their ids, or other stacks' names are there too"
_NO_RESOURCE: Final = "AWS knows no resource for these"

_BUCKETS: Final = (
    "s3:GetAccelerateConfiguration",
    "s3:GetBucketAcl",
    "s3:GetBucketCORS",
    "s3:GetBucketLocation",
    "s3:GetBucketLogging",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketRequestPayment",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetBucketWebsite",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetReplicationConfiguration",
    # HeadBucket asks for it. It shows objects' names too, and IAM cannot tell the two apart.
    "s3:ListBucket",
    "s3:ListTagsForResource",
)
_SAGEMAKER: Final = (
    "sagemaker:DescribeAppImageConfig",
    "sagemaker:DescribeDomain",
    "sagemaker:DescribeEndpoint",
    "sagemaker:DescribeEndpointConfig",
    "sagemaker:DescribeFeatureGroup",
    "sagemaker:DescribeImage",
    "sagemaker:DescribeImageVersion",
    "sagemaker:DescribeMlflowTrackingServer",
    "sagemaker:DescribeModel",
    "sagemaker:DescribeModelPackageGroup",
    "sagemaker:DescribeSpace",
    "sagemaker:DescribeUserProfile",
    "sagemaker:GetModelPackageGroupPolicy",
    "sagemaker:ListTags",
)
_IMAGES: Final = (
    "ecr:DescribeRepositories",
    "ecr:GetLifecyclePolicy",
    "ecr:GetRepositoryPolicy",
    "ecr:ListTagsForResource",
)
_REGISTRY: Final = (
    "ecr:DescribePullThroughCacheRules",
    "ecr:DescribeRegistry",
    "ecr:DescribeRepositoryCreationTemplates",
    "ecr:GetRegistryPolicy",
    "ecr:GetRegistryScanningConfiguration",
)
_PACKAGES: Final = (
    "codeartifact:DescribeDomain",
    "codeartifact:DescribePackageGroup",
    "codeartifact:DescribeRepository",
    "codeartifact:GetDomainPermissionsPolicy",
    "codeartifact:GetRepositoryPermissionsPolicy",
    "codeartifact:ListAllowedRepositoriesForGroup",
    "codeartifact:ListTagsForResource",
)
_NETWORK: Final = (
    "ec2:DescribeFlowLogs",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribePrefixLists",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
)


def read_account(regions: Sequence[str], account_id: str) -> tuple[Statement, ...]:
    """Read back what team and platform stacks make in their account, in all of *regions*."""

    def arns(service: str, *resources: str) -> tuple[str, ...]:
        return tuple(f"arn:aws:{service}:{region}:{account_id}:{each}" for region in regions for each in resources)

    return (
        *_own(account_id),
        Statement(
            sid="ReadBuckets",
            actions=_BUCKETS,
            resources=(f"arn:aws:s3:::{names.bucket('*', '*', account_id)}",),
            reason=_NO_DATA,
        ),
        Statement(
            sid="ReadKeys",
            actions=READING,
            resources=arns("kms", "key/*"),
            reason=_NO_DATA,
        ),
        Statement(sid="ReadMachineLearning", actions=_SAGEMAKER, resources=arns("sagemaker", "*"), reason=_NO_DATA),
        Statement(
            sid="ReadQueriesAndImages",
            actions=(
                "athena:GetDataCatalog",
                "athena:GetWorkGroup",
                "athena:ListTagsForResource",
                *_IMAGES,
                "glue:GetDatabase",
                "glue:GetResourcePolicy",
                "glue:GetTags",
            ),
            resources=(
                *arns("athena", "workgroup/*", "datacatalog/*"),
                *arns("ecr", "repository/*"),
                *arns("glue", "catalog", "database/*"),
            ),
            reason=_NO_DATA,
        ),
        Statement(
            sid="ReadPackagesAndBuilds",
            actions=(*_PACKAGES, "codebuild:BatchGetProjects"),
            resources=(
                *arns("codeartifact", "domain/*", "package-group/*", "repository/*"),
                *arns("codebuild", f"project/{platform_names.build_project('*', '*')}"),
            ),
            reason=_NO_DATA,
        ),
        Statement(
            sid="ReadAlarmsAndScaling",
            actions=(
                "application-autoscaling:ListTagsForResource",
                "cloudwatch:DescribeAlarms",
                "cloudwatch:ListTagsForResource",
            ),
            resources=(*arns("application-autoscaling", "scalable-target/*"), *arns("cloudwatch", "alarm:*")),
            reason="Pulumi gives alarms their names, AWS scalable targets their ids",
        ),
        Statement(
            sid="ReadContractAndLogGroups",
            actions=("logs:ListTagsForResource", "ssm:GetParameter", "ssm:ListTagsForResource"),
            resources=(
                *arns("logs", f"log-group:{names.log_group('*', '*')}"),
                *arns("ssm", f"parameter{names.ssm_path()}/*"),
            ),
            reason="what the contract publishes is no secret; of logs their group's settings, no line",
        ),
        Statement(
            sid="ReadPrivateNames",
            actions=("route53:GetHostedZone", "route53:ListResourceRecordSets", "route53:ListTagsForResource"),
            resources=("arn:aws:route53:::hostedzone/*",),
            # A zone's ARN names no account.
            conditions={"StringEquals": {"aws:ResourceAccount": account_id}},
            reason="AWS gives zones their ids; an account has those of its own networks only",
        ),
        Statement(
            sid="ReadVpc",
            actions=("ec2:DescribeVpcAttribute",),
            resources=arns("ec2", "vpc/*"),
            reason="AWS gives it its id",
        ),
        Statement(
            sid="ReadNetworkAndLists",
            actions=(
                *_NETWORK,
                "application-autoscaling:DescribeScalableTargets",
                "application-autoscaling:DescribeScalingPolicies",
                "ecr:DescribeRegistry",
                "kms:ListAliases",
                "logs:DescribeLogGroups",
                "ssm:DescribeParameters",
            ),
            resources=("*",),
            reason=_NO_RESOURCE,
        ),
        Statement(
            sid="ReadRegistry",
            actions=(*_REGISTRY, "cloudformation:DescribeType", "cloudformation:GetResource"),
            resources=("*",),
            reason="an account has one registry in a region; Cloud Control shows of package groups what is read above",
        ),
    )


def read_organization(account_id: str, instance_arn: str) -> tuple[Statement, ...]:
    """Read back what the org stack makes in the management account; *instance_arn*: Identity Center's, if it is on."""
    permission_sets = instance_arn.replace(":instance/", ":permissionSet/") + "/*"
    portal = Statement(
        sid="ReadIdentityCenter",
        actions=(
            "sso:DescribeInstanceAccessControlAttributeConfiguration",
            "sso:DescribePermissionSet",
            "sso:GetInlinePolicyForPermissionSet",
            "sso:ListAccountAssignments",
            "sso:ListTagsForResource",
        ),
        resources=(instance_arn, permission_sets, "arn:aws:sso:::account/*"),
        reason="permission sets get their ids from AWS; who has one is asked account by account",
    )
    return (
        *_own(account_id),
        Statement(
            sid="ReadOrganization",
            actions=(
                "organizations:DescribeAccount",
                "organizations:DescribeOrganizationalUnit",
                "organizations:DescribePolicy",
                "organizations:ListAccountsForParent",
                "organizations:ListParents",
                "organizations:ListTagsForResource",
                "organizations:ListTargetsForPolicy",
            ),
            resources=(f"arn:aws:organizations::{account_id}:*", "arn:aws:organizations::aws:policy/*"),
            reason="accounts, units and policies get their ids from AWS",
        ),
        Statement(
            sid="ListOrganization",
            actions=(
                "organizations:DescribeOrganization",
                "organizations:ListAWSServiceAccessForOrganization",
                "organizations:ListAccounts",
                "organizations:ListRoots",
            ),
            resources=("*",),
            reason=_NO_RESOURCE,
        ),
        *((portal,) if instance_arn else ()),
    )


def _own(account_id: str) -> tuple[Statement, ...]:
    """Roles and budgets: every account has them."""
    return (
        Statement(
            sid="ReadRoles",
            actions=(
                "iam:GetPolicy",
                "iam:GetPolicyVersion",
                "iam:GetRole",
                "iam:GetRolePolicy",
                "iam:ListAttachedRolePolicies",
                "iam:ListRolePolicies",
            ),
            resources=(
                f"arn:aws:iam::{account_id}:role{names.PATH}*",
                f"arn:aws:iam::{account_id}:policy{names.PATH}*",
            ),
            reason="all of ours, and no others",
        ),
        Statement(
            sid="ReadBudgets",
            actions=("budgets:ListTagsForResource", "budgets:ViewBudget"),
            resources=(f"arn:aws:budgets::{account_id}:budget/*",),
            reason="an account has one budget of ours",
        ),
    )
