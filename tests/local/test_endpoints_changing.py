"""Endpoints that change while they serve, what they capture, and what scales them."""

import base64
import json
import re

import pytest
from botocore.exceptions import ClientError

from tests.local.people import NUMBERS, allow
from tests.local.serving import asked, cache, config, image, model, runtime, served, settled, until

__all__ = ["cache", "config", "image", "model", "runtime", "served"]


def capturing(place, percentage=100, **more):
    return {
        "DataCaptureConfig": {
            "EnableCapture": True,
            "InitialSamplingPercentage": percentage,
            "DestinationS3Uri": f"s3://{place}/captured",
            "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
            "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]},
            **more,
        }
    }


def captured(s3, place):
    """Keys, and lines in the order of their files."""
    listed = s3.list_objects_v2(Bucket=place, Prefix="captured/").get("Contents", [])
    keys = [each["Key"] for each in sorted(listed, key=lambda each: each["LastModified"])]
    bodies = [s3.get_object(Bucket=place, Key=key)["Body"].read().decode() for key in keys]
    return keys, [json.loads(line) for body in bodies for line in body.splitlines()]


@pytest.mark.shows("J7")
def test_what_goes_in_and_comes_out_is_captured_in_order_as_aws_writes_it(
    client, model, config, served, *, runtime, bucket, key
):
    place = bucket()
    name = served(config({"all": {"ModelName": model()}}, **capturing(place, KmsKeyId=key())))
    for number in range(3):
        asked(runtime, name, f"{number}", InferenceId=f"customer-{number}")
    asked(runtime, name, "3", ContentType="application/x-thing")
    with pytest.raises(ClientError):
        asked(runtime, name, "no number")

    keys, lines = captured(client("s3"), place)

    assert all(re.fullmatch(rf"captured/{name}/all/\d{{4}}/\d\d/\d\d/\d\d/[0-9a-f-]+\.jsonl", each) for each in keys)
    first = lines[0]
    assert ("0", "customer-0") == (first["eventVersion"], first["eventMetadata"]["inferenceId"])
    assert {"eventId", "inferenceId", "inferenceTime"} == set(first["eventMetadata"])
    assert {"observedContentType": "text/csv", "mode": "INPUT", "data": "0", "encoding": "CSV"} == first["captureData"][
        "endpointInput"
    ]
    assert {
        "observedContentType": "text/csv; charset=utf-8",
        "mode": "OUTPUT",
        "data": "0.0",
        "encoding": "CSV",
    } == first["captureData"]["endpointOutput"]
    inputs = [each["captureData"]["endpointInput"] for each in lines]
    assert ["0", "1", "2"] == [each["data"] for each in inputs[:3]]
    assert [("BASE64", b"3")] == [(each["encoding"], base64.b64decode(each["data"])) for each in inputs[3:]]
    assert "aws:kms" == client("s3").head_object(Bucket=place, Key=keys[0])["ServerSideEncryption"]
    shown = settled(client, name)["DataCaptureConfig"]
    assert ("Started", 100) == (shown["CaptureStatus"], shown["CurrentSamplingPercentage"])


def test_a_sample_is_captured_and_what_the_role_may_not_write_is_lost_and_logged(
    client, model, config, served, *, runtime, bucket
):
    half, forbidden = bucket(), bucket()
    reads = allow("s3:GetObject", "logs:*", "ecr:*", "cloudwatch:PutMetricData")
    sampled = served(config({"all": {"ModelName": model()}}, **capturing(half, 25)))
    poor = served(config({"all": {"ModelName": model(works=[reads])}}, **capturing(forbidden)))
    for _ in range(8):
        asked(runtime, sampled, "1")
    asked(runtime, poor, "1")

    assert 2 == len(captured(client("s3"), half)[1])
    assert [] == captured(client("s3"), forbidden)[0]
    events = client("logs").filter_log_events(logGroupName=f"/aws/sagemaker/Endpoints/{poor}")["events"]
    assert "data capture of 1 calls is lost" in str(events)
    assert "s3:PutObject" in str(events)


