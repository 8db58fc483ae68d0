"""`./mlz adopt` on the emulated AWS: an organisation of 14 accounts, of which two become ours."""

import json

import boto3
import pytest
from typer.testing import CliRunner

from cli.app import command_line
from local.cloud import UNSET, private_cloud
from local.deployment import identities as rehearsed
from tests.existing import MANAGEMENT, ORGANIZATION, OTHERS, OURS, UNITS, files, identities
from zone.plan.lock import read as read_lock
from zone.plan.planner import read
from zone.specs.problems import SpecErrors

PLATFORM, FRAUD = (each["id"] for each in OURS)


@pytest.fixture
def signed_in(tmp_path, monkeypatch):
    """Start the organisation and sign in to its management account; returns what asks for the journal."""
    running = []

    def start(**how):
        cloud = private_cloud(tmp_path / "cloud", identities(**how))
        running.append(cloud)
        started = cloud.__enter__()
        for name in UNSET:
            monkeypatch.delenv(name, raising=False)
        for name, value in started.env("eu-west-1").items():
            monkeypatch.setenv(name, value)
        return lambda: started.ask("journal")["calls"]

    yield start
    for cloud in running:
        cloud.__exit__(None, None, None)


@pytest.fixture
def adopt(tmp_path, monkeypatch):
    monkeypatch.delenv("MLZ_IDS_LOCK", raising=False)

    def run(*arguments):
        return CliRunner().invoke(
            command_line(["adopt"]), ["adopt", "--accounts", str(tmp_path / "accounts"), *arguments]
        )

    return run


def test_it_shows_what_becomes_ours_and_every_change_there_and_writes_nothing(signed_in, adopt, tmp_path):
    journal = signed_in(ours_in="Sandbox")
    folder = files(tmp_path / "accounts")
    before = {path: path.read_text() for path in folder.rglob("*.yaml")}

    done = adopt("--account", f"{PLATFORM}=dev-platform")

    assert 0 == done.exit_code, done.output
    for line in (
        f"dev-fraud  {FRAUD}  Fraud Dev  in Sandbox",
        "~ moves from Sandbox to Workloads/Dev",
        "~ tag mlz:owner old@corp.example -> fraud@corp.example",
        "+ tag mlz:account = dev-fraud",
        "+ account_name: ML Platform",
        "300000000003  Legacy ERP  in the root",
        "+ policy types RESOURCE_CONTROL_POLICY, TAG_POLICY",
        "Nothing was changed; --yes writes the files.",
    ):
        assert line in done.output
    assert "~ name" not in done.output
    assert before == {path: path.read_text() for path in folder.rglob("*.yaml")}
    asked = {each["call"] for each in journal()}
    assert {"sts GetCallerIdentity"} == {call for call in asked if not call.startswith("organizations ")}
    assert all(call.split()[1].startswith(("Describe", "List")) for call in asked if call.startswith("organizations"))
    others = {each["id"] for each in OTHERS}
    assert not [each for each in journal() if others & set(map(str, each["asked"].values()))]


def test_what_is_written_is_a_plan_that_imports_ours_and_leaves_the_others(signed_in, adopt, tmp_path):
    signed_in()
    folder = files(tmp_path / "accounts")

    done = adopt("--account", f"{PLATFORM}=dev-platform", "--yes")

    assert 0 == done.exit_code, done.output
    planned = read(folder, folder / "ids.lock.yaml").organization
    assert (ORGANIZATION, MANAGEMENT) == (planned.organization_id, planned.management_account_id)
    assert {"dev-platform": PLATFORM, "dev-fraud": FRAUD} == {k: a.account_id for k, a in planned.accounts.items()}
    assert ("Fraud Dev", {"team": "fraud"}) == (
        planned.accounts["dev-fraud"].account_name,
        dict(planned.accounts["dev-fraud"].account_tags),
    )
    assert {each["id"] for each in OTHERS} == planned.adopted.others.keys()
    assert ("SERVICE_CONTROL_POLICY", "BACKUP_POLICY") == planned.adopted.policy_types
    assert not {"root"} & {target for policy in planned.policies for target in policy.targets}

    again = adopt("--yes")
    assert 0 == again.exit_code, again.output
    assert "wrote" not in again.output


def test_the_rehearsal_of_an_adopted_organisation_begins_with_what_was_there(signed_in, adopt, tmp_path):
    signed_in(ours_in="Sandbox")
    folder = files(tmp_path / "accounts")
    adopt("--account", f"{PLATFORM}=dev-platform", "--yes")

    known = rehearsed(read(folder, folder / "ids.lock.yaml"))
    with private_cloud(tmp_path / "rehearsal", known) as cloud:
        client = boto3.client("organizations", endpoint_url=cloud.endpoint)
        units = {each["Id"]: each["Name"] for each in children(client, "r-root")}
        inside = {
            each["Id"]: each["Name"] for each in client.list_accounts_for_parent(ParentId=UNITS["Sandbox"])["Accounts"]
        }

        assert ORGANIZATION == client.describe_organization()["Organization"]["Id"]
        assert {UNITS[name]: name for name in ("Security", "Sandbox", "Workloads")} == units
        assert {PLATFORM: "ML Platform", FRAUD: "Fraud Dev", "300000000004": "Playground"} == inside
        assert 15 == len(client.list_accounts()["Accounts"])


