"""A service that another account offers privately, found in a network under the service's own name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class PrivateLinkArgs:
    """The way through an endpoint in the network: no route leads to the other account, addresses may overlap."""

    service: pulumi.Input[str]
    """Name of the endpoint service, com.amazonaws.vpce.<region>.vpce-svc-…; it lets this account in."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets, one a zone. AWS refuses one whose zone the service is not in."""

    security_group_id: pulumi.Input[str]
    """Security group of the network's interface endpoints: what may reach AWS may reach the service."""


@dataclass(frozen=True, kw_only=True)
class RoutedArgs:
    """The way over routes that are there, such as a transit gateway's, to a load balancer of the other account."""

    balancer_dns_name: pulumi.Input[str]
    """DNS name AWS gave the balancer, internal-….elb.amazonaws.com."""

    balancer_zone_id: pulumi.Input[str]
    """Hosted zone of that name [Z…]."""

    cidr: str
    """Block of the balancer's network [IPv4 prefix]."""

    callers: Mapping[str, pulumi.Input[str]]
    """Security groups of what calls the service, by what they are for. Plain but for the ids: they decide on rules."""


@dataclass(frozen=True, kw_only=True)
class RemoteServiceArgs:
    """Inputs of RemoteService."""

    account_key: str
    """Account of the network; for the Name tags."""

    service: str
    """Short name of the service, e.g. mlflow; part of the resources' names."""

    host: str
    """Name by which the service is called and which its certificate is for, e.g. mlflow.dev.example.com."""

    vpc_id: pulumi.Input[str]
    """The network. DNS support and DNS host names are on in it."""

    private_link: PrivateLinkArgs | None
    """By an endpoint. Exactly one of the two ways is given."""

    routed: RoutedArgs | None
    """Over routes."""


class RemoteService(pulumi.ComponentResource):
    """A private hosted zone with the service's name, and an endpoint to it where no route leads there.

    The name is the network's own matter: an endpoint service's own private name would have to be proven in a public
    zone, and a zone of the other account would have to be opened to each network, whose id AWS invents. The zone holds
    this one name, so it hides nothing else of the domain. Nothing but TLS goes through, and an endpoint to a service
    that is not AWS's takes no policy: who may do what is the service's to say.

    Sources, read 2026-11-30: AWS PrivateLink Guide, "Manage DNS names for VPC endpoint services" and "Control access to
    VPC endpoints using endpoint policies"; Amazon Route 53 Developer Guide, "Considerations when working with a private
    hosted zone", "Creating a private hosted zone" (one zone of a name in a network) and "Values that are common for
    alias records" (endpoints, and balancers of other accounts).
    """

    uri: pulumi.Output[str]
    """https:// and the host; there once the name resolves."""

    def __init__(self, name: str, args: RemoteServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:RemoteService", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        if (args.private_link is None) is (args.routed is None):
            raise pulumi.RunError(f"{args.service}: give one way to it, private_link or routed")

        zone = aws.route53.Zone(
            f"{name}-{args.service}",
            name=args.host,
            comment=f"{args.service} of another account, in this network",
            vpcs=[{"vpc_id": args.vpc_id}],
            tags={"Name": f"{args.account_key}-{args.service}"},
            opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
        )
        target, zone_of_target = (
            _endpoint(name, args, args.private_link, child)
            if args.private_link
            else (args.routed.balancer_dns_name, args.routed.balancer_zone_id)  # type: ignore[union-attr] # one is given
        )
        record = aws.route53.Record(
            f"{name}-{args.service}",
            zone_id=zone.zone_id,
            name=args.host,
            type="A",
            # The endpoint knows by itself which of its addresses answer; so does a balancer.
            aliases=[{"name": target, "zone_id": zone_of_target, "evaluate_target_health": False}],
            opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
        )
        for caller, group_id in (args.routed.callers if args.routed else {}).items():
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-{args.service}-{caller}",
                security_group_id=group_id,
                description=f"TLS to {args.service} in its own network",
                cidr_ipv4=args.routed.cidr if args.routed else None,
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                opts=child,
            )

        self.uri = record.fqdn.apply(lambda _: f"https://{args.host}")
        self.register_outputs({"uri": self.uri})


def _endpoint(
    name: str, args: RemoteServiceArgs, link: PrivateLinkArgs, child: pulumi.ResourceOptions
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """Make the endpoint; its regional name, behind which are all its zones, and that name's hosted zone.

    Zonal names begin with the same id, a hyphen and the zone, so the regional one is the shortest. Source: AWS
    PrivateLink Guide, "Share your services through AWS PrivateLink", read 2026-11-30.
    """
    endpoint = aws.ec2.VpcEndpoint(
        f"{name}-{args.service}",
        vpc_id=args.vpc_id,
        service_name=link.service,
        vpc_endpoint_type="Interface",
        private_dns_enabled=False,
        subnet_ids=link.subnet_ids,
        security_group_ids=[link.security_group_id],
        tags={"Name": f"{args.account_key}-{args.service}"},
        opts=child,
    )
    regional = endpoint.dns_entries.apply(lambda entries: min(entries, key=lambda entry: len(str(entry.dns_name))))
    return regional.apply(lambda entry: str(entry.dns_name)), regional.apply(lambda entry: str(entry.hosted_zone_id))
