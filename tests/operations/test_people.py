"""`./mlz people` on the emulated AWS: who is in Identity Center's directory, and what is said of who is not."""

import json
import shutil
from dataclasses import replace

import boto3
import pytest
from typer.testing import CliRunner

from cli.app import command_line
from local.cloud import UNSET, private_cloud
from local.deployment import identities
from operations.people import PeopleError, people
from zone.plan.lock import read as read_lock
from zone.plan.planner import EXAMPLES, read

ZONE = read(EXAMPLES, EXAMPLES / "ids.lock.yaml")
ANA, BEN = "ana.silva@example.com", "ben.okoye@example.com"


def silent(_what):
    """Report to nobody."""


@pytest.fixture
def signed_in(tmp_path, monkeypatch):
    """Start an AWS whose directory lacks some people; this process signs in to its management account."""
    running = []

    def start(*, without=(), **changes):
        known = identities(ZONE)
        users = {email: user for email, user in known.users.items() if email not in without}
        cloud = private_cloud(tmp_path / "cloud", replace(known, users=users, **changes))
        running.append(cloud)
        for name in UNSET:
            monkeypatch.delenv(name, raising=False)
        for name, value in cloud.__enter__().env("eu-west-1").items():
            monkeypatch.setenv(name, value)

    yield start
    for cloud in running:
        cloud.__exit__(None, None, None)


@pytest.mark.shows("D8")
def test_who_is_missing_is_named_with_environment_and_remedy_and_the_others_are_recorded(signed_in, tmp_path):
    signed_in(without=(ANA, BEN))
    store = boto3.client("sso-admin").list_instances()["Instances"][0]["IdentityStoreId"]
    name = {"GivenName": "Ben", "FamilyName": "Okoye"}
    boto3.client("identitystore").create_user(
        IdentityStoreId=store, UserName="ben", DisplayName="Ben", Name=name, Emails=[{"Value": BEN, "Primary": True}]
    )
    accounts = tmp_path / "accounts"
    shutil.copytree(EXAMPLES, accounts)

    done = CliRunner().invoke(command_line(["people"]), ["people", "--write", "--accounts", str(accounts)])

    assert 1 == done.exit_code, done.output
    assert f"{ANA} (dev, prod) is not in the directory: add a user with the user name {ANA}" in done.stdout
    assert (
        f"{BEN} (dev, prod) is not in the directory: its user name is ben: write `user: ben` for the member"
        in done.stdout
    )
    recorded = read_lock(accounts / "ids.lock.yaml").ids
    assert {ANA, BEN} == set(ZONE.organization.portal.users) - set(recorded.identity_center.users)
    assert "100000000012" == recorded.accounts["dev-fraud"].id
    assert {ANA, BEN} == set(read(accounts, accounts / "ids.lock.yaml").organization.portal.unrecorded)


@pytest.mark.shows("D8")
def test_everybody_there_ends_well_and_changes_nothing(signed_in):
    signed_in()
    before = (EXAMPLES / "ids.lock.yaml").read_text()

    done = CliRunner().invoke(command_line(["people"]), ["people", "--write", "--format", "json"])

    assert 0 == done.exit_code, done.output
    assert json.loads(done.stdout)["complete"]
    assert before == (EXAMPLES / "ids.lock.yaml").read_text()


def test_groups_are_found_by_their_names_and_recorded_and_missing_ones_said(signed_in):
    known = "91670000aa-5c0ee8a2-3d1f-4a06-9a1b-000000000001"
    signed_in(groups={"fraud scientists": known})
    fraud = replace(ZONE.teams["dev-fraud"], groups=dict.fromkeys(("fraud scientists", "ghosts"), "data_scientist"))

    found = people(replace(ZONE, teams={**ZONE.teams, "dev-fraud": fraud}), silent)

    assert {"fraud scientists": known} == found.found.groups
    assert (
        "group ghosts (dev-fraud) is not in the directory: add it, or mend its name in accounts/",
    ) == found.problems


def test_an_identity_center_that_is_not_on_is_said_with_the_remedy(signed_in):
    signed_in(instance="")

    found = people(ZONE, silent)

    assert found.found is None
    assert "it is on in none of eu-west-1, eu-central-1: enable IAM Identity Center" in found.problems[0]


def test_an_sso_domain_in_another_region_is_said(signed_in):
    signed_in(instance_region="eu-central-1")

    found = people(ZONE, silent)

    assert "eu-central-1" == found.found.region
    assert ["prod: studio_auth: SSO needs Identity Center in eu-west-1, it is in eu-central-1"] == [
        problem.partition(": move")[0] for problem in found.problems
    ]


def test_attributes_without_ours_are_said(signed_in):
    signed_in()
    sso = boto3.client("sso-admin")
    instance = sso.list_instances()["Instances"][0]["InstanceArn"]
    others = [{"Key": "department", "Value": {"Source": ["${path:enterprise.department}"]}}]
    sso.create_instance_access_control_attribute_configuration(
        InstanceArn=instance, InstanceAccessControlAttributeConfiguration={"AccessControlAttributes": others}
    )

    assert "lack mlz-person" in people(ZONE, silent).problems[0]


def test_without_credentials_the_remedy_is_said(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", *UNSET):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    with pytest.raises(PeopleError, match="sign in to the management account"):
        people(ZONE, silent)
