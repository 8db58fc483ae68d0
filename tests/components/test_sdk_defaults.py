"""The SageMaker Python SDK's defaults: the SDK takes the file, AWS takes what it fills in, and apps get it."""

import base64
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pulumi
import pytest

from checks.record import record
from components.access.grants.place import Place
from components.ml.sdk_defaults import defaults
from stacks.inputs import team_of
from stacks.reach import THROUGH_THE_SERVER
from tests.components import examples
from tests.rights import ZONE, job, may, sagemaker

SCHEMA = json.loads((Path(__file__).parents[1] / "oracles" / "sagemaker_sdk.json").read_text())["schema"]
TEAMS = sorted(ZONE.teams)
HOST = f"{'m' * 61}.{'m' * 63}.{'m' * 63}.example.com"
VARIABLES = {"MLFLOW_TRACKING_URI": f"https://{HOST}", "MLZ_MLFLOW_AUDIENCE": HOST, **THROUGH_THE_SERVER}
"""As long as DomainName lets a server's name be (zone/specs/mlflow.py)."""
STANDARD_PARAMETER = 4096  # Systems Manager API Reference, PutParameter, Tier: standard [characters]; read 2026-11-29


def written(stack, **changes):
    team = replace(team_of(ZONE.teams[stack]), **changes)
    return defaults(Place.stand_in(team), VARIABLES)


@pytest.mark.parametrize("data_class", ["internal", "restricted"])
@pytest.mark.parametrize("stack", TEAMS)
def test_the_sdk_takes_the_file_and_a_standard_parameter_holds_it(stack, data_class):
    made = written(stack, data_class=data_class)

    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    assert STANDARD_PARAMETER >= len(json.dumps(made, separators=(",", ":")))


def test_jobs_find_mlflow_where_they_name_no_environment_themselves():
    made = written("prod-fraud")["SageMaker"]
    remote = made["PythonSDK"]["Modules"]["RemoteFunction"]["EnvironmentVariables"]

    assert VARIABLES == remote == made["TrainingJob"]["Environment"] == made["ProcessingJob"]["Environment"]
    without = defaults(Place.stand_in(team_of(ZONE.teams["prod-fraud"])), {})["SageMaker"]
    assert "Environment" not in without["TrainingJob"]
    assert "EnvironmentVariables" not in without["PythonSDK"]["Modules"]["RemoteFunction"]


def test_the_schema_bites():
    wrong = written("prod-fraud")
    wrong["SageMaker"]["TrainingJob"]["Role"] = "x"

    with pytest.raises(jsonschema.ValidationError, match="Additional properties"):
        jsonschema.validate(wrong, SCHEMA)


@pytest.mark.parametrize("stack", TEAMS)
def test_a_training_job_with_nothing_but_the_defaults_is_allowed(stack):
    team, made = ZONE.teams[stack], written(stack)["SageMaker"]
    if "TrainingJob" not in made:
        return
    training = made["TrainingJob"]
    volume = training.get("ResourceConfig", {}).get("VolumeKmsKeyId")
    filled = {
        "VpcSubnets": training["VpcConfig"]["Subnets"],
        "VpcSecurityGroupIds": training["VpcConfig"]["SecurityGroupIds"],
        "OutputKmsKey": training["OutputDataConfig"]["KmsKeyId"],
        "InterContainerTrafficEncryption": training.get("EnableInterContainerTrafficEncryption", False),
        "NetworkIsolation": training.get("EnableNetworkIsolation", False),
        **({"VolumeKmsKey": volume} if volume else {}),
    }
    asked = job(team, "training", **filled)

    assert may(team, "data-scientist", "sagemaker:CreateTrainingJob", sagemaker(team, "training-job"), asked)
    passing = {"iam:PassedToService": "sagemaker.amazonaws.com"}
    assert may(team, "data-scientist", "iam:PassRole", training["RoleArn"], passing)


def test_results_go_to_the_work_bucket_with_the_key_that_it_takes():
    made = written("prod-fraud")["SageMaker"]
    place = Place.stand_in(team_of(ZONE.teams["prod-fraud"]))

    assert place.bucket("studio") == f"arn:aws:s3:::{made['PythonSDK']['Modules']['Session']['DefaultS3Bucket']}"
    assert {place.key_arns["studio"]} == {
        made["TrainingJob"]["OutputDataConfig"]["KmsKeyId"],
        made["ProcessingJob"]["ProcessingOutputConfig"]["KmsKeyId"],
        made["PythonSDK"]["Modules"]["RemoteFunction"]["S3KmsKeyId"],
    }


@pytest.mark.parametrize(
    ("types", "expected"),
    [(["ml.m5.xlarge"], True), (["ml.g5.xlarge"], False), (["ml.m5.xlarge", "ml.g5.xlarge"], False)],
)
def test_a_volume_key_is_a_default_only_where_every_type_takes_one(types, expected):
    made = written("prod-fraud", instance_types={"training": types})["SageMaker"]

    assert expected is ("ResourceConfig" in made["TrainingJob"])
    assert expected is ("VolumeKmsKeyId" in made["PythonSDK"]["Modules"]["RemoteFunction"])


