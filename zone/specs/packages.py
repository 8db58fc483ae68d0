"""How an environment's teams get packages of PyPI, npm and Maven without the internet."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from zone.specs.spec import Spec
from zone.specs.values import Unique, words


class PackageUpstream(StrEnum):
    """Public repositories that AWS fetches from."""

    PYPI = "pypi"
    NPM = "npm"
    MAVEN = "maven"


QuarantinedPackage = Annotated[
    str,
    StringConstraints(
        pattern=r"^(pypi/[a-z0-9]+(-[a-z0-9]+)*|npm/(@[a-z0-9._-]+/)?[A-Za-z0-9._-]+|maven/[A-Za-z0-9._-]+:[A-Za-z0-9._-]+)$",
        max_length=300,
    ),
    words("pypi/name in small letters with single hyphens, npm/name, npm/@scope/name or maven/group:artifact"),
]
"""One package of one kind; a name of PyPI is written as CodeArtifact normalises it."""


class Packages(Spec):
    """A package repository in the platform account that all teams of the environment read."""

    upstreams: Unique[PackageUpstream] | Literal["none"]
    """Public repositories a package is fetched from when it is asked for the first time; `none`: nothing comes from
    outside, only what the platform publishes itself is there."""

    quarantine: Unique[QuarantinedPackage] = Field((), max_length=200)
    """Packages of which no version enters any more, from nowhere; what is there already is deleted by hand
    (docs/packages.md)."""

    @property
    def connected(self) -> tuple[PackageUpstream, ...]:
        """The public repositories; none where they are forbidden."""
        return () if self.upstreams == "none" else self.upstreams
