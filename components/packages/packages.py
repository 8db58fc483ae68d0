"""An environment's package repository: teams read it, it fetches from public ones, some packages never enter."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import words
from components.access.packages import PackageSource
from components.packages.documents import blocked_group, domain_policy, repository_policy
from zone import platform_names


@dataclass(frozen=True, kw_only=True)
class PackagesArgs:
    """Inputs of Packages."""

    source: PackageSource
    """Whose packages, and where."""

    reader_account_ids: Sequence[str]
    """Accounts of the teams that read. Plain: without one there are no policies."""

    reader_roles: Sequence[str]
    """Their roles by stem; they need not exist yet."""

    connections: Mapping[str, str]
    """CodeArtifact's name of a public repository by kind of package; empty: nothing comes from outside. Plain."""

    quarantine: Sequence[str]
    """Patterns of package groups of which nothing enters. Plain likewise."""

    key_arn: pulumi.Input[str]
    """KMS key of the packages."""

    disposable: bool
    """Whether destroying the stack deletes repositories and packages."""

    tags: Mapping[str, str]
    """Tags of the package groups, which no provider adds."""


class Packages(pulumi.ComponentResource):
    """A domain, the repository that teams read, and a store for each public repository.

    A store fetches a package when somebody asks for it the first time, and keeps it. A quarantined package is a package
    group that blocks every origin; Cloud Control makes it, for the AWS provider has no type of its own (7.21.0). What
    entered before stays until somebody deletes it.
    """

    domain_name: pulumi.Output[str]
    """Name of the domain."""

    repository_name: pulumi.Output[str]
    """Name of the repository that teams read."""

    def __init__(self, name: str, args: PackagesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Packages", name, {}, opts)
        words.names(environment=[args.source.environment], kind_of_package=args.connections, role=args.reader_roles)
        child = pulumi.ResourceOptions(parent=self)
        kept = child.merge(
            pulumi.ResourceOptions(
                protect=not args.disposable, retain_on_delete=not args.disposable, delete_before_replace=True
            )
        )
        source = args.source

        domain = aws.codeartifact.Domain(
            f"{name}-packages",
            domain=platform_names.package_domain(source.environment),
            encryption_key=args.key_arn,
            opts=kept,
        )
        # Before the first package is asked for.
        groups = [
            aws.cloudcontrol.Resource(
                f"{name}-quarantine-{hashlib.sha256(pattern.encode()).hexdigest()[:8]}",
                type_name="AWS::CodeArtifact::PackageGroup",
                desired_state=json.dumps(
                    blocked_group(
                        platform_names.package_domain(source.environment), source.account_id, pattern, dict(args.tags)
                    )
                ),
                opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True, depends_on=[domain])),
            )
            for pattern in args.quarantine
        ]
        stores = [
            aws.codeartifact.Repository(
                f"{name}-{kind}",
                domain=domain.domain,
                domain_owner=source.account_id,
                repository=platform_names.package_store(kind),
                description=f"Fetches from {connection}",
                external_connections={"external_connection_name": connection},
                opts=kept.merge(pulumi.ResourceOptions(depends_on=groups)),
            )
            for kind, connection in args.connections.items()
        ]
        repository = aws.codeartifact.Repository(
            f"{name}-packages",
            domain=domain.domain,
            domain_owner=source.account_id,
            repository=platform_names.PACKAGES,
            description=f"Packages for the teams of {source.environment}",
            upstreams=[{"repository_name": store.repository} for store in stores] or None,
            opts=kept,
        )
        if args.reader_account_ids:
            aws.codeartifact.DomainPermissions(
                f"{name}-packages",
                domain=domain.domain,
                domain_owner=source.account_id,
                policy_document=json.dumps(domain_policy(source, args.reader_account_ids, args.reader_roles)),
                opts=child,
            )
            aws.codeartifact.RepositoryPermissionsPolicy(
                f"{name}-packages",
                domain=domain.domain,
                domain_owner=source.account_id,
                repository=repository.repository,
                policy_document=json.dumps(repository_policy(source, args.reader_account_ids, args.reader_roles)),
                opts=child,
            )

        self.domain_name = domain.domain
        self.repository_name = repository.repository
        self.register_outputs({"domain_name": self.domain_name, "repository_name": self.repository_name})
