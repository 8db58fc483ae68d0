"""SageMaker Model Monitor behind its switch: what it asks AWS for, in which network, and whom it tells."""

import json
from copy import deepcopy
from dataclasses import replace

import pytest
from pulumi import RunError

from components.monitoring import model_monitor
from tests.components.building import built
from tests.components.examples_scheduled import ACCOUNT, ANALYZER, KEY_ARN, ROLE_ARN, WITH_BATCHES, monitor, watched
from tests.components.examples_scheduled import place as place_of
from tests.oracles.api_models import request_problems
from tests.oracles.cloudformation import template_problems
from tests.oracles.recordings import injured
from tests.small_zone import REGION
from zone.specs.account import InstanceTypes
from zone.specs.scheduling import Check

DEFINITION = "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition"
SCHEDULE = "aws:sagemaker/monitoringSchedule:MonitoringSchedule"
RULE, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
OWN = f"s3://mlz-dev-fraud-studio-{ACCOUNT}/monitors/scorer"
TAGS = {"mlz:owner": "owner@example.com"}
MADE = built(watched)
REAL_IDS = replace(
    place_of(), subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"], security_group_id="sg-0123abcd"
)
FAILED_JOB = {
    "version": "0",
    "id": "0a15f67d-aa23-0123-0123-01a23w89r01t",
    "detail-type": "SageMaker Processing Job State Change",
    "source": "aws.sagemaker",
    "account": ACCOUNT,
    "time": "2019-05-31T21:49:54Z",
    "region": REGION,
    "resources": [],
    "detail": {
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "OutputName",
                    "S3Output": {
                        "S3Uri": "s3://output/s3/uri",
                        "LocalPath": "/opt/ml/processing/output/local/path",
                        "S3UploadMode": "CONTINUOUS",
                    },
                }
            ],
            "KmsKeyId": "KmsKeyId",
        },
        "ProcessingJobName": "integ-test-analytics-algo-54ee3282-5899-4aa3-afc2-7ce1d02",
        "ProcessingJobStatus": "Failed",
        "FailureReason": "InternalServerError: We encountered an internal error.  Please try again.",
    },
}
"""AWS's example, shortened. Source: SageMaker Developer Guide, "Events that Amazon SageMaker AI sends to Amazon
EventBridge", SageMaker processing job state change, read 2026-11-30 in a stored copy."""


def only(kind, made=MADE):
    (found,) = made.of(kind)
    return found


def patterns():
    return {
        each.name.rpartition("-")[2]: each.inputs["eventPattern"] for each in MADE.of(RULE) if "-data-" in each.name
    }


def matches(pattern, event):
    """Whether an event matches, as EventBridge finds it: a path into a list of objects is one into each of them.

    Source: aws/event-ruler, "Array-Consistent Matching", read 2026-11-30.
    """
    if isinstance(pattern, dict):
        found = event if isinstance(event, list) else [event]
        return any(
            isinstance(each, dict)
            and all(key in each and matches(wanted, each[key]) for key, wanted in pattern.items())
            for each in found
        )
    return any(event.startswith(each["prefix"]) if isinstance(each, dict) else event == each for each in pattern)


def rings(how, uri, **detail):
    event = deepcopy(FAILED_JOB)
    event["detail"]["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"] = uri
    event["detail"].update(detail)
    return matches(json.loads(patterns()[how]), event)


@pytest.mark.shows("J1")
def test_a_definition_reads_captured_calls_holds_them_against_the_baseline_and_reports_below_the_monitors_prefix():
    assert {
        "dataQualityAppSpecification": {
            "imageUri": ANALYZER,
            "environment": {"publish_cloudwatch_metrics": "Disabled"},
        },
        "dataQualityBaselineConfig": {
            "constraintsResource": {"s3Uri": f"{OWN}/baseline/constraints.json"},
            "statisticsResource": {"s3Uri": f"{OWN}/baseline/statistics.json"},
        },
        "dataQualityJobInput": {
            "endpointInput": {"endpointName": "fraud-scorer", "localPath": "/opt/ml/processing/input/endpoint"}
        },
        "dataQualityJobOutputConfig": {
            "kmsKeyId": KEY_ARN,
            "monitoringOutputs": {
                "s3Output": {
                    "s3Uri": f"{OWN}/reports/data/",
                    "localPath": "/opt/ml/processing/output",
                    "s3UploadMode": "EndOfJob",
                }
            },
        },
        "jobResources": {
            "clusterConfig": {
                "instanceCount": 1,
                "instanceType": "ml.m5.large",
                "volumeSizeInGb": 30,
                "volumeKmsKeyId": KEY_ARN,
            }
        },
        "networkConfig": {
            "enableInterContainerTrafficEncryption": True,
            "enableNetworkIsolation": True,
            "vpcConfig": {"subnets": ["subnet-a", "subnet-b"], "securityGroupIds": ["sg-workloads"]},
        },
        "roleArn": ROLE_ARN.format("processing"),
        "stoppingCondition": {"maxRuntimeInSeconds": 3600},
    } == only(DEFINITION).inputs


