"""What `destroy`, `up` and `unlock` ask before they touch AWS."""

import io
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.app import command_line
from cli.confirm import confirm
from local.recorded import left_over, missing, present
from tests.small_zone import FRAUD, TEAM, ZONE
from zone.names import UNASSIGNED

NEEDS = {"org": frozenset(), "dev": frozenset({"org"}), "dev-a": frozenset({"dev"}), "dev-b": frozenset({"dev"})}
ROOT = Path(__file__).parents[2]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("arguments", [[], ["dev", "--all"]])
def test_destroy_takes_names_or_all(arguments):
    done = CliRunner(env={"COLUMNS": "200"}).invoke(command_line(["destroy"]), ["destroy", *arguments])

    assert 2 == done.exit_code
    assert "name the stacks to destroy, or give --all" in done.stderr


@pytest.mark.parametrize(("names", "typed"), [(["dev"], "dev"), (["dev", "org"], "2")])
def test_a_person_types_what_goes(monkeypatch, names, typed):
    monkeypatch.setattr("sys.stdin", Terminal(f"{typed}\n"))

    confirm(names, "destroys on AWS", yes=False)


def test_any_other_word_is_no(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))

    with pytest.raises(typer.Exit) as ended:
        confirm(["dev"], "destroys on AWS", yes=False)

    assert 1 == ended.value.exit_code
    assert "nothing was changed" in capsys.readouterr().err


def test_where_nobody_can_be_asked_yes_is_needed(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("dev\n"))

    confirm(["dev"], "destroys on AWS", yes=True)
    with pytest.raises(typer.Exit) as ended:
        confirm(["dev"], "destroys on AWS", yes=False)

    assert 2 == ended.value.exit_code
    assert "mlz: this destroys on AWS dev: nothing was changed; --yes does it" in capsys.readouterr().err


def test_a_stack_that_accounts_has_no_more_goes_before_what_it_stood_on():
    assert {"dev-gone": {"org", "dev"}, "old": {"org"}} == left_over(["dev-gone", "old", "dev"], NEEDS)


def test_a_rehearsal_makes_what_a_stack_needs_and_is_not_there():
    assert ["org", "dev"] == missing(["dev-a"], NEEDS, [])
    assert ["dev"] == missing(["dev-a"], NEEDS, ["org"])
    assert [] == missing(["dev-a"], NEEDS, ["org", "dev"])


def test_ctrl_c_says_that_the_same_command_goes_on():
    code = (
        "import os, signal, sys, cli.app, cli.plan\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a run in the background ignores it
        "cli.plan.plan = lambda: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.argv = ['mlz', 'plan']\n"
        "cli.app.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (128 + signal.SIGINT, "mlz: interrupted; the same command goes on from here") == (
        done.returncode,
        done.stderr.strip(),
    )


def test_a_new_teams_account_is_made_first_though_the_organisation_is_there(monkeypatch):
    monkeypatch.setattr("local.recorded.recorded", lambda _: {"org", "dev"})
    unmade = replace(FRAUD, account_id=UNASSIGNED)
    zone = replace(ZONE, teams={"dev-fraud": replace(TEAM, account=unmade)})

    assert {"dev"} == present(None, zone, ["dev-fraud"])
    assert {"org", "dev"} == present(None, ZONE, ["dev-fraud"])
