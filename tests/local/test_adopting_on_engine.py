"""`./mlz adopt`, then `up`, over an organisation of 14 accounts: what changes, and for whom nothing."""

import json

import boto3
import pytest
from typer.testing import CliRunner

from cli.app import command_line
from cli.outcomes import RunFormat, show
from local.cloud import UNSET, Cloud
from local.deployment import PROJECT, deploy, with_specs
from local.world import local_world
from tests.existing import MANAGEMENT, ORGANIZATION, OTHERS, OURS, UNITS, files, identities
from tests.existing_network import make
from zone.plan.describe import dependencies
from zone.plan.planner import read

PLATFORM, FRAUD = (each["id"] for each in OURS)
READS = ("Describe", "List", "Get")


@pytest.fixture
def organisation(engine, tmp_path, monkeypatch):
    """Start one, adopt ours, and return what deploys there, asks AWS and reads the journal."""

    def start(*, organization, **how):
        world = local_world(engine, PROJECT, tmp_path / "state", region="eu-west-1", identities=identities(**how))
        for name in UNSET:
            monkeypatch.delenv(name, raising=False)
        for name, value in world.env.items():
            if name.startswith(("AWS_", "HTTP_", "NO_")):
                monkeypatch.setenv(name, value)
        folder = files(tmp_path / "accounts", **organization)
        lock = folder / "ids.lock.yaml"
        adopted = CliRunner().invoke(
            command_line(["adopt"]),
            ["adopt", "--accounts", str(folder), "--account", f"{PLATFORM}=dev-platform", "--yes"],
        )
        assert 0 == adopted.exit_code, adopted.output
        needs = dependencies(read(folder, lock))

        def run(command, stack="org"):
            return deploy(
                with_specs(world, folder, lock),
                command,
                [stack],
                needs=needs,
                lock=lock,
                workers=1,
                report=lambda _step: None,
            )[0]

        cloud = json.loads((tmp_path / "state" / "cloud.json").read_text())
        return run, boto3.client("organizations"), Journal(cloud)

    yield start
    (tmp_path / "state" / "cloud.json").unlink(missing_ok=True)


class Journal:
    """Calls that change something, or enter an account."""

    def __init__(self, cloud):
        self.cloud = Cloud(**cloud)

    def about(self, ids):
        return [
            each
            for each in self.cloud.ask("journal")["calls"]
            if not each["call"].split()[1].startswith(READS) and self._named(each["asked"]) & set(ids)
        ]

    @staticmethod
    def _named(asked):
        return {part for value in asked.values() for part in str(value).replace(":", "/").split("/")}


def everybody_elses():
    """Ids on which a call would touch others: their accounts, the root, and units that hold or held any."""
    units = {path: unit for path, unit in UNITS.items() if path != "Workloads/Dev"}
    return {"r-root", *units.values(), *(each["id"] for each in OTHERS)}


@pytest.mark.engine
@pytest.mark.shows("A2", "H27")
def test_ours_are_imported_moved_and_tagged_and_nothing_else_is_touched(organisation):
    run, organizations, journal = organisation(organization={}, ours_in="Sandbox")

    shown = run("preview")
    assert (0, 3) == (shown.code, shown.changes["import"]), shown
    assert [] == journal.about({*everybody_elses(), PLATFORM, FRAUD})

    done = run("up")
    assert 0 == done.code, done
    moves = [each["asked"] for each in journal.about(everybody_elses())]
    assert [{"SourceParentId": UNITS["Sandbox"], "DestinationParentId": UNITS["Workloads/Dev"]}] * 2 == [
        {key: move[key] for key in ("SourceParentId", "DestinationParentId")}
        for move in moves
        if move.get("AccountId") in {PLATFORM, FRAUD}
    ]
    assert {"EnablePolicyType"} >= {
        each["call"].split()[1] for each in journal.about(everybody_elses()) if "AccountId" not in each["asked"]
    }
    names = {each["Id"]: each["Name"] for each in organizations.list_accounts()["Accounts"]}
    assert ("ML Platform", "Fraud Dev") == (names[PLATFORM], names[FRAUD])
    tags = {each["Key"]: each["Value"] for each in organizations.list_tags_for_resource(ResourceId=FRAUD)["Tags"]}
    assert ("fraud", "fraud@corp.example", "dev-fraud") == (tags["team"], tags["mlz:owner"], tags["mlz:account"])
    types = {each["Type"] for each in organizations.list_roots()["Roots"][0]["PolicyTypes"]}
    assert {"BACKUP_POLICY", "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"} <= types
    assert ORGANIZATION == organizations.describe_organization()["Organization"]["Id"]

    again = run("up")
    assert (0, {"same"}) == (again.code, set(again.changes)), again


