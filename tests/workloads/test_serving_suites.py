"""The service's and the batch's own tests, each in its own packages."""

import re

import pytest

from local.spark.submit import SHORT_LIVED, java_missing
from tests.workloads.programs import BATCH, CHURN, SERVING, env, python, run

PINNED = re.compile(r"^(mlflow-skinny|numpy|pandas|scikit-learn|scipy|skops)==([^ ]+)", re.MULTILINE)
"""What decides how a saved model is read and what it answers."""


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-test.txt"])
@pytest.mark.parametrize("workload", [SERVING, BATCH], ids=["serving", "batch"])
def test_the_packages_that_wrote_the_model_read_it(workload, lock):
    trained = set(PINNED.findall((CHURN / "requirements.txt").read_text()))

    assert 6 <= len(trained)
    assert trained == set(PINNED.findall((workload / lock).read_text()))


@pytest.mark.parametrize("workload", [SERVING, BATCH], ids=["serving", "batch"])
def test_a_workloads_own_tests_pass(workload, tmp_path):
    if workload == BATCH and (why := java_missing()):
        pytest.skip(why)
    said = run(
        [python(workload), "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=workload,
        env=env(workload, tmp_path, **SHORT_LIVED),
    )

    assert "passed" in said