def test_a_use_without_types_has_no_defaults_and_a_restricted_team_no_network():
    made = written("prod-fraud", instance_types={"training": ["ml.m5.xlarge"]}, data_class="restricted")["SageMaker"]

    assert {"PythonSDK", "TrainingJob", "Pipeline"} == made.keys()
    assert {"Session", "TelemetryOptOut"} == made["PythonSDK"]["Modules"].keys()
    assert made["TrainingJob"]["EnableNetworkIsolation"]


@pytest.fixture(scope="module")
def studio():
    return record(lambda: examples.studio(pulumi.ResourceOptions()))


def test_every_app_starts_with_the_script(studio):
    scripts = studio.of("aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig")
    arns = {each.inputs["studioLifecycleConfigAppType"]: each.outputs["arn"] for each in scripts}
    (domain,) = studio.of("aws:sagemaker/domain:Domain")
    user, space = domain.inputs["defaultUserSettings"], domain.inputs["defaultSpaceSettings"]

    assert {"JupyterLab", "CodeEditor"} == arns.keys()
    assert arns["JupyterLab"] == user["jupyterLabAppSettings"]["builtInLifecycleConfigArn"]
    assert arns["JupyterLab"] == space["jupyterLabAppSettings"]["builtInLifecycleConfigArn"]
    assert arns["CodeEditor"] == user["codeEditorAppSettings"]["builtInLifecycleConfigArn"]


@pytest.mark.parametrize(("answer", "expected"), [("echo '{}'", "{}\n"), ("exit 1", None), ("true", None)])
def test_the_script_writes_the_file_and_never_keeps_an_app_from_starting(studio, tmp_path, answer, expected):
    script = studio.of("aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig")[0]
    text = base64.b64decode(script.inputs["studioLifecycleConfigContent"]).decode()
    file = tmp_path / "config.yaml"
    (tmp_path / "aws").write_text(f"#!/bin/sh\n{answer}\n")
    (tmp_path / "aws").chmod(0o755)

    done = subprocess.run(
        ["/bin/bash", "-c", text.replace("/etc/xdg/sagemaker/config.yaml", str(file))],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        check=False,
        capture_output=True,
        text=True,
    )

    assert 0 == done.returncode
    assert expected == (file.read_text() if file.exists() else None)
    assert (expected is None) is ("/mlz/v1/sdk/defaults" in done.stderr)


@pytest.fixture(scope="module")
def with_mlflow():
    """The script of an environment whose MLflow is ours."""
    made = record(lambda: examples.studio(pulumi.ResourceOptions(), tracking_uri="/mlz/v1/mlflow/tracking-uri"))
    script = made.of("aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig")[0]
    return base64.b64decode(script.inputs["studioLifecycleConfigContent"]).decode()


def started(script, home, answer):
    """Start an app in *home*, where AWS's command line says *answer*; what it wrote to its log."""
    (home / "aws").write_text(f"#!/bin/sh\n{answer}\n")
    (home / "aws").chmod(0o755)
    done = subprocess.run(
        ["/bin/bash", "-c", script.replace("/etc/xdg/sagemaker/config.yaml", str(home / "config.yaml"))],
        env={"PATH": f"{home}:/usr/bin:/bin", "HOME": str(home)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert 0 == done.returncode
    return done.stderr


def test_terminals_and_notebooks_find_mlflow_after_any_number_of_starts(with_mlflow, tmp_path):
    for _ in range(2):
        assert "" == started(with_mlflow, tmp_path, "echo https://mlflow.dev.example.com")
    (start,) = (tmp_path / ".ipython/profile_default/startup").iterdir()
    shown = "import os; exec(open(os.environ['START']).read()); print(os.environ['{}'])"
    expected = {
        "MLFLOW_TRACKING_URI": "https://mlflow.dev.example.com",
        "MLZ_MLFLOW_AUDIENCE": "mlflow.dev.example.com",
    }

    def said(command, **more):
        env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "START": str(start), **more}
        return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.strip()

    assert "false" == said([sys.executable, "-c", shown.format(*THROUGH_THE_SERVER)])
    for variable, value in expected.items():
        terminal = ["/bin/bash", "-c", f". ~/.bashrc; sh -c 'echo ${variable}'"]
        for command in (terminal, [sys.executable, "-c", shown.format(variable)]):
            assert value == said(command)
            assert "own" == said(command, **{variable: "own"})
    assert 1 == (tmp_path / ".bashrc").read_text().count("mlz/environment ]")


@pytest.mark.parametrize("answer", ["exit 1", "true"])
def test_an_app_starts_without_an_address_of_mlflow(with_mlflow, tmp_path, answer):
    assert "no address of MLflow" in started(with_mlflow, tmp_path, answer)
    assert not (tmp_path / ".bashrc").exists()
