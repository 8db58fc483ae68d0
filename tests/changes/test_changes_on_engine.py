"""All changes in place at once on a real stack with data in it, and what the program and AWS say to the others."""

import json
from pathlib import Path

import pytest

from local.cloud import Cloud
from local.deployment import identities, with_specs
from local.rehearsal import run
from local.world import local_world
from tests.changes.cases import CHURN, DEV, IN_PLACE
from tests.local.conftest import connect
from zone import names
from zone.plan import lock
from zone.plan.planner import read

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
STACK = "dev-churn"
QUICK = ("--skip-preview",)
GROUP = names.feature_group("churn", "customer-behaviour")
RECORD = {"customer_id": "c-1", "observed_at": "2026-11-30T00:00:00Z", "logins_7d": "3"}


def record_anew(folder):
    """Let the lock file say what the files say now, as for a zone that is planned for the first time."""
    path = folder.path / "ids.lock.yaml"
    text = path.read_text()
    path.write_text(text[: text.index("fixed:")])
    lock.write(path, fixed=read(folder.path).fixed)


@pytest.fixture
def world(engine, tmp_path, folder):
    folder.change(CHURN, "online: false", "online: true")
    record_anew(folder)
    zone = read(folder.path)
    made = local_world(engine, ROOT, tmp_path / "state", region="eu-west-1", identities=identities(zone))
    yield with_specs(made, folder.path, folder.path / "ids.lock.yaml")
    cloud = Cloud(**json.loads((tmp_path / "state" / "cloud.json").read_text()))
    cloud.stop()


def up(world, command="up", flags=QUICK, stack=STACK):
    (outcome,) = run(world, command, [stack], needs={}, flags=flags)
    return outcome


class Team:
    """What is in the team's account."""

    def __init__(self, world, folder):
        self.account = read(folder.path).teams[STACK].account
        cloud = Cloud(**json.loads((world.logs.parent / "cloud.json").read_text()))
        arn = f"arn:aws:iam::{self.account.account_id}:role/{self.account.role}"
        given = connect(cloud, "sts").assume_role(RoleArn=arn, RoleSessionName="look")["Credentials"]
        self.client = lambda service: connect(cloud, service, given["AccessKeyId"], given["SessionToken"])

    def identity(self):
        """When what holds data was made, and under which ids: another one is a new and empty one."""
        sagemaker = self.client("sagemaker")
        (domain,) = sagemaker.list_domains()["Domains"]
        profiles = sagemaker.list_user_profiles(DomainIdEquals=domain["DomainId"])["UserProfiles"]
        return {
            GROUP: sagemaker.describe_feature_group(FeatureGroupName=GROUP)["CreationTime"],
            "domain": domain["DomainId"],
            **{each["UserProfileName"]: each["CreationTime"] for each in profiles if each["UserProfileName"] != "zoe"},
            **{each["Name"]: each["CreationDate"] for each in self.client("s3").list_buckets()["Buckets"]},
            **{key["KeyId"]: "" for key in self.client("kms").list_keys()["Keys"]},
            **{vpc["VpcId"]: "" for vpc in self.client("ec2").describe_vpcs()["Vpcs"]},
        }

    def features(self):
        group = self.client("sagemaker").describe_feature_group(FeatureGroupName=GROUP)
        return {each["FeatureName"]: each["FeatureType"] for each in group["FeatureDefinitions"]}

    def record(self):
        got = self.client("sagemaker-featurestore-runtime").get_record(
            FeatureGroupName=GROUP, RecordIdentifierValueAsString="c-1"
        )
        return {each["FeatureName"]: each["ValueAsString"] for each in got.get("Record", [])}


@pytest.mark.shows("S18")
def test_every_change_in_place_leaves_the_data_and_every_other_one_is_refused(world, folder):
    for stack in ("org", STACK):  # buckets answer the organisation's principals only, which org makes of the account's
        first = up(world, stack=stack)
        assert 0 == first.code, first.failures
    team = Team(world, folder)
    values = [{"FeatureName": name, "ValueAsString": value} for name, value in RECORD.items()]
    team.client("sagemaker-featurestore-runtime").put_record(FeatureGroupName=GROUP, Record=values)
    before, there = team.identity(), team.features()

    tried = 0
    for case in IN_PLACE:
        # Two cases may speak of one line: the first of them is tried here, each alone in test_changes.py.
        if case.file in {CHURN, DEV} and case.stack == STACK and case.old in (folder.path / case.file).read_text():
            folder.change(case.file, case.old, case.new)
            tried += 1
    assert 15 < tried
    lock.write(folder.path / "ids.lock.yaml", fixed=read(folder.path).fixed)
    changed = up(world)

    assert 0 == changed.code, changed.failures
    assert "replace" not in changed.changes, changed.changes
    assert before == team.identity()
    assert RECORD == team.record()
    assert {**there, "returns_30d": "Integral"} == team.features()
    again = up(world, "preview", ())
    assert {"same"} == set(again.changes), again.changes

    # The plain program refuses as `./mlz plan` does; with the entry taken out, the hook refuses in AWS's name.
    folder.change(CHURN, "logins_7d: Integral", "logins_7d: String")
    refused = up(world, "preview", ())
    assert 0 != refused.code
    assert any("Integral is recorded, got String" in failure.message for failure in refused.failures)
    record_anew(folder)
    refused = up(world)
    assert 0 != refused.code
    assert any("AWS takes no feature away" in failure.message for failure in refused.failures), refused.failures
    assert (before, RECORD) == (team.identity(), team.record())
