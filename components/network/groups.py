"""Security groups of what teams run: who reaches whom, and the way to AWS."""

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

Ports = Mapping[str, tuple[str, int | None, int | None]]
"""Protocol, first and last port by what they are for; None: every port."""

APPS: Final[Ports] = {"apps": ("tcp", 8192, 65535)}
"""What the apps of one person, or of shared spaces, reach each other on; NFS has a group of SageMaker's own.

Source: SageMaker Developer Guide, "Connect Studio in a VPC to external resources", read 2026-11-29.
"""

EVERYTHING: Final[Ports] = {"members": ("-1", None, None)}
"""What the containers of a distributed job reach each other on: every port, and EFA.

Source: SageMaker Developer Guide, "Give SageMaker training jobs access to resources in your VPC", read 2026-10.
"""


def workload_group(
    name: str, description: str, vpc_id: pulumi.Input[str], within: Ports, *, tag: str, child: pulumi.ResourceOptions
) -> aws.ec2.SecurityGroup:
    """Make a group whose members reach each other on the ports *within*, and nobody else."""
    group = aws.ec2.SecurityGroup(name, description=description, vpc_id=vpc_id, tags={"Name": tag}, opts=child)
    for what, (protocol, first, last) in within.items():
        for rule in (aws.vpc.SecurityGroupIngressRule, aws.vpc.SecurityGroupEgressRule):
            rule(
                f"{name}-{what}",
                security_group_id=group.id,
                description=f"Between members: {what}",
                referenced_security_group_id=group.id,
                ip_protocol=protocol,
                from_port=first,
                to_port=last,
                opts=child,
            )
    return group


def reach_endpoints(
    name: str,
    group: aws.ec2.SecurityGroup,
    endpoint_group_id: pulumi.Input[str],
    prefix_list_ids: Mapping[str, pulumi.Input[str]],
    child: pulumi.ResourceOptions,
) -> None:
    """Let members of *group* reach AWS through the endpoints, interface and gateway ones."""
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-endpoints",
        security_group_id=group.id,
        description="TLS to the interface endpoints",
        referenced_security_group_id=endpoint_group_id,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        opts=child,
    )
    for key, prefix_list_id in prefix_list_ids.items():
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-{key}",
            security_group_id=group.id,
            description=f"TLS to {key} through its gateway endpoint",
            prefix_list_id=prefix_list_id,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            opts=child,
        )


def connect(
    name: str,
    what: str,
    port: int,
    *,
    source: pulumi.Input[str],
    target: pulumi.Input[str],
    child: pulumi.ResourceOptions,
) -> None:
    """Let members of one group reach a *port* of the other's: out of the one, into the other."""
    aws.vpc.SecurityGroupEgressRule(
        name,
        security_group_id=source,
        description=f"{what}: out",
        referenced_security_group_id=target,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        opts=child,
    )
    aws.vpc.SecurityGroupIngressRule(
        name,
        security_group_id=target,
        description=f"{what}: in",
        referenced_security_group_id=source,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        opts=child,
    )