def children(client, parent):
    return client.list_organizational_units_for_parent(ParentId=parent)["OrganizationalUnits"]


def test_guardrails_never_reach_others_unsaid(signed_in, adopt, tmp_path):
    signed_in()
    folder = files(tmp_path / "accounts")
    environment = folder / "dev/environment.yaml"
    adopt("--account", f"{PLATFORM}=dev-platform", "--yes")

    environment.write_text(environment.read_text().replace("Workloads/Dev", "Workloads"))
    with pytest.raises(SpecErrors) as refused:
        read(folder, folder / "ids.lock.yaml")
    assert "dev/environment.yaml:5: organizational_unit: holds accounts that have no file here" in str(refused.value)
    assert "Web Shop 0 (300000000010)" in str(refused.value)

    chosen = folder / "org/environment.yaml"
    plain = chosen.read_text()
    chosen.write_text(plain + "guardrails: {targets: accounts}\n")
    planned = read(folder, folder / "ids.lock.yaml").organization
    assert planned.accounts.keys() == {target for policy in planned.policies for target in policy.targets}

    chosen.write_text(plain + "guardrails: {targets: root}\n")
    done = CliRunner().invoke(command_line(["plan"]), ["plan", "org", "--format", "json", "--accounts", str(folder)])
    note = next(each for each in json.loads(done.stdout)["notes"] if "targets: root" in each)
    assert "12 accounts that have no file here" in note
    assert "Legacy ERP (300000000003)" in note
    assert "protect-foundation" in note


def test_a_unit_is_taken_whole_and_teams_get_the_command_that_writes_their_file(signed_in, adopt, tmp_path):
    signed_in()
    folder = files(tmp_path / "accounts")
    (folder / "dev/fraud.yaml").unlink()

    done = adopt("--unit", "Workloads/Dev", "--yes")

    assert 1 == done.exit_code
    assert "./mlz new team fraud -e dev --root-email fraud.dev@corp.example" in done.output
    assert "./mlz new team ml-platform -e dev --root-email ml.platform@corp.example" in done.output
    assert {} == read_lock(folder / "ids.lock.yaml").ids.accounts


def test_what_is_in_the_way_is_named_with_its_remedy(signed_in, adopt, tmp_path):
    signed_in()
    folder = files(tmp_path / "accounts")
    lock, team = folder / "ids.lock.yaml", folder / "dev/fraud.yaml"

    def said(*arguments):
        done = adopt(*arguments)
        assert 1 == done.exit_code
        return done.output

    assert "the organisation has no such account" in said("--account", "999999999999=dev-fraud")
    assert "--unit Nowhere: there are Sandbox, Security" in said("--unit", "Nowhere")
    lock.write_text("organization: {id: o-exampleorg1}\naccounts: {}\n")
    assert "take the examples' ids out of it" in said()
    lock.write_text(f"organization: {{id: {ORGANIZATION}}}\naccounts: {{}}\n")
    assert "there is nothing to adopt" in said()
    lock.unlink()
    team.write_text(team.read_text().replace("fraud.dev@", "other@"))
    assert "AWS has fraud.dev@corp.example, got other@corp.example" in said("--account", f"{FRAUD}=dev-fraud")


def test_a_member_account_is_told_where_to_sign_in(signed_in, adopt, tmp_path, monkeypatch):
    signed_in()
    files(tmp_path / "accounts")
    role = f"arn:aws:iam::{FRAUD}:role/OrganizationAccountAccessRole"
    given = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", given["AccessKeyId"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", given["SessionToken"])

    done = adopt()

    assert 2 == done.exit_code
    assert "Traceback" not in done.output


@pytest.mark.shows("A3")
def test_control_tower_is_found_and_nothing_of_its_accounts_becomes_ours(signed_in, adopt, tmp_path):
    signed_in(tower=True)
    folder = files(tmp_path / "accounts")

    refused = adopt()
    assert 1 == refused.exit_code
    assert "AWS Control Tower: landing zone 3.3 in eu-west-1" in refused.output
    assert "write account_factory: control_tower into org/environment.yaml" in refused.output

    files(folder, account_factory="control_tower", guardrails="{elsewhere: {deny-root: AWS-GR_RESTRICT_ROOT_USER}}")
    done = adopt("--account", f"{PLATFORM}=dev-platform", "--yes")
    assert 0 == done.exit_code, done.output
    planned = read(folder, folder / "ids.lock.yaml").organization
    assert {"AWSControlTowerExecution"} == {account.role for account in planned.accounts.values()}
    assert "account_tags" not in (folder / "dev/fraud.yaml").read_text()
    assert "deny-root" not in {guardrail.key for guardrail in planned.guardrails}


@pytest.mark.shows("A3")
def test_what_control_tower_refuses_already_is_said(signed_in, adopt, tmp_path):
    signed_in(tower=True)
    files(tmp_path / "accounts", account_factory="control_tower")

    done = adopt("--account", f"{PLATFORM}=dev-platform")

    assert 1 == done.exit_code
    assert "AWS-GR_RESTRICT_ROOT_USER on Workloads/Dev refuses what deny-root does" in done.output
