"""`./mlz teardown`: what it refuses before it asks AWS, and how it tells."""

import json

import pytest
from typer.testing import CliRunner

from cli.app import command_line
from local.cloud import UNSET, private_cloud
from local.deployment import identities
from zone.plan.planner import read

RUNNER = CliRunner(env={"COLUMNS": "200"})


def teardown(*arguments):
    return RUNNER.invoke(command_line(["teardown"]), ["teardown", *arguments])


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with private_cloud(tmp_path_factory.mktemp("cloud"), identities(read())) as running:
        yield running


@pytest.fixture
def aws(cloud, monkeypatch):
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    for name, value in cloud.env("eu-west-1").items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("stack", ["dev-frod", "dev", "org"])
def test_only_a_teams_stack_can_be_torn_down(stack):
    done = teardown(stack)

    assert 2 == done.exit_code
    assert f"no team's stack '{stack}'" in done.stderr


@pytest.mark.usefixtures("aws")
def test_an_account_that_is_not_disposable_keeps_its_studio_whatever_is_asked():
    done = teardown("prod-fraud", "--yes")

    assert 1 == done.exit_code
    assert "the account is not disposable, so its Studio stays" in done.stderr
    assert "set disposable: true there" in done.stderr


@pytest.mark.usefixtures("aws")
def test_without_yes_it_only_shows():
    done = teardown("dev-fraud")

    assert 0 == done.exit_code, done.stderr
    assert done.stdout.endswith("Nothing was changed; --yes removes what goes.\n")
    assert ["stays"] * 2 == [row["fate"] for row in json.loads(teardown("dev-fraud", "--format", "json").stdout)]


def test_without_credentials_it_says_so(monkeypatch):
    for name in (*UNSET, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    done = teardown("dev-fraud")

    assert 2 == done.exit_code
    assert "mlz: dev-fraud (100000000012): Unable to locate credentials" in done.stderr
