"""Condition keys of a request, as AWS fills them.

Which keys an action carries is AWS's reference (checks/access/catalog.json); which member of the request fills one it
does not say. By default a key is filled from members of its own name; zone/facts/condition_keys.json says where the
name differs, in the language of paths.py. Source: IAM User Guide, "AWS global condition context keys", read 2026-11-29.
"""

from collections.abc import Mapping
from typing import Final

from checks.access.catalog import services
from local.authority.held import aliases_of, organization, path_of, role_of
from local.authority.params import request_tags, walk
from local.authority.paths import filled, values
from local.authority.signer import Signer
from local.handlers.accounts import KNOWN
from local.handlers.operation import Call
from local.handlers.tags import plain
from zone.facts import facts


def context_of(call: Call, signer: Signer, action: str, *, network: Mapping[str, object]) -> dict[str, object]:
    """Return the condition keys of *call*.

    Args:
        call: the request.
        signer: who signed it.
        action: the IAM action it asks for.
        network: keys of the network it comes through.
    """
    service = services()[action.partition(":")[0]]
    context: dict[str, object] = {**principal_keys(call, signer), **network}
    tags = request_tags(call.params)
    if tags:
        context |= {f"aws:RequestTag/{key}": value for key, value in tags.items()} | {"aws:TagKeys": sorted(tags)}
    for key in service.actions[action.lower()].keys:
        if not key.startswith("aws:") and "${" not in key:
            found = _values(key, call)
            if found:
                context[key] = found
        elif not key.startswith("aws:"):
            context |= _named(key, call)
    return context


def _named(key: str, call: Call) -> dict[str, object]:
    """Fill a key that ends in a name, as sagemaker:CustomerMetadataProperties/${MetadataKey}, from that member."""
    prefix = key.partition("/${")[0]
    given = call.params.get(prefix.partition(":")[2])
    return {f"{prefix}/{name}": value for name, value in given.items()} if isinstance(given, Mapping) else {}


def principal_keys(call: Call, signer: Signer) -> dict[str, object]:
    """Return the keys that each request of *signer* carries in the region of *call*."""
    # The session's ARN does not say the role's path; the key does.
    named = {"aws:PrincipalArn": signer.role_arn} if signer.role_arn else {}
    if signer.source_identity:
        named["aws:SourceIdentity"] = signer.source_identity
    return {
        **named,
        **signer.keys,
        **{f"aws:PrincipalTag/{key}": value for key, value in _principal_tags(signer).items()},
        "aws:RequestedRegion": call.region,
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "false",
        "aws:PrincipalIsAWSService": "false",
        **organization_keys(signer.account),
    }


def _principal_tags(signer: Signer) -> dict[str, str]:
    """Tags of the role, and over them those of the session: keys that differ in case only are one, the last counts."""
    role = role_of(signer.role_arn) if signer.role_arn else None
    return {**(plain(role.tags) if role else {}), **signer.tags}


def organization_keys(account: str) -> dict[str, object]:
    """Return the keys that say where in the organisation an account's principals stand; none outside of it."""
    backend, path = organization(), path_of(account)
    if not backend or (not path and account != KNOWN.management_account):
        return {}
    ids = [backend.org.id, *(level.id for level in path[:-1])]
    return {"aws:PrincipalOrgID": backend.org.id, "aws:PrincipalOrgPaths": ["/".join(ids) + "/"]}


def source_keys(account: str) -> dict[str, object]:
    """Return the keys by which a service says for whose resource it comes."""
    place = organization_keys(account)
    named = {"aws:SourceOrgID": "aws:PrincipalOrgID", "aws:SourceOrgPaths": "aws:PrincipalOrgPaths"}
    return {"aws:SourceAccount": account, **{key: place[of] for key, of in named.items() if of in place}}


_IN_CALLED_VIA: Final = frozenset(("athena", "backup", "cloudformation", "dynamodb", "kms", "ram"))
"""Source: IAM User Guide, "AWS global condition context keys", aws:CalledVia, read 2026-11-29."""


def via_keys(service: str, action: str, region: str) -> dict[str, object]:
    """Return the keys of a request that *service* makes with the identity of whoever called it."""
    keys: dict[str, object] = {"aws:ViaAWSService": "true"}
    if action.startswith("kms:"):
        keys["kms:ViaService"] = f"{service}.{region}.amazonaws.com"
    if service in _IN_CALLED_VIA:
        host = f"{service}.amazonaws.com"
        keys |= {"aws:CalledVia": [host], "aws:CalledViaFirst": host, "aws:CalledViaLast": host}
    return keys


def own_keys(action: str, resource: str, caller_account: str, owner: str) -> dict[str, object]:
    """Return the keys that say whose resource it is, and for some services whose request."""
    place = organization_keys(owner)
    named = {"aws:ResourceOrgID": "aws:PrincipalOrgID", "aws:ResourceOrgPaths": "aws:PrincipalOrgPaths"}
    keys: dict[str, object] = {key: place[of] for key, of in named.items() if of in place}
    if action.startswith("kms:"):
        if caller_account:
            keys["kms:CallerAccount"] = caller_account
        if ":key/" in resource:
            keys["kms:ResourceAliases"] = aliases_of(resource)
        return keys
    return {**keys, "s3:ResourceAccount": owner} if action.startswith("s3:") else keys


def _values(key: str, call: Call) -> list[object]:
    paths = facts("condition_keys")["keys"].get(key)
    if paths is None:
        member = key.partition(":")[2].lower()
        return [value for name, value in walk(call.params) if name.lower() == member]
    return [
        value for path in paths for value in (filled(call, path) if path.startswith("arn:") else values(call, path))
    ]
