"""The removal, in the order in which AWS lets things go. Each step reads what is there, so a second run goes on.

Source of the order: SageMaker Developer Guide, "Delete an Amazon SageMaker AI domain"; aws-samples/
amazon-sagemaker-secure-mlops, functions/pipeline/clean-up-efs.py. Read 2026-11-29.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from operations.teardown.patience import Patience, StuckError
from operations.teardown.studio import Shown, Studio, app_name

_GONE: Final = frozenset(
    ("ResourceNotFound", "FileSystemNotFound", "MountTargetNotFound", "InvalidNetworkInterfaceID.NotFound")
)
"""Error codes of what somebody else was quicker to delete."""

_FAILED: Final = ("Failed", "Delete_Failed")
"""Statuses of what could not be deleted. Source: SageMaker API Reference, DomainStatus and others, read 2026-11-29."""


def tear_down(studio: Studio, patience: Patience) -> None:
    """Remove the team's Studio and what it leaves in the network; what is gone already is passed over.

    Raises:
        StuckError: something does not go; the same call goes on from there.
    """
    # Known before the domain is gone: afterwards less names them.
    ids = studio.domain_ids
    domain_id = studio.domain_id
    if domain_id:
        _domain(studio, domain_id, patience)
    if ids:
        _homes(studio, patience)
        _interfaces(studio, patience)
        _groups(studio, patience)


@dataclass(frozen=True)
class _Kind:
    """A kind of thing in a domain."""

    noun: str
    listed: Callable[[], Sequence[Shown]]
    name: Callable[[Shown], str]
    delete: Callable[..., object]
    named: Callable[[Shown], Mapping[str, object]]
    """What the deletion names it by."""


def stop_apps(studio: Studio, patience: Patience, chosen: Callable[[Shown], bool] = lambda _app: True) -> None:
    """Stop apps, all or those that are *chosen*; what their spaces hold stays.

    Raises:
        StuckError: something does not go; the same call goes on from there.
    """
    if domain_id := studio.domain_id:
        _all_gone(_apps(studio, domain_id, chosen), patience)


def drop_spaces(studio: Studio, patience: Patience, chosen: Callable[[Shown], bool]) -> None:
    """Delete the spaces that are *chosen*, with all that is on their volumes; their apps are stopped before.

    Raises:
        StuckError: something does not go; the same call goes on from there.
    """
    if domain_id := studio.domain_id:
        _all_gone(_spaces(studio, domain_id, chosen), patience)


def _apps(studio: Studio, domain_id: str, chosen: Callable[[Shown], bool] = lambda _app: True) -> _Kind:
    domain = {"DomainId": domain_id}

    def app(each: Shown) -> dict[str, object]:
        whose = {name: each[name] for name in ("UserProfileName", "SpaceName") if each.get(name)}
        return {**domain, **whose, "AppType": each["AppType"], "AppName": each["AppName"]}

    return _Kind(
        "app",
        lambda: [each for each in studio.apps(domain_id) if chosen(each)],
        app_name,
        studio.client("sagemaker").delete_app,
        app,
    )


def _spaces(studio: Studio, domain_id: str, chosen: Callable[[Shown], bool] = lambda _space: True) -> _Kind:
    return _Kind(
        "space",
        lambda: [each for each in studio.spaces(domain_id) if chosen(each)],
        lambda each: str(each["SpaceName"]),
        studio.client("sagemaker").delete_space,
        lambda each: {"DomainId": domain_id, "SpaceName": each["SpaceName"]},
    )


def _domain(studio: Studio, domain_id: str, patience: Patience) -> None:
    """Delete what is in the domain, then the domain."""
    sagemaker = studio.client("sagemaker")
    domain = {"DomainId": domain_id}
    kinds = (
        _apps(studio, domain_id),
        _spaces(studio, domain_id),
        _Kind(
            "profile",
            lambda: studio.profiles(domain_id),
            lambda each: str(each["UserProfileName"]),
            sagemaker.delete_user_profile,
            lambda each: {**domain, "UserProfileName": each["UserProfileName"]},
        ),
        _Kind(
            "domain",
            lambda: [each for each in studio.domains() if each["DomainId"] == domain_id],
            lambda _each: domain_id,
            sagemaker.delete_domain,
            lambda _each: {
                **domain,
                "RetentionPolicy": {"HomeEfsFileSystem": "Retain" if studio.plan.keep_home else "Delete"},
            },
        ),
    )
    for kind in kinds:
        _all_gone(kind, patience)


def _all_gone(kind: _Kind, patience: Patience) -> None:
    """Ask once for the deletion of each one that is listed, and wait until none is; what appears meanwhile goes too."""
    asked: set[str] = set()

    def left() -> list[str]:
        there = kind.listed()
        for each in there:
            name, status = kind.name(each), each["Status"]
            if name in asked and status.endswith(_FAILED):
                why = f": {each['FailureReason']}" if each.get("FailureReason") else ""
                raise StuckError(
                    f"{kind.noun} {name}: AWS could not delete it, its status is {status}{why}. "
                    "The same command tries again"
                )
            # Neither what is going already, nor an app that is still starting: AWS refuses both.
            if name not in asked and status not in {"Deleting", "Pending"}:
                asked.add(name)
                _unless_gone(kind.delete, **kind.named(each))
        return [kind.name(each) + ("" if each["Status"] == "InService" else f" ({each['Status']})") for each in there]

    patience.until_none(kind.noun, left)


def _unless_gone(call: Callable[..., Any], **named: object) -> None:
    """Delete what may have been deleted by somebody else meanwhile.

    Raises:
        StuckError: something else needs it again.
    """
    try:
        call(**named)
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if code == "ResourceInUse":
            raise StuckError(f"{message} Somebody started it meanwhile: the same command deletes it too") from error
        if code not in _GONE:
            raise


def _homes(studio: Studio, patience: Patience) -> None:
    """Unmount the homes, and delete them unless they are kept: without mount targets they hold no network."""
    for home in studio.homes():
        file_system = home["FileSystemId"]
        patience.until_none(f"mount target of {file_system}", _unmounting(studio, file_system))
        if not studio.plan.keep_home:
            patience.report(f"deleting {file_system}")
            _unless_gone(studio.client("efs").delete_file_system, FileSystemId=file_system)


def _unmounting(studio: Studio, file_system: str) -> Callable[[], list[str]]:
    """Return what asks once for the deletion of each mount target, and names those that are left."""

    def left() -> list[str]:
        there = studio.mount_targets(file_system)
        for each in there:
            if each["LifeCycleState"] == "available":
                _unless_gone(studio.client("efs").delete_mount_target, MountTargetId=each["MountTargetId"])
        return [each["MountTargetId"] for each in there]

    return left


def _interfaces(studio: Studio, patience: Patience) -> None:
    """Delete interfaces nobody uses any more, and wait for SageMaker and EFS to take theirs away."""

    def left() -> list[str]:
        there = studio.interfaces()
        for each in there:
            if each["Status"] == "available":
                _unless_gone(
                    studio.client("ec2").delete_network_interface, NetworkInterfaceId=each["NetworkInterfaceId"]
                )
        return [each["NetworkInterfaceId"] for each in there]

    patience.until_none("network interface", left)


def _groups(studio: Studio, patience: Patience) -> None:
    """Delete SageMaker's two groups: first all their rules, for these name each other."""
    ec2 = studio.client("ec2")
    groups = studio.groups()
    for group in groups:
        of_it = [{"Name": "group-id", "Values": [group["GroupId"]]}]
        rules = [*studio.pages("ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=of_it)]
        for egress, revoke in (
            (True, ec2.revoke_security_group_egress),
            (False, ec2.revoke_security_group_ingress),
        ):
            ids = [rule["SecurityGroupRuleId"] for rule in rules if rule["IsEgress"] is egress]
            if ids:
                revoke(GroupId=group["GroupId"], SecurityGroupRuleIds=ids)
    for group in groups:
        patience.report(f"deleting {group['GroupName']}")
        try:
            ec2.delete_security_group(GroupId=group["GroupId"])
        except ClientError as error:
            if error.response["Error"]["Code"] == "DependencyViolation":
                raise StuckError(
                    f"group {group['GroupName']} ({group['GroupId']}): something else carries it, or names it "
                    "in a rule; take it away there, then the same command goes on"
                ) from error
            raise
