"""Account ids: the rehearsed organisation has the ids of the real one."""

import json
from typing import Any

from moto.iam import models as iam
from moto.organizations import models as organizations
from moto.organizations import utils

from local.identities import Identities

KNOWN = Identities()
"""Of this process; the server fills it."""


def account_of(access_key: str) -> str:
    """The account whose credentials carry *access_key*: an assumed role's, else the management account."""
    # moto's own search also builds the IAM of three other partitions for every account.
    for account, partitions in list(iam.iam_backends.items()):
        if access_key in partitions["aws"].access_keys:
            return account
    return KNOWN.management_account


def _give_administrator(account: str, role_name: str) -> None:
    """Attach what AWS attaches to the role by which the management account works in a new one; moto leaves it bare.

    Source: Organizations User Guide, "Accessing member accounts that have OrganizationAccountAccessRole", 2026-11-29.
    """
    iam.iam_backends[account]["aws"].attach_role_policy("arn:aws:iam::aws:policy/AdministratorAccess", role_name)


def enter(role_arn: str) -> None:
    """Have the provisioning role in an account that was there before this cloud: its id is recorded (ids.lock.yaml).

    A preview of one stack then works in a rehearsal that has not made the organisation. The account joins it when the
    org stack makes it; until then no guardrail reaches it.
    """
    _, _, _, _, account, role = role_arn.split(":", 5)
    if account not in KNOWN.accounts.values() or role != f"role/{KNOWN.provisioning_role}":
        return
    backend = iam.iam_backends[account]["aws"]
    if any(each.arn == role_arn for each in backend.get_roles()):
        return
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{KNOWN.management_account}:root"},
        "Action": "sts:AssumeRole",
    }
    backend.create_role(
        role_name=KNOWN.provisioning_role,
        assume_role_policy_document=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        path="/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )
    _give_administrator(account, KNOWN.provisioning_role)


def install() -> None:
    """Make moto give out the ids of KNOWN."""
    iam.get_account_id_from = account_of
    utils.make_random_org_id = lambda: KNOWN.organization
    fresh_id = utils.make_random_account_id
    make = organizations.FakeAccount.__init__

    def make_with_known_id(self: Any, organization: Any, **given: Any) -> None:  # noqa: ANN401 - moto's own signature
        utils.make_random_account_id = lambda: KNOWN.accounts.get(given["Email"]) or fresh_id()
        try:
            make(self, organization, **given)
        finally:
            utils.make_random_account_id = fresh_id
        if self.id != KNOWN.management_account:
            _give_administrator(self.id, given.get("RoleName", "OrganizationAccountAccessRole"))

    organizations.FakeAccount.__init__ = make_with_known_id  # type: ignore[method-assign] # mends moto
