"""Who asks, and whom a Principal element means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import lru_cache

from checks.access.result import UnknownMatchError

ACCOUNT_ID = re.compile(r"\d{12}")
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")
_ARN = re.compile(r"arn:[a-z-]+:(iam|sts)::(\d{12}):(root|user/.+|role/.+|assumed-role/[^/]+/.+|federated-user/.+)")
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?|[a-z0-9.-]+\.(amazon\.com|aws\.internal)")
_PROVIDER_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/\S*)?")
_PROVIDER_ARN = re.compile(r"arn:[a-z-]+:iam::\d{12}:(saml|oidc)-provider/.+")


class PrincipalKind(StrEnum):
    """Kinds of requester, in the words of aws:PrincipalType where it has one."""

    ROOT = "Account"
    USER = "User"
    ROLE = "Role"
    SESSION = "AssumedRole"
    FEDERATED_USER = "FederatedUser"
    SERVICE = "Service"
    PROVIDER = "Federated"
    ANONYMOUS = "Anonymous"


class Grade(IntEnum):
    """How directly a Principal element means a requester: the more directly, the fewer other policies limit the grant.

    Source: IAM User Guide, "Principal" and "Evaluating identity-based policies with resource-based policies",
    read 2026-11-21.
    """

    NONE = 0
    ACCOUNT = 1
    """Only its account: the account's own policies must allow as well."""
    ROLE = 2
    """The role or user behind a session: boundaries and session policies still limit it."""
    DIRECT = 3
    """The user, the session, the service or everyone."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A requester, taken apart."""

    text: str
    """ARN, service host name, provider, or * for an anonymous request."""
    kind: PrincipalKind
    account: str
    """Account id [12 digits]; empty for services, providers and anonymous requests."""
    entity: str = ""
    """What a session stands for: role/Name or user/Name, without the path, for an account has each name once.

    A federated user's session is "based on the original identity that was federated" (IAM User Guide, "Principal").
    """
    service_linked: bool = False
    """A service-linked role: service and resource control policies do not apply."""
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    """Condition keys that AWS fills in from the requester; keys in lower case."""


@lru_cache(maxsize=65536)
def principal(text: str) -> Principal:
    """Take a requester apart: an ARN, an account id, a service host name, an identity provider, or * for anonymous.

    Raises:
        ValueError: *text* names no requester; the message says what would.
    """
    if text in {"*", "anonymous", ""}:
        implied = {"aws:principaltype": ("Anonymous",), "aws:principalaccount": ("anonymous",)}
        return Principal("*", PrincipalKind.ANONYMOUS, "", context=implied)
    if ACCOUNT_ID.fullmatch(text):
        text = f"arn:aws:iam::{text}:root"
    if _SERVICE.fullmatch(text) and text != "cognito-identity.amazonaws.com":
        implied = {"aws:principalisawsservice": ("true",), "aws:principalservicename": (text,)}
        return Principal(text, PrincipalKind.SERVICE, "", context=implied)
    found = _ARN.fullmatch(text)
    if found:
        return _of_account(text, account=found[2], resource=found[3])
    if _PROVIDER_ARN.fullmatch(text) or _PROVIDER_HOST.fullmatch(text):
        return Principal(text, PrincipalKind.PROVIDER, "", context={"aws:principalisawsservice": ("false",)})
    raise ValueError(
        f"principal {text!r} is no requester: give an IAM or STS ARN, an account id, a service such as "
        "sagemaker.amazonaws.com, an identity provider, or * for an anonymous request"
    )


_KINDS = {
    "root": PrincipalKind.ROOT,
    "user": PrincipalKind.USER,
    "role": PrincipalKind.ROLE,
    "assumed-role": PrincipalKind.SESSION,
    "federated-user": PrincipalKind.FEDERATED_USER,
}


def _of_account(text: str, *, account: str, resource: str) -> Principal:
    what, _, name = resource.partition("/")
    implied = {
        "aws:principalaccount": (account,),
        "aws:principalisawsservice": ("false",),
        "aws:principalarn": (text,),
    }
    kind, entity, service_linked = _KINDS[what], "", False
    if kind is PrincipalKind.USER:
        implied["aws:username"] = (name.rpartition("/")[2],)
    if kind is PrincipalKind.ROLE:
        entity, service_linked = f"role/{name.rpartition('/')[2]}", name.startswith("aws-service-role/")
    if kind is PrincipalKind.FEDERATED_USER:
        entity = f"user/{name}"
    if kind is PrincipalKind.SESSION:
        # The session's ARN does not say the role's path; a policy that needs it must be given aws:PrincipalArn.
        entity = f"role/{name.partition('/')[0]}"
        service_linked = name.startswith("AWSServiceRoleFor")
        implied["aws:principalarn"] = (f"{text.partition(':sts:')[0]}:iam::{account}:{entity}",)
    implied["aws:principaltype"] = (PrincipalKind.SESSION.value if kind is PrincipalKind.ROLE else kind.value,)
    return Principal(text, kind, account, entity, service_linked, implied)


