"""Service-linked roles: a call that asks for the right to make one makes it where it is absent, and asks no more.

Which calls do is in zone/facts/dependent_rights/: a right iam:CreateServiceLinkedRole. Source: IAM User Guide, "Create
a service-linked role", read 2026-11-29.
"""

import json
from functools import cache
from typing import Final

from moto.iam.models import iam_backends

from local.authority.actions import action_of
from local.authority.held import role_of
from local.authority.rights import Right, rights_of
from local.handlers.operation import Call
from zone.facts import FOLDER, facts

ACTION: Final = "iam:CreateServiceLinkedRole"


def not_needed(right: Right) -> bool:
    """Whether *right* is to make a role that is there."""
    return right.action == ACTION and role_of(right.resource) is not None


def make_roles(call: Call) -> None:
    """Make the roles that come with a call which has been answered well."""
    action = action_of(call)
    if action in _making():
        for right in rights_of(call, action):
            if right.action == ACTION and role_of(right.resource) is None:
                _make(right.resource, str(right.context["iam:AWSServiceName"]))


@cache
def _making() -> frozenset[str]:
    """Actions that come with a service-linked role."""
    tables = [facts(f"dependent_rights/{file.stem}") for file in sorted((FOLDER / "dependent_rights").glob("*.json"))]
    return frozenset(
        action
        for table in tables
        for action, row in table.get("actions", {}).items()
        if any(right["action"] == ACTION for right in row["rights"])
    )


def _make(arn: str, service: str) -> None:
    _, _, _, _, account, resource = arn.split(":", 5)
    path, _, name = resource.removeprefix("role").rpartition("/")
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    iam_backends[account]["aws"].create_role(
        role_name=name,
        assume_role_policy_document=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        path=f"{path}/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )
