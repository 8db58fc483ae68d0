"""SageMaker Studio: domains, their people's profiles, spaces and apps, in the order AWS lets them go.

What is in the way of a deletion: SageMaker Developer Guide, "Delete an Amazon SageMaker AI domain" (profiles and spaces
before the domain; apps that are not Failed before both), and aws-nuke issue 1184 (spaces before their owner's profile).
The refusal's words: aws/amazon-sagemaker-feedback issue 113, for a profile; the others by analogy. A deleted app stays
listed as Deleted, and is not deleted twice: terraform-provider-aws, sagemaker/app.go. All read 2026-11-29.
"""

import secrets

from local.handlers.leaving import Leaving
from local.handlers.operation import Call, Refusal
from local.handlers.records import STORES, Kind, Record
from local.handlers.sagemaker import SAGEMAKER
from local.handlers.studio_network import app_interface, file_system, let_go, log_group, nfs_groups, remove_home

OVER = ("Deleted", "Failed")
"""An app of such a status holds nothing."""


def inside(noun: str, call: Call, **wanted: object) -> bool:
    """Whether the call's domain holds a *noun* with these values; apps that are over do not count."""
    kept = STORES.get(("sagemaker", noun, call.account, call.region), {}).values()
    among = (record for record in kept if record["DomainId"] == call.params["DomainId"])
    return any(
        record["Status"] not in OVER and all(record.get(name) == value for name, value in wanted.items())
        for record in among
    )


def new_domain(call: Call) -> Record:
    """What AWS adds to a Studio domain."""
    domain = f"d-{secrets.token_hex(6)}"
    arn = call.arn(f"domain/{domain}")
    return {
        "DomainId": domain,
        "DomainArn": arn,
        "HomeEfsFileSystemId": file_system(call, arn),
        "Url": f"https://{domain}.studio.{call.region}.sagemaker.aws",
        "Status": "InService",
        "TagPropagation": "DISABLED",
        "AppNetworkAccessType": "PublicInternetOnly",
    }


def change_domain(record: Record, call: Call) -> None:
    """Settings arrive under another name than they are read by."""
    settings = {**record.get("DomainSettings", {}), **call.params.get("DomainSettingsForUpdate", {})}
    record.update(call.params)
    if settings:
        record["DomainSettings"] = settings


def domain_held(_record: Record, call: Call) -> str | None:
    """A domain goes when nobody has a profile or a space in it."""
    return next((f"{noun}(s)" for noun in ("UserProfile", "Space", "App") if inside(noun, call)), None)


def domain_left(record: Record, call: Call) -> bool:
    """The home goes where the caller said so; the network's leftovers stay either way."""
    if call.params.get("RetentionPolicy", {}).get("HomeEfsFileSystem") == "Delete":
        remove_home(call, record["HomeEfsFileSystemId"])
    apps = STORES.get(("sagemaker", "App", call.account, call.region), {})
    for key in [key for key, app in apps.items() if app["DomainId"] == record["DomainId"]]:
        del apps[key]
    return True


def new_user_profile(call: Call) -> Record:
    """What AWS adds to a user profile."""
    return {
        "UserProfileArn": call.arn(f"user-profile/{call.params['DomainId']}/{call.params['UserProfileName']}"),
        "HomeEfsFileSystemUid": "200001",
        "Status": "InService",
    }


def profile_held(_record: Record, call: Call) -> str | None:
    """A profile goes when it has no app and owns no space."""
    name = call.params["UserProfileName"]
    if inside("App", call, UserProfileName=name):
        return "App(s)"
    return "Space(s)" if inside("Space", call, OwnershipSettings={"OwnerUserProfileName": name}) else None


def new_space(call: Call) -> Record:
    """What AWS adds to a space; lists show owner and sharing under names of their own."""
    sharing = call.params.get("SpaceSharingSettings")
    return {
        "SpaceArn": call.arn(f"space/{call.params['DomainId']}/{call.params['SpaceName']}"),
        "HomeEfsFileSystemUid": "200002",
        "Status": "InService",
        "Url": f"https://{call.params['DomainId']}.studio.{call.region}.sagemaker.aws/{call.params['SpaceName']}",
        "OwnershipSettingsSummary": call.params.get("OwnershipSettings"),
        "SpaceSharingSettingsSummary": sharing,
        "SpaceSettingsSummary": {
            name: value
            for name, value in call.params.get("SpaceSettings", {}).items()
            if name in {"AppType", "SpaceStorageSettings"}
        },
    }


