"""The worked example's whole life on the emulated AWS: deployed by Pulumi, run, judged, registered, watched.

Every call is decided under the real roles of examples/churn; none may be refused.
"""

import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.app import command_line
from cli.model_place import Chosen, Rehearsed, tracking
from local.authority.decided import decided
from local.environments import EnvironmentMissingError, bytecode, environment
from local.tracking import REQUIREMENTS
from operations.model.versions import APPROVED, versions
from zone.specs.vocabulary import Persona

ROOT = Path(__file__).parents[2]
RUNNER = CliRunner(env={"COLUMNS": "160"})
NEW = ("run", "churn", "--customers", "3000")
A_CALL, CALM, MOVED = 25, 300, 900
"""Customers a call, of the training's kind, and of another kind [count]."""

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def example(engine, tmp_path_factory):  # noqa: ARG001 - skips where there is none
    """Return the options of a rehearsal of the example's accounts of its own, ended afterwards."""
    folder = tmp_path_factory.mktemp("churn")
    try:
        for file in (ROOT / "workloads" / "churn" / "requirements.txt", REQUIREMENTS):
            environment(file)
    except EnvironmentMissingError as missing:
        pytest.skip(str(missing))
    shutil.copytree(ROOT / "examples" / "churn", folder / "accounts")
    yield ("--local", "--accounts", str(folder / "accounts"), "--state", str(folder / "state"))
    shutil.rmtree(folder, ignore_errors=True)  # its emulated AWS ends with its folder


def model(example, *words):
    return RUNNER.invoke(command_line(["model"]), ["model", *words, *example])


@dataclass(frozen=True)
class Life:
    """What each command of the life said, and where it was lived."""

    here: Rehearsed
    made: Result
    again: Result
    approved: Result
    compared: Result
    deployed: Result


@pytest.fixture(scope="module")
def life(example):
    """Live it once, up to the endpoint that answers."""
    made = model(example, *NEW)
    assert 0 == made.exit_code, f"{made.output}{made.exception}"
    steps = [
        model(example, *words)
        for words in (NEW, ("promote", "churn", "1"), ("compare", "churn"), ("deploy", "churn", "1"))
    ]
    for done in steps:
        assert 0 == done.exit_code, f"{done.output}{done.exception}"
    where = Chosen(environment="dev", team=None, accounts=Path(example[2]), state=Path(example[4]), local=True)
    return Life(Rehearsed(where, "churn"), made, *steps)


@pytest.mark.shows("F13", "G17", "H20", "H23", "H25", "I14")
def test_the_example_is_trained_judged_registered_approved_and_deployed_and_no_call_is_refused(life):
    assert "The gate" in life.made.output
    assert "fair-selection" in life.made.output
    assert "version 1 of churn is PendingManualApproval" in life.made.output
    assert "version 1 of churn is PendingManualApproval" in life.again.output
    assert "version 1 of churn is approved (grace.kim@example.com)" in life.approved.output
    assert "auc" in life.compared.output

    here = life.here
    engineer = here.person(Persona.ML_ENGINEER)
    (version,) = versions(here.place, engineer.clients, "churn")
    assert APPROVED == version.status
    assert "farid.haddad@example.com" == version.metadata["author"]
    assert "models:/churn-churn/1" == version.metadata["mlflow_version"]
    assert "1" == tracking(here, engineer).aliased("churn-churn", "champion")
    card = engineer.clients("sagemaker").describe_model_package(ModelPackageName=version.arn)["ModelCard"]
    assert "intended_uses" in card["ModelCardContent"]
    assert "endpoints.churn.version: none → 1" in life.deployed.output
    there = here.administrator("sagemaker").list_endpoints()["Endpoints"]
    assert ["churn-churn"] == [each["EndpointName"] for each in there]
    assert 0 == decided(here.world).refused, decided(here.world).refusals


def customers(number, **knobs):
    """So many customers of the example's own generator: what an endpoint is asked of each, and what became known."""
    program = """
import sys
from churn.columns import CUSTOMER, GROUP, INPUT_NAMES, LABEL
from churn.generate import Knobs, generate
frame = generate(Knobs(**eval(sys.argv[1]))).frame
frame[[CUSTOMER.name, *INPUT_NAMES]].to_csv(sys.argv[2], index=False)
frame[[CUSTOMER.name, GROUP.name, LABEL.name]].to_csv(sys.argv[3], index=False)
"""
    folder = ROOT / "workloads" / "churn"
    said = repr({"customers": number, "missing": 0.0, **knobs})
    return program, folder, said


def asked_of(life, tmp_path, number, **knobs):
    """Ask the endpoint about so many customers, 25 a call, as an ml-engineer; the file of what became known."""
    program, folder, said = customers(number, **knobs)
    rows, labels = tmp_path / f"rows-{number}.csv", tmp_path / f"labels-{number}.csv"
    python = environment(folder / "requirements.txt")
    subprocess.run(
        [python, "-c", program, said, rows, labels], env={"PYTHONPATH": str(folder), **bytecode(python)}, check=True
    )
    head, *lines = rows.read_text().splitlines()
    runtime = life.here.person(Persona.ML_ENGINEER).clients("sagemaker-runtime")
    for first in range(0, len(lines), A_CALL):
        body = "\n".join([head, *lines[first : first + A_CALL]])
        runtime.invoke_endpoint(EndpointName="churn-churn", ContentType="text/csv", Body=body.encode())
    return labels


