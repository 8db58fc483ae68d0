"""`./mlz demo`: the README's first line."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import demo as demo_module
from cli.app import command_line
from zone.plan.planner import EXAMPLES

ROOT = Path(__file__).parents[2]


def test_without_an_engine_it_shows_the_plan_and_the_refusal_and_says_what_is_missing(tmp_path):
    environ = {name: value for name, value in os.environ.items() if name not in {"MLZ_ENGINE_DIR", "MLZ_ACCOUNTS"}}
    done = subprocess.run(
        [sys.executable, "-m", "cli", "demo"],
        cwd=ROOT,
        env={**environ, "PATH": str(tmp_path), "MLZ_OFFLINE": "1", "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, done.stderr
    assert "dev-fraud" in done.stdout
    assert re.search(r"^refused [\w-]+ on ", done.stdout, re.MULTILINE)
    assert "No Pulumi engine was found:" in done.stdout


@pytest.fixture
def one_team(tmp_path):
    """The example organisation with one team, that shares nothing."""
    folder = Path(shutil.copytree(EXAMPLES, tmp_path / "accounts"))
    shutil.rmtree(folder / "prod")
    for name in ("churn", "vision"):
        (folder / "dev" / f"{name}.yaml").unlink()
    fraud = folder / "dev" / "fraud.yaml"
    text = re.sub(r"(?:    # [^\n]*\n)*    shared_with:\n      churn: [^\n]*\n", "", fraud.read_text())
    fraud.write_text(text.replace("chargebacks: {shared_with: [churn]}", "chargebacks: {}"))
    lock = folder / "ids.lock.yaml"
    kept = [line for line in lock.read_text().splitlines() if not re.match(r"  (prod-|dev-churn|dev-vision)", line)]
    lock.write_text("\n".join(kept) + "\n")
    return folder


@pytest.mark.engine
def test_it_brings_the_organisation_up_shows_a_refused_change_and_takes_it_down(
    one_team, tmp_path, monkeypatch, engine
):
    monkeypatch.setattr(demo_module, "EXAMPLES", one_team)
    monkeypatch.setattr(demo_module, "find_engine", lambda: engine)
    monkeypatch.setenv("MLZ_ACCOUNTS", "set anew by the demo, and back after it")
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(command_line(["demo"]), ["demo"])

    assert 0 == done.exit_code, done.output[-3000:]
    assert re.search(r"^refused [\w-]+ on ", done.output, re.MULTILINE)
    assert re.search(r"^dev-fraud +\d{3} .* 0 changed", done.output, re.MULTILINE)
    assert re.search(r"^\d{3} resources deleted", done.output, re.MULTILINE)
    assert not (tmp_path / ".mlz" / "demo").exists()
