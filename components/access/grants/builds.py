"""Grants on image builds: who starts one, and what the build itself may do."""

from collections.abc import Sequence

import pulumi

from components.access.grants.packages import read
from components.access.grants.place import Place
from components.access.grants.statement import Statement
from components.access.packages import PackageSource
from zone import names, platform_names

PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability")
_PUSH = ("ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage")

VARIABLES = ("REPOSITORY", "TAG")
"""What a person says of a build, besides where the zip is."""

_FIXED = (
    "codebuild:artifacts",
    "codebuild:cache",
    "codebuild:encryptionKey",
    "codebuild:environment.fleet.fleetArn",
    "codebuild:environment.image",
    "codebuild:environment.privilegedMode",
    "codebuild:environment.type",
    "codebuild:logsConfig",
    "codebuild:secondarySources",
    "codebuild:serviceRole",
    "codebuild:source.buildspec",
)
"""What a call may not override: the project says it. Source: CodeBuild User Guide, "AWS CodeBuild condition keys",
sections on the buildspec and on the existence of attributes, read 2026-11-30."""


def build_images(place: Place) -> tuple[Statement, ...]:
    """Have a zip of the team's built into an image, as the project says it, and follow the build.

    The zip is below the builds' prefix: no other source can be named, and the build's role reads no other.
    """
    team = place.team
    if not team.image_builds:
        return ()
    project = platform_names.build_project_arn(place.region, place.account_id, team.account_key, platform_names.IMAGES)
    bucket = names.bucket(team.account_key, "studio", place.account_id)
    return (
        Statement(
            sid="StartBuilds",
            actions=("codebuild:StartBuild",),
            resources=(project,),
            conditions={
                "Null": {**dict.fromkeys(_FIXED, "true"), "codebuild:environment.environmentVariables.name": "false"},
                "ForAllValues:StringEquals": {"codebuild:environment.environmentVariables.name": list(VARIABLES)},
                "StringLike": {"codebuild:source.location": f"{bucket}/{platform_names.BUILD_PREFIX}/*"},
            },
        ),
        Statement(
            sid="FollowBuilds",
            actions=("codebuild:BatchGetBuilds", "codebuild:ListBuildsForProject", "codebuild:StopBuild"),
            resources=(project,),
        ),
        Statement(
            sid="ReadBuildLogs",
            actions=("logs:GetLogEvents", "logs:FilterLogEvents"),
            resources=tuple(
                place.arn("logs", f"log-group:{names.log_group(team.account_key, platform_names.BUILD_PREFIX)}{end}")
                for end in ("", ":log-stream:*")
            ),
            reason="a stream a build",
        ),
    )


def build(
    *,
    account_id: str,
    region: str,
    log_group_arn: str,
    bucket_arn: pulumi.Input[str],
    source_key_arn: pulumi.Input[str],
    repositories: Sequence[str],
    bases: Sequence[str],
    caches: Sequence[str],
    subnet_ids: Sequence[pulumi.Input[str]],
    packages: PackageSource | None,
) -> tuple[Statement, ...]:
    """Return what a build may do: read its zip, pull base images, push to the named repositories, log.

    Without subnets it works in AWS's own network and needs no right on one.

    Sources, read 2026-11-30: CodeBuild User Guide, "Allow CodeBuild to interact with other AWS services", and "Using
    identity-based policies for AWS CodeBuild", section on a VPC network interface.
    """
    own = tuple(platform_names.ecr_repository_arn(region, account_id, each) for each in repositories)
    ours = {"StringEquals": {"aws:ResourceAccount": account_id}}
    return (
        Statement(
            sid="ReadSource",
            actions=("s3:GetObject", "s3:GetObjectVersion"),
            resources=(pulumi.Output.concat(bucket_arn, f"/{platform_names.BUILD_PREFIX}/*"),),
            conditions=ours,
        ),
        Statement(
            sid="FindSource",
            actions=("s3:GetBucketAcl", "s3:GetBucketLocation"),
            resources=(bucket_arn,),
            conditions=ours,
        ),
        Statement(
            sid="DecryptSource",
            actions=("kms:Decrypt",),
            resources=(source_key_arn,),
            conditions={"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
        ),
        Statement(
            sid="Log",
            actions=("logs:CreateLogStream", "logs:PutLogEvents"),
            resources=(log_group_arn, f"{log_group_arn}:log-stream:*"),
            reason="a stream a build",
        ),
        Statement(sid="PushImages", actions=(*PULL, *_PUSH), resources=own),
        *((Statement(sid="PullBases", actions=PULL, resources=tuple(bases), reason=_CACHED),) if bases else ()),
        *(
            (
                Statement(
                    sid="FillCaches",
                    actions=("ecr:BatchImportUpstreamImage", "ecr:CreateRepository"),
                    resources=tuple(caches),
                    reason=_CACHED,
                ),
            )
            if caches
            else ()
        ),
        Statement(
            sid="EnterRegistries",
            actions=("ecr:GetAuthorizationToken",),
            resources=("*",),
            reason="ECR's token knows no resource",
        ),
        *(_network(account_id, region, subnet_ids) if subnet_ids else ()),
        *(read(packages) if packages else ()),
    )


def _network(account_id: str, region: str, subnet_ids: Sequence[pulumi.Input[str]]) -> tuple[Statement, ...]:
    """Let CodeBuild put a build into our network."""
    return (
        Statement(
            sid="AttachToTheNetwork",
            actions=(
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ),
            resources=("*",),
            reason="AWS's page names them without a resource; the boundary holds the account",
        ),
        Statement(
            sid="LendTheInterface",
            actions=("ec2:CreateNetworkInterfacePermission",),
            resources=(f"arn:aws:ec2:{region}:{account_id}:network-interface/*",),
            conditions={
                "StringEquals": {"ec2:AuthorizedService": "codebuild.amazonaws.com"},
                "ArnEquals": {
                    "ec2:Subnet": [
                        pulumi.Output.concat(f"arn:aws:ec2:{region}:{account_id}:subnet/", each) for each in subnet_ids
                    ]
                },
            },
            reason="a network interface gets its id when it is made; its subnets are named",
        ),
    )


_CACHED = "repositories of a cache are named after the images that are pulled"
