"""What must hold of images across files: a Studio image has its repository, a cache its secret, a copy its region."""

from collections.abc import Iterator
from typing import Final

from zone.facts import facts
from zone.specs.account import TeamAccount
from zone.specs.platform import PlatformAccount
from zone.specs.problems import Problem, meant
from zone.specs.tree import Specs

RESERVED: Final = ("AWS_", "SAGEMAKER_")
"""Beginnings of environment variables that SageMaker overrides.

Source: SageMaker Developer Guide, "Custom image specifications", read 2026-11-30.
"""

RESERVED_WORDS: Final = " and ".join(f"{each}…" for each in RESERVED)


def image_problems(specs: Specs) -> Iterator[Problem]:
    """Yield what is wrong with images, for all platforms and teams."""
    platforms = {specs.folder(key): spec for key, spec in specs.accounts.items() if isinstance(spec, PlatformAccount)}
    for key, spec in specs.accounts.items():
        if isinstance(spec, PlatformAccount):
            yield from _repositories(key, spec, specs)
            yield from _caches(key, spec, specs)
            yield from _studio_images(key, spec, specs)
        elif isinstance(spec, TeamAccount):
            yield from _team(key, spec, platforms.get(specs.folder(key)), specs)


def _repositories(key: str, spec: PlatformAccount, specs: Specs) -> Iterator[Problem]:
    """Copies go to other regions that are allowed, and what is built has somewhere to go."""
    if spec.image_builds and not spec.images:
        text = "builds go into the platform's image repositories, and it has none; allowed: images, or false"
        yield specs.sources[key].problem(("image_builds",), text)
    environment = specs.environments.get(specs.folder(key))
    allowed = [each for each in specs.organization.allowed_regions if environment and each != environment.region]
    for name, repository in spec.images.items():
        for place, region in enumerate(repository.replicate_to):
            if environment and region not in allowed:
                others = ", ".join(allowed) or "none, for org/environment.yaml allows no further region"
                text = f"got {region}; allowed: another region of allowed_regions than the environment's own: {others}"
                yield specs.sources[key].problem(("images", name, "replicate_to", place), text)


def _caches(key: str, spec: PlatformAccount, specs: Specs) -> Iterator[Problem]:
    """A registry that asks for credentials has a secret in the environment's region, and no other has one."""
    environment = specs.environments.get(specs.folder(key))
    for upstream, rule in spec.pull_through.items():
        asks = facts("upstream_registries")["registries"][upstream.value]["credentials"]
        path = ("pull_through", upstream.value, "credentials")
        if asks and not rule.credentials:
            text = (
                f"{upstream.value} asks for a user name and a token, got none; allowed: credentials: the ARN of a "
                "secret of the platform's account whose name begins with ecr-pullthroughcache/"
            )
            yield specs.sources[key].problem(path[:2], text)
        elif rule.credentials and not asks:
            yield specs.sources[key].problem(path, f"{upstream.value} takes no credentials; allowed: leave them out")
        elif rule.credentials and environment and rule.credentials.split(":")[3] != environment.region:
            text = f"got {rule.credentials}; allowed: a secret in the environment's region, {environment.region}"
            yield specs.sources[key].problem(path, text)


def _studio_images(key: str, spec: PlatformAccount, specs: Specs) -> Iterator[Problem]:
    """An image lies in a repository that is declared."""
    for name, image in spec.studio_images.items():
        if image.image not in spec.images:
            allowed = f"one of images: {', '.join(spec.images) or 'none is declared'}{meant(image.image, spec.images)}"
            text = f"no such repository, got {image.image}; allowed: {allowed}"
            yield specs.sources[key].problem(("studio_images", name, "image"), text)
        for variable in image.environment:
            if variable.startswith(RESERVED):
                text = (
                    f"SageMaker sets variables of that kind itself, got {variable}; allowed: any but {RESERVED_WORDS}"
                )
                yield specs.sources[key].problem(("studio_images", name, "environment", variable), text)
        if image.arguments and not image.entrypoint:
            text = "arguments of no command; allowed: entrypoint too, or leave the arguments out"
            yield specs.sources[key].problem(("studio_images", name, "arguments"), text)


def _team(key: str, spec: TeamAccount, platform: PlatformAccount | None, specs: Specs) -> Iterator[Problem]:
    """A team's Studio offers images of its environment, and what is built has somewhere to go and to come from."""
    known = platform.studio_images if platform else {}
    for place, name in enumerate(spec.studio.images):
        if platform and name not in known:
            allowed = f"one of studio_images of platform.yaml: {', '.join(known) or 'none is declared'}"
            text = f"no such image, got {name}; allowed: {allowed}{meant(name, known)}"
            yield specs.sources[key].problem(("studio", "images", place), text)
    if not spec.image_builds:
        return
    if not spec.models:
        text = "builds go into the repositories of the team's models, and it has none; allowed: models, or false"
        yield specs.sources[key].problem(("image_builds",), text)
    if platform and not (platform.images or platform.pull_through):
        text = (
            "a build finds no base image: the network has no way out; allowed: pull_through or images in platform.yaml "
            "of the environment, or false"
        )
        yield specs.sources[key].problem(("image_builds",), text)
