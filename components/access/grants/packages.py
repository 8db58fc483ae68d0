"""Grants on packages: read, never publish."""

from components.access.grants.place import Place
from components.access.grants.statement import Statement
from components.access.packages import PackageSource

SERVICE = "codeartifact.amazonaws.com"
"""How STS knows CodeArtifact when it asks for a bearer token."""


def read_packages(place: Place) -> tuple[Statement, ...]:
    """Install packages of the environment's repository."""
    return read(place.team.packages) if place.team.packages else ()


def read(source: PackageSource) -> tuple[Statement, ...]:
    """Read *source*: a token of the domain, the repository's address, and its packages.

    Sources, read 2026-11-30: CodeArtifact User Guide, "AWS CodeArtifact authentication and tokens" (the token needs two
    rights, one of them STS's) and "Repository policies" (who fetches needs ReadFromRepository).
    """
    return (
        Statement(
            sid="EnterPackageDomain", actions=("codeartifact:GetAuthorizationToken",), resources=(source.domain_arn,)
        ),
        Statement(
            sid="BearPackageToken",
            actions=("sts:GetServiceBearerToken",),
            resources=("*",),
            conditions={"StringEquals": {"sts:AWSServiceName": SERVICE}},
            reason="STS knows no resource for bearer tokens; the service is named",
        ),
        Statement(
            sid="ReadPackages",
            actions=("codeartifact:GetRepositoryEndpoint", "codeartifact:ReadFromRepository"),
            resources=(source.repository_arn,),
        ),
    )
