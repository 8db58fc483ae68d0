"""Schedules that really fire: under their role, decided at the gate; what cannot start is kept and said."""

import json
from itertools import count

import pytest
from botocore.exceptions import ClientError

from local.schedules.fire import run
from local.schedules.universal import TargetError, call_of
from tests.local.job_rig import CLUSTER, cache, ended, image, lines
from tests.local.people import ACCOUNT, NUMBERS, REGION, allow, document

__all__ = ["cache", "image"]

WORKS = (allow("s3:*", "logs:*", "cloudwatch:*", "ecr:*"), allow("ec2:*"))
STARTS = (allow("sagemaker:CreateProcessingJob"), allow("iam:PassRole"), allow("sqs:SendMessage"))


@pytest.fixture
def group(client):
    name = f"group{next(NUMBERS)}"
    client("scheduler").create_schedule_group(Name=name)
    return name


@pytest.fixture
def queue(client):
    """A dead letter queue; its ARN, and the messages in it."""
    sqs, name = client("sqs"), f"letters{next(NUMBERS)}"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]

    def messages():
        found = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], MaxNumberOfMessages=10)
        return [
            (each["Body"], {key: value["StringValue"] for key, value in each["MessageAttributes"].items()})
            for each in found.get("Messages", [])
        ]

    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}", messages


def trusted(group):
    condition = {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/{group}"},
    }
    principal = {"Service": "scheduler.amazonaws.com"}
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition})


@pytest.fixture
def fire(cloud, client, group, queue):
    """Make a schedule of a request under a role, and fire it."""

    def make(role_arn, request, *, call="sagemaker:createProcessingJob", **more):
        name = f"schedule{next(NUMBERS)}"
        arn = client("scheduler").create_schedule(
            Name=name,
            GroupName=group,
            ScheduleExpression="rate(1 day)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": f"arn:aws:scheduler:::aws-sdk:{call}",
                "RoleArn": role_arn,
                "Input": json.dumps(request),
                "RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600},
                "DeadLetterConfig": {"Arn": queue[0]},
            },
            **more,
        )["ScheduleArn"]
        return cloud.ask("fire", {"schedule": arn})

    return make


def processing(image_uri, role_arn):
    return {
        "ProcessingJobName": f"monitor-{next(NUMBERS)}-<aws.scheduler.execution-id>",
        "RoleArn": role_arn,
        "AppSpecification": {
            "ImageUri": image_uri,
            "ContainerEntrypoint": ["check"],
            "ContainerArguments": ["--kind", "data", "--attempt", "<aws.scheduler.attempt-number>"],
        },
        "ProcessingResources": {"ClusterConfig": CLUSTER},
    }


@pytest.mark.shows("I4")
def test_a_schedule_starts_a_job_that_runs_under_a_name_of_its_own(fire, client, role, image, group):
    uri = image(check="import sys; print(*sys.argv[1:])")
    request = processing(uri, role(*WORKS))

    first = fire(role(*STARTS, trusted=trusted(group)), request)

    name = first["answer"]["ProcessingJobArn"].rpartition("/")[2]
    assert name.endswith(f"-{first['execution']}")
    assert 16 == len(first["execution"])
    assert (
        "Completed" == ended(client("sagemaker").describe_processing_job, "ProcessingJob", name)["ProcessingJobStatus"]
    )
    assert "--kind data --attempt 1" in lines(client("logs"), "ProcessingJobs", name)


def test_what_its_role_may_not_start_becomes_a_dead_letter_at_once(fire, role, group, queue):
    arn = role(*STARTS[1:], trusted=trusted(group))

    said = fire(arn, processing("busybox", role(*WORKS)))

    assert 1 == said["attempts"]
    assert "sagemaker:CreateProcessingJob" in said["error"]
    assert queue[0] == said["dead_letter"]
    ((body, facts),) = queue[1]()
    assert said["execution"] in json.loads(body)["ProcessingJobName"]
    assert "AccessDeniedException" == facts["ERROR_CODE"]
    assert ("0", said["execution"]) == (facts["RETRY_ATTEMPTS"], facts["EXECUTION_ID"])


def test_a_role_that_may_not_pass_the_jobs_role_starts_nothing(fire, role, group, queue):
    arn = role(STARTS[0], STARTS[2], trusted=trusted(group))

    assert "iam:PassRole" in fire(arn, processing("busybox", role(*WORKS)))["error"]
    assert 1 == len(queue[1]())


