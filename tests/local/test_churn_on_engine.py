"""The worked example's whole life on the emulated AWS: made by Pulumi, run, judged, registered, approved, deployed.

Every call is decided under the real roles of examples/churn; none may be refused.
"""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import command_line
from cli.model_place import Chosen, Rehearsed, tracking
from local.authority.decided import decided
from local.environments import EnvironmentMissingError, environment
from local.tracking.servers import REQUIREMENTS
from operations.model.versions import APPROVED, versions
from zone.specs.vocabulary import Persona

ROOT = Path(__file__).parents[2]
RUNNER = CliRunner(env={"COLUMNS": "160"})
NEW = ("run", "churn", "--customers", "3000")

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


@pytest.mark.shows("F13", "G17", "H20", "H23", "H25", "I14")
def test_the_example_is_trained_judged_registered_approved_and_deployed_and_no_call_is_refused(example):
    made = model(example, *NEW)
    assert 0 == made.exit_code, f"{made.output}{made.exception}"
    again = model(example, *NEW)
    approved = model(example, "promote", "churn", "1")
    compared = model(example, "compare", "churn")
    deployed = model(example, "deploy", "churn", "1")

    for done in (again, approved, compared, deployed):
        assert 0 == done.exit_code, f"{done.output}{done.exception}"
    assert "The gate" in made.output
    assert "fair-selection" in made.output
    assert "version 1 of churn is PendingManualApproval" in made.output
    assert "version 1 of churn is PendingManualApproval" in again.output
    assert "version 1 of churn is approved (grace.kim@example.com)" in approved.output
    assert "auc" in compared.output

    where = Chosen(environment="dev", team=None, accounts=Path(example[2]), state=Path(example[4]), local=True)
    here = Rehearsed(where, "churn")
    engineer = here.person(Persona.ML_ENGINEER)
    (version,) = versions(here.place, engineer.clients, "churn")
    assert APPROVED == version.status
    assert "farid.haddad@example.com" == version.metadata["author"]
    assert "models:/churn-churn/1" == version.metadata["mlflow_version"]
    assert "1" == tracking(here, engineer).aliased("churn-churn", "champion")
    card = engineer.clients("sagemaker").describe_model_package(ModelPackageName=version.arn)["ModelCard"]
    assert "intended_uses" in card["ModelCardContent"]
    assert "endpoints.churn.version: none → 1" in deployed.output
    there = here.administrator("sagemaker").list_endpoints()["Endpoints"]
    assert ["churn-churn"] == [each["EndpointName"] for each in there]
    assert 0 == decided(here.world).refused, decided(here.world).refusals


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