_CANONICAL = "a CanonicalUser principal does not say which account it is; name the account instead"


class PrincipalTest:
    """A Principal or NotPrincipal element, compiled."""

    __slots__ = (
        "_accounts",
        "_allow",
        "_arns",
        "_entities",
        "_everyone",
        "_mentioned",
        "_names",
        "_negated",
        "_unknown",
    )

    def __init__(self, element: Mapping[str, Sequence[str]], *, negated: bool, allow: bool) -> None:
        self._allow = allow
        aws = element.get("AWS", ())
        self._negated = negated
        self._everyone = "*" in aws
        self._accounts = frozenset(_account_of(text) for text in aws) - {""}
        self._arns = frozenset(aws)
        self._entities = frozenset(_entity_of(text) for text in aws) - {("", "")}
        self._names = frozenset(element.get("Service", ())) | frozenset(element.get("Federated", ()))
        self._unknown = tuple(element.get("CanonicalUser", ()))
        self._mentioned = {found[2] for text in aws if (found := _ARN.fullmatch(text))} | self._accounts | {""}

    def grade(self, who: Principal) -> Grade:
        """How directly the element means *who*.

        Raises:
            UnknownMatchError: AWS does not document the answer.
        """
        if self._negated:
            return self._not_listed(who)
        if who.account not in self._mentioned and not self._everyone and not self._unknown:
            return Grade.NONE  # most requests, in a proof of isolation
        return self._listed(who)

    def _listed(self, who: Principal) -> Grade:
        if self._everyone:
            return Grade.DIRECT
        if who.text in self._names or who.text in self._arns:
            return Grade.ROLE if who.kind is PrincipalKind.ROLE else Grade.DIRECT
        if who.entity and (who.account, who.entity) in self._entities:
            return Grade.ROLE
        if who.account in self._accounts:
            return Grade.ACCOUNT
        if self._unknown and who.kind not in {PrincipalKind.SERVICE, PrincipalKind.ANONYMOUS}:
            raise UnknownMatchError(_CANONICAL)
        return Grade.NONE

    def _not_listed(self, who: Principal) -> Grade:
        """AWS validates the account, then the role or user, then the session; all that apply have to be listed.

        Source: IAM User Guide, "AWS JSON policy elements: NotPrincipal", read 2026-11-21. It says "might" where only
        some of them are listed.
        """
        if self._everyone or who.text in self._names:
            return Grade.NONE
        account = who.account in self._accounts
        itself = who.text in self._arns or bool(who.entity and (who.account, who.entity) in self._entities)
        if (account and itself) or (account and who.kind is PrincipalKind.ROOT):
            return Grade.NONE
        if account or itself:
            raise UnknownMatchError(
                f"NotPrincipal lists only a part of {who.text}: AWS might deny it; list the account and the principal, "
                "or use a condition on aws:PrincipalArn"
            )
        if self._unknown:
            raise UnknownMatchError(_CANONICAL)
        if self._allow:
            raise UnknownMatchError("AWS no longer supports NotPrincipal with Allow; name the principals that may")
        return Grade.DIRECT


def _account_of(text: str) -> str:
    """Account id that a principal string means as a whole, or nothing."""
    if ACCOUNT_ID.fullmatch(text):
        return text
    found = _ARN.fullmatch(text)
    return found[2] if found and found[3] == "root" else ""


def _entity_of(text: str) -> tuple[str, str]:
    """Account id and role/Name or user/Name that a principal string means, or nothing."""
    found = _ARN.fullmatch(text)
    what, _, name = found[3].partition("/") if found else ("", "", "")
    return (found[2], f"{what}/{name.rpartition('/')[2]}") if found and what in {"role", "user"} else ("", "")


def principal_problem(kind: str, text: str) -> str:
    """What is wrong with one entry of a Principal element; empty where it is well-formed."""
    if kind == "AWS":
        fine = text == "*" or ACCOUNT_ID.fullmatch(text) or _ARN.fullmatch(text) or _UNIQUE_ID.fullmatch(text)
        if fine and ("*" not in text or text == "*"):
            return ""
        if "*" in text:
            return "a wildcard can't match a part of a principal: use * and a condition on aws:PrincipalArn"
        return "give an account id, the ARN of an account, user, role or session, or *"
    return ""
