"""Grants every container needs: network interface, volume key, logs, metrics, images."""

import pulumi

from components.access.grants.place import Place
from components.access.grants.statement import Statement
from zone import names

_PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability")


def run(place: Place) -> tuple[Statement, ...]:
    """Run in the team's subnets: attach to the network, encrypt the volume, log, count, pull images."""
    return (*_network(place), *_volume(place), *_telemetry(place), *_images(place))


def _network(place: Place) -> tuple[Statement, ...]:
    subnets = tuple(_after(place.arn("ec2", "subnet/"), subnet) for subnet in place.subnet_ids)
    group = _after(place.arn("ec2", "security-group/"), place.security_group_id)
    interfaces = place.arn("ec2", "network-interface/*")
    return (
        Statement(
            sid="AttachToOurSubnets",
            actions=("ec2:CreateNetworkInterface",),
            resources=(*subnets, group, interfaces),
            reason="a network interface gets its id when it is made; subnets and security group are named",
        ),
        Statement(
            sid="HandToSageMaker",
            actions=(
                "ec2:CreateNetworkInterfacePermission",
                "ec2:DeleteNetworkInterface",
                "ec2:DeleteNetworkInterfacePermission",
            ),
            resources=(interfaces,),
            conditions={"ArnEquals": {"ec2:Subnet": subnets}},
            reason="SageMaker makes interfaces with ids of their own; only those in our subnets",
        ),
        Statement(
            sid="LookAtTheNetwork",
            actions=(
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
                "ec2:DescribeVpcEndpoints",
            ),
            resources=("*",),
            reason="EC2 knows no resource for its Describe calls",
        ),
    )


def _volume(place: Place) -> tuple[Statement, ...]:
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
        *((Statement(sid="PullOurImages", actions=_PULL, resources=own),) if own else ()),
        Statement(
            sid="PullImagesOfAws",
            actions=_PULL,
            resources=(f"arn:aws:ecr:{place.region}:*:repository/*",),
            conditions={"StringNotEquals": {"aws:ResourceAccount": place.account_id}},
            reason="AWS publishes SageMaker's images in many accounts of its own; the endpoint policy says which",
        ),
        Statement(
            sid="EnterRegistries",
            actions=("ecr:GetAuthorizationToken",),
            resources=("*",),
            reason="ECR's token knows no resource",
        ),
    )


def _after(prefix: str, value: pulumi.Input[str]) -> pulumi.Input[str]:
    """Join *prefix* and *value*; plain stays plain."""
    return f"{prefix}{value}" if isinstance(value, str) else pulumi.Output.concat(prefix, value)
