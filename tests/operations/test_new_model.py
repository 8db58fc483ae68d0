"""`./mlz new model`: a repository that fits the model command and whose own tests pass at once."""

import os
import subprocess
from pathlib import Path

import pytest

from local.containers.images import snapshot
from local.environments import bytecode, environment
from operations.model.new import new_model
from operations.model.reading import read

EXAMPLE = Path(__file__).parents[2] / "workloads" / "churn"


@pytest.fixture
def made(tmp_path):
    """Make a model named pricing; its folder."""
    new_model("pricing", EXAMPLE, tmp_path / "pricing")
    return tmp_path / "pricing"


def test_a_new_model_is_the_example_under_its_own_name(made):
    spec = read(made)

    assert "pricing" == spec.model
    assert ["python", "-m", "pricing", "ingest"] == list(spec.steps[0].command[:4])
    assert (made / "pricing" / "__main__.py").is_file()
    assert (made / "tests" / "test_pricing_life.py").is_file()
    assert os.access(made / "bin" / "train", os.X_OK)
    assert "from pricing." in (made / "pricing" / "__main__.py").read_text()
    assert "vars.MLZ_TEAM }}/pricing" in (made / ".github" / "workflows" / "model.yml").read_text()
    assert "python -m pricing.chain" in (made / "MLproject").read_text()
    assert [] == [path for path in made.rglob("*") if "churn" in path.name]
    assert (EXAMPLE / "requirements.txt").read_text() == (made / "requirements.txt").read_text()


def test_a_new_model_can_be_pushed(made, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    assert (snapshot(made) / "pricing" / "train.py").is_file()


@pytest.mark.shows("M4")
def test_a_new_models_own_tests_pass(made):
    python = environment(made / "requirements-test.txt")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON"))}
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "tests/test_pricing_life.py"],
        cwd=made,
        env=env | bytecode(python),
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, f"{done.stdout[-2000:]}{done.stderr[-1000:]}"
    assert " passed" in done.stdout
