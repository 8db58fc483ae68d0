"""The churn model is tested in its own packages, as its image has them, by its own tests."""

import os
import subprocess
from pathlib import Path

import pytest

from local.environments import EnvironmentMissingError, environment

FOLDER = Path(__file__).parents[2] / "workloads" / "churn"


def test_the_churn_model_passes_its_own_tests_in_its_own_packages(tmp_path):
    try:
        python = environment(FOLDER / "requirements-test.txt")
    except EnvironmentMissingError as missing:
        pytest.skip(str(missing))
    done = subprocess.run(
        [python, "-m", "pytest", "-q", f"--basetemp={tmp_path / 'base'}"],
        cwd=FOLDER,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
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
