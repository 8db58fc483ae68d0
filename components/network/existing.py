"""A network that somebody else made: our groups in it, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.network.groups import EVERYTHING, reach_endpoints, workload_group


@dataclass(frozen=True, kw_only=True)
class ExistingNetworkArgs:
    """Inputs of ExistingNetwork."""

    account_key: str
    """Account of the network; for the Name tags."""

    vpc_id: str
    """The VPC."""

    subnet_ids: Mapping[str, str]
    """Private subnet by zone letter."""

    endpoint_security_group_id: str
    """Security group of its interface endpoints, which takes TLS from the subnets."""

    prefix_list_ids: Mapping[str, str]
    """AWS's prefix list by key of a gateway endpoint. Plain: they decide which rules exist."""

    distributed: bool
    """Whether jobs run on several instances, whose containers talk to each other on any port and by EFA."""


class ExistingNetwork(pulumi.ComponentResource):
    """The workloads' security group in a VPC that is there, with its ways to the endpoints that are there."""

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""

    subnet_ids: Mapping[str, pulumi.Output[str]]
    """Subnet id by zone letter."""

    workload_security_group_id: pulumi.Output[str]
    """Security group of jobs and model endpoints."""

    endpoint_security_group_id: pulumi.Output[str]
    """Security group of the interface endpoints."""

    gateway_prefix_list_ids: Mapping[str, pulumi.Output[str]]
    """AWS's prefix list by key of a gateway endpoint: what a group's egress rule names to reach it."""

    def __init__(self, name: str, args: ExistingNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:ExistingNetwork", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        workloads = workload_group(
            f"{name}-workloads",
            "Jobs and model endpoints",
            args.vpc_id,
            EVERYTHING if args.distributed else {},
            tag=f"{args.account_key}-workloads",
            child=child,
        )
        reach_endpoints(f"{name}-workloads", workloads, args.endpoint_security_group_id, args.prefix_list_ids, child)

        self.vpc_id = pulumi.Output.from_input(args.vpc_id)
        self.subnet_ids = {zone: pulumi.Output.from_input(id_) for zone, id_ in args.subnet_ids.items()}
        self.workload_security_group_id = workloads.id
        self.endpoint_security_group_id = pulumi.Output.from_input(args.endpoint_security_group_id)
        self.gateway_prefix_list_ids = {key: pulumi.Output.from_input(id_) for key, id_ in args.prefix_list_ids.items()}
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "subnet_ids": self.subnet_ids,
                "workload_security_group_id": self.workload_security_group_id,
                "endpoint_security_group_id": self.endpoint_security_group_id,
                "gateway_prefix_list_ids": self.gateway_prefix_list_ids,
            }
        )
