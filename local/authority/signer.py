"""Who signs a call: access key → principal, account, role, session."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from moto.organizations.models import organizations_backends
from moto.sts.models import sts_backends

from local.handlers.accounts import KNOWN
from local.handlers.sts import PASSED, Passed

MANAGEMENT_KEY: Final = "AKIAMLZLOCALMANAGEMT"
"""Access key a rehearsal starts with (local/cloud.py): an administrator's session in the management account."""

_ADMINISTRATOR: Final = "AWSReservedSSO_AdministratorAccess_0123456789abcdef"


@dataclass(frozen=True)
class Signer:
    """Whose credentials signed a call."""

    arn: str
    """The session's ARN."""

    account: str
    """Its account [12 digits]."""

    role_arn: str | None
    """The assumed role, path included; None: the administrator of the management account."""

    session_policy: str | None = None
    """Policy handed over when the role was assumed."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """Condition keys that the service which gave the session out has put into it."""

    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of the session; they lie over the role's."""

    source_identity: str | None = None
    """Who started the chain of roles."""


SERVICE_KEYS: Final[dict[str, Mapping[str, str]]] = {}
"""Access key → condition keys of a session that a service gave out: Studio's name the domain and the profile."""


def signer(access_key: str) -> Signer | None:
    """Return who owns *access_key*; None: nobody, or an account that is closed: AWS calls the token invalid."""
    if access_key == MANAGEMENT_KEY:
        account = KNOWN.management_account
        return Signer(f"arn:aws:sts::{account}:assumed-role/{_ADMINISTRATOR}/platform", account, None)
    for account, partitions in list(sts_backends.items()):
        for session in partitions["aws"].assumed_roles:
            if session.access_key_id == access_key and not closed(account):
                given = PASSED.get(access_key, Passed())
                return Signer(
                    session.arn,
                    account,
                    session.role_arn,
                    _document(session.policy),
                    keys=SERVICE_KEYS.get(access_key, {}),
                    tags=given.tags,
                    source_identity=given.source_identity,
                )
    return None


def closed(account: str) -> bool:
    """Whether an account of the organisation has been closed: nobody works in it any more.

    Source: Account Management Reference Guide, "Close an AWS account", read 2026-11-29.
    """
    backends = organizations_backends.get(KNOWN.management_account)
    accounts = backends["aws"].accounts if backends else []
    return any(each.id == account and each.status == "SUSPENDED" for each in accounts)


def session_of(role_arn: str) -> Signer:
    """Return the session in which a service works with a role."""
    account = role_arn.split(":")[4]
    return Signer(f"arn:aws:sts::{account}:assumed-role/{role_arn.rpartition('/')[2]}/AWSService", account, role_arn)


def _document(policy: object) -> str | None:
    """A session policy as text; moto keeps what the request gave."""
    if not policy:
        return None
    return policy if isinstance(policy, str) else json.dumps(policy)
