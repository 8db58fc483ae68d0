"""Where packages come from, as far as roles are compiled from it."""

from dataclasses import dataclass

from zone import platform_names


@dataclass(frozen=True, kw_only=True)
class PackageSource:
    """A package repository in another account, which roles read."""

    environment: str
    """The environment; part of the domain's name."""

    account_id: str
    """Account that owns the domain [12 digits]."""

    region: str
    """Region of the domain."""

    @property
    def domain_arn(self) -> str:
        """ARN of the domain."""
        return platform_names.package_domain_arn(self.region, self.account_id, self.environment)

    @property
    def repository_arn(self) -> str:
        """ARN of the repository that teams read."""
        return platform_names.package_repository_arn(
            self.region, self.account_id, self.environment, platform_names.PACKAGES
        )

    @property
    def index(self) -> dict[str, str]:
        """What a client must know: no secret, the token is asked for each time."""
        host = platform_names.package_host(self.region, self.account_id, self.environment)
        return {
            "domain": platform_names.package_domain(self.environment),
            "owner": self.account_id,
            "repository": platform_names.PACKAGES,
            "pypi": f"https://{host}/pypi/{platform_names.PACKAGES}/simple/",
            "npm": f"https://{host}/npm/{platform_names.PACKAGES}/",
            "maven": f"https://{host}/maven/{platform_names.PACKAGES}/",
        }
