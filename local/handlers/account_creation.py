"""Organizations: an account is made in the background, five at a time, up to the organisation's quota, one an e-mail.

CreateAccount answers at once and the request ends when somebody asks for it: a clock would make each run wait. Sources:
Organizations API Reference, CreateAccount and CreateAccountStatus; User Guide, "Quotas for AWS Organizations". Which of
its declared errors a sixth request meets no page says: TooManyRequestsException is the one that means to try again.
That the call itself refuses an account too many, and in these words: users' scripts that test for them. All read
2026-11-29.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from moto.organizations.models import organizations_backends

from local.handlers.operation import Call, Refusal, completes, operation
from local.handlers.records import stamp
from local.handlers.service_quotas import limit
from zone.facts import limit as fixed_limit

RUNNING: Final[set[str]] = set()
"""Requests that nobody has asked for since."""

FAILED: Final[dict[str, Mapping[str, Any]]] = {}
"""Request → how it ended."""


@operation("organizations", "CreateAccount")
def create(call: Call) -> Mapping[str, Any] | None:
    """Begin to make an account."""
    backend = organizations_backends[call.account]["aws"]
    if backend.org is None:
        return None
    # A closed account counts until it is gone for good, ninety days later.
    if len(backend.accounts) >= limit(call, "organizations.accounts_per_organization")[1]:
        raise Refusal(
            "ConstraintViolationException",
            "You have exceeded the allowed number of AWS accounts.",
            Reason="ACCOUNT_NUMBER_LIMIT_EXCEEDED",
        )
    if len(RUNNING) >= fixed_limit("organizations.concurrent_account_creations"):
        raise Refusal(
            "TooManyRequestsException",
            "You have sent too many requests in too short a period of time. The quota helps protect against "
            "denial-of-service attacks. Try again later.",
        )
    if any(each.email.lower() == call.params["Email"].lower() for each in backend.accounts):
        request = f"car-{secrets.token_hex(16)}"
        begun = {"Id": request, "AccountName": call.params["AccountName"], "RequestedTimestamp": stamp()}
        FAILED[request] = {**begun, "State": "FAILED", "FailureReason": "EMAIL_ALREADY_EXISTS"}
        return {"CreateAccountStatus": {**begun, "State": "IN_PROGRESS"}}
    status = backend.create_account(**call.params)["CreateAccountStatus"]
    RUNNING.add(status["Id"])
    begun = {name: status[name] for name in ("Id", "AccountName", "RequestedTimestamp")}
    return {"CreateAccountStatus": {**begun, "State": "IN_PROGRESS"}}


@operation("organizations", "DescribeCreateAccountStatus")
def described(call: Call) -> Mapping[str, Any] | None:
    """Say how a request ended; moto knows those that made an account."""
    request = call.params["CreateAccountRequestId"]
    RUNNING.discard(request)
    return {"CreateAccountStatus": FAILED[request]} if request in FAILED else None


@completes("organizations", "ListAccounts", "ListAccountsForParent", "ListCreateAccountStatus")
def seen(_call: Call) -> None:
    """Whoever sees the accounts finds them made."""
    RUNNING.clear()
