"""Account ids: the rehearsed organisation has the ids of the real one."""

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

    organizations.FakeAccount.__init__ = make_with_known_id  # type: ignore[method-assign] # mends moto