def test_an_update_replaces_what_serves_and_keeps_what_is_to_be_retained(
    client, model, config, served, *, runtime, bucket
):
    place = bucket()
    two = {"a": {"ModelName": model(2)}, "b": {"ModelName": model(3)}}
    name = served(config(two, **capturing(place)))
    client("sagemaker").update_endpoint_weights_and_capacities(
        EndpointName=name,
        DesiredWeightsAndCapacities=[{"VariantName": "a", "DesiredWeight": 7, "DesiredInstanceCount": 4}],
    )
    pid, _ = asked(runtime, name, "pid", TargetVariant="a")
    next_one = config({"a": {"ModelName": model(20)}, "b": {"ModelName": model(30)}})

    client("sagemaker").update_endpoint(
        EndpointName=name,
        EndpointConfigName=next_one,
        RetainAllVariantProperties=True,
        ExcludeRetainedVariantProperties=[{"VariantPropertyType": "DataCaptureConfig"}],
    )
    assert asked(runtime, name, "1", TargetVariant="a")[0] in {"2.0", "20.0"}
    seen = settled(client, name)

    assert "20.0" == asked(runtime, name, "1", TargetVariant="a")[0]
    assert pid != asked(runtime, name, "pid", TargetVariant="a")[0]
    shown = seen["ProductionVariants"][0]
    assert (next_one, 7, 4) == (seen["EndpointConfigName"], shown["CurrentWeight"], shown["DesiredInstanceCount"])
    assert "DataCaptureConfig" not in seen


def test_an_update_that_fails_leaves_the_endpoint_as_it_was(client, model, config, served, runtime):
    first = config({"all": {"ModelName": model(2)}})
    name = served(first)

    client("sagemaker").update_endpoint(
        EndpointName=name, EndpointConfigName=config({"all": {"ModelName": model(Environment={"BROKEN": "1"})}})
    )
    seen = settled(client, name)

    assert first == seen["EndpointConfigName"]
    assert "did not pass the ping health check" in seen["FailureReason"]
    assert "2.0" == asked(runtime, name, "1")[0]


CANARY = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {
            "Type": "CANARY",
            "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 50},
            "WaitIntervalInSeconds": 600,
        }
    }
}


def test_a_canary_gets_its_part_of_the_calls_first(client, model, config, served, runtime):
    name = served(config({"all": {"ModelName": model(2)}}))

    client("sagemaker").update_endpoint(
        EndpointName=name, EndpointConfigName=config({"all": {"ModelName": model(20)}}), DeploymentConfig=CANARY
    )
    until(lambda: "20.0" == asked(runtime, name, "1")[0])
    during = {asked(runtime, name, "1")[0] for _ in range(4)}
    seen = settled(client, name)

    assert {"2.0", "20.0"} == during
    assert {"20.0"} == {asked(runtime, name, "1")[0] for _ in range(4)}
    assert CANARY["BlueGreenUpdatePolicy"] == seen["LastDeploymentConfig"]["BlueGreenUpdatePolicy"]


def test_an_alarm_sends_the_calls_back(client, model, config, served, runtime):
    first, alarm = config({"all": {"ModelName": model(2)}}), f"alarm-{next(NUMBERS)}"
    name = served(first)
    client("cloudwatch").put_metric_alarm(
        AlarmName=alarm,
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        MetricName="Invocation5XXErrors",
        Namespace="AWS/SageMaker",
        Period=60,
        Statistic="Sum",
        Threshold=1,
    )
    client("cloudwatch").set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="a test")

    client("sagemaker").update_endpoint(
        EndpointName=name,
        EndpointConfigName=config({"all": {"ModelName": model(20)}}),
        DeploymentConfig={**CANARY, "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm}]}},
    )
    seen = settled(client, name)

    assert (first, "2.0") == (seen["EndpointConfigName"], asked(runtime, name, "1")[0])
    assert f"the alarm {alarm} is in the ALARM state" in seen["FailureReason"]


def test_only_a_variant_that_is_there_can_be_scaled(client, model, config, served):
    name = served(config({"all": {"ModelName": model()}}))
    scaling = client("application-autoscaling")

    def register(variant):
        scaling.register_scalable_target(
            ServiceNamespace="sagemaker",
            ResourceId=f"endpoint/{name}/variant/{variant}",
            ScalableDimension="sagemaker:variant:DesiredInstanceCount",
            MinCapacity=1,
            MaxCapacity=3,
        )

    register("all")
    with pytest.raises(ClientError, match="ValidationException"):
        register("other")
    scaling.put_scaling_policy(
        PolicyName="calls",
        ServiceNamespace="sagemaker",
        ResourceId=f"endpoint/{name}/variant/all",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 100.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        },
    )
    assert 1 == settled(client, name)["ProductionVariants"][0]["DesiredInstanceCount"]
