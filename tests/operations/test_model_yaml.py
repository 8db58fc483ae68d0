"""`model.yaml`: what is wrong is said with file, line, key, value and what is allowed."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cli.app import command_line
from operations.model.errors import ModelError
from operations.model.options import options
from operations.model.reading import read
from tests.operations.tiny_model import YAML, write
from zone.plan.planner import EXAMPLES
from zone.plan.planner import read as read_zone
from zone.specs.problems import SpecErrors

PAGE = Path(__file__).parents[2] / "docs" / "model-life.md"
TEAM = replace(read_zone(EXAMPLES, EXAMPLES / "ids.lock.yaml").teams["dev-fraud"], models=("tiny",), datasets=("rows",))


@pytest.fixture
def folder(tmp_path):
    """Return where a model may be written."""
    return tmp_path / "tiny"


def problems(folder, text, team=None):
    """All that is said of *text*, without its folder."""
    with pytest.raises(SpecErrors) as said:
        read(write(folder, text), team)
    return [str(each).replace(f"{folder}/", "") for each in said.value.problems]


def test_a_model_is_read_with_what_it_leaves_open(folder):
    spec = read(write(folder), TEAM)

    assert ["ingest", "fit", "judge"] == [step.name for step in spec.steps]
    assert ("processing", 60, "fit") == (spec.steps[0].role, spec.steps[0].max_minutes, spec.registered)


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        pytest.param("gate: judge", "gate: fit", "gate: fit has no output evaluation; allowed: judge", id="gate"),
        pytest.param("model: fit/model", "model: fat/model", "did you mean 'fit/model'?", id="reference"),
        pytest.param("job: training", "job: trainning", "steps[1].job: not allowed, got", id="kind"),
        pytest.param("job: training", "jobs: training", "steps[1].jobs: unknown key (did you mean 'job'?)", id="job"),
        pytest.param("job: training", "way: training", "steps[1].job: the required key is missing", id="no-job"),
        pytest.param("job: training", "job:", "steps[1].job: not allowed, got nothing; allowed: proc", id="nothing"),
        pytest.param(
            "outputs: [raw]", "output: [raw]", "steps[0].output: unknown key (did you mean 'outputs'?)", id="key"
        ),
        pytest.param(
            "name: judge", "name: fit", "steps[2].name: fit stands there twice: rename one of them", id="twice"
        ),
        pytest.param("weight: 0.5", "weight: [1]", "steps[1].hyperparameters.weight", id="value"),
        pytest.param("ingest]", "'{feature_group}']", "say feature_group at the top of the file", id="group"),
        pytest.param("gate: judge", "gate: judge\ntrained: ingest", "trained: ingest leaves no model", id="trained"),
        pytest.param("model: tiny", "modl: tiny", "modl: unknown key (did you mean 'model'?)", id="top"),
    ],
)
def test_what_is_wrong_is_said_at_its_line(folder, wrong, right, said):
    found = problems(folder, YAML.replace(wrong, right, 1))

    assert any(said in each for each in found), found
    assert all(each.startswith("model.yaml:") for each in found)


BUILT_IN = YAML.replace(
    "    job: training\n    inputs: {train: ingest/raw}\n    hyperparameters: {weight: 0.5}\n",
    """\
    job: tuning
    algorithm: {name: xgboost, version: 3.0-5}
    inputs: {train: ingest/raw, validation: ingest/raw}
    hyperparameters: {num_round: 9}
    tuning:
      ranges: {eta: {least: 0.1, most: 0.5}}
      objective: {name: "validation:auc"}
