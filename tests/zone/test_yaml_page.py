"""docs/yaml-reference.md: fresh, whole, and its examples are a zone that plans."""

import re

import pytest

from zone.plan import lock, yaml_page
from zone.plan.planner import read
from zone.plan.unrecorded import unrecorded
from zone.specs.account import CoreAccount, TeamAccount


@pytest.fixture(scope="module")
def text():
    return yaml_page.page()


def test_the_page_is_what_the_types_say(text):
    assert text == yaml_page.FILE.read_text(), "run `python -m zone.plan.yaml_page`"


def test_every_key_of_every_type_has_an_example_that_plans():
    """Of types that stand for each other at a key, as GitHub and GitLab do, one is enough: a zone has one of them."""
    given = yaml_page.examples()
    models = [model for top in yaml_page.FILES.values() for model in (top, *yaml_page._inside(top))]
    either = {
        each
        for model in models
        for field in model.model_fields.values()
        for alternatives in [[*yaml_page._models(field.annotation)]]
        if len(alternatives) > 1
        for each in alternatives
    }
    excused = either - {model for model, _ in given}
    lacking = [
        f"{model.__name__}.{key}"
        for model in dict.fromkeys(models)
        for key in model.model_fields
        if model not in excused and (yaml_page._owner(model, key), key) not in given
    ]

    assert [] == lacking, "give it a line in examples/every-key"
    zone = read(yaml_page.EVERY_KEY)
    assert {"dev-fraud", "dev-churn", "prod-fraud"} == set(zone.teams)
    assert {} == unrecorded(lock.read(yaml_page._LOCK), zone)


def test_every_link_has_its_heading(text):
    headings = {yaml_page._anchor(line.removeprefix("## ")) for line in text.splitlines() if line.startswith("## ")}

    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def test_a_reader_finds_what_may_stand_there_what_holds_without_it_and_a_line(text):
    team = text.split("## `ENVIRONMENT/TEAM.yaml`")[1].split("\n## ")[0]
    said = " ".join(team.split())

    assert "**`max_runtime_hours`** (if left out: `24`): a whole number, 1 to 672." in said
    assert "`max_runtime_hours: 12`" in said
    assert "**`members`** (required): names, each with keys as in [Member](#member); 1 entry or more." in said
    assert "**`disposable`** (if left out: `false`): true or false." in said


def test_no_line_is_too_long_for_a_screen_of_a_reader_in_a_terminal(text):
    assert max(len(line) for line in text.splitlines()) < 300


@pytest.mark.parametrize("model", [TeamAccount, CoreAccount])
def test_every_key_says_what_it_means(model):
    assert all(field.description for field in model.model_fields.values())
