"""`./mlz doctor`: each thing that a deployment needs is found, or named as missing with its remedy."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import boto3
import pytest
from typer.testing import CliRunner

from cli.app import command_line
from components.organization.organization import TRUSTED_SERVICES
from local.cloud import UNSET, private_cloud
from local.deployment import identities
from local.settings import SettingsError, backend, refuse_without_backend
from operations.doctor.aws import TRUSTED, clock, of_aws
from operations.doctor.machine import of_machine
from tests.operations.bootstrapping import ACCOUNT, BUCKET, GITHUB, REGION, Home


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user's files in a git repository; nobody is signed in."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN", *UNSET):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "pulumi-home"))
    folder = tmp_path / "home"
    folder.mkdir()
    home = Home(folder, GITHUB)
    git(home, "init", "-q")
    return home


@pytest.fixture
def signed_in(home, tmp_path, monkeypatch):
    with private_cloud(tmp_path / "cloud", identities(home.zone)) as cloud:
        for name, value in cloud.env(REGION).items():
            monkeypatch.setenv(name, value)
        yield home


def git(home, *command):
    by = ("-c", "user.name=ada", "-c", "user.email=ada@example.com")
    subprocess.run(["git", *by, *command], cwd=home.folder, check=True, capture_output=True)


def machine(home, *, engine=lambda: "PATH", environ=None):
    environ = environ or {}
    chosen = backend(home.folder, environ)
    found = of_machine(home.zone, home.folder, home.accounts, engine=engine, backend=chosen, environ=environ)
    return {finding.what: finding for finding in found}


def aws(home):
    said = []
    found = of_aws(home.zone, home.folder, said.append, backend=backend(home.folder, {}))
    return {f"{finding.what}: {finding.says}": finding for finding in found}


def lacking(findings):
    return {what for what, finding in findings.items() if finding.state in {"lacks", "unknown"}}


@pytest.mark.shows("H27")
def test_a_fresh_clone_is_told_what_to_do_first(home):
    found = machine(home)

    assert {"backend", "git", "Pulumi.org.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"} == lacking(found)
    assert f"`./mlz bootstrap` makes s3://{BUCKET}?region={REGION}; or choose one" in found["backend"].remedy
    assert "Pulumi.dev.yaml" in found["git"].says


def test_a_machine_without_engine_is_told_why(home):
    def missing():
        raise SettingsError("No Pulumi engine was found:\n  - PATH: there is no `pulumi` command")

    engine = machine(home, engine=missing)["engine"]

    assert ("lacks", "No Pulumi engine was found:") == (engine.state, engine.says)
    assert "there is no `pulumi` command" in engine.remedy


def test_after_the_bootstrap_and_a_commit_nothing_is_missing_on_the_machine(signed_in):
    signed_in.run(yes=True)
    assert {"git"} == lacking(machine(signed_in))
    git(signed_in, "add", ".")
    git(signed_in, "commit", "-qm", "first")

    assert set() == lacking(machine(signed_in))
    (signed_in.accounts / "ids.lock.yaml").write_text("accounts: {dev-platform: {id: '222222222222'}}\n")
    assert "not committed: accounts/ids.lock.yaml" == machine(signed_in)["git"].says


def test_a_passphrase_is_as_good_as_a_key(home):
    (home.folder / "Pulumi.dev.yaml").write_text("config: {}\n")

    assert "Pulumi.dev.yaml" in lacking(machine(home))
    assert "Pulumi.dev.yaml" not in lacking(machine(home, environ={"PULUMI_CONFIG_PASSPHRASE": "x"}))


def test_the_backend_is_found_where_pulumi_finds_it(home):
    pulumi = home.folder / "pulumi"
    pulumi.mkdir()
    (pulumi / "credentials.json").write_text('{"current": "file://~"}')
    known = {"PULUMI_HOME": str(pulumi)}

    assert ("file://~", "pulumi login") == backend(home.folder, known)
    with (home.folder / "Pulumi.yaml").open("a") as file:
        file.write("backend: {url: s3://one}\n")
    assert ("s3://one", "Pulumi.yaml") == backend(home.folder, known)
    assert ("s3://two", "PULUMI_BACKEND_URL") == backend(home.folder, {**known, "PULUMI_BACKEND_URL": "s3://two"})


def test_without_a_backend_a_run_says_what_to_choose(home):
    with pytest.raises(SettingsError, match=r"no place for its state yet: `./mlz bootstrap` makes a bucket"):
        refuse_without_backend(home.folder, {"PULUMI_HOME": str(home.folder)})

    refuse_without_backend(home.folder, {"PULUMI_BACKEND_URL": "file://x"})


def test_without_credentials_one_line_says_so(home):
    found = aws(home)

    assert ["credentials: none: nothing of AWS was looked at"] == list(found)


def test_credentials_of_another_account_are_named(signed_in):
    signed_in.declare(management_account_id="999999999999")

    found = aws(signed_in)

    assert any(f"{ACCOUNT}:" in what and "is not of the management account 999999999999" in what for what in found)


@pytest.mark.shows("H27")
def test_what_waits_for_the_organisation_is_no_mistake_and_what_the_bootstrap_makes_is_missing(signed_in):
    before = aws(signed_in)
    signed_in.run(yes=True)
    after = aws(signed_in)

    (open_,) = (what for what in lacking(before) if what.startswith("bootstrap: 10 are missing or differ"))
    assert {BUCKET, "alias/mlz-state-dev", "mlz-deploy-prod"} <= set(open_.partition("differ: ")[2].split(", "))
    assert set() == {what for what in lacking(after) if not what.startswith("Identity Center")}
    assert "later" == after["organisation: not there yet: `./mlz up org` makes it"].state


def test_an_organisation_that_is_there_is_looked_at(signed_in):
    client = boto3.client("organizations")
    client.create_organization(FeatureSet="ALL")
    made = client.create_account(Email="aws+org-logs@example.com", AccountName="org-logs", RoleName="Other")
    account = client.describe_create_account_status(CreateAccountRequestId=made["CreateAccountStatus"]["Id"])
    account_id = account["CreateAccountStatus"]["AccountId"]
    (signed_in.accounts / "ids.lock.yaml").write_text(f'accounts: {{org-logs: {{id: "{account_id}"}}}}\n')

    found = aws(signed_in)

    missing = lacking(found)
    assert any("is there and not recorded in ids.lock.yaml" in what for what in missing)
    trust = next(what for what in missing if what.startswith("trusted access: ec2.amazonaws.com"))
    assert "enable-aws-service-access --service-principal ec2.amazonaws.com" in found[trust].remedy
    shut = next(what for what in missing if what.startswith("org-logs: nobody gets into"))
    assert "a role OrganizationAccountAccessRole with AdministratorAccess" in found[shut].remedy


def test_services_that_need_trusted_access_are_those_the_organisation_gets():
    assert TRUSTED_SERVICES == TRUSTED


@pytest.mark.parametrize(("minutes", "state"), [(0, "ok"), (4, "ok"), (-9, "lacks"), (9, "lacks")])
def test_a_clock_that_is_wrong_is_told_by_aws_own_answer(minutes, state):
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True)

    (found,) = clock({"ResponseMetadata": {"HTTPHeaders": {"date": date}}})

    assert state == found.state, found.says


def test_the_command_ends_with_one_and_json_where_something_is_missing(home, monkeypatch):
    monkeypatch.setattr("cli.doctor.PROJECT", home.folder)
    command = ["doctor", "--accounts", str(home.accounts), "--format", "json"]

    done = CliRunner().invoke(command_line(["doctor"]), command)

    assert 1 == done.exit_code, done.output
    rows = json.loads(done.stdout)
    assert {"state", "what", "says", "remedy"} == rows[0].keys()
    assert {"Python", "backend", "credentials", "quotas"} <= {row["what"] for row in rows}
