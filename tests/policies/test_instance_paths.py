"""The instance guardrail covers every place where the installed SDK takes an instance type."""

import re

import pytest

from policies.evaluate import evaluate
from policies.rules import Resource
from policies.rules.instances import PATHS
from tests.policies.sdk import input_paths, tokens

KNOWN = {(token, path) for token, paths in PATHS.items() for path in paths}

NO_INSTANCE_TYPE = {  # paths that look like one and are something else
    ("aws:sagemaker/domain:Domain", "defaultUserSettings.studioWebPortalSettings.hiddenInstanceTypes[]"),
    ("aws:sagemaker/userProfile:UserProfile", "userSettings.studioWebPortalSettings.hiddenInstanceTypes[]"),
}


def test_every_path_of_the_installed_sdk_is_known():
    wanted = re.compile(r"(instanceType|serverSize)s?(\[\])?$", re.IGNORECASE)
    found = {(token, path) for token, path in input_paths("sagemaker") if wanted.search(path)}

    assert KNOWN | NO_INSTANCE_TYPE >= found
    assert len(found) > 25  # the walk really walks


def test_paths_of_types_the_installed_sdk_lacks_are_kept():
    newer = {token for token, _ in KNOWN} - set(tokens("sagemaker"))

    assert 42 == len(KNOWN)
    assert newer == {
        "aws:sagemaker/algorithm:Algorithm",
        "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
        "aws:sagemaker/trainingJob:TrainingJob",
    }


def _nested(path, value):
    for step in reversed(path.split(".")):
        value = {step.removesuffix("[]"): [value] if step.endswith("[]") else value}
    return value


@pytest.mark.shows("K5")
@pytest.mark.parametrize(("token", "path"), sorted(KNOWN))
def test_a_large_instance_is_refused_at_every_path(token, path):
    large = Resource(type=token, name="case", props=_nested(path, "ml.p5.48xlarge"))
    small = Resource(
        type=token, name="case", props=_nested(path, "Small" if path == "trackingServerSize" else "ml.m5.large")
    )

    about_types = {"sm-mlflow-size-guardrail"} | {f["rule"] for f in evaluate([large], {}) if "instance-" in f["rule"]}

    assert path.replace("[]", "[0]") in " ".join(
        f["message"] for f in evaluate([large], {}) if f["rule"] in about_types
    )
    assert path.replace("[]", "[0]") + " " not in " ".join(
        f["message"] for f in evaluate([small], {}) if f["rule"] in about_types
    )