def space_held(_record: Record, call: Call) -> str | None:
    """A space goes when no app runs in it."""
    return "App(s)" if inside("App", call, SpaceName=call.params["SpaceName"]) else None


def new_app(call: Call) -> Record:
    """What AWS adds to a Studio app: an interface in the network, and a log group for all of them."""
    domains = STORES.get(("sagemaker", "Domain", call.account, call.region), {})
    domain = domains.get((call.params["DomainId"],))
    if domain is None:
        raise Refusal("ResourceNotFound", f"Domain {call.params['DomainId']} does not exist: RecordNotFound")
    owner = call.params.get("UserProfileName") or call.params.get("SpaceName")
    path = f"{call.params['DomainId']}/{owner}/{call.params['AppType'].lower()}/{call.params['AppName']}"
    log_group(call)
    nfs_groups(call, domain)
    return {
        "AppArn": call.arn(f"app/{path}"),
        "Owner": owner,
        "Status": "InService",
        "interface": app_interface(call, domain, path),
    }


def app_left(record: Record, _call: Call) -> bool:
    """A deleted app stays listed."""
    record["Status"] = "Deleted"
    return False


class App(Leaving):
    """Apps: one that is over makes room for its successor, and is not deleted once more.

    Its interface is let go at once, and stays in the network.
    """

    def _create(self, call: Call) -> Record:
        store = self.store(call.account, call.region)
        key = tuple(str(call.params.get(member)) for member in self.keys)
        if key in store and store[key]["Status"] in OVER:
            del store[key]
        return super()._create(call)

    def _delete(self, call: Call) -> Record:
        record = self.find(call)
        if record["Status"] == "Deleted":
            raise Refusal("ValidationException", f"App [{record['AppArn']}] has already been deleted.")
        if record["Status"] == "Failed":
            text = f"App [{record['AppArn']}] previously failed and was automatically deleted."
            raise Refusal("ValidationException", text)
        let_go(call, record["interface"])
        return super()._delete(call)


Leaving(
    **SAGEMAKER,
    noun="Domain",
    keys=("DomainId",),
    arn="DomainArn",
    added=new_domain,
    changed=change_domain,
    held=domain_held,
    left=domain_left,
    listed="Domains",
)
Leaving(
    **SAGEMAKER,
    noun="UserProfile",
    keys=("DomainId", "UserProfileName"),
    arn="UserProfileArn",
    added=new_user_profile,
    held=profile_held,
    listed="UserProfiles",
)
Leaving(
    **SAGEMAKER,
    noun="Space",
    keys=("DomainId", "SpaceName"),
    arn="SpaceArn",
    added=new_space,
    held=space_held,
    listed="Spaces",
)
App(
    **SAGEMAKER,
    noun="App",
    keys=("DomainId", "UserProfileName", "SpaceName", "AppType", "AppName"),
    arn="AppArn",
    added=new_app,
    left=app_left,
    failed="Failed",
    listed="Apps",
)
Kind(
    **SAGEMAKER,
    noun="StudioLifecycleConfig",
    keys=("StudioLifecycleConfigName",),
    arn="StudioLifecycleConfigArn",
    added=lambda call: {
        "StudioLifecycleConfigArn": call.arn(f"studio-lifecycle-config/{call.params['StudioLifecycleConfigName']}")
    },
    listed="StudioLifecycleConfigs",
)
Kind(
    **SAGEMAKER,
    noun="AppImageConfig",
    keys=("AppImageConfigName",),
    arn="AppImageConfigArn",
    added=lambda call: {"AppImageConfigArn": call.arn(f"app-image-config/{call.params['AppImageConfigName']}")},
    listed="AppImageConfigs",
)
