"""What AWS invented for a hub and the teams attached to it must know: a part of ids.lock.yaml."""

from typing import Annotated

from pydantic import Field, StringConstraints

from zone.specs.spec import Spec
from zone.specs.values import AccountId, Unique, words

HostedZoneId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,32}$"), words("the id of a hosted zone")]
"""A hosted zone (Route 53 API, ResourceId: up to 32 characters)."""


class HubIds(Spec):
    """What AWS invented for the hub."""

    transit_gateway: Annotated[
        str, StringConstraints(pattern=r"^(tgw-[0-9a-f]{8,17})?$"), words("tgw- and 8 to 17 digits of hex")
    ] = ""
    """The transit gateway; empty until the platform's stack has made it."""

    spokes_table: Annotated[
        str, StringConstraints(pattern=r"^(tgw-rtb-[0-9a-f]{8,17})?$"), words("tgw-rtb- and 8 to 17 digits of hex")
    ] = ""
    """Its route table for what the teams send."""

    shared_table: Annotated[
        str, StringConstraints(pattern=r"^(tgw-rtb-[0-9a-f]{8,17})?$"), words("tgw-rtb- and 8 to 17 digits of hex")
    ] = ""
    """Its route table for what is sent to the teams."""

    zones: dict[str, HostedZoneId] = Field(default_factory=dict)
    """Private hosted zones of the central endpoints by service. What stands here stays central: moved back, a service
    would be gone from the hub before the teams have their own. Take a line out once no team's stack uses it."""

    dns_firewall: Annotated[
        str, StringConstraints(pattern=r"^(rslvr-frg-[0-9a-z]{1,40})?$"), words("the id of a DNS Firewall rule group")
    ] = ""
    """Rule group that the teams' networks are associated with; empty: no egress."""

    query_log: Annotated[
        str,
        StringConstraints(pattern=r"^(r[a-z]+(-[a-z]+)*-[0-9a-z]{1,40})?$"),
        words("the id of a query logging configuration"),
    ] = ""
    """Where the teams' DNS queries are written; empty: no egress."""

    accounts: Unique[AccountId] = ()
    """Accounts the hub is shared with: those whose networks it takes."""
