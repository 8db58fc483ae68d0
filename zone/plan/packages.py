"""Pure: where an environment's teams get packages, and which are kept out."""

from dataclasses import dataclass
from typing import Final

from zone.plan.account import AccountPlan
from zone.specs.packages import Packages

CONNECTIONS: Final = {"pypi": "public:pypi", "npm": "public:npmjs", "maven": "public:maven-central"}
"""CodeArtifact's names of public repositories.

Source: CodeArtifact User Guide, "Connect a CodeArtifact repository to a public repository", read 2026-11-30.
"""


@dataclass(frozen=True, kw_only=True)
class PackagesPlan:
    """The package repository of an environment, as its teams know it."""

    environment: str
    """The environment; part of the domain's name."""

    account_id: str
    """Account that owns the domain: the platform's."""

    region: str
    """Region of the domain."""

    connections: tuple[tuple[str, str], ...]
    """Kind of package and CodeArtifact's name of the public repository it comes from."""

    quarantine: tuple[str, ...]
    """Package groups of which nothing enters, as CodeArtifact writes them."""


def packages(spec: Packages | None, platform: AccountPlan) -> PackagesPlan | None:
    """Return the package repository that an environment's file says; None: there is none."""
    if spec is None:
        return None
    return PackagesPlan(
        environment=platform.environment,
        account_id=platform.account_id,
        region=platform.region,
        connections=tuple((upstream.value, CONNECTIONS[upstream.value]) for upstream in spec.connected),
        quarantine=tuple(group(package) for package in spec.quarantine),
    )


def group(package: str) -> str:
    """Return the pattern of the package group that holds exactly *package*.

    A package without a namespace has an empty one, a full name ends in $. Source: CodeArtifact User Guide, "Package
    group definition syntax and matching behavior", read 2026-11-30. That page writes /python/ in one sentence; the
    format's name is pypi (botocore 1.44.8, codeartifact, PackageFormat).
    """
    kind, _, name = package.partition("/")
    if kind == "maven":
        namespace, _, name = name.partition(":")
    elif name.startswith("@"):
        namespace, _, name = name[1:].partition("/")
    else:
        namespace = ""
    return f"/{kind}/{namespace}/{name}$"
