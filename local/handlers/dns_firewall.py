"""Route 53 Resolver DNS Firewall: lists of domains, rules, and VPCs: the account's and, by RAM, others'.

moto has none of it. Sources: botocore's service model of Route 53 Resolver (CreateFirewallRule,
DeleteFirewallDomainList, DeleteFirewallRuleGroup, AssociateFirewallRuleGroup, UpdateFirewallConfig and their errors),
read 2026-11-30. The words of the refusals are not documented there.
"""

import secrets
from typing import Final

from moto.ec2.models import ec2_backends

from local.handlers.operation import Call, Refusal, operation
from local.handlers.ram import shared_with
from local.handlers.records import Record, stamp
from local.handlers.tags import forget_tags, known_tags, tags_of

SERVICE: Final = "route53resolver"

_LISTS: Final[dict[str, Record]] = {}
_GROUPS: Final[dict[str, Record]] = {}
_ASSOCIATIONS: Final[dict[str, Record]] = {}
_CONFIGS: Final[dict[tuple[str, str, str], str]] = {}
"""(account, region, VPC) → what the firewall does when it fails."""


def made(call: Call, kind: str, prefix: str, members: Record) -> Record:
    """A new resource of Resolver's, with id, ARN and times."""
    key = f"{prefix}-{secrets.token_hex(8)}"
    now = stamp().isoformat()
    arn = call.arn(f"{kind}/{key}")
    tags_of(SERVICE, arn).update(call.params.get("Tags"))
    given = {name: value for name, value in call.params.items() if name != "Tags"}
    return {**given, "Id": key, "Arn": arn, "CreationTime": now, "ModificationTime": now, **members}


def found(call: Call, store: dict[str, Record], key: str) -> Record:
    """A resource of the caller's, or one that is shared with the account."""
    kept = store.get(key)
    if kept is None or not _reaches(call, kept["Arn"]):
        raise Refusal("ResourceNotFoundException", f"[RSLVR-02026] Resource '{key}' was not found.")
    return kept


def _reaches(call: Call, arn: str) -> bool:
    _, _, _, region, owner, _ = arn.split(":", 5)
    return region == call.region and (owner == call.account or shared_with(arn, call.account))


@operation(SERVICE, "CreateFirewallDomainList")
def create_list(call: Call) -> Record:
    """Make an empty list."""
    record = made(call, "firewall-domain-list", "rslvr-fdl", {"Status": "COMPLETE", "domains": []})
    _LISTS[record["Id"]] = record
    return {"FirewallDomainList": _list(record)}


def _list(record: Record) -> Record:
    return {**record, "DomainCount": len(record["domains"])}


@operation(SERVICE, "GetFirewallDomainList")
def get_list(call: Call) -> Record:
    """Show a list, without its domains."""
    return {"FirewallDomainList": _list(found(call, _LISTS, call.params["FirewallDomainListId"]))}


@operation(SERVICE, "ListFirewallDomains")
def domains(call: Call) -> Record:
    """What is in a list."""
    return {"Domains": sorted(found(call, _LISTS, call.params["FirewallDomainListId"])["domains"])}


@operation(SERVICE, "UpdateFirewallDomains")
def update_domains(call: Call) -> Record:
    """Add, remove or replace domains; AWS keeps each with its last dot."""
    record = found(call, _LISTS, call.params["FirewallDomainListId"])
    given = [name if name.endswith(".") else f"{name}." for name in call.params["Domains"]]
    kept = [] if call.params["Operation"] == "REPLACE" else [name for name in record["domains"] if name not in given]
    record["domains"] = kept if call.params["Operation"] == "REMOVE" else [*kept, *given]
    return {"Id": record["Id"], "Name": record["Name"], "Status": "COMPLETE"}


@operation(SERVICE, "DeleteFirewallDomainList")
def delete_list(call: Call) -> Record:
    """A list goes when no rule names it."""
    record = found(call, _LISTS, call.params["FirewallDomainListId"])
    rules = (rule for group in _GROUPS.values() for rule in group["rules"])
    if any(rule.get("FirewallDomainListId") == record["Id"] for rule in rules):
        text = f"The domain list {record['Id']} is in use by a firewall rule."
        raise Refusal("ConflictException", text)
    del _LISTS[record["Id"]]
    forget_tags(SERVICE, record["Arn"])
    return {"FirewallDomainList": {**_list(record), "Status": "DELETING"}}


