"""The security group of a server's tasks: in from the balancer, out to AWS's endpoints."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.mlflow.server import WEB_PORT
from components.network.groups import connect, reach_endpoints


def server_group(
    name: str,
    *,
    vpc_id: pulumi.Input[str],
    balancer_group_id: pulumi.Input[str],
    endpoint_group_id: pulumi.Input[str],
    prefix_list_ids: Mapping[str, pulumi.Input[str]],
    tag: str,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """Make it and return its id; the database adds the way to itself.

    Args:
        name: logical name.
        vpc_id: network of the tasks.
        balancer_group_id: group of the balancer, whose way out to the tasks is made here too.
        endpoint_group_id: group of the interface endpoints.
        prefix_list_ids: AWS's prefix list by key of a gateway endpoint.
        tag: its Name tag.
        opts: options of all resources.
    """
    group = aws.ec2.SecurityGroup(
        name, description="MLflow server: in from its load balancer", vpc_id=vpc_id, tags={"Name": tag}, opts=opts
    )
    connect(name, "load balancer to server", WEB_PORT, source=balancer_group_id, target=group.id, child=opts)
    reach_endpoints(name, group, endpoint_group_id, prefix_list_ids, opts)
    return group.id