""",
)


def test_a_step_may_name_a_built_in_algorithm_and_needs_no_training_of_its_own_then(folder):
    write(folder, BUILT_IN)
    (folder / "bin" / "train").unlink()
    step = read(folder, TEAM).steps[1]

    assert ("xgboost", "3.0-5", None) == (step.algorithm.name, step.algorithm.version, step.tuning.objective.regex)


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        pytest.param("3.0-5", "2.0-1", "AWS has no version 2.0-1 of xgboost; allowed: 1.7-1, 3.0-5", id="version"),
        pytest.param("name: xgboost", "name: xgbost", "steps[1].algorithm.name: not allowed, got", id="name"),
        pytest.param("validation: ing", "valid: ing", "xgboost reads no channel valid (did you mean", id="channel"),
        pytest.param("{train: ingest/raw, ", "{", "xgboost needs a channel train: name what it reads", id="train"),
        pytest.param("num_round: 9", "seed: 9", "xgboost does not start without num_round", id="rounds"),
        pytest.param("tion:auc", "tion:acu", "xgboost prints no validation:acu (did you mean", id="metric"),
        pytest.param('tion:auc"', 'tion:auc", type: Minimize', "is better the other way: Maximize", id="direction"),
        pytest.param('tion:auc"', 'tion:auc", regex: "a(.)"', "AWS defines the metrics of xgboost itself", id="regex"),
        pytest.param(
            "raw, validation: ingest/raw}", "raw}", "validation:auc is of the channel validation: add it", id="watched"
        ),
        pytest.param(
            "    algorithm: {name: xgboost, version: 3.0-5}\n",
            "",
            "steps[1].tuning.objective.regex: the required key is missing",
            id="own image",
        ),
    ],
)
def test_what_does_not_fit_a_built_in_algorithm_is_said_at_its_line(folder, wrong, right, said):
    assert wrong in BUILT_IN
    found = problems(folder, BUILT_IN.replace(wrong, right, 1))

    assert any(said in each for each in found), found
    assert all(each.startswith("model.yaml:") for each in found)


def test_the_example_s_other_file_is_read_by_its_name():
    folder = PAGE.parents[1] / "workloads" / "churn"
    spec = read(folder, name="xgboost.yaml")

    assert ("churn", "tune", "3.0-5") == (spec.model, spec.registered, spec.steps[3].algorithm.version)
    assert [each.name for each in read(folder).steps if each.name != "publish"] == [
        each.name for each in spec.steps if each.name != "encode"
    ]


def test_what_the_team_does_not_declare_is_refused(folder):
    team = replace(TEAM, datasets=("row",), models=("other",), max_runtime_hours=0)
    found = problems(folder, YAML, team)

    assert "model.yaml:1: model: dev/fraud.yaml declares no tiny under models; it has other" in found
    assert (
        "model.yaml:2: dataset: dev/fraud.yaml declares no rows (did you mean 'row'?) under datasets; it has row"
        in found
    )
    assert 3 == sum("max_minutes" in each for each in found)


def test_a_train_that_cannot_be_started_is_refused(folder):
    write(folder)
    (folder / "bin" / "train").chmod(0o644)
    with pytest.raises(SpecErrors, match=r"SageMaker could not start it: make it executable, chmod \+x"):
        read(folder)


def test_a_file_is_no_models_folder(tmp_path):
    (tmp_path / "README.md").touch()
    with pytest.raises(SpecErrors, match=r"README\.md:1: a file: name a model's folder"):
        read(tmp_path / "README.md")


def test_a_folder_without_what_its_image_needs_is_refused(folder):
    write(folder)
    (folder / "requirements.txt").unlink()
    (folder / "bin" / "train").unlink()
    with pytest.raises(SpecErrors) as said:
        read(folder)

    assert ["bin/train", "requirements.txt"] == [each.file.replace(f"{folder}/", "") for each in said.value.problems]


@pytest.mark.parametrize("there", [False, True], ids=["folder", "file"])
def test_no_model_is_one_message_with_a_remedy(tmp_path, there):
    place = tmp_path if there else tmp_path / "none"
    with pytest.raises(SpecErrors, match=r"\./mlz new model") as said:
        read(place)

    assert 1 == len(said.value.problems)


def test_options_go_to_the_first_step(folder):
    spec = read(write(folder))

    assert ("--rows", "5", "--limit", "x") == options(spec, ["--rows=5", "--limit", "x"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--row", "5"], r"no option --row \(did you mean 'rows'\?\)"),
        (["--rows"], "--rows needs a value"),
        (["--rows", "--limit"], "--rows needs a value"),
        (["5"], "no option 5"),
    ],
    ids=["unknown", "last", "between", "word"],
)
def test_a_mistyped_option_is_refused_before_anything_starts(folder, given, said):
    with pytest.raises(ModelError, match=said):
        options(read(write(folder)), given)


def test_the_pages_model_yaml_is_one(folder):
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    spec = read(write(folder, block))

    assert ["ingest", "train", "evaluate"] == [step.name for step in spec.steps]


def test_the_pages_commands_are_there():
    lines = re.findall(r"^\./mlz (.*?)\s*(?:#.*)?$", PAGE.read_text(), re.MULTILINE)
    for words in (line.split() for line in lines):
        known = command_line([words[0]]).registered_groups[0].typer_instance.registered_commands
        assert words[1] in {each.name or each.callback.__name__ for each in known}

    assert 8 == len(lines)


def test_the_examples_model_fits_its_accounts():
    accounts = PAGE.parents[1] / "examples" / "churn"
    team = read_zone(accounts, accounts / "ids.lock.yaml").teams["dev-churn"]
    spec = read(PAGE.parents[1] / "workloads" / "churn", team)

    assert ("churn", "tune") == (spec.model, spec.registered)
