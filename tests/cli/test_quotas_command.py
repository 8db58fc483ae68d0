"""`./mlz quotas`: table, request list, JSON and exit codes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import command_line
from tests.new_accounts import without_quotas

RUNNER = CliRunner(env={"COLUMNS": "200"})


def quotas(*arguments, env=None):
    return RUNNER.invoke(command_line(["quotas"]), ["quotas", *map(str, arguments)], env=env)


@pytest.fixture
def new(tmp_path):
    """The examples' files before AWS has raised anything."""
    return without_quotas(tmp_path / "accounts")


def raised(path: Path, account: str, rows: list[dict]) -> Path:
    """What AWS would say had every request been granted."""
    path.write_text(
        json.dumps(
            {
                "Quotas": [
                    {
                        "ServiceCode": row["service"],
                        "QuotaCode": row["code"],
                        "QuotaName": row["name"],
                        "QuotaArn": f"arn:aws:servicequotas:{row['region']}:{account}:{row['service']}/{row['code']}",
                        "Value": float(row["request"]),
                    }
                    for row in rows
                ]
            }
        )
    )
    return path


@pytest.mark.shows("S22")
def test_what_does_not_fit_is_listed_with_the_command_that_asks_for_it(new):
    done = quotas("--accounts", new)

    assert 1 == done.exit_code
    assert "Maximum number of accounts" in done.stdout
    assert "VPCs per Region" not in done.stdout
    assert "# dev-fraud (100000000012)\naws service-quotas request-service-quota-increase --region" in done.stdout
    assert done.stdout.rstrip().endswith("quotas fit")


def test_a_stack_is_shown_whole_and_ends_well_where_all_fits():
    done = quotas("dev")

    assert 0 == done.exit_code
    assert "Small-sized MLflow Tracking Server usage" in done.stdout
    assert "request-service-quota-increase" not in done.stdout
    assert "all 6 quotas fit" in done.stdout


@pytest.mark.shows("S22")
def test_a_file_of_what_aws_granted_makes_it_fit(tmp_path, new):
    asked = json.loads(quotas("dev-fraud", "--accounts", new, "--format", "json").stdout)
    missing = [row for row in asked["quotas"] if row["request"]]
    file = raised(tmp_path / "fraud.json", "100000000012", missing)
    done = quotas("dev-fraud", "--accounts", new, "--from", file, "--format", "json")

    assert not asked["fits"]
    assert {"sagemaker"} == {row["service"] for row in missing}
    assert (0, True) == (done.exit_code, json.loads(done.stdout)["fits"])
    assert 1 == quotas("dev-churn", "--accounts", new, "--from", file).exit_code


def test_a_declared_value_that_aws_does_not_confirm_is_said(tmp_path, new):
    with (new / "dev" / "fraud.yaml").open("a") as file:
        file.write("quotas: {sagemaker/L-AC46C40F: 10}\n")
    row = {
        "service": "sagemaker",
        "code": "L-AC46C40F",
        "name": "Maximum number of Studio user profiles allowed per account",
        "region": "eu-west-1",
        "request": 2,
    }
    said = raised(tmp_path / "aws.json", "100000000012", [row])

    assert "AWS; declared 10" in quotas("dev-fraud", "--accounts", new, "--from", said).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dev-frud"], "did you mean 'dev-fraud'?"),
        (["--from", "/nowhere.json"], "/nowhere.json: cannot be read"),
        (["--format", "svg"], "svg"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(arguments, said):
    done = quotas(*arguments)

    assert 2 == done.exit_code
    assert said in done.output
    assert "Traceback" not in done.output


def test_live_without_credentials_is_one_message_and_exit_code_2(monkeypatch):
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ROLE_ARN"):
        monkeypatch.delenv(name, raising=False)
    nobody = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    done = quotas("dev-fraud", "--live", env={**nobody, "AWS_EC2_METADATA_DISABLED": "true"})

    assert 2 == done.exit_code
    assert "dev-fraud: no AWS credentials; sign in" in done.output
