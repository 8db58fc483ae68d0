"""Where a team's roles act: its plan and the ids AWS gave its network and keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.access.team import Share, Team
from zone import names
from zone.names import KEY_PURPOSES

_MOST_ZONES: Final = 3
"""Zones a network may cover, for sizes of what names its subnets [count]."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Facts every grant is compiled from."""

    team: Team
    """What the team declares."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets in which everything runs."""

    security_group_id: pulumi.Input[str]
    """Security group of all workloads."""

    key_arns: Mapping[str, pulumi.Input[str]]
    """KMS key by purpose."""

    further: bool = False
    """Whether this is a further region of the team's: its buckets are named after it."""

    @classmethod
    def stand_in(cls, team: Team, *, further: bool = False) -> "Place":
        """Return a place whose unknown ids are as long as AWS's own, to size policies before AWS has given any."""
        return cls(
            team=team,
            further=further,
            subnet_ids=[f"subnet-{number:017x}" for number in range(_MOST_ZONES)],
            security_group_id=f"sg-{0:017x}",
            key_arns={
                key: f"arn:aws:kms:{team.region}:{team.account_id}:key/{number:036x}"
                for number, key in enumerate(KEY_PURPOSES)
            },
        )

    @property
    def account_id(self) -> str:
        """The team's account."""
        return self.team.account_id

    @property
    def region(self) -> str:
        """The team's region."""
        return self.team.region

    def types(self, use: str) -> Sequence[str]:
        """Instance types allowed for *use*; none: the team has no such use."""
        return self.team.instance_types.get(use, ())

    @property
    def reads_features(self) -> bool:
        """Whether the team looks up online features, its own or another team's."""
        return bool(self.groups(online=True) or self.shares("online"))

    @property
    def offline_owners(self) -> tuple[Share, ...]:
        """One share of each team that shares offline features with this one."""
        return tuple({share.account_id: share for share in self.shares("offline")}.values())

    @property
    def queries(self) -> bool:
        """Whether the team has offline features to query, its own or another team's."""
        return any(group.offline for group in self.team.feature_groups.values()) or bool(self.offline_owners)

    def arn(self, service: str, resource: str) -> str:
        """ARN of a regional resource of the team's account."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"

    def sagemaker(self, *kinds: str) -> tuple[str, ...]:
        """ARNs of all the account's SageMaker resources of *kinds*."""
        return tuple(self.arn("sagemaker", f"{kind}/*") for kind in kinds)

    def role(self, name: str) -> str:
        """ARN of one of the account's roles."""
        return names.role_arn(self.account_id, name)

    def bucket(self, purpose: str) -> str:
        """ARN of one of the account's buckets."""
        return f"arn:aws:s3:::{self.bucket_name(purpose)}"

    def bucket_name(self, purpose: str) -> str:
        """Name of one of the account's buckets."""
        return names.bucket(self.team.account_key, purpose, self.account_id, self.region if self.further else "")

    def shares(self, *kinds: str) -> tuple[Share, ...]:
        """Return what other teams share with this one, of *kinds*."""
        return tuple(share for share in self.team.reads if share.kind in kinds)

    def service(self, *services: str) -> tuple[str, ...]:
        """Names under which *services* of this region call KMS."""
        return tuple(f"{service}.{self.region}.amazonaws.com" for service in services)

    def groups(self, *, online: bool) -> tuple[str, ...]:
        """ARNs of the team's feature groups; *online*: only those with an online store."""
        return tuple(
            names.feature_group_arn(self.region, self.account_id, self.team.name, name)
            for name, group in self.team.feature_groups.items()
            if group.online or not online
        )
