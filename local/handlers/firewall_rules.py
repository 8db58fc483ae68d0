"""Network Firewall: rule groups and policies; nothing that another one names goes.

moto has firewalls only. Source: botocore's service model of Network Firewall (CreateRuleGroup, CreateFirewallPolicy,
DeleteRuleGroup, DeleteFirewallPolicy: InvalidOperationException), read 2026-11-30; the words are not documented there.
"""

import secrets
from collections.abc import Iterator
from typing import Any, Final

from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Record, stamp
from local.handlers.tags import forget_tags, tags_of

SERVICE: Final = "network-firewall"
_OWN_KEY: Final = {"KeyId": "AWS_OWNED_KMS_KEY", "Type": "AWS_OWNED_KMS_KEY"}

STORE: Final[dict[str, Record]] = {}
"""ARN → rule group, policy or firewall: `said`: what was asked for; `token`: changes with each update."""


def arn_of(call: Call, noun: str, kind: str) -> str:
    """The ARN that a request names in full or by a name."""
    named = call.params.get(f"{noun}Arn")
    return str(named or call.arn(f"{kind}/{call.params.get(f'{noun}Name')}"))


def kept(arn: str) -> Record:
    """What is kept under an ARN."""
    if arn not in STORE:
        raise Refusal("ResourceNotFoundException", f"Resource not found: {arn}")
    return STORE[arn]


def keep(call: Call, arn: str) -> Record:
    """Keep what is made."""
    if arn in STORE:
        raise Refusal("InvalidRequestException", f"A resource with the specified name already exists: {arn}")
    said = {name: value for name, value in call.params.items() if name not in {"Tags", "DryRun"}}
    STORE[arn] = {"said": said, "id": secrets.token_hex(16), "token": secrets.token_hex(16), "modified": stamp()}
    tags_of(SERVICE, arn).update(call.params.get("Tags"))
    return STORE[arn]


def change(call: Call, record: Record) -> None:
    """Change what is given, by the token of the last look."""
    if call.params.get("UpdateToken", record["token"]) != record["token"]:
        raise Refusal("InvalidTokenException", "Update token is invalid.")
    changes = {name: value for name, value in call.params.items() if name not in {"UpdateToken", "DryRun", "Tags"}}
    record["said"].update(changes)
    record |= {"token": secrets.token_hex(16), "modified": stamp()}


def drop(arn: str) -> None:
    """Forget it."""
    del STORE[arn]
    forget_tags(SERVICE, arn)


def named_by(arn: str) -> list[str]:
    """ARNs of what names *arn*."""
    return [other for other, record in STORE.items() if other != arn and arn in _arns(record["said"])]


def _arns(given: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(given, str):
        yield given
    elif isinstance(given, dict | list):
        for each in given.values() if isinstance(given, dict) else given:
            yield from _arns(each)


def described(arn: str, noun: str) -> Record:
    """What AWS shows of every one of them."""
    record = STORE[arn]
    return {
        **record["said"],
        f"{noun}Arn": arn,
        f"{noun}Id": record["id"],
        f"{noun}Status": "ACTIVE",
        "EncryptionConfiguration": record["said"].get("EncryptionConfiguration", _OWN_KEY),
        "NumberOfAssociations": len(named_by(arn)),
        "LastModifiedTime": record["modified"],
        "Tags": tags_of(SERVICE, arn).pairs(),
    }


def _group_arn(call: Call) -> str:
    return arn_of(call, "RuleGroup", f"{str(call.params.get('Type', 'STATEFUL')).lower()}-rulegroup")


@operation(SERVICE, "CreateRuleGroup")
def create_group(call: Call) -> Record:
    """Make a rule group; its capacity stays."""
    arn = _group_arn(call)
    record = keep(call, arn)
    return {"UpdateToken": record["token"], "RuleGroupResponse": described(arn, "RuleGroup")}


@operation(SERVICE, "DescribeRuleGroup")
def get_group(call: Call) -> Record:
    """Show one."""
    arn = _group_arn(call)
    record = kept(arn)
    shown = {"UpdateToken": record["token"], "RuleGroupResponse": described(arn, "RuleGroup")}
    return {**shown, "RuleGroup": record["said"].get("RuleGroup", {})}


@operation(SERVICE, "UpdateRuleGroup")
def update_group(call: Call) -> Record:
    """Change its rules."""
    arn = _group_arn(call)
    change(call, kept(arn))
    return {"UpdateToken": STORE[arn]["token"], "RuleGroupResponse": described(arn, "RuleGroup")}


@operation(SERVICE, "CreateFirewallPolicy")
def create_policy(call: Call) -> Record:
    """Make a policy of rule groups that are there."""
    for each in call.params["FirewallPolicy"].get("StatefulRuleGroupReferences", []):
        if ":aws-managed:" not in each["ResourceArn"]:
            kept(each["ResourceArn"])
    arn = arn_of(call, "FirewallPolicy", "firewall-policy")
    record = keep(call, arn)
    return {"UpdateToken": record["token"], "FirewallPolicyResponse": described(arn, "FirewallPolicy")}


@operation(SERVICE, "DescribeFirewallPolicy")
def get_policy(call: Call) -> Record:
    """Show one."""
    arn = arn_of(call, "FirewallPolicy", "firewall-policy")
    record = kept(arn)
    shown = {"UpdateToken": record["token"], "FirewallPolicyResponse": described(arn, "FirewallPolicy")}
    return {**shown, "FirewallPolicy": record["said"]["FirewallPolicy"]}


@operation(SERVICE, "UpdateFirewallPolicy")
def update_policy(call: Call) -> Record:
    """Change it."""
    arn = arn_of(call, "FirewallPolicy", "firewall-policy")
    change(call, kept(arn))
    return {"UpdateToken": STORE[arn]["token"], "FirewallPolicyResponse": described(arn, "FirewallPolicy")}


@operation(SERVICE, "DeleteRuleGroup", "DeleteFirewallPolicy")
def delete(call: Call) -> Record:
    """One goes when nothing names it."""
    group = call.operation == "DeleteRuleGroup"
    noun = "RuleGroup" if group else "FirewallPolicy"
    arn = _group_arn(call) if group else arn_of(call, noun, "firewall-policy")
    kept(arn)
    if users := named_by(arn):
        raise Refusal("InvalidOperationException", f"Unable to fulfill request because {arn} is in use by {users[0]}.")
    shown = {**described(arn, noun), f"{noun}Status": "DELETING"}
    drop(arn)
    return {f"{noun}Response": shown}


@operation(SERVICE, "TagResource", "UntagResource", "ListTagsForResource")
def tags(call: Call) -> Record:
    """Tags of rule groups, policies and firewalls."""
    kept(call.params["ResourceArn"])
    held = tags_of(SERVICE, call.params["ResourceArn"])
    held.update(call.params.get("Tags"))
    held.drop(call.params.get("TagKeys", []))
    return {"Tags": held.pairs()}
