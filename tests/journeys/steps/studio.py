"""Studio: come in, keep spaces, run apps."""

from tests.journeys.callers import PEOPLE, PORTAL, Caller
from tests.journeys.step import Stage, step

PART = "Studio"
NOTEBOOK = "ml.t3.medium"


def space(who: Caller, name: str, sharing: str = "Private", owner: str = "", **settings) -> str:
    """Make a space."""
    who.client("sagemaker").create_space(
        DomainId=who.team.contract["studio/domain-id"],
        SpaceName=name,
        SpaceSharingSettings={"SharingType": sharing},
        OwnershipSettings={"OwnerUserProfileName": owner or who.profile},
        SpaceSettings={"AppType": "JupyterLab", **settings},
        Tags=[{"Key": "project", "Value": "cards"}],
    )
    return name


def app(who: Caller, space_name: str, instance_type: str = NOTEBOOK) -> None:
    """Start JupyterLab in a space."""
    who.client("sagemaker").create_app(
        DomainId=who.team.contract["studio/domain-id"],
        SpaceName=space_name,
        AppType="JupyterLab",
        AppName="default",
        ResourceSpec={"InstanceType": instance_type},
    )


@step(PART, "enter Studio as oneself", f"{', '.join(PEOPLE)}, {PORTAL}", only=(*PEOPLE, PORTAL))
def enter(who: Caller, _stage: Stage):
    who.client("sagemaker").create_presigned_domain_url(
        DomainId=who.team.contract["studio/domain-id"], UserProfileName=who.profile
    )


@step(PART, "enter Studio as a colleague", only=(*PEOPLE, PORTAL))
def enter_as_another(who: Caller, _stage: Stage):
    colleague = next(profile for stem, profile in who.team.members.items() if stem != who.stem)
    who.client("sagemaker").create_presigned_domain_url(
        DomainId=who.team.contract["studio/domain-id"], UserProfileName=colleague
    )


@step(PART, "keep a private space, start an app in it, stop it, drop the space", ", ".join(PEOPLE))
def private(who: Caller, _stage: Stage):
    domain, sagemaker = who.team.contract["studio/domain-id"], who.client("sagemaker")
    name = space(who, f"own-{who.slug}", owner=next(iter(who.team.members.values())) if who.stem not in PEOPLE else "")
    app(who, name)
    sagemaker.describe_app(DomainId=domain, SpaceName=name, AppType="JupyterLab", AppName="default")
    sagemaker.delete_app(DomainId=domain, SpaceName=name, AppType="JupyterLab", AppName="default")
    # The emulated AWS shows a deleted app as Deleting once; the space goes after it.
    shown = (sagemaker.list_apps(DomainIdEquals=domain, SpaceNameEquals=name)["Apps"][0]["Status"] for _ in range(3))
    assert "Deleted" in shown
    sagemaker.delete_space(DomainId=domain, SpaceName=name)


@step(PART, "make a space that belongs to a colleague", only=PEOPLE)
def for_another(who: Caller, _stage: Stage):
    colleague = next(profile for stem, profile in who.team.members.items() if stem != who.stem)
    space(who, f"for-{who.slug}", owner=colleague)


@step(PART, "start an app on a GPU, which the team does not declare for notebooks", only=PEOPLE)
def forbidden_type(who: Caller, _stage: Stage):
    app(who, space(who, f"gpu-{who.slug}"), "ml.p3.2xlarge")


@step(PART, "open a private space to an editor outside (remote access)", only=PEOPLE)
def remote(who: Caller, _stage: Stage):
    space(who, f"remote-{who.slug}", RemoteAccess="ENABLED")


@step(PART, "start an app in a colleague's private space", only=PEOPLE)
def in_anothers_space(who: Caller, stage: Stage):
    owner = next(stage.callers[stem] for stem in PEOPLE if stem != who.stem)
    app(who, space(owner, f"private-{owner.slug}-{who.slug}"))


@step(PART, "keep a shared space and start an app in it", "data-scientist, ml-engineer", only=PEOPLE)
def shared(who: Caller, _stage: Stage):
    app(who, space(who, f"shared-{who.slug}", "Shared"))
    space(who, f"dropped-{who.slug}", "Shared")
    who.client("sagemaker").delete_space(
        DomainId=who.team.contract["studio/domain-id"], SpaceName=f"dropped-{who.slug}"
    )


@step(PART, "find the way to Studio", f"{', '.join(PEOPLE)}, {PORTAL}", only=(*PEOPLE, PORTAL))
def find(who: Caller, _stage: Stage):
    sagemaker = who.client("sagemaker")
    sagemaker.list_domains()
    sagemaker.list_user_profiles(DomainIdEquals=who.team.contract["studio/domain-id"])
    sagemaker.describe_domain(DomainId=who.team.contract["studio/domain-id"])


@step(PART, "see the domain, its people and spaces", ", ".join(PEOPLE))
def see(who: Caller, _stage: Stage):
    sagemaker, domain = who.client("sagemaker"), who.team.contract["studio/domain-id"]
    sagemaker.describe_domain(DomainId=domain)
    sagemaker.list_user_profiles(DomainIdEquals=domain)
    sagemaker.list_spaces(DomainIdEquals=domain)


@step(PART, "start an app in a colleague's shared space", "data-scientist, ml-engineer", only=PEOPLE)
def in_shared_space(who: Caller, stage: Stage):
    owner = stage.callers["ml-engineer" if who.stem == "data-scientist" else "data-scientist"]
    app(who, space(owner, f"common-{who.slug}", "Shared"))
