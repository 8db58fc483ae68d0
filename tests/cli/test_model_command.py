"""`./mlz model` and `./mlz new model`: messages, exit codes, and a whole life of a tiny model."""

import errno
import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import cli.model
from cli.app import command_line
from cli.model_place import Chosen, team_of
from cli.model_run import built_in
from cli.model_shown import show_versions
from local.authority.network import HEADER
from local.cloud import private_cloud
from local.person import VPC
from operations.model.deploy import deployed, set_version
from operations.model.errors import ModelError
from operations.model.new import new_model
from operations.model.reading import read
from operations.model.versions import Version
from tests.operations.model_ground import ZONE, Ground, ground
from tests.operations.tiny_model import write
from zone.plan.planner import EXAMPLES
from zone.specs.problems import SpecErrors

PROJECT = Path(__file__).parents[2]
ROOM = PROJECT / "local" / "algorithms"
RUNNER = CliRunner(env={"COLUMNS": "160"})
FILE = """\
# Who answers.
endpoints:
  first: {model: tiny, instance_type: ml.m5.large} # one size
  other: {model: big, version: 4, instance_type: ml.m5.large}
batches:
  weekly:
    model: tiny
    version: 1 # the first
monitors:
  watch: {endpoint: first, schedule: rate(1 day)}
"""


def model(*words):
    return RUNNER.invoke(command_line(["model"]), ["model", *map(str, words)])


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    """Start an AWS with a team's account in it."""
    folder = tmp_path_factory.mktemp("aws")
    with pytest.MonkeyPatch.context() as patched, private_cloud(folder / "cloud") as cloud:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield ground(cloud, folder)


@pytest.fixture
def life(account, tmp_path, monkeypatch):
    """Let the command work in that account; return the tiny model's folder."""
    account.accounts = tmp_path / "accounts"
    shutil.copytree(EXAMPLES, account.accounts)
    file = account.accounts / account.team.account.source
    file.write_text(f"{file.read_text()}\n{FILE}")
    account.folder = tmp_path
    monkeypatch.setattr(cli.model, "where", lambda _said, _name: account)
    monkeypatch.setattr("cli.model.Rehearsed", Ground)
    monkeypatch.setattr("cli.model_run.Rehearsed", Ground)
    folder = write(tmp_path / "tiny")
    (folder / "note.txt").write_text(str(tmp_path))
    return folder


@pytest.mark.shows("G14", "H13", "H23")
def test_a_model_lives_from_its_data_to_what_is_deployed_and_back(life, account):
    refused = model("run", life, "--rows", "1")
    made = model("run", life)
    same = model("run", life)
    better = model("run", life, "--rows", "9", "--again")
    early = model("deploy", "tiny", "1")

    assert (1, 0, 0, 0, 2) == tuple(each.exit_code for each in (refused, made, same, better, early)), made.output
    assert "one row says nothing" in refused.output
    assert "the gate refused the model: nothing was registered" in refused.output
    assert "version 1 of tiny is PendingManualApproval" in made.output
    assert "version 1 of tiny is PendingManualApproval" in same.output
    assert "version 2 of tiny is PendingManualApproval" in better.output
    assert "index.html" in made.output
    assert "file://" in made.output
    assert "version 1 of tiny is PendingManualApproval: ./mlz model promote tiny 1 first" in early.output
    images = account.administrator("ecr").describe_images(repositoryName="fraud/tiny")["imageDetails"]
    assert {"v1", "v2"} <= {tag for each in images for tag in each["imageTags"]}

    for version in (1, 2):
        assert f"version {version} of tiny is approved (chi@example.com)" in model("promote", "tiny", version).output
    account.place = replace(account.place, contract={**account.place.contract, "apis/first": "https://the-api/first"})
    second = model("deploy", "tiny", 2)
    assert 0 == second.exit_code, second.output
    assert "over HTTP, in the team's network: https://the-api/first\n" in second.output
    there = account.accounts / account.team.account.source
    assert {2} == set(deployed(there, "tiny").values())
    compared = model("compare", "tiny").output
    assert "Approved" in compared
    assert "endpoints.first.version" in compared
    assert 0 == model("rollback", "tiny").exit_code
    assert {1} == set(deployed(there, "tiny").values())
    nothing = model("rollback", "tiny")
    assert (2, True) == (nothing.exit_code, "no version of tiny before 1 is approved" in nothing.output)


