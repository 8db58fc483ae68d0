"""IAM: what policies grant, who may assume roles, and that there are no users."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from policies.rules._documents import (
    allows,
    as_list,
    conditions,
    document,
    includes,
    is_on_everything,
    key_of,
    statements,
    texts,
)
from policies.rules._reach import is_tied_to, is_tied_to_resource
from policies.rules._width import granted_on_star, is_everywhere, star_statements, wide_actions, wide_resources
from policies.rules.plain import NeedsUnknownError, Reader, has_unknown, is_set
from policies.rules.registry import rule

ROLE: Final = "aws:iam/role:Role"
_TYPES: Final = ("policy:Policy", "rolePolicy:RolePolicy", "userPolicy:UserPolicy", "groupPolicy:GroupPolicy")
PERMISSION_SET: Final = "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy"
POLICIES: Final = (*(f"aws:iam/{name}" for name in _TYPES), ROLE, PERMISSION_SET)
"""Types that hold a policy: as resources of their own, or inline in a role or permission set."""

NAME: Final = "name the actions and resources the role needs"
SHOWN: Final = 5

Judge = Callable[[Any], Iterable[str]]


def grant_rule(key: str, remedy: str) -> Callable[[Judge], Judge]:
    """Enter a rule on what policy documents grant, wherever one can stand.

    The setting `boundaries` names the policies that are permissions boundaries: they limit roles and grant nothing.
    """

    def enter(judge: Judge) -> Judge:
        def check(r: Reader) -> Iterator[str]:
            boundaries = r.settings["boundaries"]
            if r.resource.type == PERMISSION_SET:
                yield from _judged(judge, document(r, "inlinePolicy"))
            elif r.resource.type != ROLE and not (boundaries and r.get("name") in boundaries):
                yield from _judged(judge, document(r, "policy"))
            for inline in r.elements("inlinePolicies[]") if r.resource.type == ROLE else ():
                for fault in _judged(judge, document(inline, "policy")):
                    yield f"{inline.inside}policy: {fault}"

        rule(key, remedy, types=POLICIES, settings={"boundaries": ()})(check)
        return judge

    return enter


def _judged(judge: Judge, policy: Any) -> Iterator[str]:
    """Judge all statements; where one cannot be judged yet, say what is wrong with those that are known."""
    said = set()
    try:
        for fault in judge(policy):
            said.add(fault)
            yield fault
    except NeedsUnknownError:
        known = [statement for statement in statements(policy) if not has_unknown(statement)]
        yield from (fault for fault in judge({"Statement": known}) if known and fault not in said)
        raise


def _name(statement: Mapping[str, Any]) -> str:
    return str(key_of(statement, "Sid") or "a statement")


def _where(statement: Mapping[str, Any]) -> str:
    return f"Resource {', '.join(wide_resources(statement))}"


def _is_every_action(pattern: str) -> bool:
    return pattern != "" and not pattern.strip("*:")


def _some(actions: Iterable[str]) -> str:
    found = sorted(set(actions))
    return ", ".join(found[:SHOWN]) + (f" and {len(found) - SHOWN} more" if len(found) > SHOWN else "")


_JOB_NETWORK: Final = frozenset(
    f"ec2:{verb}networkinterface{what}" for verb in ("create", "delete") for what in ("", "permission")
)


def _wanted_unscoped(statement: Mapping[str, Any]) -> frozenset[str]:
    """What AWS takes on Resource * only: SageMaker refuses a processing job whose role has it in any narrower way.

    Only all four together, by their names. Source: SageMaker Developer Guide, "How to use SageMaker AI execution
    roles", CreateProcessingJob, read 2026-11-29.
    """
    named = {action.lower() for action in texts(statement, "Action")}
    return _JOB_NETWORK if named >= _JOB_NETWORK else frozenset()


@grant_rule("iam-no-admin-star", NAME)
def no_admin(policy: Any) -> Iterator[str]:
    """Action * on Resource *."""
    for statement in allows(policy):
        if any(_is_every_action(a) for a in texts(statement, "Action")) and is_on_everything(statement):
            yield f"{_name(statement)} allows * on *"


@grant_rule("iam-no-action-star", NAME)
def no_action_star(policy: Any) -> Iterator[str]:
    """Action *, or all but some (NotAction)."""
    for statement in allows(policy):
        if any(_is_every_action(action) for action in texts(statement, "Action")):
            yield f"{_name(statement)} allows Action *"
        elif key_of(statement, "NotAction") is not None:
            yield f"{_name(statement)} allows everything but its NotAction"


@grant_rule(
    "iam-no-resource-star-restrictable",
    "name the resources, or tie them by a condition on aws:ResourceTag or aws:ResourceAccount",
)
def no_resource_star(policy: Any) -> Iterator[str]:
    """Only for actions that take a resource; an ARN with an account or a region is tied to it."""
    for statement in star_statements(policy, by_place=True):
        if wide := wide_actions(statement, "restrictable", by_place=True) - _wanted_unscoped(statement):
            yield f"{_name(statement)} allows {_some(wide)} on {_where(statement)}"


# Source: Rhino Security Labs, "AWS IAM Privilege Escalation", as cloudsplaining and parliament use it, read 2026-11-21
ESCALATIONS: Final = (
    *(("iam:CreatePolicyVersion",), ("iam:SetDefaultPolicyVersion",), ("iam:AttachUserPolicy",)),
    # On a role of one's own these three need no sts:AssumeRole: it gives itself the policy, or trust by its name.
    *(("iam:AttachGroupPolicy",), ("iam:AttachRolePolicy",), ("iam:PutRolePolicy",), ("iam:UpdateAssumeRolePolicy",)),
    *(("iam:PutUserPolicy",), ("iam:PutGroupPolicy",), ("iam:AddUserToGroup",), ("iam:CreateAccessKey",)),
    *(("iam:CreateLoginProfile",), ("iam:UpdateLoginProfile",)),
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


@grant_rule("iam-no-privilege-escalation", "name the roles and policies the actions may touch")
def no_escalation(policy: Any) -> Iterator[str]:
    """Known ways from a little to everything."""
    granted = granted_on_star(policy, {action for way in ESCALATIONS for action in way})
    for way in ESCALATIONS:
        if granted.issuperset(way):
            yield f"{' with '.join(way)} on Resource * leads to any permission"


@grant_rule("iam-no-data-exfiltration", "name the buckets, parameters and secrets")
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


@grant_rule("iam-no-permissions-management-star", "name the resources whose permissions may change")
def no_permissions_management(policy: Any) -> Iterator[str]:
    """Actions of AWS's access level "Permissions management"; ARNs as above."""
    for statement in star_statements(policy, by_place=True):
        actions = wide_actions(statement, "permissions", by_place=True) - _wanted_unscoped(statement)
        if found := granted_on_star(policy, actions, by_place=True):
            yield f"{_name(statement)} allows {_some(found)} on {_where(statement)}"


