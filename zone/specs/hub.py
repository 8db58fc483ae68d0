"""An environment's hub network: one place for endpoints, the way out and the way to the company's own networks."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from zone.specs.spec import Spec
from zone.specs.values import Key, Unique, words

Domain = Annotated[
    str,
    StringConstraints(
        pattern=r"^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){1,10}[a-z][a-z0-9-]{1,62}$", max_length=255
    ),
    words("a domain in small letters such as pypi.org, or *.pypi.org for what is below it"),
]
"""A domain as DNS Firewall takes it: letters, digits and hyphens, `*` in front only, 1,000 a list.

Source: Route 53 Resolver API, UpdateFirewallDomains, Domains (botocore's model, read 2026-11-30).
"""

AttachmentId = Annotated[
    str, StringConstraints(pattern=r"^tgw-attach-[0-9a-f]{8,17}$"), words("tgw-attach- and 8 to 17 digits of hex")
]
"""An attachment of a transit gateway (EC2 User Guide, "Resource IDs")."""


class Egress(Spec):
    """A way to the internet for the teams' networks: to these domains and no other."""

    allowed_domains: Unique[Domain] = Field(min_length=1, max_length=1000)
    """Domains that names are resolved of; `*.` in front stands for everything below, not for the domain itself."""

    inspection: Literal["none", "network_firewall"] = "none"
    """none: DNS alone holds the list, so an address that somebody knows is reached. network_firewall: connections are
    read too, and one that names none of the domains is dropped; an endpoint in each zone is billed by the hour."""


class Attachment(Spec):
    """A network of the company that somebody attached to the hub's transit gateway: a VPN, a Direct Connect gateway."""

    id: AttachmentId
    """The attachment; it is made once the hub is, so it comes with a second change of this file."""

    cidrs: Unique[IPv4Network] = Field(min_length=1, max_length=20)
    """Networks behind it [IPv4], all of them in on_premises of org/environment.yaml."""


class Hub(Spec):
    """A transit gateway in the platform account, and a network of its own behind it; teams never reach each other."""

    prefix: Annotated[int, Field(ge=16, le=23)] = 23
    """Size of the hub's VPC block [IPv4 prefix length, /16 to /23]; /23 has room for 27 endpoints."""

    endpoints: Literal["local", "central", "cheapest"] = "cheapest"
    """Where interface endpoints are: in each team's network, in the hub's, or where they cost least. What cannot be
    central stays in each team's network."""

    gb_per_endpoint: Annotated[int, Field(ge=0, le=100_000)] = 10
    """Data of one team to one service, as assumed for `cheapest` [GB a month]."""

    egress: Egress | None = None
    """The way to the internet; left out: there is none."""

    attachments: dict[Key, Attachment] = Field({})
    """The company's own networks by name."""
