"""Studio: in the VPC only, own key, a profile per person, nothing idle, nothing lost."""

from dataclasses import replace

import pytest

from tests.components.building import built
from tests.components.examples import KEY_ARN, SUBNETS, studio
from tests.small_zone import TEAM
from zone.specs.account import InstanceTypes, Member, Studio
from zone.specs.vocabulary import Persona

DOMAIN = "aws:sagemaker/domain:Domain"
PROFILE = "aws:sagemaker/userProfile:UserProfile"
SPACE = "aws:sagemaker/space:Space"


def of(**changes):
    return built(lambda opts: studio(opts, replace(TEAM, **changes)))


@pytest.fixture(scope="module")
def recording():
    return of()


@pytest.mark.shows("E1", "E2")
def test_the_domain_is_reached_through_the_vpc_only_and_encrypted_with_the_teams_key(recording):
    domain = recording.one(DOMAIN).inputs

    assert "VpcOnly" == domain["appNetworkAccessType"]
    assert sorted(SUBNETS) == sorted(domain["subnetIds"])
    assert KEY_ARN == domain["kmsKeyId"]


def test_calls_carry_the_persons_name_and_docker_is_off(recording):
    settings = recording.one(DOMAIN).inputs["domainSettings"]

    assert "USER_PROFILE_NAME" == settings["executionRoleIdentityConfig"]
    assert "DISABLED" == settings["dockerSettings"]["enableDockerAccess"]


@pytest.mark.shows("E7", "T5")
@pytest.mark.parametrize("app", ["jupyterLabAppSettings", "codeEditorAppSettings"])
def test_idle_apps_stop_after_the_declared_minutes_and_nobody_can_stretch_it(app):
    settings = of(studio=Studio(idle_minutes=90)).one(DOMAIN).inputs["defaultUserSettings"][app]

    assert {
        "lifecycleManagement": "ENABLED",
        "idleTimeoutInMinutes": 90,
        "minIdleTimeoutInMinutes": 60,
        "maxIdleTimeoutInMinutes": 90,
    } == settings["appLifecycleManagement"]["idleSettings"]


@pytest.mark.shows("E9")
def test_the_first_notebook_type_is_the_default_and_none_is_invented():
    first = of(instance_types=InstanceTypes(notebook=("ml.t3.large", "ml.t3.medium"))).one(DOMAIN)
    none = of(instance_types=InstanceTypes()).one(DOMAIN)

    lab = first.inputs["defaultUserSettings"]["jupyterLabAppSettings"]
    assert "ml.t3.large" == lab["defaultResourceSpec"]["instanceType"]
    assert "defaultResourceSpec" not in none.inputs["defaultUserSettings"]["jupyterLabAppSettings"]


@pytest.mark.shows("D1", "E3")
def test_each_member_has_a_profile_with_the_role_of_the_persona(recording):
    roles = {
        each.inputs["userProfileName"]: each.inputs["userSettings"]["executionRole"] for each in recording.of(PROFILE)
    }

    assert {
        "ada": "arn:aws:iam::111111111111:role/mlz/mlz-data-scientist",
        "max": "arn:aws:iam::111111111111:role/mlz/mlz-ml-engineer",
    } == roles


@pytest.mark.shows("D8")
def test_people_sign_on_with_their_address_only_where_identity_center_is_used(recording):
    (profile,) = of(
        studio_auth="SSO",
        studio=Studio(),
        members={"eve": Member(email="eve@example.com", persona=Persona.REVIEWER)},
    ).of(PROFILE)

    assert "eve@example.com" == profile.inputs["singleSignOnUserValue"]
    assert "UserName" == profile.inputs["singleSignOnUserIdentifier"]
    assert all("singleSignOnUserValue" not in each.inputs for each in recording.of(PROFILE))


@pytest.mark.shows("E4")
def test_a_profile_of_who_has_left_is_opened_by_nobody():
    left = Member(email="ada@example.com", persona=Persona.DATA_SCIENTIST, user="ada", left=True)
    made = of(members={**TEAM.members, "ada": left})
    tags = {r.inputs["userProfileName"]: r.inputs["tags"]["mlz-person"] for r in made.of(PROFILE)}

    assert {"ada": "left: ada", "max": "max@example.com"} == tags


def test_a_shared_space_belongs_to_its_owner(recording):
    space = recording.one(SPACE).inputs

    assert "ada" == space["ownershipSettings"]["ownerUserProfileName"]
    assert "Shared" == space["spaceSharingSettings"]["sharingType"]


@pytest.mark.parametrize(("disposable", "kept"), [(False, True), (True, False)])
def test_domain_and_shared_spaces_outlive_the_stack_unless_disposable(disposable, kept):
    recording = of(account=replace(TEAM.account, disposable=disposable))

    assert {(kept, kept)} == {
        (each.protect, each.retain_on_delete) for kind in (DOMAIN, SPACE) for each in recording.of(kind)
    }
    # A profile goes with its member.
    assert {(False, False)} == {(each.protect, each.retain_on_delete) for each in recording.of(PROFILE)}


@pytest.mark.shows("E12", "T2")
@pytest.mark.parametrize(("keep_home", "expected"), [(True, "Retain"), (False, "Delete")])
def test_what_happens_to_home_volumes_is_stated(keep_home, expected):
    domain = of(studio=Studio(keep_home=keep_home)).one(DOMAIN)

    assert {"homeEfsFileSystem": expected} == domain.inputs["retentionPolicy"]


INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def groups_of_apps(recording):
    """Security groups of each person's private apps and of shared spaces; a profile's come on top of the domain's."""
    domain = recording.one(DOMAIN).inputs
    every = set(domain["defaultUserSettings"]["securityGroups"])
    people = {
        each.inputs["userProfileName"]: every | set(each.inputs["userSettings"]["securityGroups"])
        for each in recording.of(PROFILE)
    }
    return {**people, "shared spaces": set(domain["defaultSpaceSettings"]["securityGroups"])}


def opened(recording, source, target):
    """Ports that a rule of *target*'s groups opens to one of *source*'s."""
    return {
        (rule.inputs["fromPort"], rule.inputs["toPort"])
        for rule in recording.of(INGRESS)
        if rule.inputs["securityGroupId"] in target and rule.inputs.get("referencedSecurityGroupId") in source
    }


@pytest.mark.shows("D7", "T7")
def test_a_persons_apps_reach_each_other_and_nobody_elses(recording):
    apps = groups_of_apps(recording)
    reached = {(a, b): opened(recording, apps[a], apps[b]) for a in apps for b in apps}

    assert {"ada", "max", "shared spaces"} == set(apps)
    assert {(name, name): {(8192, 65535)} for name in apps} == {pair: ports for pair, ports in reached.items() if ports}


@pytest.mark.shows("T7")
def test_every_app_reaches_aws_and_nothing_else(recording):
    for groups in groups_of_apps(recording).values():
        ways = [
            rule.inputs.get("prefixListId") or rule.inputs["referencedSecurityGroupId"]
            for rule in recording.of(EGRESS)
            if rule.inputs["securityGroupId"] in groups
        ]
        assert {"sg-endpoints", "pl-s3"} == set(ways) - groups
        assert 5 > len(groups)  # SageMaker adds one of its own, and a network interface carries five
