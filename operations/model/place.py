"""Where a team's jobs run and what they leave lies: what its stack publishes, and what its file allows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import ClientError

from operations.model.errors import ModelError, RefusedError
from zone import names
from zone.facts import local_storage
from zone.plan.zone import TeamPlan

Clients = Callable[[str], Any]
"""Client of boto3 by service, with a person's own credentials; boto3 ships no types."""

_ISOLATED = "restricted"
"""Class of data whose containers have no network at all."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A team's account, as its jobs need it."""

    team: TeamPlan
    """What the team's file says."""

    contract: Mapping[str, str]
    """What its stack publishes under /mlz/v1."""

    @property
    def network(self) -> dict[str, list[str]]:
        """The VpcConfig of jobs and models."""
        return {
            "Subnets": self.contract["network/subnet-ids"].split(","),
            "SecurityGroupIds": [self.contract["network/security-group-id"]],
        }

    @property
    def isolated(self) -> bool:
        """Whether containers have no network at all."""
        return self.team.account.tags.get("mlz:data-class") == _ISOLATED

    def bucket(self, purpose: str) -> str:
        """One of the team's buckets."""
        return self.contract[f"buckets/{purpose}"]

    def key(self, purpose: str) -> str:
        """ARN of one of its keys."""
        return self.contract[f"keys/{purpose}"]

    def role(self, name: str) -> str:
        """ARN of one of its roles."""
        return names.role_arn(self.team.account.account_id, name)

    def cluster(self, use: str) -> dict[str, Any]:
        """One instance of the first type that the team declares for *use*, its volume under the team's key."""
        kind = dict(self.team.instance_types)[use][0]
        on_disk = any(fnmatchcase(kind, pattern) for pattern in local_storage())
        key = {} if on_disk else {"VolumeKmsKeyId": self.key("data")}
        return {"InstanceCount": 1, "InstanceType": kind, "VolumeSizeInGB": 10, **key}


def place_of(team: TeamPlan, parameters: Iterable[Mapping[str, Any]]) -> Place:
    """Return the place that a team's published parameters describe.

    Raises:
        ModelError: the team's stack has not published them.
    """
    prefix = f"{names.ssm_path()}/"
    contract = {each["Name"].removeprefix(prefix): each["Value"] for each in parameters}
    if "network/subnet-ids" not in contract:
        stack = team.account.stack
        raise ModelError(f"{stack} publishes nothing under {prefix}: deploy it first, ./mlz up {stack}")
    return Place(team=team, contract=contract)


def published(clients: Clients) -> list[Mapping[str, Any]]:
    """Read what the team's stack publishes.

    Raises:
        RefusedError: nobody may, or there is no such account.
    """
    pages = clients("ssm").get_paginator("get_parameters_by_path").paginate(Path=names.ssm_path(), Recursive=True)
    try:
        return [each for page in pages for each in page["Parameters"]]
    except ClientError as error:
        raise RefusedError(f"the team's parameters can't be read: {error}") from error