@pytest.mark.engine
@pytest.mark.shows("A3")
def test_under_control_tower_only_policies_are_added_to_our_units(organisation):
    run, organizations, journal = organisation(
        organization={
            "account_factory": "control_tower",
            "guardrails": "{elsewhere: {deny-root: AWS-GR_RESTRICT_ROOT_USER}}",
        },
        tower=True,
    )
    before = organizations.list_tags_for_resource(ResourceId=FRAUD)["Tags"]

    done = run("up")

    assert 0 == done.code, done
    assert 1 == done.changes["import"]  # the organisation itself
    touched = {each["call"] for each in journal.about({*everybody_elses(), PLATFORM, FRAUD, UNITS["Workloads/Dev"]})}
    assert {"organizations EnablePolicyType", "organizations AttachPolicy"} == touched
    attached = {each["asked"]["TargetId"] for each in journal.about({UNITS["Workloads/Dev"], PLATFORM, FRAUD})}
    assert {UNITS["Workloads/Dev"], PLATFORM, FRAUD} == attached
    assert before == organizations.list_tags_for_resource(ResourceId=FRAUD)["Tags"]


@pytest.mark.engine
def test_an_organisation_and_a_role_that_are_not_as_thought_are_answered_by_what_to_do(organisation, tmp_path, capsys):
    run, _, _ = organisation(organization={"provisioning_role": "TheirOwn"})
    lock = tmp_path / "accounts" / "ids.lock.yaml"
    recorded = lock.read_text()

    lock.write_text("accounts: {}\n")
    show([run("up")], RunFormat.TEXT)
    assert "`./mlz adopt` shows what of it becomes ours" in " ".join(capsys.readouterr().out.split())

    lock.write_text(recorded)
    show([run("preview", "dev")], RunFormat.TEXT)
    said = " ".join(capsys.readouterr().out.split())
    assert f"account {PLATFORM} has no role TheirOwn that account {MANAGEMENT} may take" in said
    assert f'"Principal": {{"AWS": "arn:aws:iam::{MANAGEMENT}:root"}}' in said


@pytest.mark.engine
@pytest.mark.shows("H27")
def test_a_team_comes_up_in_a_network_that_the_network_team_made(organisation, tmp_path):
    run, _, _ = organisation(organization={})
    folder = tmp_path / "accounts"
    needed = [each.service for each in read(folder, folder / "ids.lock.yaml").teams["dev-fraud"].endpoints]
    role = f"arn:aws:iam::{FRAUD}:role/OrganizationAccountAccessRole"
    given = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="network-team")["Credentials"]
    ec2 = boto3.client(
        "ec2",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    network = make(ec2, needed)
    before = len(ec2.describe_vpc_endpoints()["VpcEndpoints"])
    lists = ec2.describe_prefix_lists(Filters=[{"Name": "prefix-list-name", "Values": ["com.amazonaws.eu-west-1.s3"]}])
    team = folder / "dev/fraud.yaml"
    subnets = ", ".join(f"{letter}: {subnet}" for letter, subnet in network["subnets"].items())
    team.write_text(
        f"{team.read_text()}disposable: true\nnetwork:\n  vpc: {network['vpc']}\n  cidr: {network['cidr']}\n"
        f"  subnets: {{{subnets}}}\n  endpoints: {{security_group: {network['group']}, "
        f"s3_prefix_list: {lists['PrefixLists'][0]['PrefixListId']}}}\n"
    )
    checked = CliRunner().invoke(
        command_line(["network"]), ["network", "dev-fraud", "--live", "--accounts", str(folder)]
    )
    assert 0 == checked.exit_code, checked.output

    done = run("up", "dev-fraud")

    assert 0 == done.code, done
    assert {network["vpc"]} == {each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"]} - {default_vpc(ec2)}
    assert before == len(ec2.describe_vpc_endpoints()["VpcEndpoints"])


def default_vpc(ec2):
    return next((each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"] if each["IsDefault"]), None)