def test_a_job_that_fails_ends_with_its_last_lines_and_code_1(life):
    done = model("run", life, "--rows", "0")

    assert 1 == done.exit_code
    assert "no rows: give at least 1" in done.output
    assert "the same command goes on with this step" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "nowhere"], "no such folder"),
        (["promote", "tiny", "9"], "tiny has no version 9"),
        (["deploy", "tiny", "9"], "tiny has no version 9"),
    ],
    ids=["folder", "promote", "deploy"],
)
@pytest.mark.usefixtures("life")
def test_what_is_not_there_is_one_message_and_code_2(words, said):
    done = model(*words)

    assert said in f"{done.output}{done.exception}"
    assert done.exit_code == 2 or "SpecErrors" in repr(done.exception)  # cli.app makes 2 of those


@pytest.mark.usefixtures("life")
def test_a_registry_that_does_not_answer_is_one_message(account, monkeypatch):
    class Away:
        def get_paginator(self, _operation):
            raise ConnectionError("no route to host")

    person = account.person
    monkeypatch.setattr(account, "person", lambda *words: person(*words).__class__(name="x", clients=lambda _: Away()))
    done = model("compare", "tiny")

    assert 1 == done.exit_code, done.output
    assert "AWS does not answer: no route to host" in done.output


@pytest.mark.usefixtures("life")
@pytest.mark.parametrize("words", [("compare",), ("promote", 1), ("deploy", 1), ("rollback",), ("monitor",)], ids=str)
def test_a_rehearsal_that_has_just_begun_is_not_deployed_to_find_no_version(account, monkeypatch, words):
    monkeypatch.setattr(account, "fresh", True)
    monkeypatch.setattr(account, "up", lambda *_: pytest.fail("it was deployed"))
    done = model(words[0], "tiny", *words[1:])

    assert 2 == done.exit_code, f"{done.output}{done.exception}"
    assert "this rehearsal has just begun, so tiny has no version yet: ./mlz model run registers one" in done.output


def test_somebody_who_is_not_signed_in_is_told_where_to(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_PROFILE", "nobody-has-this")
    words = ("compare", "card-fraud", "--accounts", EXAMPLES)
    done = model(*words)

    assert 2 == done.exit_code, f"{done.output}{done.exception}"
    assert "nobody is signed in to AWS" in done.output
    assert "sign in to dev-fraud, " in done.output
    assert "or rehearse with --local" in done.output


def test_a_full_disk_is_one_message_and_nothing_is_half_written(tmp_path, monkeypatch):
    file = tmp_path / "churn.yaml"
    file.write_text(FILE)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device", str(file))

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="No space left"):
        set_version(file, "tiny", 3)

    assert [file] == list(tmp_path.iterdir())
    assert FILE == file.read_text()


def test_a_version_is_written_where_the_model_stands_and_comments_stay(tmp_path):
    file = tmp_path / "churn.yaml"
    file.write_text(FILE)
    changes = set_version(file, "tiny", 3)

    expected = (
        FILE.replace("{model: tiny,", "{model: tiny, version: 3,")
        .replace("version: 1 # the first", "version: 3 # the first")
        .replace("{endpoint: first,", "{endpoint: first, image_version: 3,")
    )
    assert expected == file.read_text()
    assert {"endpoints.first.version": None, "batches.weekly.version": 1, "monitors.watch.image_version": None} == {
        each.key: each.before for each in changes
    }
    assert [] == set_version(file, "tiny", 3)
    with pytest.raises(ModelError, match="neither an endpoint nor a batch of the model none"):
        set_version(file, "none", 1)


@pytest.mark.parametrize(
    ("environment", "team", "name", "said"),
    [
        ("dve", None, "card-fraud", r"no environment dve \(did you mean 'dev'\?\)"),
        ("dev", "frud", "card-fraud", r"no team frud in dev \(did you mean 'fraud'\?\)"),
        ("dev", None, "card-fruad", r"no team of dev declares a model card-fruad \(did you mean 'card-fraud'\?\)"),
    ],
    ids=["environment", "team", "model"],
)
def test_a_mistyped_place_is_named_with_the_one_that_is_meant(environment, team, name, said):
    chosen = Chosen(environment=environment, team=team, accounts=None, state=None, local=True)
    with pytest.raises(ModelError, match=said):
        team_of(ZONE, chosen, name)


