"""Grants every container needs: contract, volume key, logs, metrics, images, and a place in the network."""

from components.access.grants.place import Place
from components.access.grants.query import read_contract
from components.access.grants.statement import Statement
from zone import names
from zone.facts import image_registries

PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability")
"""What it takes to pull an image."""


def run(place: Place) -> tuple[Statement, ...]:
    """Do what every container does: read the contract, encrypt the volume, log, count, pull images."""
    return (*read_contract(place), *volume(place), *_telemetry(place), *_images(place))


def attach(_place: Place) -> tuple[Statement, ...]:
    """Let SageMaker attach a job or a model to the network that the request names; who starts it names only ours.

    The nine actions of SageMaker Developer Guide, "How to use SageMaker AI execution roles", sections on the create
    calls, and DescribeVpcEndpoints of "Give SageMaker AI hosted endpoints access to resources in your VPC"; read
    2026-11-29.
    """
    return (
        Statement(
            sid="AttachToTheNetwork",
            actions=(
                "ec2:CreateNetworkInterface",
                "ec2:CreateNetworkInterfacePermission",
                "ec2:DeleteNetworkInterface",
                "ec2:DeleteNetworkInterfacePermission",
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcEndpoints",
                "ec2:DescribeVpcs",
            ),
            resources=("*",),
            reason="SageMaker refuses a processing job whose role has them under a condition or a resource; the start "
            "names our subnets and group, the boundary holds the account",
        ),
    )


def volume(place: Place) -> tuple[Statement, ...]:
    """Let SageMaker encrypt the volumes of what one starts: jobs, and endpoints when they are made or changed."""
    key = (place.key_arns["data"],)
    return (
        Statement(
            sid="EncryptVolumes",
            actions=("kms:CreateGrant",),
            resources=key,
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
        Statement(sid="SeeVolumeKeys", actions=("kms:DescribeKey",), resources=key),
    )


def _telemetry(place: Place) -> tuple[Statement, ...]:
    group = place.arn("logs", "log-group:/aws/sagemaker/*")
    streams = f"{group}:log-stream:*"
    return (
        Statement(
            sid="Log",
            actions=(
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:GetLogEvents",
                "logs:PutLogEvents",
            ),
            resources=(group, streams),
            reason="SageMaker makes a log group per kind of job and a stream per run",
        ),
        Statement(
            sid="Count",
            actions=("cloudwatch:PutMetricData",),
            resources=("*",),
            conditions={"StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", "aws/sagemaker/*", "mlz/*"]}},
            reason="CloudWatch knows no resource for metrics; the name space is named",
        ),
    )


def _images(place: Place) -> tuple[Statement, ...]:
    own = tuple(
        names.repository_arn(place.region, place.account_id, place.team.name, model) for model in place.team.models
    )
    return (
        *((Statement(sid="PullOurImages", actions=PULL, resources=own),) if own else ()),
        *(
            (Statement(sid="PullSharedImages", actions=PULL, resources=tuple(place.team.shared_images)),)
            if place.team.shared_images
            else ()
        ),
        *pull_images_of_aws(place.region),
        Statement(
            sid="EnterRegistries",
            actions=("ecr:GetAuthorizationToken",),
            resources=("*",),
            reason="ECR's token knows no resource",
        ),
    )


def pull_images_of_aws(*regions: str) -> tuple[Statement, ...]:
    """Pull SageMaker's own images, and no stranger's. SageMaker pulls from outside the VPC: no endpoint is asked."""
    registries = [(region, account_id) for region in regions for account_id in image_registries(region)]
    if not registries:
        return ()
    return (
        Statement(
            sid="PullImagesOfAws",
            actions=PULL,
            resources=tuple(f"arn:aws:ecr:{region}:{account_id}:repository/*" for region, account_id in registries),
            reason="in these accounts of AWS all repositories are SageMaker's images",
        ),
    )
