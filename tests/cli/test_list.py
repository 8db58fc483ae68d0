"""`./mlz list`: what a backend has beside what accounts/ says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.engine
def test_a_stack_that_nobody_declares_any_more_is_listed_with_what_to_do(engine, tmp_path):
    own = {"PULUMI_BACKEND_URL": f"file://{tmp_path}", "PULUMI_CONFIG_PASSPHRASE": "x", "COLUMNS": "80"}
    (tmp_path / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    command = [engine.path, "--cwd", tmp_path, "stack", "init", "--no-select", "dev-gone"]
    subprocess.run(command, env={**engine.env, **own}, check=True, capture_output=True)

    def listed(*arguments):
        words = [sys.executable, "-m", "cli", "list", *arguments]
        env = {**os.environ, **own}
        return subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout

    rows = {row["stack"]: row for row in json.loads(listed("--format", "json"))}
    text = listed().splitlines()

    assert {"declared": False, "resources": 0} == {key: rows["dev-gone"][key] for key in ("declared", "resources")}
    assert (True, None) == (rows["dev-fraud"]["declared"], rows["dev-fraud"]["resources"])
    assert "not in accounts/ any more: `./mlz destroy dev-gone` takes down what is left" == text[-1]
    assert 80 >= max(map(len, text))
