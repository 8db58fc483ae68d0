"""IAM: who may assume a role."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.rules._documents import allows, conditions, document, key_of, principals
from policies.rules._reach import is_anybody, is_tied_to
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
        named = (*principals(statement, "AWS"), *principals(statement, "Federated"))
        for anybody in filter(is_anybody, named):
            yield f"{_name(statement)} of assumeRolePolicy trusts Principal {anybody}"


@rule("iam-trust-confused-deputy", "add a condition on aws:SourceAccount or aws:SourceArn")
def trust_not_confused(r: Reader) -> Iterator[str]:
    """A service that anyone can tell which role to use."""
    sources = {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"}
    for statement in _trust(r):
        services = principals(statement, "Service")
        if services and not is_tied_to(statement, sources):
            yield f"{_name(statement)} of assumeRolePolicy trusts {', '.join(services)} for any account"


# GitHub's own, an enterprise's (host/ENTERPRISE), one with data residency, and a GitHub Enterprise Server.
# Source: GitHub Docs, "OpenID Connect reference", read 2026-11-29; the subjects below as well.
_GITHUB: Final = re.compile(
    r"^(token\.actions\.(githubusercontent\.com|[\w-]+\.ghe\.com)|[^/]+/_services/token)(/.+)?$"
)
_SAYS_WHICH: Final = re.compile(r"^(ForAnyValue:)?String(Equals|EqualsIgnoreCase|Like)$", re.IGNORECASE)
_NAME: Final = r"[^*?/:]+"
_WITH_ID: Final = r"[^*?/:@]+@[\d*?]+"
_OF_GITHUB: Final = (
    r"(?:(?:repository_owner|repository_owner_id|repository_visibility|enterprise|enterprise_id):[^*?:]+:)*"
)
"""Claims before the repository's that nobody can word: a workflow may be called repository_id:456."""

_PINNED: Final = {
    # No name holds an @, so nobody else's subject begins with repo:OWNER@. Without a colon after the repository,
    # a wildcard would reach into the names of other repositories' branches.
    "sub": re.compile(
        rf"^{_OF_GITHUB}(?:(?:repo|repository):{_NAME}/{_NAME}(?::.*)?|repo:{_WITH_ID}/{_WITH_ID}:.+"
        r"|repository_id:\d+(?::.*)?)$"
    ),
    # Source: AWS What's New, "AWS STS now supports validation of select identity provider specific claims", 2026-01
    "repository": re.compile(rf"^{_NAME}/{_NAME}$"),
    "repository_id": re.compile(r"^\d+$"),
}
"""What of a token names one repository, and how."""


def _issuer(federated: str) -> str:
    return federated.rpartition("oidc-provider/")[2].lower()


def _names_repository(issuers: list[str], operator: str, key: str, values: list[Any]) -> bool:
    issuer, _, claim = key.rpartition(":")
    named = issuer in issuers and claim in _PINNED and _SAYS_WHICH.match(operator) is not None
    return named and bool(values) and all(_PINNED[claim].match(str(value)) for value in values)


@rule(
    "iam-trust-github-oidc-sub", "pin sub to repo:OWNER@OWNER-ID/REPOSITORY@REPOSITORY-ID:…, or repo:OWNER/REPOSITORY:…"
)
def trust_github(r: Reader) -> Iterator[str]:
    """Without it, every repository on GitHub, or of the enterprise, may assume the role."""
    for statement in _trust(r):
        issuers = [issuer for issuer in map(_issuer, principals(statement, "Federated")) if _GITHUB.match(issuer)]
        if issuers and not any(_names_repository(issuers, *condition) for condition in conditions(statement)):
            yield f"{_name(statement)} of assumeRolePolicy does not pin {issuers[0]}:sub to a repository"
