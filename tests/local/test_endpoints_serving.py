"""Endpoints that serve: created, asked, watched, changed and deleted, in processes of this machine."""

import json
import os

import pytest
from botocore.exceptions import ClientError

from tests.local.people import ACCOUNT, NUMBERS, REGION, allow
from tests.local.serving import asked, cache, config, image, model, runtime, served, settled, until

__all__ = ["cache", "config", "image", "model", "runtime", "served"]


def refused(call, **params):
    with pytest.raises(ClientError) as error:
        call(**params)
    return error.value.response


def alive(pid):
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    return True


def test_a_model_answers_with_its_own_data_and_its_process_ends_with_the_endpoint(
    client, model, config, served, runtime
):
    name = served(config({"all": {"ModelName": model(3)}}))

    assert ("3.0\n6.0", "all") == asked(runtime, name, "1\n2")
    came = runtime.invoke_endpoint(EndpointName=name, Body=b"1", CustomAttributes="trace-1")
    assert ("trace-1 seen", "text/csv; charset=utf-8") == (came["CustomAttributes"], came["ContentType"])
    pid, _ = asked(runtime, name, "pid")
    assert alive(pid)
    client("sagemaker").delete_endpoint(EndpointName=name)
    until(lambda: not alive(pid))
    assert f"Endpoint {name} of account {ACCOUNT} not found." in str(
        refused(runtime.invoke_endpoint, EndpointName=name, Body=b"1")
    )


def test_the_weights_choose_the_variant_and_a_call_may_name_one(client, model, config, served, runtime):
    variants = {
        "champion": {"ModelName": model(1), "InitialVariantWeight": 3},
        "challenger": {"ModelName": model(10), "InitialVariantWeight": 1},
    }
    name = served(config(variants))

    came = [asked(runtime, name, "1") for _ in range(8)]

    assert {("1.0", "champion"): 6, ("10.0", "challenger"): 2} == {each: came.count(each) for each in set(came)}
    assert ("10.0", "challenger") == asked(runtime, name, "1", TargetVariant="challenger")
    assert (
        "ValidationError"
        == refused(runtime.invoke_endpoint, EndpointName=name, Body=b"1", TargetVariant="nobody")["Error"]["Code"]
    )
    client("sagemaker").update_endpoint_weights_and_capacities(
        EndpointName=name, DesiredWeightsAndCapacities=[{"VariantName": "challenger", "DesiredWeight": 0}]
    )
    assert {"champion"} == {asked(runtime, name, "1")[1] for _ in range(4)}
    shown = {each["VariantName"]: each for each in settled(client, name)["ProductionVariants"]}
    assert (0, 1) == (shown["challenger"]["CurrentWeight"], shown["challenger"]["CurrentInstanceCount"])


def test_a_model_s_error_comes_with_its_status_and_its_words(model, config, served, runtime):
    name = served(config({"all": {"ModelName": model()}}))

    said = refused(runtime.invoke_endpoint, EndpointName=name, Body=b"x", ContentType="text/csv")

    assert ("ModelError", 424) == (said["Error"]["Code"], said["ResponseMetadata"]["HTTPStatusCode"])
    assert 400 == said["OriginalStatusCode"]
    assert {"message": "could not convert string to float: 'x'"} == json.loads(said["OriginalMessage"])
    assert said["Error"]["Message"].startswith('Received client error (400) from primary with message "{"message": ')
    assert said["LogStreamArn"].endswith(f":log-group:/aws/sagemaker/Endpoints/{name}")
    too_long = refused(runtime.invoke_endpoint, EndpointName=name, Body=b"1" * (6 * 1024 * 1024 + 1))
    assert "less than or equal to 6291456" in too_long["Error"]["Message"]


def test_calls_are_counted_and_the_container_s_lines_are_logged(client, model, config, served, runtime):
    name = served(config({"all": {"ModelName": model()}}))
    asked(runtime, name, "1\n2")
    refused(runtime.invoke_endpoint, EndpointName=name, Body=b"x")

    def total(metric):
        found = client("cloudwatch").get_metric_data(
            MetricDataQueries=[
                {
                    "Id": "m",
                    "MetricStat": {
                        "Metric": {
                            "Namespace": "AWS/SageMaker",
                            "MetricName": metric,
                            "Dimensions": [
                                {"Name": "EndpointName", "Value": name},
                                {"Name": "VariantName", "Value": "all"},
                            ],
                        },
                        "Period": 86400,
                        "Stat": "Sum",
                    },
                }
            ],
            StartTime="2020-01-01",
            EndTime="2100-01-01",
        )
        return sum(found["MetricDataResults"][0]["Values"])

    assert (2, 1, 0) == (total("Invocations"), total("Invocation4XXErrors"), total("Invocation5XXErrors"))
    assert total("ModelLatency") > 0
    logs, group = client("logs"), f"/aws/sagemaker/Endpoints/{name}"
    (stream,) = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert stream["logStreamName"].startswith("all/i-")
    lines = logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])["events"]
    assert {"serving 2.0", "asked 2"} <= {line["message"] for line in lines}


