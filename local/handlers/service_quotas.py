"""Service Quotas: what an account has: as a new one, as its file declares raised, and as asked for: granted at once.

A new account's are the facts the plan is held against. Creations beyond are refused by quotas_*.py.
moto knows the quotas of VPC only, and none of an account's own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.organizations.models import organizations_backends

from local.handlers.accounts import KNOWN
from local.handlers.operation import Call, Refusal, operation
from zone.facts import facts
from zone.plan.quotas import GLOBAL, GLOBAL_REGION

RAISED: dict[tuple[str, str, str, str], float] = {}
"""Account, region, service, quota code → the value asked for."""


def applied(call: Call, service: str, code: str | None, default: float | None) -> float | None:
    """Return what the caller has of one quota; None where AWS does not say and nobody has raised it."""
    region = GLOBAL_REGION if service in GLOBAL else call.region
    raised = RAISED.get((call.account, region, service, code or ""))
    return raised if raised is not None else _declared(call.account, region).get(f"{service}/{code}", default)


def limit(call: Call, key: str) -> tuple[str, float]:
    """Return the name of a quota, and what the caller has of it.

    Args:
        call: whose.
        key: its id in zone/facts/limits.json.
    """
    record = next(record for record in facts("limits")["limits"] if record["id"] == key)
    has = applied(call, record["service"], record["code"], record["default"])
    return record["name"], record["default"] if has is None else has


def _declared(account: str, region: str) -> Mapping[str, int]:
    """What the account's file says AWS has raised; of a further region the environment's file says it."""
    if account == KNOWN.management_account:
        return KNOWN.quotas.get(account, {})
    emails = [email for email, known in KNOWN.accounts.items() if known == account]
    made = organizations_backends.get(KNOWN.management_account)
    emails += [each.email for each in made["aws"].accounts if each.id == account] if made else []
    named = (name for email in emails for name in (f"{email} {region}", email))
    return next((KNOWN.quotas[name] for name in named if name in KNOWN.quotas), {})


def quotas(call: Call, service: str) -> Iterator[dict[str, Any]]:
    """Every quota of *service* as the caller has it."""
    for quota, default in _defaults(service):
        value = applied(call, service, quota["QuotaCode"], default)
        yield {
            **quota,
            "QuotaArn": call.arn(f"{service}/{quota['QuotaCode']}", service="servicequotas"),
            "Value": value,
        }


@operation("service-quotas", "ListServiceQuotas")
def list_applied(call: Call) -> Mapping[str, Any]:
    """What the account has."""
    return {"Quotas": _known(list(quotas(call, call.params["ServiceCode"])))}


@operation("service-quotas", "ListAWSDefaultServiceQuotas")
def list_defaults(call: Call) -> Mapping[str, Any]:
    """What every account has; the ARN names none."""
    service = call.params["ServiceCode"]
    arn = f"arn:aws:servicequotas:{call.region}::{service}"
    defaults = [
        {**quota, "QuotaArn": f"{arn}/{quota['QuotaCode']}", "Value": value} for quota, value in _defaults(service)
    ]
    return {"Quotas": _known(defaults)}


@operation("service-quotas", "GetServiceQuota")
def get(call: Call) -> Mapping[str, Any]:
    """One of them."""
    return {"Quota": _wanted(call)}


@operation("service-quotas", "RequestServiceQuotaIncrease")
def increase(call: Call) -> Mapping[str, Any]:
    """Grant it."""
    quota = _wanted(call)
    value = call.params["DesiredValue"]
    if value <= quota["Value"]:
        raise Refusal("IllegalArgumentException", "Provide a value larger than the current quota value.")
    RAISED[call.account, call.region, quota["ServiceCode"], quota["QuotaCode"]] = value
    return {"RequestedQuota": {**quota, "DesiredValue": value, "Status": "APPROVED"}}


def _wanted(call: Call) -> dict[str, Any]:
    """The quota that *call* names."""
    found = quotas(call, call.params["ServiceCode"])
    return _known([quota for quota in found if quota["QuotaCode"] == call.params["QuotaCode"]])[0]


def _known(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Refuse where there is nothing."""
    if not found:
        raise Refusal("NoSuchResourceException", "The request failed because the specified resource does not exist.")
    return found


def _defaults(service: str) -> Iterator[tuple[dict[str, Any], float]]:
    """Every quota of *service* that the facts know by its code, with its default."""
    instances = facts("limits")["instances"]
    records = [record for record in facts("limits")["limits"] if record.get("service") == service and record["code"]]
    if service == "sagemaker":
        records += [
            {**record, "name": instances["names"][use].format(type=each), "adjustable": True}
            for use, types in instances["by_use"].items()
            for each, record in types.items()
        ]
    for record in records:
        known = {"ServiceCode": service, "QuotaCode": record["code"], "QuotaName": record["name"]}
        yield {**known, "Adjustable": record["adjustable"]}, record["default"]
