"""Nothing of ours is on the public network."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from policies.rules._addresses import is_wide
from policies.rules.plain import NeedsUnknownError, Reader, has_unknown, is_set, shown_value
from policies.rules.registry import EVERY_TYPE, rule

LAST_PORT: Final = 65535
HIGH_RISK_PORTS: Final = (
    *(20, 21, 23, 25, 110, 135, 143, 445),
    *(1433, 1434, 3306, 4333, 5432, 5500, 5601, 9200, 9300),
    *(3000, 5000, 8080, 8088, 8888),
)
INSIDE: Final = "allow the ports only from a security group or a private block"


@rule("sm-notebook-no-direct-internet", "set directInternetAccess to Disabled: the notebook uses the VPC's endpoints")
def notebook_no_direct_internet(r: Reader) -> Iterator[str]:
    """An absent value is Enabled."""
    yield from r.unless("directInternetAccess", "Disabled", default="Enabled")


@rule("sm-notebook-in-vpc", "set subnetId and securityGroups to the account's private network")
def notebook_in_vpc(r: Reader) -> Iterator[str]:
    """AWS wants security groups as soon as there is a subnet."""
    yield from r.missing("subnetId")


@rule("sm-domain-vpc-only", "set appNetworkAccessType to VpcOnly")
def domain_vpc_only(r: Reader) -> Iterator[str]:
    """An absent value is PublicInternetOnly."""
    yield from r.unless("appNetworkAccessType", "VpcOnly", default="PublicInternetOnly")


@rule("subnet-no-auto-public-ip", "leave mapPublicIpOnLaunch out")
def subnet_no_public_ip(r: Reader) -> Iterator[str]:
    """A subnet tagged `Tier: public` says that it is meant."""
    faults = list(r.unless("mapPublicIpOnLaunch", False, "false", default=False))
    tags = r.get("tags") if faults else None
    if faults and has_unknown(tags):
        r.waits_for.append("tags")
    elif not is_public_tier(tags):
        yield from faults


def is_public_tier(tags: object) -> bool:
    """Whether *tags* mark a subnet as public on purpose."""
    return isinstance(tags, Mapping) and any(
        str(key).lower() in {"tier", "mlz:tier"} and str(value).lower() == "public" for key, value in tags.items()
    )


@rule("ec2-no-public-ip", "set associatePublicIpAddress to false and use a private subnet")
def instance_no_public_ip(r: Reader) -> Iterator[str]:
    """Instances and launch configurations say it at the top, launch templates per interface."""
    for path in ("associatePublicIpAddress", "networkInterfaces[].associatePublicIpAddress"):
        yield from r.unless(path, False, "false", default=False)


@rule("ecs-no-public-ip", "set networkConfiguration.assignPublicIp to false")
def service_no_public_ip(r: Reader) -> Iterator[str]:
    """Tasks reach AWS through endpoints."""
    yield from r.unless("networkConfiguration.assignPublicIp", False, "false", default=False)


@rule("rds-instance-not-public", "set publiclyAccessible to false")
def database_not_public(r: Reader) -> Iterator[str]:
    """An absent value is false."""
    yield from r.unless("publiclyAccessible", False, "false", default=False)


@rule("eks-no-public-endpoint", "set vpcConfig.endpointPublicAccess to false")
def cluster_endpoint_private(r: Reader) -> Iterator[str]:
    """An absent value is public."""
    yield from r.unless("vpcConfig.endpointPublicAccess", False, "false", default=True)


@rule("allowed-regions", "use a region of allowedRegions", types=EVERY_TYPE, settings={"allowedRegions": ()})
def allowed_regions(r: Reader) -> Iterator[str]:
    """A resource's own region wins over its provider's. An empty list allows every region."""
    regions = r.settings["allowedRegions"]
    if regions:
        region = r.get("region") or r.resource.provider.get("region")
        if is_set(region) and region not in regions:
            yield f"region {shown_value(region)} is not in allowedRegions"


Ports = tuple[float, float, bool]
"""First port, last port, and whether it is every port."""


def public_rules(r: Reader, direction: str, judge: Callable[[Ports], str | None] | None = None) -> Iterator[str]:
    """Complain about rules open to anywhere for whose ports *judge* finds a word; without it, about all of them.

    Inline and split forms. Ports come first: where they are harmless, a block that is not known yet does not matter.
    """
    kind = r.resource.type.rpartition(":")[2]
    if kind == "SecurityGroup":
        for entry in r.elements(f"{direction}[]"):
            yield from _open(entry, entry.inside.rstrip("."), judge, "protocol", "cidrBlocks[]", "ipv6CidrBlocks[]")
    elif kind != "SecurityGroupRule":
        yield from _open(r, "the rule", judge, "ipProtocol", "cidrIpv4", "cidrIpv6")
    elif r.get("type") == direction:
        yield from _open(r, "the rule", judge, "protocol", "cidrBlocks[]", "ipv6CidrBlocks[]")


def _open(
    entry: Reader, where: str, judge: Callable[[Ports], str | None] | None, protocol: str, *blocks: str
) -> Iterator[str]:
    unknown = None
    on: str | None = ""
    try:
        on = judge(_ports(entry, str(entry.get(protocol)).lower())) if judge else ""
    except NeedsUnknownError as error:
        unknown = error.args[0]
    if on is None:
        return
    noted = len(entry.waits_for)
    public = [str(block) for path in blocks for _, block in entry.each(path) if is_wide(block)]
    if public and unknown:
        entry.waits_for.append(unknown)
    elif public:
        yield f"{where} is open to {', '.join(public)}{on}"
    elif unknown and len(entry.waits_for) > noted:
        entry.waits_for.append(unknown)


def _ports(entry: Reader, protocol: str) -> Ports:
    if protocol in {"-1", "-1.0", "all"}:
        return 0, LAST_PORT, True
    if protocol in {"icmp", "icmpv6", "1", "58"}:
        return -1, -1, False  # their "ports" are message types
    first = _port(entry.get("fromPort"), 0)
    last = _port(entry.get("toPort"), first if entry.get("fromPort") is not None else LAST_PORT)
    return first, last, first <= 1 and last >= LAST_PORT


def _port(value: Any, default: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return default


def _open_ports(r: Reader, *ports: int) -> Iterator[str]:
    def judge(open_: Ports) -> str | None:
        first, last, every = open_
        hit = [port for port in ports if first <= port <= last]
        return None if not hit else " on every port" if every else f" on port {', '.join(map(str, hit))}"

    return public_rules(r, "ingress", judge)


def _every_port(open_: Ports) -> str | None:
    return " on every port" if open_[2] else None


@rule("sg-no-public-ssh", f"{INSIDE}, or use Session Manager")
def no_public_ssh(r: Reader) -> Iterator[str]:
    """Port 22."""
    yield from _open_ports(r, 22)


@rule("sg-no-public-rdp", f"{INSIDE}, or use Fleet Manager")
def no_public_rdp(r: Reader) -> Iterator[str]:
    """Port 3389."""
    yield from _open_ports(r, 3389)


@rule("sg-no-public-http", INSIDE)
def no_public_http(r: Reader) -> Iterator[str]:
    """Port 80; also where an exception opens 443, nothing is to be asked without TLS."""
    yield from _open_ports(r, 80)


@rule("sg-no-public-highrisk-ports", INSIDE)
def no_public_high_risk_ports(r: Reader) -> Iterator[str]:
    """Data stores, remote shells, and 8888: Jupyter."""
    yield from _open_ports(r, *HIGH_RISK_PORTS)


@rule("sg-no-public-all-ports", INSIDE)
def no_public_all_ports(r: Reader) -> Iterator[str]:
    """Protocol -1, or 0 to 65535."""
    yield from public_rules(r, "ingress", _every_port)


@rule("sg-no-public-ingress", INSIDE)
def no_public_ingress(r: Reader) -> Iterator[str]:
    """Whatever the port."""
    yield from public_rules(r, "ingress")


@rule("sg-no-public-egress", "send traffic to the endpoints' security group or prefix list")
def no_public_egress(r: Reader) -> Iterator[str]:
    """Every port to anywhere: how data leaves."""
    yield from public_rules(r, "egress", _every_port)
