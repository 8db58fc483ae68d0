"""A model's monitor: what it says where it cannot run, and which figure is past which limit."""

from dataclasses import replace

import pytest

from operations.model.errors import ModelError
from operations.model.monitors import able, figures, give_baseline, give_labels, monitor_of, start
from operations.model.place import Place
from operations.model.versions import APPROVED, Version
from tests.operations.model_ground import TEAM
from zone.plan.scheduling import MonitorPlan, ScheduledPlan

PLACE = Place(team=TEAM, contract={"buckets/studio": "work", "buckets/data": "data"})
PLAN = MonitorPlan(
    image="i:v1",
    endpoint="first",
    schedule="rate(1 day)",
    checks=("data",),
    model_monitor=(),
    analyzer="",
    alarm_to="a",
    limits={},
)
VERSION = Version(number=3, arn="a", status=APPROVED, image="i", model_data="m", metadata={}, statistics="")


def nobody(service):
    raise AssertionError(f"{service} is asked")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("models: [tiny]", "declares no monitor of tiny: add one under monitors"),
        (
            "monitors: {tiny: {endpoint: frist}}\nendpoints: {first: {}}",
            "endpoint: frist is not declared.*there is first",
        ),
        ("monitors: {tiny: {endpoint: first}}", "endpoint: first is not declared; under endpoints there is none"),
        ("monitors: {tiny: {endpoint: first}}\nendpoints: {first: {}}", "image_version is absent.*model deploy tiny"),
    ],
    ids=["none", "typo", "no-endpoint", "no-version"],
)
def test_a_monitor_that_cannot_run_says_what_is_missing_in_the_file(tmp_path, text, said):
    file = tmp_path / "team.yaml"
    file.write_text(text)

    with pytest.raises(ModelError, match=said):
        monitor_of(PLACE, file, "tiny")


def test_a_monitor_that_is_planned_is_found_without_the_file(tmp_path):
    there = replace(PLACE, team=replace(TEAM, scheduled=ScheduledPlan(monitors={"tiny": PLAN})))

    assert PLAN == monitor_of(there, tmp_path / "none.yaml", "tiny")


def test_what_is_asked_for_must_be_there():
    with pytest.raises(ModelError, match=r"monitors\.tiny\.checks has no bias; it has data"):
        able(PLACE, nobody, "tiny", PLAN, ["bias"])
    with pytest.raises(
        ModelError, match=r"version 3 of tiny has no baseline.*s3://work/monitors/tiny/baseline/data.csv"
    ):
        give_baseline(PLACE, nobody, "tiny", VERSION)


def test_a_check_of_model_monitors_runs_nowhere_but_at_aws():
    mixed = replace(PLAN, checks=("model",), model_monitor=("data",))

    with pytest.raises(ModelError, match="data is Model Monitor's, whose image runs at AWS only"):
        able(PLACE, nobody, "tiny", mixed, ["data"])
    with pytest.raises(ModelError, match="all checks of the monitor are Model Monitor's"):
        able(PLACE, nobody, "tiny", replace(mixed, checks=()), [])


def test_labels_that_cannot_be_read_are_one_message(tmp_path):
    with pytest.raises(ModelError, match=r"none\.csv can't be read: No such file"):
        give_labels(PLACE, nobody, "tiny", tmp_path / "none.csv")


def test_a_schedule_that_starts_nothing_says_why():
    with pytest.raises(ModelError, match="data: the schedule monitor-tiny-data started nothing: may not pass"):
        start(PLACE, "tiny", "data", lambda _: {"error": "may not pass"})


def test_a_figure_is_past_its_limit_on_the_side_where_the_alarm_rings():
    said = {"metrics": {"Auc": 0.7, "Drift": 0.1, "Bias": 0.3, "Other": 9.0}, "checks": []}
    found = {each.name: each.over for each in figures("all", said, {"auc": 0.75, "drift": 0.2, "bias": 0.2})}

    assert {"Auc": True, "Drift": False, "Bias": True, "Other": False} == found


def test_what_the_models_own_limits_refuse_is_over_too():
    own = [
        {"name": "evidence", "passed": False, "value": 3, "limit": 50, "why": "wait"},
        {"name": "missing", "passed": True, "value": 0, "limit": 1, "why": ""},
    ]
    (only,) = figures("data", {"metrics": {}, "checks": own}, {})

    assert ("evidence", True, "wait") == (only.name, only.over, only.why)