def alarm(here, metric):
    """The alarm on a metric, and the largest value of the hour that it looks at."""
    watch = here.administrator("cloudwatch")
    (found,) = [each for each in watch.describe_alarms()["MetricAlarms"] if each.get("MetricName") == metric]
    now = datetime.now(UTC)
    (point,) = watch.get_metric_statistics(
        Namespace=found["Namespace"],
        MetricName=metric,
        Dimensions=found["Dimensions"],
        StartTime=now - timedelta(seconds=found["Period"]),
        EndTime=now + timedelta(minutes=1),
        Period=2 * found["Period"],
        Statistics=[found["Statistic"]],
    )["Datapoints"]
    return found, point[found["Statistic"]]


@pytest.mark.shows("J1", "J2", "J7")
def test_captured_calls_are_checked_by_the_schedule_and_drift_is_past_the_alarms_limit(example, life, tmp_path):
    labels = asked_of(life, tmp_path, CALM, seed=11)
    # Not bias: between groups of a hundred customers chance alone shows more than the limit of the team's file.
    checks = [word for check in ("data", "model", "explain") for word in ("--check", check)]
    calm = model(example, "monitor", "churn", *checks, "--labels", str(labels))
    assert 0 == calm.exit_code, f"{calm.output}{calm.exception}"
    assert "in order: data, model, explain" in calm.output
    assert f"{CALM} rows of {CALM // A_CALL} calls" in calm.output
    drift, found = alarm(life.here, "Drift")
    assert found <= drift["Threshold"] == 0.2

    asked_of(life, tmp_path, MOVED, seed=12, drift=2.0)
    moved = model(example, "monitor", "churn", "--check", "data")
    assert 1 == moved.exit_code, f"{moved.output}{moved.exception}"
    assert "past a limit: data" in moved.output
    assert "the alarm rings" in moved.output
    assert f"{CALM + MOVED} rows of {(CALM + MOVED) // A_CALL} calls" in moved.output
    drift, found = alarm(life.here, "Drift")
    assert ("GreaterThanThreshold", "Maximum") == (drift["ComparisonOperator"], drift["Statistic"])
    assert found > drift["Threshold"]
    # moto keeps alarms and evaluates none: their state stays what it was, so the numbers are held against the limit.
    assert drift["AlarmActions"]
    assert 0 == decided(life.here.world).refused, decided(life.here.world).refusals


@pytest.mark.shows("F14", "F15", "H8")
def test_the_same_model_is_trained_by_the_built_in_xgboost_and_labelled_by_people_and_no_call_is_refused(
    example, tmp_path
):
    made = model(example, "run", "churn/xgboost.yaml", "--customers", "3000")
    assert 0 == made.exit_code, f"{made.output}{made.exception}"
    assert "xgboost 3.0-5" in made.output
    given = tmp_path / "called.csv"
    for who, label in (("emma-larsen", "1"), ("farid-haddad", "0")):
        given.write_text(f"item,label\nc-000001,{label}\n")
        shown = model(example, "label", "churn", str(given), "--source", "called", "--as", who)
        assert 0 == shown.exit_code, f"{shown.output}{shown.exception}"
    assert "emma.larsen@example.com: 1, farid.haddad@example.com: 0" in shown.output

    where = Chosen(environment="dev", team=None, accounts=Path(example[2]), state=Path(example[4]), local=True)
    here = Rehearsed(where, "churn")
    engineer = here.person(Persona.ML_ENGINEER).clients
    version = max(versions(here.place, engineer, "churn"), key=lambda each: each.number)
    assert "xgboost 3.0-5" == version.metadata["algorithm"]
    assert f"models:/churn-churn/{version.number}" == version.metadata["mlflow_version"]
    group = here.administrator("sagemaker").describe_feature_group(FeatureGroupName="churn-customers")
    assert group["FeatureGroupArn"] == version.metadata["feature_group"]
    listed = engineer("sagemaker").list_training_jobs(NameContains="churn-tune")["TrainingJobSummaries"]
    jobs = [engineer("sagemaker").describe_training_job(TrainingJobName=each["TrainingJobName"]) for each in listed]
    image = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.0-5"
    trained = [each for each in jobs if each["AlgorithmSpecification"]["TrainingImage"] == image]
    assert 3 == len(trained)
    assert all("validation:auc" in {one["MetricName"] for one in each["FinalMetricDataList"]} for each in trained)
    assert version.model_data in {each["ModelArtifacts"]["S3ModelArtifacts"] for each in trained}
    assert 0 == decided(here.world).refused, decided(here.world).refusals