@operation(SERVICE, "CreateFirewallRuleGroup")
def create_group(call: Call) -> Record:
    """Make a group without rules."""
    members = {"Status": "COMPLETE", "OwnerId": call.account, "ShareStatus": "NOT_SHARED", "rules": []}
    record = made(call, "firewall-rule-group", "rslvr-frg", members)
    _GROUPS[record["Id"]] = record
    return {"FirewallRuleGroup": _group(record)}


def _group(record: Record) -> Record:
    return {**record, "RuleCount": len(record["rules"])}


@operation(SERVICE, "GetFirewallRuleGroup")
def get_group(call: Call) -> Record:
    """Show a group, without its rules."""
    return {"FirewallRuleGroup": _group(found(call, _GROUPS, call.params["FirewallRuleGroupId"]))}


@operation(SERVICE, "DeleteFirewallRuleGroup")
def delete_group(call: Call) -> Record:
    """A group goes when no VPC has it; its rules go with it."""
    record = found(call, _GROUPS, call.params["FirewallRuleGroupId"])
    if any(each["FirewallRuleGroupId"] == record["Id"] for each in _ASSOCIATIONS.values()):
        raise Refusal("ConflictException", f"The rule group {record['Id']} is associated with a VPC.")
    if record["rules"]:
        raise Refusal("ConflictException", f"The rule group {record['Id']} has rules.")
    del _GROUPS[record["Id"]]
    forget_tags(SERVICE, record["Arn"])
    return {"FirewallRuleGroup": {**_group(record), "Status": "DELETING"}}


@operation(SERVICE, "CreateFirewallRule")
def create_rule(call: Call) -> Record:
    """Add a rule; each has a priority of its own in the group."""
    group = found(call, _GROUPS, call.params["FirewallRuleGroupId"])
    if named := call.params.get("FirewallDomainListId"):
        found(call, _LISTS, named)
    if any(rule["Priority"] == call.params["Priority"] for rule in group["rules"]):
        text = f"The priority {call.params['Priority']} is in use in the rule group."
        raise Refusal("ValidationException", text)
    now = stamp().isoformat()
    redirection = {"FirewallDomainRedirectionAction": "INSPECT_REDIRECTION_DOMAIN"}
    rule = {**redirection, **call.params, "CreationTime": now, "ModificationTime": now}
    group["rules"].append(rule)
    return {"FirewallRule": rule}


@operation(SERVICE, "ListFirewallRules")
def rules(call: Call) -> Record:
    """The rules of a group, in their order."""
    group = found(call, _GROUPS, call.params["FirewallRuleGroupId"])
    return {"FirewallRules": sorted(group["rules"], key=lambda rule: rule["Priority"])}


@operation(SERVICE, "UpdateFirewallRule", "DeleteFirewallRule")
def change_rule(call: Call) -> Record:
    """Change a rule, or take it out."""
    group = found(call, _GROUPS, call.params["FirewallRuleGroupId"])
    wanted = call.params.get("FirewallDomainListId"), call.params.get("Qtype")
    for rule in group["rules"]:
        if (rule.get("FirewallDomainListId"), rule.get("Qtype")) == wanted:
            if call.operation.startswith("Delete"):
                group["rules"].remove(rule)
            else:
                rule.update(call.params, ModificationTime=stamp().isoformat())
            return {"FirewallRule": rule}
    raise Refusal("ResourceNotFoundException", "The firewall rule was not found.")


