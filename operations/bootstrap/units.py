"""Where in the organisation an environment's accounts stand: what keeps each CI role to its own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

_NONE = "AWSOrganizationsNotInUseException"


class ForeignError(Exception):
    """The account is no management account; the text is for the user."""


@dataclass(frozen=True)
class Units:
    """The organisation's units as they are."""

    organization_id: str | None
    """o-…; None: there is no organisation yet."""

    accounts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Unit's path in accounts/ → ids of the accounts that stand right in it, ours and others'."""

    paths: Mapping[str, str] = field(default_factory=dict)
    """Unit's path in accounts/ → its path in ids, o-…/r-…/ou-…/, as aws:ResourceOrgPaths has it; if it is there."""


def units(client: Any, account_id: str, wanted: Iterable[str]) -> Units:
    """Look the units up.

    Args:
        client: Organizations, signed in to the management account.
        account_id: what must be the management account.
        wanted: paths such as Workloads/Dev.

    Raises:
        ForeignError: another account manages the organisation.
    """
    try:
        organization = client.describe_organization()["Organization"]
    except ClientError as error:
        if error.response["Error"]["Code"] == _NONE:
            return Units(None)
        raise
    if organization["MasterAccountId"] != account_id:
        raise ForeignError(
            f"account {account_id} is a member of {organization['Id']}, managed by {organization['MasterAccountId']}: "
            "management_account_id in org/environment.yaml must be that one"
        )
    root = client.list_roots()["Roots"][0]["Id"]
    found = {path: ids for path in wanted if (ids := _ids(client, root, path))}
    accounts = {path: frozenset(_accounts(client, ids[-1])) for path, ids in found.items()}
    paths = {path: f"{organization['Id']}/{'/'.join((root, *ids))}/" for path, ids in found.items()}
    return Units(organization["Id"], accounts, paths)


def _accounts(client: Any, unit: str) -> Iterator[str]:
    for page in client.get_paginator("list_accounts_for_parent").paginate(ParentId=unit):
        yield from (each["Id"] for each in page["Accounts"])


def _ids(client: Any, root: str, path: str) -> list[str]:
    """Ids from below the root down to the unit; none where it is not there."""
    ids: list[str] = []
    for name in path.split("/"):
        pages = client.get_paginator("list_organizational_units_for_parent").paginate(ParentId=(ids or [root])[-1])
        below = [each for page in pages for each in page["OrganizationalUnits"]]
        child = next((each["Id"] for each in below if each["Name"] == name), None)
        if child is None:
            return []
        ids.append(str(child))
    return ids
