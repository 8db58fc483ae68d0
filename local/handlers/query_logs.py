"""Route 53 Resolver: logs of queries, and the VPCs whose queries they get, of this account or, by RAM, others.

moto loses their tags. Source: botocore's service model of Route 53 Resolver (CreateResolverQueryLogConfig,
AssociateResolverQueryLogConfig, DeleteResolverQueryLogConfig and their errors), read 2026-11-30.
"""

import secrets
from typing import Final

from moto.ec2.models import ec2_backends

from local.handlers.dns_firewall import SERVICE, found, made
from local.handlers.operation import Call, Refusal, operation
from local.handlers.ram import is_shared
from local.handlers.records import Record, stamp
from local.handlers.tags import forget_tags

_CONFIGS: Final[dict[str, Record]] = {}
_ASSOCIATIONS: Final[dict[str, Record]] = {}


def _shown(record: Record) -> Record:
    count = sum(each["ResolverQueryLogConfigId"] == record["Id"] for each in _ASSOCIATIONS.values())
    return {**record, "AssociationCount": count}


@operation(SERVICE, "CreateResolverQueryLogConfig")
def create(call: Call) -> Record:
    """Make one."""
    members = {"Status": "CREATED", "OwnerId": call.account, "ShareStatus": "NOT_SHARED"}
    record = made(call, "resolver-query-log-config", "rslvr-qlc", members)
    _CONFIGS[record["Id"]] = record
    return {"ResolverQueryLogConfig": _shown(record)}


@operation(SERVICE, "GetResolverQueryLogConfig")
def get(call: Call) -> Record:
    """Show one."""
    return {"ResolverQueryLogConfig": _shown(found(call, _CONFIGS, call.params["ResolverQueryLogConfigId"]))}


@operation(SERVICE, "DeleteResolverQueryLogConfig")
def delete(call: Call) -> Record:
    """One goes when it is not shared and no VPC of its owner's logs to it; others' need not be taken off."""
    record = found(call, _CONFIGS, call.params["ResolverQueryLogConfigId"])
    mine = [each for each in _ASSOCIATIONS.values() if each["owner"][0] == record["OwnerId"]]
    if is_shared(record["Arn"]):
        raise Refusal("InvalidRequestException", f"[RSLVR-01611] '{record['Id']}' is shared.")
    if any(each["ResolverQueryLogConfigId"] == record["Id"] for each in mine):
        text = f"[RSLVR-01610] Query logging configuration '{record['Id']}' has associated VPCs."
        raise Refusal("InvalidRequestException", text)
    del _CONFIGS[record["Id"]]
    forget_tags(SERVICE, record["Arn"])
    return {"ResolverQueryLogConfig": {**_shown(record), "Status": "DELETING"}}


@operation(SERVICE, "AssociateResolverQueryLogConfig")
def associate(call: Call) -> Record:
    """Let a VPC of the caller's log to it."""
    config = found(call, _CONFIGS, call.params["ResolverQueryLogConfigId"])
    vpc = call.params["ResourceId"]
    if vpc not in ec2_backends[call.account][call.region].vpcs:
        raise Refusal("ResourceNotFoundException", f"The VPC {vpc} was not found.")
    named = (config["Id"], vpc)
    if any((each["ResolverQueryLogConfigId"], each["ResourceId"]) == named for each in _ASSOCIATIONS.values()):
        raise Refusal("ResourceExistsException", f"{vpc} logs to {config['Id']} already.")
    key = f"rslvr-qlcassoc-{secrets.token_hex(8)}"
    _ASSOCIATIONS[key] = {
        "Id": key,
        "ResolverQueryLogConfigId": config["Id"],
        "ResourceId": vpc,
        "Status": "ACTIVE",
        "Error": "NONE",
        "ErrorMessage": "",
        "CreationTime": stamp().isoformat(),
        "owner": (call.account, call.region),
    }
    return {"ResolverQueryLogConfigAssociation": _ASSOCIATIONS[key]}


@operation(SERVICE, "GetResolverQueryLogConfigAssociation")
def association(call: Call) -> Record:
    """Show one."""
    record = _ASSOCIATIONS.get(call.params["ResolverQueryLogConfigAssociationId"])
    if record is None or record["owner"] != (call.account, call.region):
        key = call.params["ResolverQueryLogConfigAssociationId"]
        raise Refusal("ResourceNotFoundException", f"[RSLVR-01602] Association '{key}' does not exist.")
    return {"ResolverQueryLogConfigAssociation": record}


@operation(SERVICE, "DisassociateResolverQueryLogConfig")
def disassociate(call: Call) -> Record:
    """End one."""
    named = (call.params["ResolverQueryLogConfigId"], call.params["ResourceId"])
    for key, each in list(_ASSOCIATIONS.items()):
        if (each["ResolverQueryLogConfigId"], each["ResourceId"]) == named:
            del _ASSOCIATIONS[key]
            return {"ResolverQueryLogConfigAssociation": {**each, "Status": "DELETING"}}
    raise Refusal("ResourceNotFoundException", f"[RSLVR-01602] {named[1]} does not log to {named[0]}.")
