"""IAM: what policies grant, who may assume roles, and that there are no users."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from policies.rules._actions import expand, granted_on_star, is_tied_to_resource, prefixes, service, star_statements
from policies.rules._documents import (
    allows,
    as_list,
    conditions,
    covers,
    document,
    is_tied_to,
    key_of,
    statements,
    texts,
)
from policies.rules.plain import Reader, is_set
from policies.rules.registry import rule

ROLE: Final = "aws:iam/role:Role"
_TYPES: Final = ("policy:Policy", "rolePolicy:RolePolicy", "userPolicy:UserPolicy", "groupPolicy:GroupPolicy")
POLICIES: Final = (*(f"aws:iam/{name}" for name in _TYPES), ROLE)
"""Types that hold a policy: as resources of their own, or inline in a role."""

NAME: Final = "name the actions and resources the role needs"
SHOWN: Final = 5

Judge = Callable[[Any], Iterable[str]]


def _grant_rule(key: str, remedy: str) -> Callable[[Judge], Judge]:
    """Enter a rule on what policy documents grant, wherever one can stand.

    The setting `boundaries` names the policies that are permissions boundaries: they limit roles and grant nothing.
    """

    def enter(judge: Judge) -> Judge:
        def check(r: Reader) -> Iterator[str]:
            if r.resource.type != ROLE and r.resource.props.get("name") not in r.settings["boundaries"]:
                yield from judge(document(r, "policy"))
            for inline in r.elements("inlinePolicies[]") if r.resource.type == ROLE else ():
                for fault in judge(document(inline, "policy")):
                    yield f"{inline.inside}policy: {fault}"

        rule(key, remedy, types=POLICIES, settings={"boundaries": ()})(check)
        return judge

    return enter


def _name(statement: Mapping[str, Any]) -> str:
    return str(key_of(statement, "Sid") or "a statement")


def _some(actions: Iterable[str]) -> str:
    found = sorted(set(actions))
    return ", ".join(found[:SHOWN]) + (f" and {len(found) - SHOWN} more" if len(found) > SHOWN else "")


@_grant_rule("iam-no-admin-star", NAME)
def no_admin(policy: Any) -> Iterator[str]:
    """Action * on Resource *."""
    for statement in allows(policy):
        if "*" in texts(statement, "Resource") and any(a in {"*", "*:*"} for a in texts(statement, "Action")):
            yield f"{_name(statement)} allows * on *"


@_grant_rule("iam-no-action-star", NAME)
def no_action_star(policy: Any) -> Iterator[str]:
    """Action *, or all but some (NotAction)."""
    for statement in allows(policy):
        if any(action in {"*", "*:*"} for action in texts(statement, "Action")):
            yield f"{_name(statement)} allows Action *"
        elif key_of(statement, "NotAction") is not None:
            yield f"{_name(statement)} allows everything but its NotAction"


@_grant_rule(
    "iam-no-resource-star-restrictable",
    "name the resources, or tie them by a condition on aws:ResourceTag or aws:ResourceAccount",
)
def no_resource_star(policy: Any) -> Iterator[str]:
    """Only for actions that take a resource."""
    for statement in star_statements(policy):
        wide = [action for pattern in texts(statement, "Action") for action in expand(pattern, "restrictable")]
        if wide:
            yield f"{_name(statement)} allows {_some(wide)} on Resource *"


# Source: Rhino Security Labs, "AWS IAM Privilege Escalation", as cloudsplaining and parliament use it, read 2026-11-21
ESCALATIONS: Final = (
    *(("iam:CreatePolicyVersion",), ("iam:SetDefaultPolicyVersion",), ("iam:AttachUserPolicy",)),
    *(("iam:AttachGroupPolicy",), ("iam:AttachRolePolicy", "sts:AssumeRole"), ("iam:PutRolePolicy", "sts:AssumeRole")),
    *(("iam:PutUserPolicy",), ("iam:PutGroupPolicy",), ("iam:AddUserToGroup",), ("iam:CreateAccessKey",)),
    *(("iam:CreateLoginProfile",), ("iam:UpdateLoginProfile",), ("iam:UpdateAssumeRolePolicy", "sts:AssumeRole")),
    *(
        ("iam:PassRole", action)
        for action in (
            *("ec2:RunInstances", "lambda:CreateFunction", "cloudformation:CreateStack", "glue:CreateDevEndpoint"),
            *("glue:CreateJob", "datapipeline:CreatePipeline", "codebuild:CreateProject", "ecs:RunTask"),
            *("sagemaker:CreateNotebookInstance", "sagemaker:CreateTrainingJob", "sagemaker:CreateProcessingJob"),
            *("states:CreateStateMachine", "codestar:CreateProject"),
        )
    ),
    *(("lambda:UpdateFunctionCode",), ("glue:UpdateDevEndpoint",), ("sagemaker:CreatePresignedNotebookInstanceUrl",)),
)


@_grant_rule("iam-no-privilege-escalation", "name the roles and policies the actions may touch")
def no_escalation(policy: Any) -> Iterator[str]:
    """Known ways from a little to everything."""
    granted = granted_on_star(policy, {action for way in ESCALATIONS for action in way})
    for way in ESCALATIONS:
        if granted.issuperset(way):
            yield f"{' with '.join(way)} on Resource * leads to any permission"


@_grant_rule("iam-no-data-exfiltration", "name the buckets, parameters and secrets")
def no_exfiltration(policy: Any) -> Iterator[str]:
    """Reading data of every kind of the account."""
    reads = (
        "s3:GetObject",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
        "secretsmanager:GetSecretValue",
    )
    found = granted_on_star(policy, reads)
    if found:
        yield f"{_some(found)} on Resource *"


@_grant_rule("iam-no-permissions-management-star", "name the resources whose permissions may change")
def no_permissions_management(policy: Any) -> Iterator[str]:
    """Actions of AWS's access level "Permissions management"."""
    for statement in star_statements(policy):
        patterns = texts(statement, "Action")
        found = granted_on_star(policy, {action for pattern in patterns for action in expand(pattern, "permissions")})
        if found:
            yield f"{_name(statement)} allows {_some(found)} on Resource *"


