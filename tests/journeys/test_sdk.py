"""The SageMaker Python SDK itself, with the team's defaults: jobs start though nobody names network, keys and roles."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.journeys.steps.models import image

pytestmark = pytest.mark.engine
PROGRAM = Path(__file__).with_name("sdk_program.py")


def test_the_sdk_starts_jobs_with_nothing_but_the_teams_defaults(stage, tmp_path):
    python = os.environ.get("MLZ_SDK_PYTHON")
    if not python:
        pytest.skip("install sagemaker 2 (300 MB) into an environment of its own and name its Python in MLZ_SDK_PYTHON")
    who = stage.callers["data-scientist"]
    defaults = who.client("ssm").get_parameter(Name="/mlz/v1/sdk/defaults")["Parameter"]["Value"]
    (tmp_path / "config.yaml").write_text(defaults)
    (tmp_path / "rows.csv").write_text("1,2\n")
    env = {name.upper(): value for name, value in who.credentials.items()} | {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": who.cloud.endpoint,
        "SAGEMAKER_ADMIN_CONFIG_OVERRIDE": str(tmp_path / "config.yaml"),
        "SAGEMAKER_SUPPRESS_V2_WARNING": "1",
    }
    arguments = [who.cloud.endpoint, who.vpc, image(stage), who.team.types["training"][0], str(tmp_path / "rows.csv")]

    done = subprocess.run([python, str(PROGRAM), *arguments], env=env, capture_output=True, text=True, check=False)

    assert 0 == done.returncode, (done.stdout + done.stderr)[-6000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert who.team.bucket("studio") == said["bucket"]
    training = who.client("sagemaker").describe_training_job(TrainingJobName="by-the-sdk")
    assert who.team.role("training") == training["RoleArn"]
    assert {*who.team.subnets} == {*training["VpcConfig"]["Subnets"]}
