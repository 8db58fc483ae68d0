"""Identity Center's directory: whose ids are recorded is in it from the start; moto keeps who is added."""

from collections.abc import Mapping
from typing import Any

from local.handlers.accounts import KNOWN
from local.handlers.operation import Call, operation


@operation("identitystore", "GetUserId")
def find(call: Call) -> Mapping[str, Any] | None:
    """Find a user by name or e-mail, which are the same for recorded ones; names are not case-sensitive."""
    wanted = call.params["AlternateIdentifier"].get("UniqueAttribute", {}).get("AttributeValue")
    user = next((name for name in KNOWN.users if name.lower() == str(wanted).lower()), None)
    return {"UserId": KNOWN.users[user], "IdentityStoreId": call.params["IdentityStoreId"]} if user else None


@operation("identitystore", "GetGroupId")
def find_group(call: Call) -> Mapping[str, Any] | None:
    """Find a group by its name."""
    wanted = call.params["AlternateIdentifier"].get("UniqueAttribute", {}).get("AttributeValue")
    known = KNOWN.groups.get(str(wanted))
    return {"GroupId": known, "IdentityStoreId": call.params["IdentityStoreId"]} if known else None


@operation("identitystore", "DescribeUser")
def show(call: Call) -> Mapping[str, Any] | None:
    """Show a recorded user."""
    found = next((name for name, id_ in KNOWN.users.items() if id_ == call.params["UserId"]), None)
    if found is None:
        return None
    return {
        "UserName": found,
        "UserId": call.params["UserId"],
        "IdentityStoreId": call.params["IdentityStoreId"],
        "Emails": [{"Value": found, "Primary": True}],
    }
