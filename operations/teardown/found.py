"""What a teardown would remove, what stays and why, and what is lost: rows to read before anything happens."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from operations.teardown.studio import Shown, Studio, app_name
from zone import names

GOES, STAYS = "goes", "stays"


@dataclass(frozen=True)
class Row:
    """One thing."""

    fate: str
    """`goes` or `stays`."""

    kind: str
    name: str
    note: str = ""
    """What is lost with it, or why it stays and how to remove it."""


def look(studio: Studio) -> list[Row]:
    """Read what is there; changes nothing."""
    return [*_domain(studio), *_network(studio), *staying(studio)]


def look_kept(studio: Studio) -> list[Row]:
    """Read what a Studio holds that stays where it is: its apps stop, for they cost and hold nothing."""
    domain_id = studio.domain_id
    if domain_id is None:
        return []
    note = "not disposable: it stays, with the files on it"
    return [
        *_apps(studio.apps(domain_id)),
        *(Row(STAYS, "space", space["SpaceName"], note) for space in studio.spaces(domain_id)),
        *(Row(STAYS, "profile", each["UserProfileName"], note) for each in studio.profiles(domain_id)),
        Row(STAYS, "domain", domain_id, note),
    ]


def _apps(apps: Iterable[Shown]) -> Iterator[Row]:
    for app in apps:
        yield Row(GOES, "app", app_name(app), f"{app['Status']}; unsaved work is lost")


def _domain(studio: Studio) -> Iterator[Row]:
    domain_id = studio.domain_id
    if domain_id is None:
        return
    yield from _apps(studio.apps(domain_id))
    for space in studio.spaces(domain_id):
        owner = space.get("OwnershipSettingsSummary", {}).get("OwnerUserProfileName", "nobody")
        sharing = space.get("SpaceSharingSettingsSummary", {}).get("SharingType", "shared").lower()
        yield Row(GOES, "space", space["SpaceName"], f"{sharing}, of {owner}; its volume and the files on it are lost")
    home = "its home directory stays" if studio.plan.keep_home else "its home directory is lost"
    for profile in studio.profiles(domain_id):
        yield Row(GOES, "profile", profile["UserProfileName"], home)
    yield Row(GOES, "domain", domain_id, names.domain(studio.plan.account.key))


def _network(studio: Studio) -> Iterator[Row]:
    for home in studio.homes():
        file_system = home["FileSystemId"]
        for target in studio.mount_targets(file_system):
            yield Row(GOES, "mount target", target["MountTargetId"], f"of {file_system}")
        if not studio.plan.keep_home:
            size = home.get("SizeInBytes", {}).get("Value", 0) / 2**30
            yield Row(GOES, "file system", file_system, f"all home directories, {size:.1f} GB, are lost")
    targets = {
        target.get("NetworkInterfaceId")
        for home in studio.homes()
        for target in studio.mount_targets(home["FileSystemId"])
    }
    for each in studio.interfaces():
        if each["NetworkInterfaceId"] not in targets:
            yield Row(GOES, "interface", each["NetworkInterfaceId"], each.get("Description", ""))
    for group in studio.groups():
        yield Row(GOES, "group", group["GroupName"], group["GroupId"])


def staying(studio: Studio) -> Iterator[Row]:
    """Yield what a teardown leaves, each with what removes it."""
    plan = studio.plan
    region = f"--region {plan.account.region}"
    if plan.keep_home:
        for home in studio.homes():
            file_system = home["FileSystemId"]
            remedy = "mount it in another VPC, or: aws efs delete-file-system"
            note = f"keep_home, with its key {names.key_alias(plan.account.key, 'studio')}; {remedy} {region}"
            yield Row(STAYS, "file system", file_system, f"{note} --file-system-id {file_system}")
    for where in (plan.account.region, *plan.regions):
        jobs = {"region": where, "logGroupNamePrefix": "/aws/sagemaker/"}
        for log in studio.pages("logs", "describe_log_groups", "logGroups", **jobs):
            name = log["logGroupName"]
            yield Row(STAYS, "log group", name, f"aws logs delete-log-group --region {where} --log-group-name {name}")
    bucket = names.bucket(plan.account.key, "data", plan.account.account_id)
    for key, group in plan.feature_groups.items():
        if group.offline:
            table = f"{names.feature_database(plan.team)}.{names.feature_table(key)}"
            place = f"s3://{bucket}/{names.feature_prefix(key)}"
            yield Row(STAYS, "offline store", f"{place} and table {table}", f"./mlz destroy {plan.account.stack}")
