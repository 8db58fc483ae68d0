"""What AWS never changes once it exists, as ids.lock.yaml records it: a change is seen before anything is lost.

An entry says what the YAML last said. It binds once the accounts it speaks of are made: until then nothing is deployed,
and the next plan records what the YAML says by then.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from zone.specs.account import TeamAccount
from zone.specs.features import FeatureGroup, FeatureType
from zone.specs.spec import Spec
from zone.specs.tree import Specs
from zone.specs.values import AccountId, Email, Key, MemberKey, Region, SignInName, Unique, Zone


class FixedOrganization(Spec):
    """Of the organisation."""

    management_account_id: AccountId | None = None
    """The account that Pulumi signs in to."""

    home_region: Region | None = None
    """Region of the organisation's own resources."""


class FixedEnvironment(Spec):
    """Of one environment."""

    region: Region
    """Region of all its accounts."""

    zones: Unique[Zone]
    """Zone letters in their order: a zone has the quarter of every block that its place says."""

    studio_auth: Literal["IAM", "SSO"]
    """How the Studio domains were made."""

    mlflow: Literal["shared", "per_team"]
    """Whose the tracking servers are."""

    mlflow_flavour: Literal["managed", "fargate"] = "managed"
    """Who runs them."""
    regions: dict[Region, Unique[Zone]] = Field(default_factory=dict)
    """Zone letters by further region, in their order likewise."""


class FixedGroup(Spec):
    """Of one feature group."""

    record_id: str
    """Feature that identifies a record."""

    event_time: str
    """Feature that holds the event time."""

    online: bool
    """Whether it has an online store."""

    offline: bool
    """Whether it has an offline store."""

    features: dict[str, FeatureType]
    """Type by feature; features are added, never taken away."""


class FixedTeam(Spec):
    """Of one team."""

    keep_home: bool
    """Whether the home file system outlives the domain, as it was said when the domain was made."""

    members: dict[MemberKey, SignInName]
    """By what the member signs in, e-mail or user name, by Studio profile."""

    shared_spaces: dict[Key, MemberKey] = Field(default_factory=dict)
    """Owner by shared space."""

    feature_groups: dict[Key, FixedGroup] = Field(default_factory=dict)
    """Feature groups by name."""

    regions: Unique[Region] = ()
    """Further regions in which it has buckets, models and keys."""


class Fixed(Spec):
    """All of it."""

    organization: FixedOrganization = FixedOrganization()
    """The organisation."""

    emails: dict[str, Email] = Field(default_factory=dict)
    """Root e-mail by account key."""

    environments: dict[str, FixedEnvironment] = Field(default_factory=dict)
    """By folder: dev, prod …"""

    teams: dict[str, FixedTeam] = Field(default_factory=dict)
    """By account key."""


def fixed_of(specs: Specs, recorded: Fixed) -> Fixed:
    """Return what the specs say; of what was *recorded* only how a domain was made, which nothing changes later."""
    return Fixed(
        organization=FixedOrganization(
            management_account_id=specs.organization.management_account_id,
            home_region=specs.organization.home_region,
        ),
        emails={key: spec.email for key, spec in specs.accounts.items()},
        environments={
            name: FixedEnvironment(
                region=spec.region,
                zones=spec.zones,
                studio_auth=spec.studio_auth,
                mlflow=spec.mlflow.mode,
                mlflow_flavour=spec.mlflow.flavour,
                regions={region: further.zones for region, further in spec.regions.items()},
            )
            for name, spec in specs.environments.items()
        },
        teams={
            key: _team(spec, recorded.teams.get(key))
            for key, spec in specs.accounts.items()
            if isinstance(spec, TeamAccount)
        },
    )


def _team(spec: TeamAccount, recorded: FixedTeam | None) -> FixedTeam:
    return FixedTeam(
        keep_home=recorded.keep_home if recorded else keeps_home(spec),
        members={key: member.user or member.email for key, member in spec.members.items()},
        shared_spaces=dict(spec.studio.shared_spaces),
        feature_groups=_groups(spec.feature_groups),
        regions=spec.regions,
    )


def keeps_home(spec: TeamAccount) -> bool:
    """Whether the members' files outlive the domain."""
    return not spec.disposable if spec.studio.keep_home is None else spec.studio.keep_home


def _groups(groups: Mapping[str, FeatureGroup]) -> dict[str, FixedGroup]:
    return {
        name: FixedGroup(
            record_id=group.record_id,
            event_time=group.event_time,
            online=group.online,
            offline=group.offline,
            features=dict(group.features),
        )
        for name, group in groups.items()
    }
