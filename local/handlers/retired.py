"""Organizations: accounts that were given up before this cloud was there; whoever rehearses cannot make them anew.

The org stack reads them by their ids in its first preview, before it has made the organisation: on AWS it is there.
Their place is then the root; the stack moves them. Source: Organizations API Reference, DescribeAccount, ListParents,
read 2026-11-30.
"""

from collections.abc import Mapping
from typing import Any

from moto.organizations.models import organizations_backends

from local.handlers.accounts import KNOWN
from local.handlers.operation import Call, completes, operation


@completes("organizations", "CreateOrganization")
def have(call: Call) -> None:
    """Have them in the organisation from the start."""
    backend = organizations_backends[call.account]["aws"]
    for key, account_id in KNOWN.retired.items():
        KNOWN.accounts[_email(account_id)] = account_id
        backend.create_account(AccountName=key, Email=_email(account_id))


@operation("organizations", "DescribeAccount")
def describe(call: Call) -> Mapping[str, Any] | None:
    """Show one before there is an organisation."""
    account_id = call.params["AccountId"]
    key = _early(call, account_id)
    if key is None:
        return None
    arn = f"arn:aws:organizations::{KNOWN.management_account}:account/{KNOWN.organization}/{account_id}"
    shown = {"Id": account_id, "Arn": arn, "Name": key, "Email": _email(account_id), "JoinedMethod": "CREATED"}
    return {"Account": {**shown, "Status": "ACTIVE", "State": "ACTIVE", "JoinedTimestamp": 0}}


@operation("organizations", "ListParents")
def parents(call: Call) -> Mapping[str, Any] | None:
    """Say where it is then."""
    return {"Parents": [{"Id": "r-0000", "Type": "ROOT"}]} if _early(call, call.params["ChildId"]) else None


@operation("organizations", "ListTagsForResource")
def tags(call: Call) -> Mapping[str, Any] | None:
    """Say which tags it has then: none."""
    return {"Tags": []} if _early(call, call.params["ResourceId"]) else None


def _early(call: Call, account_id: str) -> str | None:
    """The key of a retired account as long as there is no organisation."""
    if organizations_backends[call.account]["aws"].org is not None:
        return None
    return next((key for key, each in KNOWN.retired.items() if each == account_id), None)


def _email(account_id: str) -> str:
    return f"{account_id}@retired.invalid"
