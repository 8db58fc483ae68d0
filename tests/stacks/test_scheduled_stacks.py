"""What starts by schedule in the stack of a team that declares every key, in examples/every-key."""

from pathlib import Path

import pytest

from checks.record import record
from components.access.grants.statement import MANAGED_POLICY_CHARACTERS
from policies.evaluate import evaluate, level_of
from policies.rules import REGISTRY
from stacks.build import build
from tests.policies.recorded import recorded
from zone.facts import facts
from zone.plan.cost import standing
from zone.plan.planner import read

EXAMPLE = Path(__file__).parents[2] / "examples" / "every-key"
ZONE = read(EXAMPLE)
TYPES = facts("immutable")["types"]
POLICY = "aws:iam/policy:Policy"
SCHEDULE = "aws:scheduler/schedule:Schedule"
WATCH = "aws:sagemaker/monitoringSchedule:MonitoringSchedule"
OURS = {"Schedules", "Monitor", "Batch", "Arrivals", "Spark", "SparkBatch"}


@pytest.fixture(scope="module")
def made():
    return record(lambda: build(ZONE, "dev-fraud"), stack="dev-fraud")


@pytest.fixture(scope="module")
def ours(made):
    components = {each.urn for each in made.resources if each.type.removeprefix("mlz:index:") in OURS}
    return [each for each in made.made() if each.parent in components]


def test_a_schedule_is_made_for_each_check_and_each_batch(made):
    assert {"monitor-card-fraud-model", "monitor-card-fraud-bias", "batch-nightly", "batch-by-spark"} == {
        each.inputs["name"] for each in made.of(SCHEDULE)
    }
    assert ["monitor-card-fraud-data"] == [each.inputs["name"] for each in made.of(WATCH)]


def test_what_model_monitor_watches_is_there_before_and_goes_after(made):
    (monitor,) = [each for each in made.resources if each.type == "mlz:index:Monitor"]
    (endpoint,) = [each for each in made.of("aws:sagemaker/endpoint:Endpoint") if each.name == "fraud-card-fraud"]

    assert endpoint.urn in monitor.dependencies


def test_the_data_bucket_tells_of_files_once_and_a_rule_waits_for_those_of_the_batch(made):
    (told,) = made.of("aws:s3/bucketNotification:BucketNotification")
    rules = {each.inputs.get("name") for each in made.of("aws:cloudwatch/eventRule:EventRule")}

    assert told.inputs["eventbridge"]
    assert "batch-arriving" in rules
    assert ["batch-arriving"] == [each.inputs["pipelineName"] for each in made.of("aws:sagemaker/pipeline:Pipeline")]


def test_a_team_without_schedules_has_nothing_of_them():
    other = record(lambda: build(ZONE, "dev-churn"), stack="dev-churn")

    assert [] == other.of(SCHEDULE)
    assert not [each for each in other.made() if each.name.endswith("schedules")]


def test_schedules_dead_letters_and_topics_are_encrypted_with_a_key_of_their_own(made):
    (key,) = [each for each in made.of("aws:kms/alias:Alias") if each.inputs["name"].endswith("/schedules")]
    used = {each.inputs["kmsKeyArn"] for each in made.of(SCHEDULE)}
    used |= {each.inputs["kmsMasterKeyId"] for each in made.of("aws:sqs/queue:Queue")}
    used |= {each.inputs["kmsMasterKeyId"] for each in made.of("aws:sns/topic:Topic")}

    assert {key.inputs["targetKeyId"]} == {arn.rpartition("/")[2] for arn in used}


def test_what_has_a_fixed_name_goes_before_its_replacement_comes(ours):
    assert ours
    assert set() == {each.type for each in ours} - TYPES.keys()
    assert [] == [
        each.name for each in ours if TYPES[each.type].get("name") in each.inputs and not each.delete_before_replace
    ]


def test_it_breaks_no_rule(ours):
    assert ours
    all_of_it = recorded(ZONE, "dev-fraud")
    # The preview's policy reads what is scheduled, so it has to say so rightly.
    names = {(each.type, each.name) for each in ours} | {(POLICY, "fraud-preview")}
    found = [each for each in evaluate(all_of_it, {}) if (each["type"], each["name"]) in names]

    assert [] == [f"{each['rule']} {each['name']}: {each['message']}" for each in found if _counts(each)]


def _counts(finding):
    return finding["level"] == "mandatory" or (
        finding["unknown"] and level_of(REGISTRY[finding["rule"]]) == "mandatory"
    )


def test_its_key_is_counted_among_what_stands(made):
    made_here = [each for each in made.of("aws:kms/key:Key") if "region" not in each.inputs]
    (keys,) = [
        cost.count for cost in standing(ZONE)["dev-fraud"] if cost.what == "KMS key" and cost.region == "eu-west-1"
    ]

    assert len(made_here) == keys


def test_a_preview_reads_schedules_where_there_are_any_and_fits(made):
    other = record(lambda: build(ZONE, "dev-churn"), stack="dev-churn")
    (policy,) = [each.inputs["policy"] for each in made.of(POLICY) if each.inputs["name"] == "mlz-preview"]
    (without,) = [each.inputs["policy"] for each in other.of(POLICY) if each.inputs["name"] == "mlz-preview"]

    assert "scheduler:GetSchedule" in policy
    assert "sagemaker:DescribeMonitoringSchedule" in policy
    assert "scheduler:GetSchedule" not in without
    assert MANAGED_POLICY_CHARACTERS >= len(policy)
