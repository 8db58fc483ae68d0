"""`./mlz` itself: help, version, completion, and what it says where a file can't be written."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.app import VERBS, main

ROOT = Path(__file__).parents[2]
MLZ = [sys.executable, "-m", "cli"]


def run(*arguments, **options):
    given = {"capture_output": True, "text": True, "cwd": ROOT, **options}
    return subprocess.run([*MLZ, *arguments], check=False, **given)


@pytest.mark.parametrize("words", [["-h"], ["plan", "-h"], ["access", "simulate", "-h"], ["policy", "-h"]])
def test_help_is_short_too(words):
    assert "usage" in run(*words).stdout.lower()


def test_the_version_names_every_part_that_is_pinned():
    said = run("--version")

    assert 0 == said.returncode
    assert re.match(r"mlz [\d.]+( \(\w+(-dirty)?\))?, Python [\d.]+, pulumi [\d.]+, pulumi-aws 7\.21\.0\n", said.stdout)


@pytest.mark.parametrize(("typed", "place", "offered"), [("mlz te", 1, "teardown"), ("mlz plan --lo", 2, "--locked")])
def test_bash_completes_verbs_and_options(tmp_path, typed, place, offered):
    bash = shutil.which("bash") or pytest.skip("no bash here")
    link = tmp_path / "mlz"
    link.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cli "$@"\n')
    link.chmod(0o755)
    script = run("completion", "bash").stdout
    ask = f"COMP_WORDS=({typed}); COMP_CWORD={place}; _mlz_completion mlz; echo ${{COMPREPLY[*]}}"
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([bash, "-c", f"{script}\n{ask}"], capture_output=True, text=True, check=True, env=env)

    assert offered in done.stdout.split()
    assert {word for word in VERBS if word.startswith("te")} == set(done.stdout.split()) or place > 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [["plan"], ["policy", "rules"], ["--version"]])
def test_a_full_disk_is_a_message(words):
    with Path("/dev/full").open("w") as full:
        done = run(*words, capture_output=False, stdout=full, stderr=subprocess.PIPE)

    assert "mlz: the output: No space left on device; make it writable" in done.stderr
    assert "Traceback" not in done.stderr
    assert 2 == done.returncode


def test_a_run_on_aws_starts_without_the_emulated_one():
    code = "import sys; from cli.app import command_line; command_line(['up']); sys.exit('moto' in sys.modules)"

    assert 0 == subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode


def test_a_cloud_that_answers_nonsense_is_no_full_disk(monkeypatch, capsys):
    def nonsense(_words):
        raise OSError("port 1 does not speak our language")

    monkeypatch.setattr("cli.app.run", nonsense)
    with pytest.raises(SystemExit) as end:
        main()

    assert 1 == end.value.code
    assert "mlz: port 1 does not speak our language; the same command tries again\n" == capsys.readouterr().err
