"""Resource Access Manager: shares with what they share and with whom. moto keeps no associations and no tags.

Within the organisation a share needs no acceptance, so an association is made at once and there are no
invitations.
"""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from local.authority.held import path_of
from local.handlers.accounts import KNOWN
from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Record, stamp
from local.handlers.tags import forget_tags, tags_of

_SHARES: dict[str, Record] = {}
"""ARN → share; `principals` and `resourceArns` are ours, the other members AWS's."""

KINDS = {"PRINCIPAL": "principals", "RESOURCE": "resourceArns"}


def share_of(call: Call) -> Record:
    """The share *call* names; only its owner may change it."""
    arn = call.params["resourceShareArn"]
    share = _SHARES.get(arn)
    if share is None or share["owningAccountId"] != call.account:
        raise Refusal("UnknownResourceException", f"ResourceShare {arn} could not be found.")
    return share


def shown(share: Record) -> Record:
    """A share as AWS shows it."""
    tags = [{"key": key, "value": value} for key, value in tags_of("ram", share["resourceShareArn"]).items()]
    return {**{name: value for name, value in share.items() if name not in KINDS.values()}, "tags": tags}


def associations(share: Record, status: str = "ASSOCIATED") -> Iterator[Record]:
    """What a share shares, and with whom."""
    for kind, member in KINDS.items():
        for entity in share[member]:
            yield {
                "resourceShareArn": share["resourceShareArn"],
                "resourceShareName": share["name"],
                "associatedEntity": entity,
                "associationType": kind,
                "status": status,
                "external": False,
            }


@operation("ram", "CreateResourceShare")
def create(call: Call) -> Mapping[str, Any]:
    """Make a share."""
    arn = f"arn:aws:ram:{call.region}:{call.account}:resource-share/{secrets.token_hex(16)}"
    _SHARES[arn] = {
        "resourceShareArn": arn,
        "name": call.params["name"],
        "owningAccountId": call.account,
        "allowExternalPrincipals": call.params.get("allowExternalPrincipals", True),
        "status": "ACTIVE",
        "featureSet": "STANDARD",
        "creationTime": stamp(),
        "lastUpdatedTime": stamp(),
        "principals": list(call.params.get("principals", [])),
        "resourceArns": list(call.params.get("resourceArns", [])),
    }
    tags_of("ram", arn).update(call.params.get("tags"))
    return {"resourceShare": shown(_SHARES[arn])}


@operation("ram", "GetResourceShares")
def get(call: Call) -> Mapping[str, Any]:
    """One's own shares, or those of others one is in."""
    own = call.params["resourceOwner"] == "SELF"
    wanted = call.params.get("resourceShareArns")
    found = [
        shown(share)
        for arn, share in _SHARES.items()
        if (share["owningAccountId"] == call.account if own else reaches(share, call.account))
        and (not wanted or arn in wanted)
        and call.params.get("name") in (None, share["name"])
    ]
    if wanted and not found:
        raise Refusal("UnknownResourceException", f"ResourceShare {wanted[0]} could not be found.")
    return {"resourceShares": found}


def reaches(share: Record, account: str) -> bool:
    """Whether another's share is meant for *account*: by its id, by a unit it is in, or the whole organisation's."""
    places = {account, f"organization/{KNOWN.organization}", *(f"/{level.id}" for level in path_of(account))}
    return share["owningAccountId"] != account and any(
        principal == place or (principal != place and principal.startswith("arn:") and principal.endswith(place))
        for principal in share["principals"]
        for place in places
    )


def is_shared(arn: str) -> bool:
    """Whether a resource is in any share."""
    return any(arn in share["resourceArns"] for share in _SHARES.values())


def shared_with(arn: str, account: str) -> bool:
    """Whether a resource of another account is shared with *account*."""
    return any(arn in share["resourceArns"] and reaches(share, account) for share in _SHARES.values())


@operation("ram", "UpdateResourceShare")
def update(call: Call) -> Mapping[str, Any]:
    """Rename a share, or open it."""
    share = share_of(call)
    share.update({name: call.params[name] for name in ("name", "allowExternalPrincipals") if name in call.params})
    share["lastUpdatedTime"] = stamp()
    return {"resourceShare": shown(share)}


@operation("ram", "DeleteResourceShare")
def delete(call: Call) -> Mapping[str, Any]:
    """Remove a share."""
    arn = share_of(call)["resourceShareArn"]
    del _SHARES[arn]
    forget_tags("ram", arn)
    return {"returnValue": True}


@operation("ram", "AssociateResourceShare", "DisassociateResourceShare")
def associate(call: Call) -> Mapping[str, Any]:
    """Add or remove principals and resources."""
    share = share_of(call)
    adds = call.operation == "AssociateResourceShare"
    for member in KINDS.values():
        named = call.params.get(member, [])
        rest = [entity for entity in share[member] if entity not in named]
        share[member] = [*rest, *named] if adds else rest
    named_only = {**share, **{member: call.params.get(member, []) for member in KINDS.values()}}
    status = "ASSOCIATED" if adds else "DISASSOCIATED"
    return {"resourceShareAssociations": list(associations(named_only, status))}


@operation("ram", "GetResourceShareAssociations")
def list_associations(call: Call) -> Mapping[str, Any]:
    """What is shared, or with whom."""
    entity = call.params.get("principal") or call.params.get("resourceArn")
    wanted = call.params.get("resourceShareArns")
    return {
        "resourceShareAssociations": [
            association
            for arn, share in _SHARES.items()
            if share["owningAccountId"] == call.account and (not wanted or arn in wanted)
            for association in associations(share)
            if association["associationType"] == call.params["associationType"]
            and entity in (None, association["associatedEntity"])
        ]
    }


@operation("ram", "ListResourceSharePermissions")
def permissions(_call: Call) -> Mapping[str, Any]:
    """AWS's default permissions are not modelled."""
    return {"permissions": []}


@operation("ram", "GetResourceShareInvitations")
def invitations(_call: Call) -> Mapping[str, Any]:
    """None: within the organisation nobody has to accept."""
    return {"resourceShareInvitations": []}


@operation("ram", "TagResource", "UntagResource")
def tags(call: Call) -> Mapping[str, Any]:
    """Tags of a share."""
    kept = tags_of("ram", share_of(call)["resourceShareArn"])
    kept.update(call.params.get("tags"))
    kept.drop(call.params.get("tagKeys", []))
    return {}