@_grant_rule("iam-passrole-scoped", "name the roles, and add a condition on iam:PassedToService")
def passrole(policy: Any) -> Iterator[str]:
    """Which roles, to which service."""
    for statement in allows(policy):
        if not any(covers(action, "iam:PassRole") for action in texts(statement, "Action")):
            continue
        if "*" in texts(statement, "Resource") or key_of(statement, "NotResource") is not None:
            yield f"{_name(statement)} passes every role"
        if not any(key == "iam:passedtoservice" for _, key, _ in conditions(statement)):
            yield f"{_name(statement)} has no condition on iam:PassedToService"


_ANY_KEY: Final = re.compile(r"^(\*|arn:[^:]*:kms:[^:]*:[^:]*:(\*|key/\*))$")


@_grant_rule("iam-no-kms-decrypt-star", "name the keys")
def no_decrypt_star(policy: Any) -> Iterator[str]:
    """Every key of an account, also as key/*; a condition on the key's alias names it as well as its ARN does."""
    for statement in allows(policy):
        if is_tied_to(statement, {"kms:resourcealiases", "kms:requestalias"}) or is_tied_to_resource(statement):
            continue
        wide = [resource for resource in texts(statement, "Resource") if _ANY_KEY.match(resource)]
        actions = [a for a in ("kms:Decrypt", "kms:ReEncryptFrom") for p in texts(statement, "Action") if covers(p, a)]
        if wide and actions:
            yield f"{_name(statement)} allows {_some(actions)} on {wide[0]}"


@_grant_rule("iam-policy-valid", "write the action or key as the Service Authorization Reference does")
def valid(policy: Any) -> Iterator[str]:
    """The document parses; its actions and condition keys exist."""
    if isinstance(policy, str):
        yield "it is not JSON"
    if not isinstance(policy, Mapping):
        return
    if not any(True for _ in statements(policy)):
        yield "it has no Statement"
    for statement in statements(policy):
        yield from (f"{_name(statement)}: {fault}" for fault in _statement_faults(statement))


def _statement_faults(statement: Mapping[str, Any]) -> Iterator[str]:
    if key_of(statement, "Effect") not in ("Allow", "Deny"):
        yield f"Effect is {key_of(statement, 'Effect')}"
    if key_of(statement, "Action") is None and key_of(statement, "NotAction") is None:
        yield "no Action"
    yield from (
        f"there is no action {pattern}"
        for element in ("Action", "NotAction")
        for pattern in texts(statement, element)
        if not _exists(pattern)
    )
    yield from (f"there is no condition key {key}" for _, key, _ in conditions(statement) if not _key_exists(key))


@lru_cache(maxsize=4096)
def _exists(pattern: str) -> bool:
    if pattern == "*":
        return True
    prefix, colon, name = pattern.lower().partition(":")
    if not colon:
        return False
    known = [service(each) for each in prefixes() if covers(prefix, each)]
    return any(
        s is not None and any(covers(name, action) for kind in (s.restrictable, s.star_only) for action in kind)
        for s in known
    )


def _key_exists(key: str) -> bool:
    prefix, _, _ = key.partition(":")
    if prefix == "aws" or "." in prefix or prefix in {"saml", "graph", "accounts", "cognito-identity"}:
        return True  # global keys and keys of identity providers
    known = service(prefix)
    return known is not None and any(
        key == each
        or ("/" in each and key.startswith(each.partition("/")[0] + "/"))
        or ("${" in each and covers(re.sub(r"\$\{[^}]*\}", "*", each), key))
        for each in known.keys
    )


@rule("iam-no-administratoraccess", NAME)
def no_administrator(r: Reader) -> Iterator[str]:
    """Attached, or in a role's managedPolicyArns."""
    for path in ("policyArn", "managedPolicyArns[]"):
        for shown, arn in r.each(path):
            if str(arn).endswith(":policy/AdministratorAccess"):
                yield f"{shown} is AdministratorAccess"


_BROAD: Final = re.compile(r"^arn:[^:]+:iam::aws:policy/(?:.*/)?(\w*FullAccess|PowerUserAccess)$")


@rule("iam-no-aws-managed-broad", NAME)
def no_full_access(r: Reader) -> Iterator[str]:
    """AWS's …FullAccess policies, AmazonSageMakerFullAccess first of all."""
    for shown, arn in r.each("policyArn"):
        if match := _BROAD.match(str(arn)):
            yield f"{shown} is {match[1]}"


@rule("iam-permissions-boundary", "set permissionsBoundary to the account's boundary")
def boundary(r: Reader) -> Iterator[str]:
    """What a role may at most do, whatever is attached to it."""
    yield from r.missing("permissionsBoundary")


@rule("iam-no-user-policies", "attach policies to roles; people sign in through Identity Center")
def no_user_policies(r: Reader) -> Iterator[str]:
    """UserPolicy and UserPolicyAttachment as such; PolicyAttachment where it names users."""
    if r.resource.type != "aws:iam/policyAttachment:PolicyAttachment":
        yield "it gives a user permissions of their own"
    elif is_set(as_list(r.get("users"))):
        yield "users is set"


@rule("iam-no-users", "use Identity Center for people and roles for programs")
def no_users(r: Reader) -> Iterator[str]:
    """Long-lived keys and passwords leak."""
    yield f"an {r.resource.type.rpartition(':')[2]} is a long-lived identity"
