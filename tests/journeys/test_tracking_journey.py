"""A team's job logs to the real MLflow in the platform's account, from its own network, and a person sees the run."""

import http.client
import json
import time
from urllib.parse import urlsplit

import pytest

from local.containers.images import push
from local.environments import EnvironmentMissingError, environment
from local.tracking import REQUIREMENTS
from tests.journeys.callers import ADMINISTRATOR
from tests.journeys.steps.jobs import processing
from tests.journeys.steps.mlflow import server
from zone import names

pytestmark = pytest.mark.engine
LOG = """#!/usr/bin/env python
import mlflow
mlflow.set_experiment("journey")
with mlflow.start_run(run_name="from-its-own-network") as run:
    mlflow.log_metric("auc", 0.9)
    mlflow.log_text("kept beside the server", "notes.txt")
"""
ENDED = {"Completed", "Failed", "Stopped"}


@pytest.fixture
def folder(tmp_path):
    """An image that logs a run, in the packages that MLflow's own environment has here."""
    try:
        environment(REQUIREMENTS)
    except EnvironmentMissingError as missing:
        pytest.skip(str(missing))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "log").write_text(LOG)
    (tmp_path / "bin" / "log").chmod(0o755)
    (tmp_path / "requirements.txt").write_bytes(REQUIREMENTS.read_bytes())
    return tmp_path


def opened(cloud, address):
    connection = http.client.HTTPConnection("127.0.0.1", cloud.port, timeout=60)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        return answer.getheader("Location"), answer.read()
    finally:
        connection.close()


@pytest.mark.shows("G10")
def test_a_processing_job_logs_across_accounts_and_a_scientist_opens_the_page(stage, folder):
    who, engineer = stage.callers["data-scientist"], stage.callers["ml-engineer"]
    team = who.team
    ecr = stage.callers[ADMINISTRATOR].client("ecr")
    image = push(ecr, names.repository(team.name, "card-fraud"), "tracking", folder)
    tracking = {
        "MLFLOW_TRACKING_URI": team.contract["mlflow/server-arn"],
        "SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN": team.contract["mlflow/access-role-arn"],
    }
    asked = {"AppSpecification": {"ImageUri": image, "ContainerEntrypoint": ["log"]}, "Environment": tracking}

    job = processing(engineer, stage, **asked)

    look = engineer.client("sagemaker").describe_processing_job
    until = time.monotonic() + 500
    while (said := look(ProcessingJobName=job))["ProcessingJobStatus"] not in ENDED and time.monotonic() < until:
        time.sleep(1)
    assert "Completed" == said["ProcessingJobStatus"], said
    taken = who.taking(team.contract["mlflow/access-role-arn"])
    sagemaker = who.client("sagemaker", taken)
    link = urlsplit(
        sagemaker.create_presigned_mlflow_tracking_server_url(TrackingServerName=server(who))["AuthorizedUrl"]
    )
    home, _ = opened(who.cloud, f"{link.path}?{link.query}")
    _, found = opened(who.cloud, f"{home}ajax-api/2.0/mlflow/experiments/get-by-name?experiment_name=journey")
    assert "journey" == json.loads(found)["experiment"]["name"]
