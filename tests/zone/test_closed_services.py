"""Model Monitor behind its switch: what the plan makes of it and notes, and what the page says of closed services."""

import json
import re
from pathlib import Path

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from tests.zone.test_serving import MODELS, SAID, declare, says
from zone.facts import analyzer_registry, facts
from zone.plan.notes import notes
from zone.plan.planner import read

PAGE = (Path(__file__).parents[2] / "docs" / "monitors.md").read_text(encoding="utf-8")
MONITOR = """monitors:
  churn-xgboost:
    endpoint: scores
    schedule: cron(0 4 ? * * *)
    checks: [data, model]
    model_monitor: [data]
    alarm_to: lead@example.com
    limits: {auc: 0.8}
"""
ALONE = MONITOR.replace("checks: [data, model]", "checks: [data]").replace("    limits: {auc: 0.8}\n", "")
WITH_IMAGE = "    image_version: 2\n"
NO_VERSION = SAID.replace("    version: 3\n", "")


def planned(folder, monitor, endpoint=SAID):
    declare(folder, endpoint + monitor)
    return read(folder.path).teams["dev-churn"].scheduled.monitors.get("churn-xgboost")


def told(folder):
    return [said for stacks, said in notes(read(folder.path)) if "Model Monitor" in said and "dev-churn" in stacks]


def test_model_monitor_takes_its_check_and_the_image_keeps_the_others(folder):
    made = planned(folder, MONITOR + WITH_IMAGE)

    assert (("model",), ("data",)) == (made.checks, made.model_monitor)
    assert "468650794304.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-model-monitor-analyzer" == made.analyzer
    assert made.image.endswith("/churn/churn-xgboost:v2")
    assert {"auc": 0.8} == made.limits


def test_without_an_image_only_model_monitor_starts_and_no_alarm_waits_for_the_others(folder):
    made = planned(folder, MONITOR)

    assert ((), ("data",), "", {}) == (made.checks, made.model_monitor, made.image, made.limits)


def test_model_monitor_waits_for_the_endpoint(folder):
    made = planned(folder, MONITOR + WITH_IMAGE, NO_VERSION)

    assert (("model",), (), "") == (made.checks, made.model_monitor, made.analyzer)


def test_nothing_starts_before_there_is_an_image_or_an_endpoint(folder):
    assert planned(folder, MONITOR, NO_VERSION) is None
    assert [] == told(folder)


def test_the_plan_says_that_aws_takes_no_new_customers(folder):
    planned(folder, ALONE)

    (said,) = told(folder)
    assert "AWS takes no new customers for it since 2026-07-30" in said
    assert "churn-xgboost" in said


def test_own_checks_need_no_note(folder):
    planned(folder, MONITOR.replace("    model_monitor: [data]\n", "") + WITH_IMAGE)

    assert [] == told(folder)


def test_containers_without_a_network_may_be_watched_by_model_monitor_and_not_by_own_checks(folder):
    folder.change("dev/churn.yaml", "data_class: internal", "data_class: restricted")
    declare(folder, SAID + ALONE)
    read(folder.path)
    folder.change("dev/churn.yaml", "    model_monitor: [data]\n", WITH_IMAGE)

    assert any("have no network" in said for said in says(folder))


def test_only_own_checks_count_over_the_network(folder):
    def counts(monitor):
        declare(folder, SAID + monitor)
        spec = read(folder.path).teams["dev-churn"]
        folder.change("dev/churn.yaml", f"{MODELS}{SAID}{monitor}", MODELS)
        return any(each.key == "monitoring" and "monitors" in each.features for each in spec.endpoints)

    assert not counts(ALONE + WITH_IMAGE)
    assert counts(MONITOR + WITH_IMAGE)


def test_a_region_without_an_image_of_model_monitor_is_refused(folder):
    region = "ap-south-2"
    assert not analyzer_registry(region)
    folder.change("dev/environment.yaml", "region: eu-west-1", f"region: {region}")
    declare(folder, SAID + ALONE)

    assert any(f"AWS keeps no image of Model Monitor in {region}" in said for said in says(folder))


@pytest.mark.parametrize(
    ("schedule", "taken"),
    [
        ("cron(0 * ? * * *)", True),
        ("cron(0 0 ? * * *)", True),
        ("cron(0 23 ? * * *)", True),
        ("cron(0 17/12 ? * * *)", True),
        ("cron(0 0/2 ? * * *)", True),
        ("cron(0 24 ? * * *)", False),
        ("cron(0 0/25 ? * * *)", False),
        ("cron(30 4 ? * * *)", False),
        ("cron(0 4 * * ? *)", False),
        ("cron(0 4,16 ? * * *)", False),
        ("rate(1 day)", False),
    ],
)
def test_the_schedule_is_one_that_model_monitor_takes(folder, schedule, taken):
    declare(folder, SAID + ALONE.replace("cron(0 4 ? * * *)", schedule))
    if taken:
        assert schedule == read(folder.path).teams["dev-churn"].scheduled.monitors["churn-xgboost"].schedule
    else:
        assert any("monitors.churn-xgboost.schedule: Model Monitor starts every hour" in each for each in says(folder))


def test_the_page_says_of_each_closed_service_what_the_facts_say():
    rows = {
        (service, closed, words, page, instead)
        for service, closed, words, page, instead in re.findall(
            r'^\| ([^|]+) \| ([^|]+) \| "([^|]+)" \| ([^|]+) \| ([^|]+) \|$', PAGE, re.MULTILINE
        )
    }

    assert rows == {
        (each["service"], each["closed"] or "no date read", each["says"], each["page"], each["instead"])
        for each in facts("closed_services")["services"]
    }


def test_the_baseline_of_the_page_is_a_request_of_the_api_on_our_volume_without_a_network():
    (text,) = re.findall(r"```json\n(.+?)\n```", PAGE, re.DOTALL)
    request = json.loads(text.replace("KEY OF keys/studio", "k").replace("KEY OF keys/data", "k"))
    shape = get_session().get_service_model("sagemaker").operation_model("CreateProcessingJob").input_shape

    assert "" == ParamValidator().validate(request, shape).generate_report()
    assert {"csv": {"header": True}} == json.loads(request["Environment"]["dataset_format"])
    assert request["Environment"]["dataset_source"] == request["ProcessingInputs"][0]["S3Input"]["LocalPath"]
    (output,) = request["ProcessingOutputConfig"]["Outputs"]
    assert request["Environment"]["output_path"] == output["S3Output"]["LocalPath"]
    assert request["NetworkConfig"]["EnableNetworkIsolation"]