def _is_any_service(value: Any) -> bool:
    return "*" in str(value) and not str(value).removesuffix("amazonaws.com").strip("*?.")


@grant_rule("iam-passrole-scoped", "name the roles, and add a condition on iam:PassedToService")
def passrole(policy: Any) -> Iterator[str]:
    """Which roles, to which service."""
    for statement in allows(policy):
        if not includes(statement, "iam:PassRole"):
            continue
        if not any(
            key == "iam:passedtoservice" and "not" not in operator.lower() and not any(map(_is_any_service, values))
            for operator, key, values in conditions(statement)
        ):
            yield f"{_name(statement)} has no condition on iam:PassedToService"
        if is_everywhere(statement, "iam:passrole"):
            yield f"{_name(statement)} passes every role"


@grant_rule("iam-no-kms-decrypt-star", "name the keys")
def no_decrypt_star(policy: Any) -> Iterator[str]:
    """Every key of an account, as key/* too; a condition on the key's alias names it as well as its ARN does."""
    for statement in allows(policy):
        actions = [action for action in ("kms:Decrypt", "kms:ReEncryptFrom") if includes(statement, action)]
        if not actions:
            continue
        if is_tied_to(statement, {"kms:resourcealiases", "kms:requestalias"}) or is_tied_to_resource(statement):
            continue
        if any(is_everywhere(statement, action.lower()) for action in actions):
            yield f"{_name(statement)} allows {_some(actions)} on {_where(statement)}"


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
