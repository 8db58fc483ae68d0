"""What starts by schedule asks AWS for nothing that AWS would refuse, and its role may start no more than that."""

import json
import re
from dataclasses import replace

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from components.access.grants.place import Place
from components.access.grants.schedule import schedule
from components.access.grants.statement import size
from components.monitoring.monitor import CHECKS, METRIC_OF
from stacks.inputs import team_of
from tests import iam
from tests.components import examples_scheduled
from tests.components.building import built, document
from tests.components.examples_scheduled import KEY_ARN, WITH_BATCHES
from zone import schedule_names
from zone.specs.account import InstanceTypes
from zone.specs.scheduling import COUNTED_BY, Check, Limit

SAGEMAKER = get_session().get_service_model("sagemaker")
RUN = "d32c5kddcf5bb8c3"
INLINE_POLICY_CHARACTERS = 10240
"""All inline policies of a role. Source: IAM User Guide, "IAM and STS quotas", read 2026-11-20."""


def schedules(example, *given):
    """Operation and request, as SageMaker gets it, of each schedule of a component."""
    made = built(lambda opts: example(opts, *given)).of("aws:scheduler/schedule:Schedule")
    for each in made:
        target = each.inputs["target"]
        service, call = target["arn"].removeprefix("arn:aws:scheduler:::aws-sdk:").split(":")
        assert "sagemaker" == service
        request = json.loads(target["input"].replace(schedule_names.EXECUTION, RUN))
        yield each.inputs, call[0].upper() + call[1:], request


ALL = [examples_scheduled.monitor, examples_scheduled.batch]


@pytest.mark.shows("I4", "J1")
@pytest.mark.parametrize("example", ALL, ids=["monitor", "batch"])
def test_what_a_schedule_asks_sagemaker_for_is_a_request_of_its_api(example):
    found = list(schedules(example))

    assert found
    for _, operation, request in found:
        report = ParamValidator().validate(request, SAGEMAKER.operation_model(operation).input_shape)
        assert "" == report.generate_report()


@pytest.mark.parametrize("example", ALL, ids=["monitor", "batch"])
def test_each_run_has_a_name_of_its_own_that_sagemaker_takes(example):
    for inputs, operation, request in schedules(example):
        key = f"{operation.removeprefix('Create')}Name"
        shape = SAGEMAKER.operation_model(operation).input_shape.members[key]

        assert request[key].endswith(f"-{RUN}")
        assert re.fullmatch(shape.metadata["pattern"], request[key])
        assert inputs["name"] + f"-{RUN}" == request[key]


@pytest.mark.parametrize("check", CHECKS)
def test_the_longest_names_fit(check):
    longest = "m" + "x" * 20

    assert 63 >= len(f"{schedule_names.monitor_job(longest, check)}-{RUN}")
    assert 63 >= len(f"{schedule_names.batch_job(longest)}-{RUN}")
    assert len(RUN) == schedule_names.EXECUTION_CHARACTERS


def test_every_run_writes_below_a_prefix_of_its_own():
    for _, operation, request in [*schedules(examples_scheduled.monitor), *schedules(examples_scheduled.batch)]:
        if operation == "CreateTransformJob":
            assert request["TransformOutput"]["S3OutputPath"].endswith(f"/datasets/transactions/scores/{RUN}/")
        else:
            (output,) = request["ProcessingOutputConfig"]["Outputs"]
            assert output["S3Output"]["S3Uri"].endswith(f"/{RUN}/")


def test_every_check_reads_the_captured_calls_and_two_read_what_happened_afterwards():
    found = {
        request["AppSpecification"]["ContainerArguments"][-1]: {
            each["InputName"] for each in request["ProcessingInputs"]
        }
        for _, _, request in schedules(examples_scheduled.monitor)
    }

    without, with_labels = {"baseline", "captured"}, {"baseline", "captured", "labels"}
    assert {"data": without, "model": with_labels, "bias": with_labels, "explain": without} == found


def test_a_job_counts_what_the_alarms_look_at():
    made = built(examples_scheduled.monitor)
    alarms = made.of("aws:cloudwatch/metricAlarm:MetricAlarm")

    for _, _, request in schedules(examples_scheduled.monitor):
        told = request["Environment"]
        assert {(told["MLZ_METRICS_NAMESPACE"], told["MLZ_MODEL"])} == {
            (each.inputs["namespace"], each.inputs["dimensions"]["Model"]) for each in alarms
        }


def test_jobs_run_in_our_network_with_our_keys():
    for _, operation, request in schedules(examples_scheduled.monitor):
        assert "CreateProcessingJob" == operation
        assert {"Subnets": ["subnet-a", "subnet-b"], "SecurityGroupIds": ["sg-workloads"]} == request["NetworkConfig"][
            "VpcConfig"
        ]
        assert KEY_ARN == request["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"]
        assert KEY_ARN == request["ProcessingOutputConfig"]["KmsKeyId"]


