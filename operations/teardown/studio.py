"""Whose Studio it is: a team's, in its account, region and network; and the calls that read it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import boto3
from botocore.exceptions import ClientError

from zone import names
from zone.plan.zone import TeamPlan

MANAGED: Final = "ManagedByAmazonSageMakerResource"
"""Tag that SageMaker puts on a domain's file system: the domain's ARN.

Source: aws-samples/amazon-sagemaker-secure-mlops, documentation/clean-up.md, read 2026-11-29.
"""

_NFS: Final = re.compile(r"security-group-for-(?:in|out)bound-nfs-(d-\w+)")
"""Name of the groups that SageMaker makes between apps and home, with the domain's id. Source: as above."""

Shown = Mapping[str, Any]


@dataclass(frozen=True)
class Studio:
    """One team's Studio, read anew with each call."""

    plan: TeamPlan
    session: boto3.Session

    def client(self, service: str, region: str = "") -> Any:
        """A client in the team's account; *region*: a further one, empty: its home."""
        region = region or self.plan.account.region
        return self._clients.setdefault((service, region), self.session.client(service, region_name=region))

    @cached_property
    def _clients(self) -> dict[tuple[str, str], Any]:
        return {}

    def pages(self, service: str, operation: str, member: str, region: str = "", **asked: object) -> Iterator[Shown]:
        """Yield what a list operation says, page by page; *region* as in client()."""
        for page in self.client(service, region).get_paginator(operation).paginate(**asked):
            yield from page[member]

    @property
    def domain_id(self) -> str | None:
        """The domain's id; None where it is gone."""
        name = names.domain(self.plan.account.key)
        return next((each["DomainId"] for each in self.domains() if each["DomainName"] == name), None)

    @cached_property
    def vpc_id(self) -> str | None:
        """The team's VPC, by its addresses and the tag that all our resources carry; None where it is gone."""
        if self.plan.network.existing:
            return self.plan.network.existing.vpc_id
        ours = {"cidr": str(self.plan.network.cidr), "tag:mlz:account": self.plan.account.key}
        filters = [{"Name": name, "Values": [value]} for name, value in ours.items()]
        return next((each["VpcId"] for each in self.pages("ec2", "describe_vpcs", "Vpcs", Filters=filters)), None)

    @cached_property
    def domain_ids(self) -> frozenset[str]:
        """Ids of the domain and of those before it of which something is left; never of a living one of another name.

        A domain that is gone is known by the published contract, by the groups it left in the team's VPC, and by a home
        that is mounted there.
        """
        living = {each["DomainId"]: each["DomainName"] for each in self.domains()}
        known = {self.domain_id, self._published_id(), *(_domain_of(each) for each in self._nfs_groups())}
        known |= {domain for home, domain in self._homes() if domain and self._mounted_here(home)}
        own = names.domain(self.plan.account.key)
        return frozenset(each for each in known if each and living.get(each, own) == own)

    def apps(self, domain_id: str) -> list[Shown]:
        """Apps that are not over. Source: SageMaker API Reference, AppDetails: Deleted and Failed ones stay listed."""
        apps = self.pages("sagemaker", "list_apps", "Apps", DomainIdEquals=domain_id)
        return [each for each in apps if each["Status"] not in {"Deleted", "Failed"}]

    def spaces(self, domain_id: str) -> list[Shown]:
        """Spaces, private and shared."""
        return [*self.pages("sagemaker", "list_spaces", "Spaces", DomainIdEquals=domain_id)]

    def profiles(self, domain_id: str) -> list[Shown]:
        """User profiles."""
        return [*self.pages("sagemaker", "list_user_profiles", "UserProfiles", DomainIdEquals=domain_id)]

    def homes(self) -> list[Shown]:
        """Home file systems."""
        return [home for home, domain in self._homes() if domain in self.domain_ids]

    def mount_targets(self, file_system_id: str) -> list[Shown]:
        """Mount targets of a home."""
        return [*self.pages("efs", "describe_mount_targets", "MountTargets", FileSystemId=file_system_id)]

    def groups(self) -> list[Shown]:
        """SageMaker's NFS groups in the team's VPC."""
        return [each for each in self._nfs_groups() if _domain_of(each) in self.domain_ids]

    def interfaces(self) -> list[Shown]:
        """Interfaces that carry one of the NFS groups: mount targets' and apps'."""
        groups = {each["GroupId"] for each in self.groups()}
        here = [{"Name": "vpc-id", "Values": [self.vpc_id]}]
        there = self.pages("ec2", "describe_network_interfaces", "NetworkInterfaces", Filters=here) if groups else ()
        return [each for each in there if groups & {group["GroupId"] for group in each["Groups"]}]

    def domains(self) -> list[Shown]:
        """Every domain of the account, the team's among them."""
        return [*self.pages("sagemaker", "list_domains", "Domains")]

    def _nfs_groups(self) -> list[Shown]:
        if self.vpc_id is None:
            return []
        here = [{"Name": "vpc-id", "Values": [self.vpc_id]}]
        groups = self.pages("ec2", "describe_security_groups", "SecurityGroups", Filters=here)
        return [each for each in groups if _domain_of(each)]

    def _homes(self) -> Iterator[tuple[Shown, str | None]]:
        """Every file system of a domain in the account, with the domain's id."""
        for each in self.pages("efs", "describe_file_systems", "FileSystems"):
            tags = {tag["Key"]: tag["Value"] for tag in each.get("Tags", [])}
            yield each, tags[MANAGED].rpartition("/")[2] if MANAGED in tags else None

    def _mounted_here(self, home: Shown) -> bool:
        targets = self.mount_targets(home["FileSystemId"])
        return self.vpc_id is not None and any(each.get("VpcId") == self.vpc_id for each in targets)

    def _published_id(self) -> str | None:
        ssm = self.client("ssm")
        try:
            return str(ssm.get_parameter(Name=names.ssm_path("studio", "domain-id"))["Parameter"]["Value"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "ParameterNotFound":
                raise
            return None


def app_name(app: Shown) -> str:
    """What people call an app: whose it is, of which kind, and its name."""
    return f"{app.get('SpaceName') or app.get('UserProfileName')}/{app['AppType']}/{app['AppName']}"


def _domain_of(group: Shown) -> str | None:
    """The domain that an NFS group belongs to; None for any other group."""
    found = _NFS.fullmatch(group["GroupName"])
    return found[1] if found else None
