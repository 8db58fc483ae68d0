"""What a build does, run by a shell: docker and aws are stand-ins that write down how they were called."""

import os
import subprocess

import pytest
import yaml

from components.access.packages import PackageSource
from components.images.build_spec import build_spec
from stacks.inputs import source_of
from zone.plan.packages import PackagesPlan

OWN, BASES = "100000000012.dkr.ecr.eu-west-1.amazonaws.com", "100000000010.dkr.ecr.eu-west-1.amazonaws.com"
PACKAGES: PackageSource = source_of(
    PackagesPlan(environment="dev", account_id="100000000010", region="eu-west-1", connections=(), quarantine=())
)
STAND_IN = """#!/bin/bash
echo "$(basename $0) $*" >> "$CALLS"
case "$*" in
  *login-password*) echo a-password ;;
  *get-authorization-token*) echo a-token ;;
  build*) cp /tmp/pip.conf "$CALLS.pip" 2>/dev/null; exit ${BUILD_ENDS:-0} ;;
esac
"""


@pytest.fixture
def build(tmp_path):
    """Run the commands of a build as CodeBuild does: phase by phase, and pushing after a failed build too."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("docker", "aws"):
        (tools / name).write_text(STAND_IN)
        (tools / name).chmod(0o755)
    source = tmp_path / "source"
    source.mkdir()

    def run(*, repository="mlz/churn/churn-xgboost", tag="1", file="Dockerfile", packages=None, **more):
        if file:
            (source / file).write_text("FROM scratch")
        spec = yaml.safe_load(
            build_spec(
                own_registry=OWN,
                base_registry=BASES,
                repositories=["mlz/churn/churn-xgboost", "mlz/churn/other"],
                build_args={"NOTE": "it's $HOME"},
                packages=packages,
            ).replace("/tmp/pip.conf", str(tmp_path / "pip.conf"))
        )
        calls = tmp_path / "calls"
        environment = {
            **spec["env"]["variables"],
            "PATH": f"{tools}:{os.environ['PATH']}",
            "CALLS": str(calls),
            "AWS_DEFAULT_REGION": "eu-west-1",
            "REPOSITORY": repository,
            "TAG": tag,
            **more,
        }
        said, succeeding = "", True
        for name, phase in spec["phases"].items():
            script = "set -e\n" + "\n".join(phase["commands"])
            done = subprocess.run(
                ["bash", "-c", script],
                cwd=source,
                env=environment | {"CODEBUILD_BUILD_SUCCEEDING": "1" if succeeding else "0"},
                capture_output=True,
                text=True,
                check=False,
            )
            said += done.stderr
            succeeding = succeeding and not done.returncode
            if not succeeding and name == "pre_build":
                break
        return succeeding, calls.read_text().splitlines() if calls.exists() else [], said

    return run


@pytest.mark.shows("B9")
@pytest.mark.parametrize("file", ["Dockerfile", "Containerfile"])
def test_a_zips_recipe_becomes_an_image_of_the_named_repository(build, file):
    done, calls, _ = build(file=file)

    assert done
    assert f"docker push {OWN}/mlz/churn/churn-xgboost:1" in calls
    (built,) = [call for call in calls if call.startswith("docker build")]
    assert f"--file {file} --build-arg BASE_REGISTRY={BASES} --build-arg NOTE=it's $HOME" in built
    assert [call.split()[-1] for call in calls if call.startswith("docker login")] == [OWN, BASES]


@pytest.mark.shows("B9")
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"repository": "mlz/fraud/theirs"}, "REPOSITORY must be one of: mlz/churn/churn-xgboost, mlz/churn/other"),
        ({"repository": "mlz/churn/churn-xgboost;id"}, "REPOSITORY must be one of"),
        ({"tag": ""}, "TAG is missing"),
        ({"file": ""}, "no Dockerfile and no Containerfile at the top of the zip"),
    ],
)
def test_a_build_without_a_proper_target_says_what_is_missing_and_builds_nothing(build, wrong, says):
    done, calls, said = build(**wrong)

    assert not done
    assert says in said
    assert not calls


def test_a_failed_build_pushes_nothing(build):
    done, calls, _ = build(BUILD_ENDS="1")

    assert not done
    assert not [call for call in calls if call.startswith("docker push")]


@pytest.mark.shows("S10")
def test_pip_in_a_build_has_a_short_token_as_a_secret_file(build, tmp_path):
    _, calls, _ = build(packages=PACKAGES)

    assert [call for call in calls if "get-authorization-token" in call and "--duration-seconds 900" in call]
    assert f"--secret id=pip,src={tmp_path}/pip.conf" in next(call for call in calls if call.startswith("docker build"))
    written = tmp_path / "pip.conf"
    assert written.stat().st_mode & 0o077 == 0
    assert "://aws:a-token@" in written.read_text()
    assert not any("a-token" in call for call in calls)
