"""schema.json and the facts are fresh, and editors and loader agree on every example."""

import json
from pathlib import Path

import aws_model_facts
import pytest
from jsonschema import Draft202012Validator

from zone.plan.planner import EXAMPLES
from zone.specs.document import parse
from zone.specs.schema import files

ROOT = Path(__file__).parents[2]
FILES = sorted(EXAMPLES.glob("*/*.yaml"))


def errors(path: Path, values: dict) -> list[str]:
    line = path.read_text().splitlines()[0]
    schema = path.parent / line.removeprefix("# yaml-language-server: $schema=")
    return [error.message for error in Draft202012Validator(json.loads(schema.read_text())).iter_errors(values)]


@pytest.mark.shows("M2")
@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_schema_file_is_what_the_types_say(path):
    assert files()[path] == path.read_text(), "run `python -m zone.specs.schema`"


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_schema_is_a_schema(path):
    Draft202012Validator.check_schema(json.loads(path.read_text()))


@pytest.mark.parametrize("file", aws_model_facts.FILES)
def test_the_facts_are_what_botocores_models_say(file):
    expected = aws_model_facts.FILES[file]()
    found = json.loads((aws_model_facts.FACTS / file).read_text())

    assert expected == found, "run `python tests/zone/aws_model_facts.py`"


@pytest.mark.shows("M2", "S7")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_example_names_its_schema_first_and_validates(path):
    assert [] == errors(path, parse(path.name, path.read_bytes())[0].values)


@pytest.mark.shows("M2")
def test_the_schema_refuses_what_the_loader_refuses():
    path = EXAMPLES / "dev" / "environment.yaml"
    values = parse(path.name, path.read_bytes())[0].values

    assert errors(path, {**values, "regoin": "eu-west-1"})
    assert errors(path, {**values, "zones": ["a"]})
    assert errors(path, {**values, "zones": ["a", "a"]})
    assert errors(path, {**values, "key_deletion_days": 3})


def test_only_a_team_with_a_profile_may_leave_required_keys_to_it():
    path = EXAMPLES / "dev" / "vision.yaml"
    values = parse(path.name, path.read_bytes())[0].values

    del values["profile"]
    assert errors(path, values)


def test_every_key_of_the_schema_says_what_it_means():
    schema = json.loads((EXAMPLES / "schema.json").read_text())
    silent = [
        f"{name}.{key}"
        for name, part in schema["$defs"].items()
        for key, value in part.get("properties", {}).items()
        if not value.get("description")
    ]

    assert [] == silent