@operation(SERVICE, "AssociateFirewallRuleGroup")
def associate(call: Call) -> Record:
    """Let a group hold for a VPC of the caller's; a VPC has one group at each priority."""
    group = found(call, _GROUPS, call.params["FirewallRuleGroupId"])
    vpc = call.params["VpcId"]
    if vpc not in ec2_backends[call.account][call.region].vpcs:
        raise Refusal("ResourceNotFoundException", f"The VPC {vpc} was not found.")
    for each in _ASSOCIATIONS.values():
        if each["VpcId"] == vpc and each["FirewallRuleGroupId"] == group["Id"]:
            raise Refusal("ConflictException", f"The rule group {group['Id']} is associated with {vpc} already.")
        if each["VpcId"] == vpc and each["Priority"] == call.params["Priority"]:
            raise Refusal("ValidationException", f"The priority {call.params['Priority']} is in use for {vpc}.")
    members = {"Status": "COMPLETE", "MutationProtection": call.params.get("MutationProtection", "DISABLED")}
    record = made(call, "firewall-rule-group-association", "rslvr-frgassoc", members)
    _ASSOCIATIONS[record["Id"]] = record
    return {"FirewallRuleGroupAssociation": record}


@operation(SERVICE, "GetFirewallRuleGroupAssociation", "UpdateFirewallRuleGroupAssociation")
def association(call: Call) -> Record:
    """Show or change one."""
    record = found(call, _ASSOCIATIONS, call.params["FirewallRuleGroupAssociationId"])
    if call.operation.startswith("Update"):
        changes = {
            name: call.params[name] for name in ("Priority", "MutationProtection", "Name") if name in call.params
        }
        record.update(changes, ModificationTime=stamp().isoformat())
    return {"FirewallRuleGroupAssociation": record}


@operation(SERVICE, "ListFirewallRuleGroupAssociations")
def associations(call: Call) -> Record:
    """The caller's."""
    mine = [each for each in _ASSOCIATIONS.values() if each["Arn"].split(":")[3:5] == [call.region, call.account]]
    named = {name: value for name, value in call.params.items() if name in {"FirewallRuleGroupId", "VpcId"}}
    return {"FirewallRuleGroupAssociations": [each for each in mine if named.items() <= each.items()]}


@operation(SERVICE, "DisassociateFirewallRuleGroup")
def disassociate(call: Call) -> Record:
    """End one, unless it is protected against that."""
    record = found(call, _ASSOCIATIONS, call.params["FirewallRuleGroupAssociationId"])
    if record["MutationProtection"] == "ENABLED":
        raise Refusal("ValidationException", f"The association {record['Id']} is protected against mutation.")
    del _ASSOCIATIONS[record["Id"]]
    forget_tags(SERVICE, record["Arn"])
    return {"FirewallRuleGroupAssociation": {**record, "Status": "DELETING"}}


@operation(SERVICE, "GetFirewallConfig", "UpdateFirewallConfig")
def config(call: Call) -> Record:
    """What a VPC's queries meet when the firewall does not answer: closed, unless said otherwise."""
    vpc = call.params["ResourceId"]
    if vpc not in ec2_backends[call.account][call.region].vpcs:
        raise Refusal("ResourceNotFoundException", f"The VPC {vpc} was not found.")
    key = (call.account, call.region, vpc)
    if call.operation.startswith("Update"):
        _CONFIGS[key] = call.params["FirewallFailOpen"]
    shown = {"Id": f"rslvr-fc-{vpc[-16:]}", "ResourceId": vpc, "OwnerId": call.account}
    return {"FirewallConfig": {**shown, "FirewallFailOpen": _CONFIGS.get(key, "DISABLED")}}


@operation(SERVICE, "ListFirewallConfigs")
def configs(call: Call) -> Record:
    """The caller's that were said."""
    mine = [
        (vpc, said)
        for (account, region, vpc), said in _CONFIGS.items()
        if (account, region) == (call.account, call.region)
    ]
    shown = [
        {"Id": f"rslvr-fc-{vpc[-16:]}", "ResourceId": vpc, "OwnerId": call.account, "FirewallFailOpen": said}
        for vpc, said in mine
    ]
    return {"FirewallConfigs": shown}


@operation(SERVICE, "TagResource", "UntagResource", "ListTagsForResource")
def tags(call: Call) -> Record | None:
    """Tags of what is here and in query_logs.py; moto keeps those of its own."""
    kept = known_tags(SERVICE, call.params["ResourceArn"])
    if kept is None:
        return None
    kept.update(call.params.get("Tags"))
    kept.drop(call.params.get("TagKeys", []))
    return {"Tags": kept.pairs()}
