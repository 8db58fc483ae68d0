"""A private network: no internet gateway, AWS through endpoints only."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.network.groups import EVERYTHING, reach_endpoints, workload_group


@dataclass(frozen=True, kw_only=True)
class EndpointArgs:
    """One VPC endpoint."""

    service: str
    """Full service name, e.g. com.amazonaws.eu-west-1.sagemaker.api."""

    gateway: bool
    """Gateway endpoint (S3, DynamoDB) or interface endpoint."""

    policy: str | None = None
    """Policy document as JSON; none: AWS's own, which lets everything through (some services take no other)."""


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Inputs of Network."""

    account_key: str
    """Account of the network; for the Name tags."""

    region: str
    """Region; zones are its name and a letter."""

    cidr: str
    """The VPC's block [IPv4 prefix, /16 to /28]."""

    subnets: Mapping[str, str]
    """Block of a private subnet by zone letter. Plain: they decide which resources exist."""

    endpoints: Mapping[str, EndpointArgs]
    """VPC endpoints by short name, e.g. sagemaker-api, s3. Plain likewise."""

    distributed: bool
    """Whether jobs run on several instances, whose containers talk to each other on any port and by EFA."""

    beyond: Mapping[str, str]
    """Blocks by name that are reached by TLS through a transit gateway [IPv4]; none where there is none. Plain."""


class Network(pulumi.ComponentResource):
    """A VPC whose private subnets reach AWS but not the internet."""

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

    endpoint_ids: Mapping[str, pulumi.Output[str]]
    """VPC endpoint id by endpoint key."""

    route_table_id: pulumi.Output[str]
    """Route table of the private subnets."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Network", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        # A block and a service's private name are in a network once.
        single = child.merge(pulumi.ResourceOptions(delete_before_replace=True))

        def tags(what: str) -> dict[str, str]:
            return {"Name": f"{args.account_key}-{what}"}

        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,  # private names of the endpoints resolve only with both
            tags=tags("vpc"),
            opts=child,
        )
        # Adopts the group AWS makes and takes all rules out: what forgets to name a group reaches nothing.
        aws.ec2.DefaultSecurityGroup(f"{name}-default", vpc_id=vpc.id, tags=tags("default-empty"), opts=child)
        routes = aws.ec2.RouteTable(f"{name}-private", vpc_id=vpc.id, tags=tags("private"), opts=child)
        subnets = {}
        for zone, block in args.subnets.items():
            subnets[zone] = aws.ec2.Subnet(
                f"{name}-private-{zone}",
                vpc_id=vpc.id,
                cidr_block=block,
                availability_zone=f"{args.region}{zone}",
                map_public_ip_on_launch=False,
                tags=tags(f"private-{zone}"),
                opts=single,
            )
            aws.ec2.RouteTableAssociation(
                f"{name}-private-{zone}", subnet_id=subnets[zone].id, route_table_id=routes.id, opts=child
            )

        endpoint_group = aws.ec2.SecurityGroup(
            f"{name}-endpoints",
            description="VPC endpoints: TLS from the workloads",
            vpc_id=vpc.id,
            tags=tags("endpoints"),
            opts=child,
        )
        workloads = workload_group(
            f"{name}-workloads",
            "Jobs and model endpoints",
            vpc.id,
            EVERYTHING if args.distributed else {},
            tag=f"{args.account_key}-workloads",
            child=child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-endpoints-tls",
            security_group_id=endpoint_group.id,
            description="TLS from the whole VPC",
            cidr_ipv4=args.cidr,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            opts=child,
        )
        endpoints = {}
        for key, endpoint in args.endpoints.items():
            where = (
                {"vpc_endpoint_type": "Gateway", "route_table_ids": [routes.id]}
                if endpoint.gateway
                else {
                    "vpc_endpoint_type": "Interface",
                    "private_dns_enabled": True,
                    "subnet_ids": [subnet.id for subnet in subnets.values()],
                    "security_group_ids": [endpoint_group.id],
                }
            )
            endpoints[key] = aws.ec2.VpcEndpoint(
                f"{name}-{key}",
                vpc_id=vpc.id,
                service_name=endpoint.service,
                policy=endpoint.policy,
                tags=tags(key),
                opts=single,
                **where,
            )
        prefix_lists = {
            key: endpoints[key].prefix_list_id for key, endpoint in args.endpoints.items() if endpoint.gateway
        }
        reach_endpoints(f"{name}-workloads", workloads, endpoint_group.id, prefix_lists, child, beyond=args.beyond)

        self.vpc_id = vpc.id
        self.subnet_ids = {zone: subnet.id for zone, subnet in subnets.items()}
        self.workload_security_group_id = workloads.id
        self.endpoint_security_group_id = endpoint_group.id
        self.gateway_prefix_list_ids = prefix_lists
        self.endpoint_ids = {key: endpoint.id for key, endpoint in endpoints.items()}
        self.route_table_id = routes.id
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "subnet_ids": self.subnet_ids,
                "workload_security_group_id": self.workload_security_group_id,
                "endpoint_security_group_id": self.endpoint_security_group_id,
                "gateway_prefix_list_ids": self.gateway_prefix_list_ids,
                "endpoint_ids": self.endpoint_ids,
                "route_table_id": self.route_table_id,
            }
        )