def test_without_a_right_on_the_queue_the_letter_is_lost_and_that_is_said(fire, role, group, queue):
    said = fire(role(*STARTS[1:2], trusted=trusted(group)), processing("busybox", role(*WORKS)))

    assert "" == said["dead_letter"]
    assert "sqs:" in said["unkept"]
    assert [] == queue[1]()


def test_a_role_trusts_the_schedules_of_its_own_group_only(fire, role, queue):
    said = fire(role(*STARTS, trusted=trusted("another")), processing("busybox", role(*WORKS)))

    assert "may not take" in said["lost"]
    assert [] == queue[1]()


def test_an_encrypted_schedule_is_read_with_its_roles_right_on_the_key(fire, role, group, key):
    arn, through = key(), {"kms:ViaService": f"scheduler.{REGION}.amazonaws.com"}
    request = {"QueueUrl": "x"}

    blind = fire(role(*STARTS, trusted=trusted(group)), request, KmsKeyArn=arn)
    able = role(*STARTS, allow("kms:Decrypt", StringEquals=through), trusted=trusted(group))

    assert "kms:Decrypt" in blind["lost"]
    assert "lost" not in fire(able, request, KmsKeyArn=arn)


def test_a_request_that_the_api_does_not_know_is_no_use_trying_again(fire, role, group, queue):
    said = fire(role(*STARTS, trusted=trusted(group)), {"ProcessingJob": "x"})

    assert (1, queue[0]) == (said["attempts"], said["dead_letter"])
    assert said["error"].startswith("ValidationException")


def test_a_schedule_that_is_switched_off_or_not_there_fires_nothing(fire, cloud, role, group):
    arn = role(*STARTS, trusted=trusted(group))

    assert "enabled" in fire(arn, {}, State="DISABLED")["lost"]
    assert "enabled" in cloud.ask("fire", {"schedule": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/no/no"})["lost"]


def test_who_makes_a_schedule_must_pass_its_role(person, role, group):
    mute = person(allow("scheduler:CreateSchedule"))("scheduler")
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "RoleArn": role(trusted=trusted(group))}
    schedule = {"ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}

    with pytest.raises(ClientError, match="iam:PassRole"):
        mute.create_schedule(Name="mine", GroupName=group, **schedule)


TARGET = {
    "Arn": "arn:aws:scheduler:::aws-sdk:sagemaker:createTransformJob",
    "Input": '{"TransformJobName": "batch-<aws.scheduler.execution-id>-<aws.scheduler.attempt-number>"}',
    "RetryPolicy": {"MaximumRetryAttempts": 2},
    "DeadLetterConfig": {"Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:letters"},
}


def failing(times, status=503):
    """Calls that fail so often, and a list of all requests."""
    asked, number = [], count(1)

    def call(service, _method, request):
        asked.append((service, request))
        if service == "sagemaker" and next(number) <= times:
            error = {"Error": {"Code": "ServiceUnavailable", "Message": "later"}}
            raise ClientError({**error, "ResponseMetadata": {"HTTPStatusCode": status}}, "CreateTransformJob")
        return {}

    return call, asked


def test_what_may_succeed_later_is_tried_again_each_time_under_another_name():
    call, asked = failing(2)

    said = run("arn:schedule", TARGET, call)

    assert (3, {}) == (said["attempts"], said["answer"])
    names = [request["TransformJobName"] for _, request in asked]
    assert 3 == len({*names})
    assert ["1", "2", "3"] == [name.rpartition("-")[2] for name in names]
    assert said["execution"] in names[-1]


def test_after_the_last_attempt_there_is_one_dead_letter():
    call, asked = failing(9)

    said = run("arn:schedule", TARGET, call)

    assert ["sagemaker"] * 3 + ["sqs"] == [service for service, _ in asked]
    assert "2" == asked[-1][1]["MessageAttributes"]["RETRY_ATTEMPTS"]["StringValue"]
    assert TARGET["DeadLetterConfig"]["Arn"] == said["dead_letter"]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("sagemaker:createProcessingJob", ("sagemaker", "create_processing_job")),
        ("emrserverless:startJobRun", ("emr-serverless", "start_job_run")),
        ("sqs:sendMessage", ("sqs", "send_message")),
    ],
)
def test_a_universal_target_names_a_call(target, expected):
    assert expected == call_of(f"arn:aws:scheduler:::aws-sdk:{target}")


@pytest.mark.parametrize("arn", ["arn:aws:sqs:eu-west-1:111111111111:q", "arn:aws:scheduler:::aws-sdk:sqs:dance"])
def test_what_is_no_call_is_refused(arn):
    with pytest.raises(TargetError):
        call_of(arn)