def test_a_schedule_names_the_definition_and_goes_before_its_replacement_comes():
    assert only(DEFINITION).urn in only(SCHEDULE).dependencies
    assert {
        "name": "monitor-scorer-data",
        "monitoringScheduleConfig": {
            # Its name is Pulumi's, so nothing knows it before it is there.
            "monitoringType": "DataQuality",
            "scheduleConfig": {"scheduleExpression": "cron(0 4 ? * * *)"},
        },
    } == only(SCHEDULE).inputs
    assert only(SCHEDULE).delete_before_replace
    assert not only(DEFINITION).delete_before_replace
    assert ("roleArn",) == only(DEFINITION).replace_on_changes


def test_aws_takes_both_and_a_fault_is_found():
    made = built(lambda opts: watched(opts, REAL_IDS))
    both = [only(DEFINITION, made), only(SCHEDULE, made)]

    assert [] == [problem for each in both for problem in request_problems(each, TAGS)]
    assert [] == template_problems(both, TAGS, REGION)
    for wrong in (
        injured(both[0], "jobResources.clusterConfig.instanceType", "m5.large"),
        injured(both[0], "roleArn", "mlz-processing"),
        injured(both[0], "stoppingCondition.maxRuntimeInSeconds", 86401),
        injured(both[1], "monitoringScheduleConfig.monitoringType", "Data"),
        injured(both[1], "name", "monitor_scorer"),
    ):
        assert request_problems(wrong, TAGS) or template_problems([wrong], TAGS, REGION)


def test_a_type_that_takes_our_volume_key_is_preferred():
    def cluster(*types):
        where = place_of(replace(WITH_BATCHES, instance_types=InstanceTypes(processing=types)))
        made = built(lambda opts: watched(opts, where))
        return only(DEFINITION, made).inputs["jobResources"]["clusterConfig"]

    assert ("ml.m5.large", KEY_ARN) == tuple(
        cluster("ml.m5d.large", "ml.m5.large")[key] for key in ("instanceType", "volumeKmsKeyId")
    )
    assert "volumeKmsKeyId" not in cluster("ml.m5d.large")


def test_runs_of_this_check_that_fail_are_told_of_and_no_others():
    assert rings("failed", f"{OWN}/reports/data/fraud-scorer/run")
    assert not rings("failed", f"{OWN}/reports/data/fraud-scorer/run", ProcessingJobStatus="Completed")
    assert not rings("failed", f"{OWN}/reports/model/run")
    assert not rings("failed", "s3://output/s3/uri")


def test_runs_that_find_violations_are_told_of_and_no_others():
    uri = f"{OWN}/reports/data/fraud-scorer/run"
    words = "{}: Job completed successfully with {} violations."

    assert rings("violations", uri, ExitMessage=words.format("CompletedWithViolations", 3))
    assert not rings("violations", uri, ExitMessage=words.format("Completed", "no"))
    assert not rings("violations", uri)
    assert not rings("violations", "s3://output/s3/uri", ExitMessage=words.format("CompletedWithViolations", 3))


def test_both_rules_tell_the_monitors_topic():
    told = {each.name: each.inputs["arn"] for each in MADE.of(TARGET)}

    assert {"fraud-scorer-monitor-data-failed", "fraud-scorer-monitor-data-violations"} <= set(told)
    assert 1 == len(set(told.values()))


def test_the_other_checks_stay_the_images_own_and_no_picture_is_drawn_of_what_nothing_counts():
    names = {each.inputs["name"] for each in MADE.of("aws:scheduler/schedule:Schedule")}
    widgets = json.loads(only(DASHBOARD).inputs["dashboardBody"])["widgets"]

    assert {"monitor-scorer-model", "monitor-scorer-bias", "monitor-scorer-explain"} == names
    assert {"auc", "bias", "attribution"} == {each["properties"]["title"] for each in widgets}


def test_where_model_monitor_checks_alone_there_is_no_dashboard_and_no_rule_of_own_jobs():
    made = built(lambda opts: monitor(opts, model_monitor=("data",), own=False))

    assert [] == made.of(DASHBOARD)
    assert [] == made.of("aws:scheduler/schedule:Schedule")
    assert {"fraud-scorer-monitor-data-failed", "fraud-scorer-monitor-data-violations"} == {
        each.name for each in made.of(RULE)
    }


def test_by_default_there_is_nothing_of_model_monitor():
    made = built(monitor)

    assert [] == [*made.of(DEFINITION), *made.of(SCHEDULE)]
    assert {"fraud-scorer-monitor-failed"} == {each.name for each in made.of(RULE)}


def test_a_check_that_model_monitor_does_not_run_here_is_refused():
    assert set(model_monitor.CHECKS) < {check.value for check in Check}
    with pytest.raises(RunError, match="model monitor 'bias' is unknown; there are data"):
        built(lambda opts: monitor(opts, model_monitor=("bias",)))
