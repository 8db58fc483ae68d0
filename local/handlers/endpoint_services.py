"""EC2: endpoint services of one account and their endpoints in another.

moto keeps both and connects neither. Here a service's name is known to those it lets in, an endpoint waits where the
service wants to accept it, stands only in the service's zones, and keeps the service from going.

Sources: botocore's service model of EC2 (CreateVpcEndpointServiceConfiguration, DeleteVpcEndpointServiceConfigurations,
ModifyVpcEndpointServicePermissions, DescribeVpcEndpointConnections …); the words InvalidServiceName and "does not
support the availability zone of the subnet" from the house's table of facts, pages not read again. Read 2026-11-30.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from local.authority.signer import signer
from local.handlers.operation import Call, Refusal, completes, operation, requires
from local.handlers.records import Record

_MARK: Final = ".vpce-svc-"
_LIVING: Final = ("available", "pendingAcceptance", "pending")


def service_of(region: str, name: str) -> Any:  # noqa: ANN401 - moto's class
    """Return the endpoint service with this name, in whichever account; None where there is none."""
    for regions in list(ec2_backends.values()):
        if region in regions:
            for service in regions[region].configurations.values():
                if service.service_name == name:
                    return service
    return None


def connections(service: Any) -> Iterator[Any]:  # noqa: ANN401 - moto's class
    """Yield the endpoints that stand on a service, in whichever account."""
    region = service.ec2_backend.region_name
    for regions in list(ec2_backends.values()):
        if region in regions:
            for endpoint in regions[region].vpc_end_points.values():
                if endpoint.service_name == service.service_name and endpoint.state in _LIVING:
                    yield endpoint


def _own(call: Call, service_id: str) -> Any:  # noqa: ANN401 - moto's class
    service = ec2_backends[call.account][call.region].configurations.get(service_id)
    if service is None:
        text = f"The VpcEndpointService Id '{service_id}' does not exist"
        raise Refusal("InvalidVpcEndpointServiceId.NotFound", text)
    return service


def _let_in(call: Call, service: Any) -> bool:  # noqa: ANN401 - moto's class
    """Whether a service lets the caller in: everybody, its account, its role or user."""
    who = signer(call.key)
    own = {f"arn:aws:iam::{call.account}:root", "*", *((who.arn, who.role_arn) if who else ())}
    return service.ec2_backend.account_id == call.account or bool(own & set(service.principals))


@requires("ec2", "CreateVpcEndpointServiceConfiguration")
def create_service(call: Call) -> None:
    """A service stands on network load balancers that are there and carry nobody else's service."""
    kept = elbv2_backends[call.account][call.region].load_balancers
    for arn in call.params.get("NetworkLoadBalancerArns", []):
        if arn not in kept:
            raise Refusal("InvalidLoadBalancer.NotFound", f"The load balancer {arn} does not exist")
        if kept[arn].type != "network":
            text = f"The load balancer {arn} is not a Network Load Balancer"
            raise Refusal("InvalidParameter", text)


@completes("ec2", "CreateVpcEndpointServiceConfiguration")
def keep_addresses(call: Call) -> None:
    """Keep which sorts of addresses a service has; moto drops it."""
    made: Any = [*ec2_backends[call.account][call.region].configurations.values()][-1]
    made.supported_ip_address_types = list(call.params.get("SupportedIpAddressTypes") or ["ipv4"])


@completes("ec2", "ModifyVpcEndpointServiceConfiguration")
def change_addresses(call: Call) -> None:
    """Add or remove such sorts."""
    service = _own(call, call.params["ServiceId"])
    gone = call.params.get("RemoveSupportedIpAddressTypes", [])
    kept = [each for each in service.supported_ip_address_types if each not in gone]
    service.supported_ip_address_types = [*kept, *call.params.get("AddSupportedIpAddressTypes", [])]


@operation("ec2", "ModifyVpcEndpointServicePermissions")
def permit(call: Call) -> Record:
    """Let principals in, or no longer; each has an id."""
    service = _own(call, call.params["ServiceId"])
    gone = set(call.params.get("RemoveAllowedPrincipals", []))
    added = [each for each in call.params.get("AddAllowedPrincipals", []) if each not in service.principals]
    service.principals = [each for each in (*service.principals, *added) if each not in gone]
    return {"AddedPrincipals": [_permission(service, each) for each in added], "ReturnValue": True}