def test_a_type_with_local_disks_takes_no_volume_key():
    types = InstanceTypes(processing=("ml.m5d.large",))
    where = examples_scheduled.place(replace(WITH_BATCHES, instance_types=types))

    for _, _, request in schedules(examples_scheduled.monitor, where):
        assert "VolumeKmsKeyId" not in request["ProcessingResources"]["ClusterConfig"]


def test_a_schedule_is_encrypted_tries_again_and_keeps_what_failed():
    for inputs, _, _ in schedules(examples_scheduled.monitor):
        assert KEY_ARN == inputs["kmsKeyArn"]
        assert 0 < inputs["target"]["retryPolicy"]["maximumRetryAttempts"]
        assert inputs["target"]["deadLetterConfig"]["arn"].endswith(":mlz-dev-fraud-schedules")
        assert "mlz-dev-fraud" == inputs["groupName"]


def role_statements(**given):
    place = Place.stand_in(team_of(WITH_BATCHES))
    queue = schedule_names.dead_letters_arn(place.region, place.account_id, place.team.account_key)
    return schedule(place, queue, KEY_ARN, **{"applications": (), **given})


@pytest.mark.parametrize(("monitors", "batches"), [(True, False), (False, True), (True, True)])
def test_the_role_of_schedules_starts_what_is_declared_under_its_names_and_does_nothing_else(monitors, batches):
    allowed = {
        (action, resource)
        for each in role_statements(monitors=monitors, batches=batches)
        for action in each.actions
        for resource in each.resources
        if action.startswith("sagemaker:")
    }
    home = "arn:aws:sagemaker:eu-west-1:111111111111"
    expected = {
        ("sagemaker:CreateProcessingJob", f"{home}:processing-job/monitor-*"): monitors,
        ("sagemaker:CreateTransformJob", f"{home}:transform-job/batch-*"): batches,
    }

    assert {pair for pair, there in expected.items() if there} == allowed


def test_the_role_hands_sagemaker_the_processing_role_only():
    (passing,) = [each for each in role_statements(monitors=True, batches=True) if "iam:PassRole" in each.actions]

    assert ("arn:aws:iam::111111111111:role/mlz/mlz-processing",) == passing.resources
    assert {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}} == passing.conditions


def test_the_role_of_schedules_names_actions_and_keys_that_exist_and_fits():
    statements = role_statements(monitors=True, batches=True)

    assert [] == [wrong for each in statements if (wrong := iam.unknown_actions(each))]
    assert INLINE_POLICY_CHARACTERS > size(statements)


def test_only_scheduler_takes_the_role_and_only_for_our_group():
    made = built(examples_scheduled.schedules)
    (role,) = made.of("aws:iam/role:Role")
    (trusted,) = document(role, "assumeRolePolicy").values()

    assert {"Service": "scheduler.amazonaws.com"} == trusted["Principal"]
    assert {
        "StringEquals": {"aws:SourceAccount": "111111111111"},
        "ArnLike": {"aws:SourceArn": "arn:aws:scheduler:eu-west-1:111111111111:schedule-group/mlz-dev-fraud"},
    } == trusted["Condition"]


def test_each_limit_has_an_alarm_on_the_side_where_the_model_is_bad():
    alarms = {
        each.inputs["metricName"]: each.inputs
        for each in built(examples_scheduled.monitor).of("aws:cloudwatch/metricAlarm:MetricAlarm")
    }

    assert {"Drift", "Auc"} == set(alarms)
    assert ("GreaterThanThreshold", "Maximum", 0.2) == tuple(
        alarms["Drift"][key] for key in ("comparisonOperator", "statistic", "threshold")
    )
    assert ("LessThanThreshold", "Minimum", 0.75) == tuple(
        alarms["Auc"][key] for key in ("comparisonOperator", "statistic", "threshold")
    )
    assert all({"Model": "scorer"} == each["dimensions"] for each in alarms.values())


def test_a_check_that_fails_is_told_of_and_no_other_models_is():
    (rule,) = built(examples_scheduled.monitor).of("aws:cloudwatch/eventRule:EventRule")
    detail = json.loads(rule.inputs["eventPattern"])["detail"]

    assert {"ProcessingJobName": [{"prefix": "monitor-scorer-"}], "ProcessingJobStatus": ["Failed"]} == detail


def test_the_words_of_specs_and_components_are_the_same():
    assert set(CHECKS) == {check.value for check in Check}
    assert set(METRIC_OF) == {limit.value for limit in Limit}
    assert set(COUNTED_BY) == set(Limit)
