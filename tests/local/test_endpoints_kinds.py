"""Endpoints of other kinds: serverless ones, asynchronous ones, and what neither can have."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.local.people import NUMBERS, allow
from tests.local.serving import asked, cache, config, image, model, runtime, served, settled, until

__all__ = ["cache", "config", "image", "model", "runtime", "served"]


def refused(call, **params):
    with pytest.raises(ClientError) as error:
        call(**params)
    return error.value.response["Error"]


@pytest.fixture
def serverless(model, config, served):
    """Make a serverless endpoint."""

    def make(most=1, **more):
        size = {"MemorySizeInMB": 1024, "MaxConcurrency": most}
        return served(config({"all": {"ModelName": model(**more), "ServerlessConfig": size}}))

    return make


def test_a_serverless_endpoint_starts_its_container_for_the_first_call(serverless, runtime, cloud):
    name = serverless()
    assert [] == children(cloud.pid)

    first = asked(runtime, name, "pid")[0]

    assert first == asked(runtime, name, "pid")[0]
    os.kill(int(first), 9)
    until(lambda: not children(cloud.pid))
    assert first != asked(runtime, name, "pid")[0]


def children(pid):
    """Processes that a process has started and that still run."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (each / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if parent == str(pid) and state != "Z":
            found.append(int(each.name))
    return found


def test_a_serverless_endpoint_takes_so_many_calls_at_once_and_no_larger_ones(serverless, runtime):
    name = serverless(most=1)
    asked(runtime, name, "1")

    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(asked, runtime, name, "sleep 2") for _ in range(4)]
    failed = [call.exception().response["Error"]["Code"] for call in calls if call.exception()]

    assert {"ThrottlingException"} == set(failed)
    assert 1 <= len(failed) <= 3
    large = refused(runtime.invoke_endpoint, EndpointName=name, Body=b"1" * (4 * 1024 * 1024 + 1))
    assert "less than or equal to 4194304" in large["Message"]


@pytest.mark.parametrize("more", ["network", "capture", "variants", "queue"])
def test_a_serverless_endpoint_has_no_network_capture_or_second_variant(client, model, config, bucket, more):
    size = {"ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1}}
    variants = {"all": {"ModelName": model(EnableNetworkIsolation=more == "network"), **size}}
    if more == "variants":
        variants["other"] = {"ModelName": model(), **size}
    place = f"s3://{bucket()}/out"
    given = {
        "capture": {
            "DataCaptureConfig": {
                "InitialSamplingPercentage": 1,
                "DestinationS3Uri": place,
                "CaptureOptions": [{"CaptureMode": "Input"}],
            }
        },
        "queue": {"AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": place}}},
    }.get(more, {})

    said = refused(
        client("sagemaker").create_endpoint,
        EndpointName=f"endpoint-{next(NUMBERS)}",
        EndpointConfigName=config(variants, **given),
    )

    assert "One or more endpoint features are not supported using this configuration" == said["Message"]


@pytest.fixture
def queue(client, bucket, model, config, served):
    """Make an asynchronous endpoint; its name, its bucket, and what it tells."""

    def make(**more):
        place, number = bucket(), next(NUMBERS)
        topic = client("sns").create_topic(Name=f"told-{number}")["TopicArn"]
        url = client("sqs").create_queue(QueueName=f"told-{number}")["QueueUrl"]
        arn = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        output = {
            "S3OutputPath": f"s3://{place}/out",
            "S3FailurePath": f"s3://{place}/failed",
            "NotificationConfig": {"SuccessTopic": topic, "ErrorTopic": topic},
        }
        name = served(config({"all": {"ModelName": model(**more)}}, AsyncInferenceConfig={"OutputConfig": output}))

        def told():
            message = until(lambda: client("sqs").receive_message(QueueUrl=url).get("Messages"))[0]
            client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return json.loads(json.loads(message["Body"])["Message"])

        return name, place, told

    return make


def body_of(client, address):
    place, _, key = address.removeprefix("s3://").partition("/")
    return client("s3").get_object(Bucket=place, Key=key)["Body"].read().decode()


def test_an_asynchronous_endpoint_answers_to_s3_and_says_so(client, queue, runtime):
    name, place, told = queue()
    client("s3").put_object(Bucket=place, Key="in.csv", Body=b"4")

    came = runtime.invoke_endpoint_async(
        EndpointName=name, InputLocation=f"s3://{place}/in.csv", ContentType="text/csv", InferenceId="a-1"
    )

    assert 202 == came["ResponseMetadata"]["HTTPStatusCode"]
    assert ("a-1", f"s3://{place}/out") == (came["InferenceId"], came["OutputLocation"].rpartition("/")[0])
    message = told()
    assert ("Completed", "a-1") == (message["invocationStatus"], message["inferenceId"])
    assert {"endpointName": name, "inputLocation": f"s3://{place}/in.csv"} == message["requestParameters"]
    assert came["OutputLocation"] == message["responseParameters"]["outputLocation"]
    assert "8.0" == body_of(client, came["OutputLocation"])


def test_what_an_asynchronous_endpoint_cannot_do_is_told_with_the_reason(client, queue, runtime):
    name, place, told = queue()
    inline = runtime.invoke_endpoint_async(EndpointName=name, Body=b"no number", ContentType="text/csv")

    message = told()
    assert ("Failed", inline["InferenceId"]) == (message["invocationStatus"], message["inferenceId"])
    assert message["failureReason"].startswith("ClientError: Received client error (400) from model. See the ")
    assert "could not convert" in body_of(client, inline["FailureLocation"])
    runtime.invoke_endpoint_async(EndpointName=name, InputLocation=f"s3://{place}/nothing")
    assert "NoSuchKey" in told()["failureReason"]


def test_a_role_that_may_not_write_leaves_no_answer(queue, runtime):
    name, _, told = queue(works=[allow("s3:GetObject", "logs:*", "ecr:*", "cloudwatch:PutMetricData", "sns:Publish")])

    runtime.invoke_endpoint_async(EndpointName=name, Body=b"1", ContentType="text/csv")

    assert "s3:PutObject" in told()["failureReason"]


def test_each_kind_of_endpoint_takes_its_own_calls(client, queue, model, config, served, *, runtime):
    later, place, _ = queue()
    now = served(config({"all": {"ModelName": model()}}))
    invoke, invoke_async = runtime.invoke_endpoint, runtime.invoke_endpoint_async

    assert "ValidationError" == refused(invoke, EndpointName=later, Body=b"1")["Code"]
    assert "ValidationError" == refused(invoke_async, EndpointName=now, Body=b"1")["Code"]
    both = {"Body": b"1", "InputLocation": f"s3://{place}/x"}
    assert "either InputLocation or a Body" in refused(invoke_async, EndpointName=later, **both)["Message"]
    assert "S3OutputPath" in str(settled(client, later)["AsyncInferenceConfig"])
