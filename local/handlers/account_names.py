"""Account Management: a member account's name, changed from the management account.

Without AccountId it is the caller's own. An account id that is not in the caller's organisation is refused. Source:
Account Management Reference Guide, PutAccountName and GetAccountInformation, read 2026-11-30.
"""

from collections.abc import Mapping
from typing import Any

from moto.organizations.models import organizations_backends

from local.handlers.accounts import KNOWN
from local.handlers.operation import Call, Refusal, operation


def _account(call: Call) -> Any:  # noqa: ANN401 - moto's class
    asked = call.params.get("AccountId") or call.account
    if call.account not in {asked, KNOWN.management_account}:
        raise Refusal("AccessDeniedException", "Only the management account may name another account.")
    accounts = organizations_backends[KNOWN.management_account]["aws"].accounts
    found = next((each for each in accounts if each.id == asked), None)
    if found is None:
        raise Refusal("ResourceNotFoundException", f"Account {asked} is not in the organization.")
    return found


@operation("account", "PutAccountName")
def put(call: Call) -> Mapping[str, Any]:
    """Rename the account."""
    _account(call).name = call.params["AccountName"]
    return {}


@operation("account", "GetAccountInformation")
def get(call: Call) -> Mapping[str, Any]:
    """Say what it is called."""
    found = _account(call)
    return {"AccountId": found.id, "AccountName": found.name, "AccountCreatedDate": found.create_time}
