"""Through which network a call comes: a VPC of the zone, and there the endpoint of the service; or from outside.

A caller says so by the header HEADER with a VPC's id. On AWS the network itself knows; here nothing else could.
Keys: IAM User Guide, "AWS global condition context keys", properties of the network, read 2026-11-29.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Final

from moto.ec2.models import ec2_backends
from moto.route53.models import route53_backends

from checks.access import PolicyKind, compile_policy
from checks.access.sides import Named
from local.authority.actions import prefix_of
from local.authority.held import organization, path_of
from local.handlers.here import PLACES
from local.handlers.operation import Call

HEADER: Final = "X-Mlz-Vpc"
"""HTTP header that names the VPC a call comes through."""

PLAIN: Final = "X-Mlz-Plain"
"""HTTP header of a call that comes without TLS. Every call to the emulated AWS does; others count as if they had it."""

OUTSIDE: Final = "198.51.100.7"
"""Address of who comes from outside any network of ours: one of the addresses kept for documentation (RFC 5737)."""

INSIDE: Final = "10.0.0.7"
"""Address within a VPC; the VPC's own block says nothing here, for policies of ours name no address."""

_ENDPOINTS: Final = {
    "cloudwatch": "com.amazonaws.{region}.monitoring",
    "codeartifact": "com.amazonaws.{region}.codeartifact.api",
    "codeartifact-repositories": "com.amazonaws.{region}.codeartifact.repositories",
    "ecr": "com.amazonaws.{region}.ecr.api",
    "sagemaker": "com.amazonaws.{region}.sagemaker.api",
    "sagemaker-mlflow": "aws.sagemaker.{region}.experiments",
    "sagemaker-featurestore-runtime": "com.amazonaws.{region}.sagemaker.featurestore-runtime",
    "sagemaker-runtime": "com.amazonaws.{region}.sagemaker.runtime",
}
"""Endpoint service by botocore's service, where it is not the service's own prefix."""


class UnreachableError(Exception):
    """The VPC has no way to the service."""


@dataclass(frozen=True)
class Network:
    """What a call's network adds to the request."""

    context: dict[str, object] = field(default_factory=lambda: {"aws:SourceIp": OUTSIDE})
    """Condition keys."""

    endpoints: tuple[Named, ...] = ()
    """Policy of the endpoint it comes through."""

    def without_tls(self) -> "Network":
        """The same network, for a call over plain HTTP."""
        return replace(self, context={**self.context, "aws:SecureTransport": "false"})


def network_of(call: Call, vpc_id: str) -> Network:
    """Return the network of a call from the VPC *vpc_id*; empty: from its container's VPC, else from outside.

    Raises:
        UnreachableError: the VPC is not there, or has no endpoint for the service.
    """
    vpc_id = vpc_id or PLACES.get(call.key, "")
    if not vpc_id:
        return Network()
    template = _ENDPOINTS.get(call.service, f"com.amazonaws.{{region}}.{prefix_of(call.service)}")
    wanted = template.format(region=call.region)
    endpoint = endpoint_of(vpc_id, wanted)
    if endpoint is None:
        raise UnreachableError(
            f"VPC {vpc_id} has no endpoint for {wanted}: the call would hang until the client gives up"
        )
    owner = endpoint.ec2_backend.account_id
    context: dict[str, object] = {
        "aws:SourceVpc": endpoint.vpc_id,
        "aws:SourceVpce": endpoint.id,
        "aws:VpcSourceIp": INSIDE,
        "aws:VpceAccount": owner,
    }
    if (held := organization()) and path_of(owner):
        path = "/".join([held.org.id, *(level.id for level in path_of(owner)[:-1])])
        context |= {"aws:VpceOrgID": held.org.id, "aws:VpceOrgPaths": [f"{path}/"]}
    policy = compile_policy(endpoint.policy_document, PolicyKind.ENDPOINT)
    return Network(context, ((f"{wanted} in {vpc_id}", policy),))


def endpoint_of(vpc_id: str, wanted: str) -> Any:  # noqa: ANN401 - moto's class
    """Return the endpoint by which a VPC reaches a service: its own, or another VPC's; None: there is none.

    Raises:
        UnreachableError: there is no such VPC.
    """
    _, backend = owner_of(vpc_id)
    own = (each for each in backend.vpc_end_points.values() if each.vpc_id == vpc_id)
    return next((each for each in own if each.service_name == wanted), None) or _central(vpc_id, wanted)


def _central(vpc_id: str, wanted: str) -> Any:  # noqa: ANN401 - moto's class
    """The endpoint of another VPC by which *vpc_id* reaches a service: a private zone's record leads to it.

    The keys of such a call are those of the VPC that has the endpoint (IAM User Guide, "AWS global condition context
    keys", aws:SourceVpc: "the VPC that the VPC endpoint is attached to"; from the house's facts, page not read again).
    Whether packets get there, by a transit gateway or a peering, is not looked at.
    """
    for _, zone in _zones_in(vpc_id):
        for record in zone.rrsets:
            target = str((record.alias_target or {}).get("DNSName", "")).partition(".")[0]
            if target.startswith("vpce-"):
                found = _endpoint("-".join(target.split("-")[:2]))
                if found is not None and found.service_name == wanted:
                    return found
    return None


def _zones_in(vpc_id: str) -> list[tuple[str, Any]]:
    """Private zones that a VPC resolves, whoever owns them."""
    every = ((account, zone) for account, of in list(route53_backends.items()) for zone in of["aws"].zones.values())
    return [(account, zone) for account, zone in every if any(vpc["vpc_id"] == vpc_id for vpc in zone.vpcs)]


def _endpoint(endpoint_id: str) -> Any:  # noqa: ANN401 - moto's class
    regions = (backend for of in list(ec2_backends.values()) for backend in list(of.values()))
    return next((each.vpc_end_points[endpoint_id] for each in regions if endpoint_id in each.vpc_end_points), None)


def vpc_of(subnet: str) -> str:
    """Return the VPC of a subnet.

    Raises:
        UnreachableError: there is no such subnet.
    """
    for regions in list(ec2_backends.values()):
        for backend in regions.values():
            for zone in backend.subnets.values():
                if subnet in zone:
                    return str(zone[subnet].vpc_id)
    raise UnreachableError(f"there is no subnet {subnet}")


def owner_of(vpc_id: str) -> tuple[str, Any]:
    """Return the account of a VPC, and what EC2 keeps where it lies.

    Raises:
        UnreachableError: there is no such VPC.
    """
    for account, regions in list(ec2_backends.items()):
        for backend in list(regions.values()):
            if vpc_id in backend.vpcs:
                return account, backend
    raise UnreachableError(f"there is no VPC {vpc_id}")