def test_a_models_file_whose_model_no_team_declares_is_named_with_its_line(tmp_path):
    folder = tmp_path / "mine"
    new_model("pricing", cli.model.EXAMPLE_FOLDER, folder)
    chosen = Chosen(environment="dev", team=None, accounts=EXAMPLES, state=tmp_path / "state", local=True)

    with pytest.raises(SpecErrors) as refused:
        cli.model.of_file(chosen, folder / "model.yaml")

    (problem,) = refused.value.problems
    assert "model: pricing" in (folder / "model.yaml").read_text().splitlines()[problem.line - 1]
    assert (str(folder / "model.yaml"), "model") == (problem.file, problem.key)
    assert "no team of dev declares a model pricing" in problem.text


def test_a_persons_calls_carry_the_header_of_the_network():
    assert HEADER == VPC


@pytest.mark.parametrize(
    ("name", "said"),
    [("Pricing", "no name of a model's package"), ("json", "is a package of"), ("numpy", "is a package of")],
    ids=["letters", "python", "library"],
)
def test_a_name_that_is_no_packages_is_refused(tmp_path, name, said):
    done = RUNNER.invoke(command_line(["new"]), ["new", "model", name, "--into", str(tmp_path / "x")])

    assert (2, []) == (done.exit_code, list(tmp_path.iterdir()))
    assert said in done.output


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    done = RUNNER.invoke(command_line(["new"]), ["new", "model", "pricing", "--into", str(tmp_path)])

    assert 2 == done.exit_code
    assert "is there already" in done.output
    with pytest.raises(ModelError, match="is there already"):
        new_model("pricing", cli.model.EXAMPLE_FOLDER, tmp_path)


@pytest.mark.parametrize(("width", "beside"), [(80, 2), (130, 4), (40, 1)])
def test_versions_stand_side_by_side_as_far_as_the_terminal_is_wide(width, beside):
    versions = [
        Version(
            number=number, arn="", status="PendingManualApproval", image="", model_data="", metadata={}, statistics=""
        )
        for number in range(1, 7)
    ]
    rows = {
        "auc": [0.8] * 6,
        "git_commit": ["ab" * 20 + "-changed"] * 6,
        "rate": ["0.10908842527"] * 6,
        "_own": ["x"] * 6,
    }
    printed = io.StringIO()
    show_versions(Console(file=printed, width=width), versions, rows, {"endpoints.churn.version": 6})
    lines = printed.getvalue().splitlines()

    heads = [line.split() for line in lines if "version 1" in line or "version 2" in line]
    assert 2 * beside == len(heads[0])
    assert width >= max(map(len, lines))
    assert not [line for line in lines if "_own" in line or "09088" in line]
    assert "abababababab-changed" in printed.getvalue()
    assert ["deployed endpoints.churn.version"] == [" ".join(line.split()) for line in lines if "endpoints" in line]


def test_a_version_of_a_built_in_algorithm_that_has_no_program_here_is_refused_before_anything_is_made():
    spec = read(PROJECT / "workloads" / "churn", name="xgboost.yaml")
    older = spec.steps[3].algorithm.model_copy(update={"version": "1.7-1"})
    steps = (*spec.steps[:3], spec.steps[3].model_copy(update={"algorithm": older}), spec.steps[4])

    assert [ROOM / "xgboost"] == [*built_in(spec)]
    with pytest.raises(ModelError, match=r"tune: xgboost 1\.7-1 does not run in a rehearsal: .* is xgboost 3\.0-5"):
        list(built_in(spec.model_copy(update={"steps": steps})))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("churn", ("churn", "model.yaml")),
        ("churn/xgboost.yaml", ("churn", "xgboost.yaml")),
        (str(PROJECT / "examples" / "other.yaml"), ("examples", "other.yaml")),
    ],
)
def test_a_path_names_a_folder_or_a_file_in_it(path, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder, name = cli.model.file_of(path)

    assert expected == (folder.name, name)
