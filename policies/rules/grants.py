"""IAM and KMS beyond the core: grants by exclusion, whole accounts, sessions, passwords, identity providers."""

from collections.abc import Iterator
from typing import Any

from policies.rules._documents import allows, conditions, covers, document, key_of, principals, texts
from policies.rules._reach import holds_always, is_account, is_anybody
from policies.rules.identities import ROLE, grant_rule
from policies.rules.instances import number
from policies.rules.jobs import present
from policies.rules.plain import Reader, Resource, is_set, shown_value
from policies.rules.registry import Stack, rule, stack_rule

rule("kms-description", "set description: whoever is asked to delete the key has to know what it is for")(
    present("description")
)


@grant_rule("iam-no-notaction-notresource-allow", "name the actions and the resources, or write a Deny")
def nothing_by_exclusion(policy: Any) -> Iterator[str]:
    """What AWS or the account adds later is allowed as well."""
    for statement in allows(policy):
        for element in ("NotAction", "NotResource"):
            if key_of(statement, element) is not None:
                yield f"{_name(statement)} allows everything but its {element}"


@grant_rule("iam-no-cloudtrail-full", "name the actions: who reads trails need not stop them")
def trails_stay(policy: Any) -> Iterator[str]:
    """Action * alone is iam-no-action-star's."""
    for statement in allows(policy):
        wide = [
            a for a in texts(statement, "Action") if a.lower().startswith("cloudtrail") and covers(a, "cloudtrail:*")
        ]
        if wide:
            yield f"{_name(statement)} allows {', '.join(wide)}"


@rule(
    "iam-trust-no-whole-account-any-service",
    "name the roles, or add a condition such as aws:PrincipalArn or sts:ExternalId",
)
def trusts_no_account(r: Reader) -> Iterator[str]:
    """An account's root stands for everyone there who may call sts:AssumeRole."""
    for statement in allows(document(r, "assumeRolePolicy")):
        accounts = [each for each in principals(statement, "AWS") if is_account(each)]
        if accounts and all(holds_always(*condition) for condition in conditions(statement)):
            yield f"{_name(statement)} of assumeRolePolicy trusts all of {', '.join(accounts)}"


@rule(
    "iam-role-max-session",
    "set maxSessionDuration to maxSessionSeconds or less: a stolen session lives as long",
    settings={"maxSessionSeconds": 3600},
)
def session(r: Reader) -> Iterator[str]:
    """An absent value is an hour."""
    for shown, seconds in r.each("maxSessionDuration"):
        if number(seconds, default=3600) > r.settings["maxSessionSeconds"]:
            yield f"{shown} is {shown_value(seconds, 3600)}, above maxSessionSeconds"


@stack_rule("iam-role-policy-conflict", "give the role its policies in one place only")
def one_owner_of_policies(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """A list on the role is all there may be: each `up` removes what the other resource adds."""
    for role in stack.of(ROLE):
        for listed, kind in (
            ("managedPolicyArns", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
            ("inlinePolicies", "aws:iam/rolePolicy:RolePolicy"),
        ):
            others = stack.about(role, [kind], "role")
            if others and any(is_set(value) for value in stack.known(role, role, listed)):
                yield role, f"{listed} is set, and {others[0].name} is a {kind.rpartition(':')[2]} of it"


@rule("iam-password-policy", "ask for 14 characters of all four kinds, 90 days at most, and 24 passwords remembered")
def passwords(r: Reader) -> Iterator[str]:
    """Lengths and days as CIS and PCI DSS ask for them; an absent maxPasswordAge never ends."""
    for path, least in (("minimumPasswordLength", 14), ("passwordReusePrevention", 24)):
        for shown, value in r.each(path):
            if number(value) < least:
                yield f"{shown} is {shown_value(value)}, below {least}"
    for shown, days in r.each("maxPasswordAge"):
        if not 0 < number(days) <= 90:  # noqa: PLR2004 -- said in the remedy
            yield f"{shown} is {shown_value(days)}, not 1 to 90"
    for kind in ("LowercaseCharacters", "UppercaseCharacters", "Numbers", "Symbols"):
        yield from r.unless(f"require{kind}", True, default=False)


@rule("iam-oidc-provider-client-ids", "name the audiences in clientIdLists, e.g. sts.amazonaws.com")
def audiences(r: Reader) -> Iterator[str]:
    """A token made for anyone else must not open a role here."""
    names = r.each("clientIdLists[]")
    if not names and not r.waits_for:
        yield "clientIdLists is empty"
    yield from (f"{shown} is {name}" for shown, name in names if "*" in str(name))


@rule("kms-grant-scoped", "name the role, and leave CreateGrant to who administers the key")
def grant(r: Reader) -> Iterator[str]:
    """Who may grant on can give the key to anyone."""
    for shown, principal in r.each("granteePrincipal"):
        if is_anybody(str(principal)) or is_account(str(principal)):
            yield f"{shown} is {principal}"
    for shown, operation in r.each("operations[]"):
        if operation == "CreateGrant":
            yield f"{shown} is CreateGrant"


@stack_rule("kms-policy-defined", "set policy, or add a KeyPolicy")
def key_policy_defined(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """AWS's default gives the key to every role of the account that IAM lets use it."""
    for key in stack.of("aws:kms/key:Key"):
        if stack.lacks(key, ["aws:kms/keyPolicy:KeyPolicy"], "keyId", "policy"):
            yield key, "no policy says who may use the key"


def _name(statement: Any) -> str:
    return str(key_of(statement, "Sid") or "a statement")
