"""Budgets: subscribers and tags, which moto forgets, and changes, which it lacks."""

from collections.abc import Mapping
from typing import Any

from moto.budgets.models import budgets_backends

from local.handlers.operation import Call, Refusal, completes, operation
from local.handlers.tags import forget_tags, tags_of

_SUBSCRIBERS: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
"""(account, budget, notification) → who is told."""


def notification_key(notification: Mapping[str, Any]) -> str:
    """What tells a budget's notifications apart."""
    kind, comparison = notification["NotificationType"], notification["ComparisonOperator"]
    unit = notification.get("ThresholdType", "PERCENTAGE")
    return f"{kind}/{comparison}/{float(notification['Threshold'])}/{unit}"


def keep(call: Call, budget: str, notification: Mapping[str, Any], subscribers: list[Mapping[str, Any]]) -> None:
    """Remember who is told."""
    _SUBSCRIBERS[call.account, budget, notification_key(notification)] = list(subscribers)


def budget_arn(account: str, budget: str) -> str:
    """Budgets have no region."""
    return f"arn:aws:budgets::{account}:budget/{budget}"


@completes("budgets", "CreateBudget")
def keep_budget(call: Call) -> None:
    """Keep the tags and the subscribers of a new budget."""
    budget = call.params["Budget"]["BudgetName"]
    tags_of("budgets", budget_arn(call.account, budget)).update(call.params.get("ResourceTags"))
    for told in call.params.get("NotificationsWithSubscribers", []):
        keep(call, budget, told["Notification"], told.get("Subscribers", []))


@operation("budgets", "UpdateBudget")
def change_budget(call: Call) -> Mapping[str, Any]:
    """Change a budget; its notifications have operations of their own."""
    new = dict(call.params["NewBudget"])
    known = budgets_backends[call.account]["aws"].budgets[call.account].get(new["BudgetName"])
    if known is None:
        raise Refusal("NotFoundException", f"there is no budget {new['BudgetName']}")
    if "TimePeriod" in new:  # moto keeps seconds
        new["TimePeriod"] = {name: moment.timestamp() for name, moment in new["TimePeriod"].items()}
    known.budget.update(new)
    return {}


@completes("budgets", "DeleteBudget")
def drop_budget(call: Call) -> None:
    """Forget the tags of a budget that is gone."""
    forget_tags("budgets", budget_arn(call.account, call.params["BudgetName"]))


@completes("budgets", "CreateNotification")
def keep_notification(call: Call) -> None:
    """Keep the subscribers of a new notification."""
    keep(call, call.params["BudgetName"], call.params["Notification"], call.params.get("Subscribers", []))


@operation("budgets", "DescribeSubscribersForNotification")
def subscribers(call: Call) -> Mapping[str, Any]:
    """Who is told."""
    key = notification_key(call.params["Notification"])
    return {"Subscribers": _SUBSCRIBERS.get((call.account, call.params["BudgetName"], key), [])}


@operation("budgets", "ListTagsForResource", "TagResource", "UntagResource")
def tags(call: Call) -> Mapping[str, Any]:
    """Tags of a budget."""
    kept = tags_of("budgets", call.params["ResourceARN"])
    kept.update(call.params.get("ResourceTags"))
    kept.drop(call.params.get("ResourceTagKeys", []))
    return {"ResourceTags": kept.pairs()}