@operation("ec2", "DescribeVpcEndpointServicePermissions")
def permitted(call: Call) -> Record:
    """Whom a service lets in."""
    service = _own(call, call.params["ServiceId"])
    shown = [_permission(service, each) for each in service.principals]
    wanted = {each["Name"]: each["Values"] for each in call.params.get("Filters", [])}
    principals = wanted.get("principal", [each["Principal"] for each in shown])
    return {"AllowedPrincipals": [each for each in shown if each["Principal"] in principals]}


def _permission(service: Any, principal: str) -> Record:  # noqa: ANN401 - moto's class
    key = sha256(f"{service.id} {principal}".encode()).hexdigest()[:17]
    kinds = {"*": "All", "root": "Account", "role": "Role", "user": "User"}
    kind = principal if principal == "*" else principal.split(":")[5].partition("/")[0]
    return {
        "PrincipalType": kinds.get(kind, "Service"),
        "Principal": principal,
        "ServicePermissionId": f"vpce-svc-perm-{key}",
        "ServiceId": service.id,
    }


@requires("ec2", "DeleteVpcEndpointServiceConfigurations")
def delete_service(call: Call) -> None:
    """A service goes when its connections have been rejected or deleted."""
    for service_id in call.params["ServiceIds"]:
        service = ec2_backends[call.account][call.region].configurations.get(service_id)
        if service is not None and any(connections(service)):
            text = f"Service {service_id} has existing active VPC Endpoint connections!"
            raise Refusal("ExistingVpcEndpointConnections", text)


@requires("ec2", "CreateVpcEndpoint")
def connect(call: Call) -> None:
    """An endpoint is made for a service that lets the caller in, in the zones where the service stands."""
    name = call.params["ServiceName"]
    if _MARK not in name:
        return
    service = service_of(call.region, name)
    if service is None or not _let_in(call, service):
        raise Refusal("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist")
    ec2 = ec2_backends[call.account][call.region]
    for subnet in call.params.get("SubnetIds", []):
        if ec2.get_subnet(subnet).availability_zone not in service.availability_zones:
            text = f"The VPC endpoint service {name} does not support the availability zone of the subnet: {subnet}."
            raise Refusal("InvalidParameter", text)
    if call.params.get("PrivateDnsEnabled") and not service.private_dns_name:
        text = f"Private DNS can't be enabled because the service {name} does not provide a private DNS name."
        raise Refusal("InvalidParameter", text)


@completes("ec2", "CreateVpcEndpoint")
def wait(call: Call) -> None:
    """An endpoint waits where its service wants to accept it."""
    name = call.params["ServiceName"]
    service = service_of(call.region, name) if _MARK in name else None
    if service is not None and service.acceptance_required:
        made = [*ec2_backends[call.account][call.region].vpc_end_points.values()][-1]
        made.state = "pendingAcceptance"


@operation("ec2", "DescribeVpcEndpointConnections")
def describe(call: Call) -> Record:
    """The endpoints on the caller's services."""
    own = ec2_backends[call.account][call.region].configurations.values()
    wanted = {each["Name"]: set(each["Values"]) for each in call.params.get("Filters", [])}
    found = [_shown(service, endpoint) for service in own for endpoint in connections(service)]
    named = {"service-id": "ServiceId", "vpc-endpoint-state": "VpcEndpointState", "vpc-endpoint-id": "VpcEndpointId"}
    return {
        "VpcEndpointConnections": [
            each
            for each in found
            if all(each[named[name]] in values for name, values in wanted.items() if name in named)
        ]
    }


def _shown(service: Any, endpoint: Any) -> Record:  # noqa: ANN401 - moto's classes
    return {
        "ServiceId": service.id,
        "VpcEndpointId": endpoint.id,
        "VpcEndpointOwner": endpoint.ec2_backend.account_id,
        "VpcEndpointState": endpoint.state,
        "CreationTimestamp": endpoint.creation_timestamp,
        "DnsEntries": [{"DnsName": e["dns_name"], "HostedZoneId": e["hosted_zone_id"]} for e in endpoint.dns_entries],
        "NetworkLoadBalancerArns": service.network_load_balancer_arns,
    }


@operation("ec2", "AcceptVpcEndpointConnections", "RejectVpcEndpointConnections")
def decide(call: Call) -> Record:
    """Take endpoints in, or turn them away for good."""
    service = _own(call, call.params["ServiceId"])
    state = "available" if call.operation.startswith("Accept") else "rejected"
    for endpoint in connections(service):
        if endpoint.id in call.params["VpcEndpointIds"]:
            endpoint.state = state
    return {"Unsuccessful": []}
