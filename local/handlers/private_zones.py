"""Route 53: private zones of one account in the VPCs of another.

moto knows neither authorisations nor another account's zones. Sources: botocore's service model of Route 53
(AssociateVPCWithHostedZone, CreateVPCAssociationAuthorization, DisassociateVPCFromHostedZone, ListHostedZonesByVPC and
their errors), read 2026-11-30; what its errors say in words is not documented there.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from moto.ec2.models import ec2_backends
from moto.route53.models import route53_backends

from local.handlers.operation import Call, Refusal, completes, operation, requires
from local.handlers.records import Record, stamp

_AUTHORISED: Final[dict[str, dict[str, str]]] = {}
"""Zone → VPC → its region."""


def zones() -> Iterator[tuple[str, Any]]:
    """Yield each zone with the account that owns it."""
    for account, regions in list(route53_backends.items()):
        for zone in list(regions["aws"].zones.values()):
            yield account, zone


def zones_in(vpc_id: str) -> Iterator[tuple[str, Any]]:
    """Yield the private zones that a VPC resolves, each with its owner."""
    return ((owner, zone) for owner, zone in zones() if any(vpc["vpc_id"] == vpc_id for vpc in zone.vpcs))


def _zone(zone_id: str) -> tuple[str, Any]:
    short = zone_id.rpartition("/")[2]
    for account, zone in zones():
        if zone.id.rpartition("/")[2] == short:
            return account, zone
    raise Refusal("NoSuchHostedZone", f"No hosted zone found with ID: {short}")


def _vpc_owner(vpc: Mapping[str, Any]) -> str:
    for account, regions in list(ec2_backends.items()):
        if vpc["VPCRegion"] in regions and vpc["VPCId"] in regions[vpc["VPCRegion"]].vpcs:
            return account
    raise Refusal("InvalidVPCId", f"The VPC {vpc['VPCId']} in region {vpc['VPCRegion']} is not valid.")


def _change() -> Record:
    return {"ChangeInfo": {"Id": "/change/C2682N5HXP0BZ4", "Status": "INSYNC", "SubmittedAt": stamp()}}


def _no_conflict(vpc_id: str, name: str, zone_id: str = "") -> None:
    for _, other in zones_in(vpc_id):
        if other.name.rstrip(".") == name.rstrip(".") and other.id != zone_id:
            text = f"The VPC {vpc_id} has already been associated with hosted zone {other.id} of the same domain name."
            raise Refusal("ConflictingDomainExists", text)


@requires("route53", "CreateHostedZone")
def create(call: Call) -> None:
    """A private zone is made with a VPC of the caller's, in which no other zone has its name."""
    if vpc := call.params.get("VPC"):
        if _vpc_owner(vpc) != call.account:
            raise Refusal("InvalidVPCId", f"The VPC ID {vpc['VPCId']} is not valid.")
        _no_conflict(vpc["VPCId"], call.params["Name"])


@completes("route53", "CreateHostedZone")
def make_private(call: Call) -> None:
    """A zone that is made with a VPC is private; moto asks for a flag that callers need not send."""
    if vpc := call.params.get("VPC"):
        zone = [*route53_backends[call.account]["aws"].zones.values()][-1]
        if not zone.private_zone:
            zone.private_zone = True
            zone.add_vpc(vpc["VPCId"], vpc["VPCRegion"])


@operation("route53", "CreateVPCAssociationAuthorization")
def authorise(call: Call) -> Record:
    """Let another account's VPC be associated."""
    zone = _owned(call)
    vpc = call.params["VPC"]
    _vpc_owner(vpc)
    _AUTHORISED.setdefault(zone.id, {})[vpc["VPCId"]] = vpc["VPCRegion"]
    return {"HostedZoneId": zone.resource_id, "VPC": vpc}


def _owned(call: Call) -> Any:  # noqa: ANN401 - moto's class
    owner, zone = _zone(call.params["HostedZoneId"])
    if owner != call.account:
        raise Refusal("NoSuchHostedZone", f"No hosted zone found with ID: {zone.id}")
    if not zone.private_zone:
        raise Refusal("InvalidInput", f"{zone.id} is a public hosted zone.")
    return zone


@operation("route53", "ListVPCAssociationAuthorizations")
def list_authorised(call: Call) -> Record:
    """Who may be associated."""
    zone = _owned(call)
    vpcs = [{"VPCId": vpc, "VPCRegion": region} for vpc, region in _AUTHORISED.get(zone.id, {}).items()]
    return {"HostedZoneId": zone.resource_id, "VPCs": vpcs}


@operation("route53", "DeleteVPCAssociationAuthorization")
def withdraw(call: Call) -> Record:
    """Take an authorisation back; what is associated stays."""
    zone = _owned(call)
    if _AUTHORISED.get(zone.id, {}).pop(call.params["VPC"]["VPCId"], None) is None:
        text = "The VPC association authorization that you specified could not be found."
        raise Refusal("VPCAssociationAuthorizationNotFound", text)
    return {}


@operation("route53", "AssociateVPCWithHostedZone")
def associate(call: Call) -> Record:
    """Let a VPC of the caller's resolve a zone: the caller's own, or one whose owner has authorised it."""
    owner, zone = _zone(call.params["HostedZoneId"])
    vpc = call.params["VPC"]
    if not zone.private_zone:
        text = "The hosted zone is public: you can associate a VPC with a private hosted zone only."
        raise Refusal("PublicZoneVPCAssociation", text)
    authorised = owner == call.account or vpc["VPCId"] in _AUTHORISED.get(zone.id, {})
    if not authorised or _vpc_owner(vpc) != call.account:
        text = f"The VPC: {vpc['VPCId']} has not authorized to associate with your hosted zone."
        raise Refusal("NotAuthorizedException", text)
    _no_conflict(vpc["VPCId"], zone.name, zone.id)
    zone.add_vpc(vpc["VPCId"], vpc["VPCRegion"])
    return _change()


@operation("route53", "DisassociateVPCFromHostedZone")
def disassociate(call: Call) -> Record:
    """Either owner ends it; the last VPC stays."""
    owner, zone = _zone(call.params["HostedZoneId"])
    vpc_id = call.params["VPC"]["VPCId"]
    if call.account not in {owner, _vpc_owner(call.params["VPC"])}:
        raise Refusal("NoSuchHostedZone", f"No hosted zone found with ID: {zone.id}")
    if all(vpc["vpc_id"] != vpc_id for vpc in zone.vpcs):
        raise Refusal("VPCAssociationNotFound", f"The VPC {vpc_id} is not associated with the hosted zone.")
    if len(zone.vpcs) == 1:
        raise Refusal(
            "LastVPCAssociation", "The VPC that you're trying to disassociate is the last of the hosted zone."
        )
    zone.delete_vpc(vpc_id)
    return _change()


@operation("route53", "ListHostedZonesByVPC")
def by_vpc(call: Call) -> Record:
    """Every zone that a VPC resolves, with its owner."""
    vpc_id = call.params["VPCId"]
    _vpc_owner(call.params)
    return {
        "HostedZoneSummaries": [
            {
                "HostedZoneId": zone.resource_id,
                "Name": f"{zone.name.rstrip('.')}.",
                "Owner": {"OwningAccount": owner},
            }
            for owner, zone in zones_in(vpc_id)
        ],
        "MaxItems": "100",
    }
