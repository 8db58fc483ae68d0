"""Interface endpoints for all networks of an environment, each with the name that leads to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class CentralEndpointArgs:
    """One central endpoint."""

    service: str
    """Full service name, e.g. com.amazonaws.eu-west-1.sts."""

    private_name: str
    """Host name that clients call, e.g. sts.eu-west-1.amazonaws.com."""

    below: bool
    """Whether clients call names below it too."""

    policy: str | None
    """Policy document as JSON; None: the service takes none."""


@dataclass(frozen=True, kw_only=True)
class CentralEndpointsArgs:
    """Inputs of CentralEndpoints."""

    account_key: str
    """Account of the endpoints; for the Name tags."""

    region: str
    """Region of the VPC."""

    vpc_id: pulumi.Input[str]
    """The hub's VPC."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """A subnet a zone."""

    security_group_id: pulumi.Input[str]
    """Group that lets the environment's networks in."""

    endpoints: Mapping[str, CentralEndpointArgs]
    """Endpoints by short name. Plain: they decide which resources exist."""


class CentralEndpoints(pulumi.ComponentResource):
    """Endpoints without AWS's own private name, which would hold in the hub's VPC only, and a hosted zone for each.

    Source: whitepaper "Building a Scalable and Secure Multi-VPC AWS Network Infrastructure", Centralized access to VPC
    private endpoints, read 2026-11-30.
    """

    endpoint_ids: Mapping[str, pulumi.Output[str]]
    """VPC endpoint id by short name."""

    zone_ids: Mapping[str, pulumi.Output[str]]
    """Hosted zone id by short name: what the teams' networks are associated with."""

    def __init__(self, name: str, args: CentralEndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:CentralEndpoints", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        # Associations of the teams' networks are theirs: without this, each `up` here would take them out.
        associated = child.merge(pulumi.ResourceOptions(ignore_changes=["vpcs"]))

        endpoints, zones = {}, {}
        for key, endpoint in args.endpoints.items():
            endpoints[key] = aws.ec2.VpcEndpoint(
                f"{name}-{key}",
                vpc_id=args.vpc_id,
                service_name=endpoint.service,
                vpc_endpoint_type="Interface",
                private_dns_enabled=False,
                subnet_ids=list(args.subnet_ids),
                security_group_ids=[args.security_group_id],
                policy=endpoint.policy,
                tags={"Name": f"{args.account_key}-hub-{key}"},
                opts=child,
            )
            zones[key] = aws.route53.Zone(
                f"{name}-{key}",
                name=endpoint.private_name,
                comment=f"Leads to the hub's endpoint {key}",
                vpcs=[{"vpc_id": args.vpc_id, "vpc_region": args.region}],
                tags={"Name": f"{args.account_key}-hub-{key}"},
                opts=associated,
            )
            entry = endpoints[key].dns_entries[0]
            for label in ("", "*.") if endpoint.below else ("",):
                aws.route53.Record(
                    f"{name}-{key}{'-below' if label else ''}",
                    zone_id=zones[key].zone_id,
                    name=f"{label}{endpoint.private_name}",
                    type="A",
                    aliases=[
                        {"name": entry.dns_name, "zone_id": entry.hosted_zone_id, "evaluate_target_health": False}
                    ],
                    opts=child,
                )

        self.endpoint_ids = {key: endpoint.id for key, endpoint in endpoints.items()}
        self.zone_ids = {key: zone.zone_id for key, zone in zones.items()}
        self.register_outputs({"endpoint_ids": self.endpoint_ids, "zone_ids": self.zone_ids})
