"""IAM: who may assume a role."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.rules._documents import allows, conditions, document, is_tied_to, key_of, principals
from policies.rules.plain import Reader
from policies.rules.registry import rule


def _name(statement: Mapping[str, Any]) -> str:
    return str(key_of(statement, "Sid") or "a statement")


def _trust(r: Reader) -> Iterator[Mapping[str, Any]]:
    return allows(document(r, "assumeRolePolicy"))


@rule("iam-trust-no-wildcard-principal", "name the accounts, roles or services that may assume the role")
def trust_not_public(r: Reader) -> Iterator[str]:
    """Whatever the condition: a role is assumed by somebody."""
    for statement in _trust(r):
        if "*" in principals(statement, "AWS"):
            yield f"{_name(statement)} of assumeRolePolicy trusts Principal *"


@rule("iam-trust-confused-deputy", "add a condition on aws:SourceAccount or aws:SourceArn")
def trust_not_confused(r: Reader) -> Iterator[str]:
    """A service that anyone can tell which role to use."""
    sources = {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"}
    for statement in _trust(r):
        services = principals(statement, "Service")
        if services and not is_tied_to(statement, sources):
            yield f"{_name(statement)} of assumeRolePolicy trusts {', '.join(services)} for any account"


_PINNED: Final = re.compile(r"^repo:[^*?/:]+/[^*?:]+:.+$")


@rule("iam-trust-github-oidc-sub", "pin token.actions.githubusercontent.com:sub to repo:ORGANISATION/REPOSITORY:…")
def trust_github(r: Reader) -> Iterator[str]:
    """Without it, every repository on GitHub may assume the role."""
    host = "token.actions.githubusercontent.com"
    for statement in _trust(r):
        if not any(host in each for each in principals(statement, "Federated")):
            continue
        pinned = [
            values
            for operator, key, values in conditions(statement)
            if key == f"{host}:sub" and operator.lower().removeprefix("foranyvalue:") in {"stringequals", "stringlike"}
        ]
        if not any(values and all(_PINNED.match(str(value)) for value in values) for values in pinned):
            yield f"{_name(statement)} of assumeRolePolicy does not pin {host}:sub to a repository"
