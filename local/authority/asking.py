"""Who asks for a dependent right, and with which condition keys."""

from collections.abc import Mapping
from dataclasses import replace

from checks.access import Caller
from local.authority.held import caller_of, service_caller
from local.authority.keys import principal_keys, source_keys, via_keys
from local.authority.network import Network, network_of, vpc_of
from local.authority.rights import Right
from local.authority.signer import Signer, session_of
from local.handlers.operation import Call

_NOWHERE = Network(context={})
"""The service's own network: it has no key of ours, and no endpoint of ours a say."""


def side_of(
    call: Call, who: Signer, context: Mapping[str, object], right: Right
) -> tuple[Caller, Mapping[str, object]]:
    """Return the side that asks for *right*, and the keys it asks with.

    Args:
        call: the request that needs the right.
        who: who signed it.
        context: its condition keys.
        right: what is needed.

    Raises:
        UnreachableError: the right is asked from a network that has no way to the service.
    """
    if right.who.endswith(".amazonaws.com"):
        asking = service_caller(right.who)
        keys = {"aws:RequestedRegion": call.region, "aws:SecureTransport": "true", **source_keys(call.account)}
    elif right.who == "caller":
        asking, keys = caller_of(who), dict(context)
        place = call.params.get("VPC") if call.service == "route53" else None
        if isinstance(place, dict) and place.get("VPCRegion"):
            # Route 53 has one endpoint for all regions and looks at the network where that is. AWS says neither; asked
            # as of us-east-1, an organisation that denies that region could have no private zones, and many have both.
            keys["aws:RequestedRegion"] = place["VPCRegion"]
    else:
        asking, keys = _role(call, right)
    if right.via:
        keys = {key: value for key, value in keys.items() if not key.startswith(("aws:Source", "aws:Vpc"))}
        keys |= via_keys(right.via, right.action, call.region)
    return asking, {**keys, **right.context}


def _role(call: Call, right: Right) -> tuple[Caller, dict[str, object]]:
    """The session in which a service works with a role: it brings nothing of the caller's request."""
    session = session_of(right.who)
    if right.alone:
        return caller_of(session, guarded=False), {}
    network = _NOWHERE
    if right.subnet:
        network = network_of(replace(call, service=right.action.partition(":")[0]), vpc_of(right.subnet))
    return caller_of(session, network.endpoints), {**principal_keys(call, session), **network.context}
