"""The service's and the batch's own tests, each in its own packages."""

import pytest

from tests.workloads.programs import BATCH, SERVING, env, java, python, run


@pytest.mark.parametrize("workload", [SERVING, BATCH], ids=["serving", "batch"])
def test_a_workloads_own_tests_pass(workload, tmp_path):
    if workload == BATCH and (why := java()):
        pytest.skip(why)
    said = run(
        [python(workload), "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=workload, env=env(workload, tmp_path)
    )

    assert "passed" in said
