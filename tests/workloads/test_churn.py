"""The churn model is tested in its own packages, as its image has them, by its own tests."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs

from local.environments import bytecode, environment
from tests.oracles.cloudformation import _rules

FOLDER = Path(__file__).parents[2] / "workloads" / "churn"
CARD = """
import json
from churn.card import card
from churn.gate import Check
check = Check("auc", True, 0.8, 0.7, "why")
about = {"rows": 100, "metrics": {"validation_auc": 0.8}, "settings": {"max_depth": "4"}}
print(json.dumps(card(about, {"auc": {"value": 0.8}}, [check], {"contract": 0.1}, "trees")))
"""
FREE = {"metadata", "custom_details"}


@pytest.fixture(scope="module")
def python():
    """The Python of the model's own packages."""
    return environment(FOLDER / "requirements-test.txt")


@pytest.mark.shows("E6", "F1", "F9", "F10", "G8", "G9", "H2", "H8", "J2", "J3")
def test_the_churn_model_passes_its_own_tests_in_its_own_packages(python, tmp_path):
    done = subprocess.run(
        [python, "-m", "pytest", "-q", f"--basetemp={tmp_path / 'base'}"],
        cwd=FOLDER,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **bytecode(python)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


def test_what_the_image_installs_is_what_the_tests_ran_with():
    image, tested = (
        {line.split(";")[0].rstrip(" \\") for line in (FOLDER / name).read_text().splitlines() if "==" in line}
        for name in ("requirements.txt", "requirements-test.txt")
    )

    assert image <= tested
    assert {"mlflow-skinny==3.17.2", "shap==0.51.0"} <= image


def named(value):
    """*value* with CloudFormation's names: ModelOverview for model_overview."""
    if isinstance(value, list):
        return [named(each) for each in value]
    if isinstance(value, dict):
        return {
            "".join(part.capitalize() for part in key.split("_")): each if key in FREE else named(each)
            for key, each in value.items()
        }
    return value


def problems(card):
    """What cfn-lint says of a model card of this content."""
    properties = {"ModelCardName": "churn", "ModelCardStatus": "Draft", "Content": named(card)}
    resources = {"Card": {"Type": "AWS::SageMaker::ModelCard", "Properties": properties}}
    template = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
    return [match.message for match in lint(template, _rules(), config=ManualArgs(regions=["eu-west-1"]))]


@pytest.mark.shows("G17")
def test_the_model_card_is_one_that_aws_takes(python):
    made = subprocess.run([python, "-c", CARD], cwd=FOLDER, capture_output=True, text=True, check=True)
    card = json.loads(made.stdout)

    assert [] == problems(card)
    assert problems({**card, "intended_uses": {**card["intended_uses"], "risk_rating": "Tiny"}})
    assert problems({**card, "evaluation_details": [{"evaluation_observation": "has no name"}]})
