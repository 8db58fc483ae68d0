"""Pure: images that an environment shares, those of a team's Studio apps, and how a team's images are built."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from zone import platform_names
from zone.facts import facts
from zone.plan.account import AccountPlan
from zone.specs.account import TeamAccount
from zone.specs.images import StudioImage
from zone.specs.platform import PlatformAccount
from zone.specs.tree import Specs


@dataclass(frozen=True, kw_only=True)
class RepositoryPlan:
    """One image repository of the platform."""

    keep: int
    """Images kept [count]."""

    replicate_to: tuple[str, ...]
    """Further regions."""


@dataclass(frozen=True, kw_only=True)
class CachePlan:
    """One registry of others that is pulled through a cache."""

    url: str
    """Its host."""

    credentials_arn: str | None
    """Secret with its user name and token; None: it asks for none."""


@dataclass(frozen=True, kw_only=True)
class ImagesPlan:
    """Image repositories and caches of a platform account; empty: it has none."""

    repositories: Mapping[str, RepositoryPlan] = field(default_factory=dict)
    """By name."""

    scan: str = "basic"
    """basic or enhanced."""

    caches: Mapping[str, CachePlan] = field(default_factory=dict)
    """By upstream, which is the prefix of its repositories."""

    builds: bool = False
    """Whether images are built in the account."""

    @property
    def wanted(self) -> bool:
        """Whether there is anything."""
        return bool(self.repositories or self.caches)

    @property
    def replica_regions(self) -> tuple[str, ...]:
        """Regions to which anything is copied."""
        return tuple(sorted({region for each in self.repositories.values() for region in each.replicate_to}))


@dataclass(frozen=True, kw_only=True)
class StudioImagePlan:
    """One image of a team's Studio."""

    repository_arn: str
    """ECR repository in the platform account."""

    uri: str
    """Registry, repository and tag."""

    app: str
    """jupyterlab or code_editor."""

    display_name: str
    """What people see."""

    entrypoint: tuple[str, ...]
    """Command; empty: the image's own."""

    arguments: tuple[str, ...]
    """Its arguments."""

    environment: Mapping[str, str]
    """Environment variables."""


@dataclass(frozen=True, kw_only=True)
class BuildsPlan:
    """How a team's images are built in its account."""

    base_registry: str
    """Host of the platform's registry: base images come from there."""

    bases: tuple[str, ...]
    """ARNs and patterns of the repositories there that a build may pull, own images and caches."""

    caches: tuple[str, ...]
    """Patterns of those of them that fill themselves from their upstream."""


def images(specs: Specs, platform: str) -> ImagesPlan:
    """Return what the file of the account *platform* says of images."""
    spec = _platform(specs, platform)
    registries = facts("upstream_registries")["registries"]
    return ImagesPlan(
        repositories={
            key: RepositoryPlan(keep=each.keep, replicate_to=each.replicate_to) for key, each in spec.images.items()
        },
        scan=spec.image_scan,
        builds=spec.image_builds,
        caches={
            key.value: CachePlan(url=registries[key.value]["url"], credentials_arn=each.credentials)
            for key, each in spec.pull_through.items()
        },
    )


def shared_images(specs: Specs, platform: AccountPlan) -> tuple[str, ...]:
    """Return the ARNs of the platform's own repositories, whose images the teams' containers may run."""
    return _arns(platform, map(platform_names.image_repository, _platform(specs, platform.key).images))


def studio_images(specs: Specs, team: TeamAccount, platform: AccountPlan) -> dict[str, StudioImagePlan]:
    """Return the images that the team's Studio offers, by name; they lie in the platform's registry."""
    known = _platform(specs, platform.key).studio_images
    return {key: _studio_image(known[key], platform) for key in team.studio.images}


def _studio_image(spec: StudioImage, platform: AccountPlan) -> StudioImagePlan:
    repository = platform_names.image_repository(spec.image)
    return StudioImagePlan(
        repository_arn=platform_names.ecr_repository_arn(platform.region, platform.account_id, repository),
        uri=f"{platform_names.registry_host(platform.region, platform.account_id)}/{repository}:{spec.tag}",
        app=spec.app,
        display_name=spec.display_name,
        entrypoint=spec.entrypoint,
        arguments=spec.arguments,
        environment=spec.environment,
    )


def builds(specs: Specs, team: TeamAccount, platform: AccountPlan) -> BuildsPlan | None:
    """Return how the team's images are built; None: it has none built."""
    if not team.image_builds:
        return None
    spec = _platform(specs, platform.key)
    caches = _arns(platform, (f"{upstream.value}/*" for upstream in spec.pull_through))
    own = shared_images(specs, platform)
    host = platform_names.registry_host(platform.region, platform.account_id)
    return BuildsPlan(base_registry=host, bases=(*own, *caches), caches=caches)


def _arns(platform: AccountPlan, repositories: Iterable[str]) -> tuple[str, ...]:
    return tuple(platform_names.ecr_repository_arn(platform.region, platform.account_id, each) for each in repositories)


def _platform(specs: Specs, key: str) -> PlatformAccount:
    return cast("PlatformAccount", specs.accounts[key])