def test_a_model_may_call_aws_while_it_answers_with_its_role_s_rights(model, config, served, runtime):
    poor = allow("s3:GetObject", "logs:*", "ecr:*", "cloudwatch:PutMetricData")
    rich = served(config({"all": {"ModelName": model()}}))
    other = served(config({"all": {"ModelName": model(works=[poor])}}))

    assert "200" == asked(runtime, rich, "objects")[0]
    assert asked(runtime, other, "objects")[0].startswith("403 ")


def test_who_may_not_invoke_does_not(person, model, config, served):
    name = served(config({"all": {"ModelName": model()}}))

    said = refused(person(allow("s3:*"))("sagemaker-runtime").invoke_endpoint, EndpointName=name, Body=b"1")

    assert "is not authorized to perform: sagemaker:InvokeEndpoint" in said["Error"]["Message"]


def test_a_container_that_ends_makes_the_endpoint_fail_and_only_deletion_helps(client, model, config, served):
    broken = config({"all": {"ModelName": model(Environment={"BROKEN": "1"})}})
    name = served(broken, "Failed")

    seen = client("sagemaker").describe_endpoint(EndpointName=name)

    assert "variant all did not pass the ping health check. Please check CloudWatch" in seen["FailureReason"]
    logs, group = client("logs"), f"/aws/sagemaker/Endpoints/{name}"
    assert "broken: on purpose" in str(logs.filter_log_events(logGroupName=group)["events"])
    again = refused(client("sagemaker").update_endpoint, EndpointName=name, EndpointConfigName=broken)
    assert "its status is Failed" in again["Error"]["Message"]


def test_a_model_whose_data_is_not_there_or_is_no_archive_fails(client, model, config, served, bucket):
    place = bucket()
    client("s3").put_object(Bucket=place, Key="text", Body=b"no archive")
    for key in ("nothing", "text"):
        name = served(config({"all": {"ModelName": model(data=f"s3://{place}/{key}")}}), "Failed")
        reason = client("sagemaker").describe_endpoint(EndpointName=name)["FailureReason"]
        assert f'Failed to download model data for container "container_1" from URL: "s3://{place}/{key}"' in reason


def test_a_model_in_a_network_without_a_way_to_s3_is_refused(client, model):
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    network = {"Subnets": [subnet], "SecurityGroupIds": ["sg-0123456789abcdef0"]}

    with pytest.raises(ClientError, match=r"no endpoint for com\.amazonaws\.eu-west-1\.s3"):
        model(VpcConfig=network, works=[allow("*")])


def test_a_name_is_taken_once_and_a_changing_endpoint_is_left_alone(client, model, config, served):
    first = config({"all": {"ModelName": model()}})
    name = served(first)
    sagemaker = client("sagemaker")

    assert (
        "already existing endpoint"
        in refused(sagemaker.create_endpoint, EndpointName=name, EndpointConfigName=first)["Error"]["Message"]
    )
    sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=config({"all": {"ModelName": model(5)}}))
    for call in (sagemaker.delete_endpoint, sagemaker.update_endpoint_weights_and_capacities):
        more = {"DesiredWeightsAndCapacities": [{"VariantName": "all", "DesiredWeight": 1}]}
        given = {} if call == sagemaker.delete_endpoint else more
        said = refused(call, EndpointName=name, **given)
        assert f'Cannot update in-progress endpoint "arn:aws:sagemaker:{REGION}:{ACCOUNT}:' in said["Error"]["Message"]


def test_an_image_without_a_program_is_served_by_nobody_and_in_service_at_once(client, config, role, runtime):
    sagemaker, model_name = client("sagemaker"), f"model-{next(NUMBERS)}"
    container = {"Image": "763104351884.dkr.ecr.eu-west-1.amazonaws.com/xgboost:1"}
    sagemaker.create_model(ModelName=model_name, PrimaryContainer=container, ExecutionRoleArn=role(allow("*")))
    name = f"endpoint-{next(NUMBERS)}"

    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config({"all": {"ModelName": model_name}}))

    assert "InService" == sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"]
    assert b"body" == runtime.invoke_endpoint(EndpointName=name, Body=b"1")["Body"].read()
    sagemaker.delete_endpoint(EndpointName=name)
