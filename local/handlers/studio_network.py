"""What a Studio domain brings into its network besides itself, and what of it stays.

The home file system, its mount targets and the two groups between it and the apps, all tagged with the domain's ARN:
aws-samples/amazon-sagemaker-secure-mlops, documentation/clean-up.md and functions/pipeline/clean-up-efs.py (which also
says what outlives the domain). An interface an app: SageMaker Studio Administration Best Practices, "Network
management". The groups' ports: Developer Guide, "Connect Studio in a VPC to external resources" (NFS), and 988 and
1018-1023, which public clean-up scripts revoke. All read 2026-11-29.

AWS does not say when it makes the groups, nor when it takes an app's interface away. Here the first app brings the
groups, for the AWS provider's own tests delete a domain without apps and its VPC at once; an interface stays.
"""

from typing import Any, Final

from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends
from moto.efs.exceptions import EFSError
from moto.efs.models import efs_backends
from moto.logs.models import logs_backends

from local.handlers.operation import Call
from local.handlers.records import Record

TAG: Final = "ManagedByAmazonSageMakerResource"
LOGS: Final = "/aws/sagemaker/studio"
"""Source: SageMaker Developer Guide, "Log groups and streams that Amazon SageMaker AI sends", read 2026-11-29."""

_PORTS: Final = ((2049, 2049), (988, 988), (1018, 1023))


def file_system(call: Call, domain_arn: str) -> str:
    """Make the home of a new domain, with a mount target in each of its subnets; return its id."""
    efs = efs_backends[call.account][call.region]
    home = efs.create_file_system(
        creation_token=domain_arn,
        performance_mode="generalPurpose",
        encrypted=True,
        kms_key_id=call.params.get("KmsKeyId") or "alias/aws/elasticfilesystem",
        throughput_mode="bursting",
        provisioned_throughput_in_mibps=0,
        availability_zone_name="",
        backup=False,
        tags=[{"Key": TAG, "Value": domain_arn}],
    )
    for subnet in call.params.get("SubnetIds", []):
        try:
            target = efs.create_mount_target(home.file_system_id, subnet)
        except (EFSError, ServiceException):
            continue  # one a zone; and subnets that only a test names
        interface = ec2_backends[call.account][call.region].enis[str(target.network_interface_id)]
        interface.description = f"EFS mount target for {home.file_system_id} ({target.mount_target_id})"
        _managed(interface)
    return str(home.file_system_id)


def remove_home(call: Call, file_system_id: str) -> None:
    """Delete the home of a domain; it may have been deleted before."""
    efs = efs_backends[call.account][call.region]
    for target in [*efs.mount_targets_by_id.values()]:
        if target.file_system_id == file_system_id:
            efs.delete_mount_target(target.mount_target_id)
    if file_system_id in efs.file_systems_by_id:
        efs.delete_file_system(file_system_id)


def nfs_groups(call: Call, domain: Record) -> None:
    """Make the two groups between apps and home, whose rules name each other."""
    ec2 = ec2_backends[call.account][call.region]
    vpc_id = domain["VpcId"]
    if vpc_id not in ec2.vpcs or _group(call, domain, "inbound"):
        return
    groups = {
        way: ec2.create_security_group(
            f"security-group-for-{way}-nfs-{domain['DomainId']}",
            f"[DO NOT DELETE] Security Group that allows {way} NFS traffic for SageMaker Notebooks Domain "
            f"[{domain['DomainId']}]",
            vpc_id,
            tags={TAG: domain["DomainArn"]},
        )
        for way in ("inbound", "outbound")
    }
    inbound, outbound = groups["inbound"].id, groups["outbound"].id
    for first, last in _PORTS:
        for let, at, other in (
            (ec2.authorize_security_group_ingress, inbound, outbound),
            (ec2.authorize_security_group_egress, outbound, inbound),
        ):
            let(at, "tcp", str(first), str(last), [], source_groups=[{"GroupId": other}], vpc_id=vpc_id)
    for target in efs_backends[call.account][call.region].mount_targets_by_id.values():
        if target.file_system_id == domain["HomeEfsFileSystemId"]:
            target.security_groups = [inbound]
            ec2.enis[str(target.network_interface_id)]._group_set = [groups["inbound"]]  # noqa: SLF001 - no other way in


def app_interface(call: Call, domain: Record, path: str) -> str | None:
    """Make an app's interface in the first of the domain's subnets that exists; return its id."""
    ec2 = ec2_backends[call.account][call.region]
    there = {subnet for by_zone in ec2.subnets.values() for subnet in by_zone}
    subnet = next((subnet for subnet in domain["SubnetIds"] if subnet in there), None)
    if subnet is None:
        return None
    settings = domain.get("DefaultUserSettings", {})
    own = domain.get("DomainSettings", {}).get("SecurityGroupIds", []) + settings.get("SecurityGroups", [])
    outbound = _group(call, domain, "outbound")
    named = dict.fromkeys([*own, *([outbound.id] if outbound else [])])
    groups = [group for group in named if ec2.get_security_group_from_id(group)]
    interface = ec2.create_network_interface(
        ec2.get_subnet(subnet), [], group_ids=groups, description=f"SageMaker Studio app {path}"
    )
    _managed(interface)
    return str(interface.id)


def let_go(call: Call, interface_id: str | None) -> None:
    """Detach a deleted app's interface."""
    interface = ec2_backends[call.account][call.region].enis.get(interface_id or "")
    if interface:
        interface.status = "available"


def log_group(call: Call) -> None:
    """Make the log group of all Studio apps; it stays for good."""
    logs = logs_backends[call.account][call.region]
    if LOGS not in logs.groups:
        logs.create_log_group(LOGS, {})


def _managed(interface: Any) -> None:  # noqa: ANN401 - moto's interface
    """What AWS uses itself is nobody's to delete."""
    interface.status = "in-use"
    interface.requester_managed = True


def _group(call: Call, domain: Record, way: str) -> Any:  # noqa: ANN401 - moto's group, or None
    name = f"security-group-for-{way}-nfs-{domain['DomainId']}"
    return ec2_backends[call.account][call.region].get_security_group_from_name(name, domain["VpcId"])
