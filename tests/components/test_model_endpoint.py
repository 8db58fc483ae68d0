"""A model's endpoint: in the network, encrypted, and changed without a gap."""

from functools import partial

import pytest

from tests.components.building import built
from tests.components.examples import KEY_ARN, ONLINE_KEY_ARN, SUBNETS, model_endpoint

CONFIGURATION, ENDPOINT = "aws:sagemaker/endpointConfiguration:EndpointConfiguration", "aws:sagemaker/endpoint:Endpoint"
MODEL, TARGET = "aws:sagemaker/model:Model", "aws:appautoscaling/target:Target"
ALARM, SCALING = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:appautoscaling/policy:Policy"
later = partial(model_endpoint, later=True, least=0, most=2, capture=0)


def inputs(type_, **change):
    return built(partial(model_endpoint, **change)).one(type_).inputs


@pytest.mark.shows("I1")
def test_the_model_is_the_registered_version_in_our_network():
    model = inputs(MODEL)

    assert {"modelPackageName": "arn:aws:sagemaker:eu-west-1:111111111111:model-package/fraud-scorer/3"} == model[
        "primaryContainer"
    ]
    assert {"subnets": SUBNETS, "securityGroupIds": ["sg-workloads"]} == model["vpcConfig"]
    assert "arn:aws:iam::111111111111:role/mlz/mlz-endpoint" == model["executionRoleArn"]
    assert model["enableNetworkIsolation"]


def test_what_aws_never_changes_has_a_name_of_pulumis_so_that_the_new_one_comes_first():
    recording = built(model_endpoint)

    assert [None, None] == [recording.one(type_).inputs.get("name") for type_ in (MODEL, CONFIGURATION)]
    endpoint = recording.one(ENDPOINT).inputs
    assert ("fraud-scorer", recording.one(CONFIGURATION).outputs["name"]) == (
        endpoint["name"],
        endpoint["endpointConfigName"],
    )


@pytest.mark.parametrize(("kind", "expected"), [("ml.m5.large", KEY_ARN), ("ml.g5.xlarge", None)])
def test_volumes_are_encrypted_with_our_key_where_there_are_any(kind, expected):
    assert expected == inputs(CONFIGURATION, kind=kind).get("kmsKeyArn")


@pytest.mark.shows("J7")
def test_calls_and_answers_are_kept_encrypted_if_wanted():
    kept = inputs(CONFIGURATION)["dataCaptureConfig"]

    assert (100, KEY_ARN) == (kept["initialSamplingPercentage"], kept["kmsKeyId"])
    assert "s3://mlz-dev-fraud-data-111111111111/captured/scorer" == kept["destinationS3Uri"]
    assert {"Input", "Output"} == {each["captureMode"] for each in kept["captureOptions"]}
    assert "dataCaptureConfig" not in inputs(CONFIGURATION, capture=0)


@pytest.mark.shows("I10")
def test_a_new_version_that_fails_is_rolled_back_on_alarms_about_this_endpoint():
    recording = built(model_endpoint)
    alarms = recording.of(ALARM)

    assert {"Invocation5XXErrors", "ModelLatency"} == {each.inputs["metricName"] for each in alarms}
    assert [{"EndpointName": "fraud-scorer", "VariantName": "answering"}] * 2 == [
        each.inputs["dimensions"] for each in alarms
    ]
    latency = next(each.inputs for each in alarms if each.inputs["metricName"] == "ModelLatency")
    assert 500_000 == latency["threshold"]  # microseconds
    assert [{"alarmName": each.outputs["name"]} for each in alarms] == recording.one(ENDPOINT).inputs[
        "deploymentConfig"
    ]["autoRollbackConfiguration"]["alarms"]


@pytest.mark.shows("I10")
def test_the_way_of_switching_stays_the_same_for_the_provider_would_replace_the_endpoint():
    ways = [inputs(ENDPOINT, **change)["deploymentConfig"] for change in ({}, {"least": 2}, {"capture": 0})]

    assert [ways[0]] * 3 == ways
    assert "ALL_AT_ONCE" == ways[0]["blueGreenUpdatePolicy"]["trafficRoutingConfiguration"]["type"]


@pytest.mark.shows("I7")
def test_it_scales_by_calls_between_least_and_most_and_not_where_these_are_one():
    recording = built(model_endpoint)
    target = recording.one(TARGET)
    policy = recording.one("aws:appautoscaling/policy:Policy").inputs["targetTrackingScalingPolicyConfiguration"]

    assert (1, 3) == (target.inputs["minCapacity"], target.inputs["maxCapacity"])
    assert "endpoint/fraud-scorer/variant/answering" == target.inputs["resourceId"]
    assert recording.one(ENDPOINT).urn in target.dependencies  # so that it is gone before the endpoint is
    assert 600 == policy["targetValue"]
    assert [] == built(partial(model_endpoint, most=1)).of(TARGET)


@pytest.mark.shows("I1")
def test_answers_that_come_later_lie_encrypted_in_the_work_bucket():
    configuration = built(later).one(CONFIGURATION).inputs
    output = configuration["asyncInferenceConfig"]["outputConfig"]

    assert ["s3://mlz-dev-fraud-studio-111111111111/answers/scorer"] * 2 == [
        output["s3OutputPath"],
        output["s3FailurePath"].removesuffix("/failed"),
    ]
    assert ONLINE_KEY_ARN == output["kmsKeyId"]
    assert {"maxConcurrentInvocationsPerInstance": 4} == configuration["asyncInferenceConfig"]["clientConfig"]
    assert "dataCaptureConfig" not in configuration
    assert "asyncInferenceConfig" not in inputs(CONFIGURATION)


@pytest.mark.shows("I7")
def test_what_waits_makes_instances_and_the_first_one_too():
    recording = built(later)
    policies = {each.inputs["policyType"]: each for each in recording.of(SCALING)}
    tracked = policies["TargetTrackingScaling"].inputs["targetTrackingScalingPolicyConfiguration"]
    (waiting,) = [e for e in recording.of(ALARM) if e.inputs["metricName"] == "HasBacklogWithoutCapacity"]

    # AWS makes no endpoint without an instance; scaling takes it away.
    assert 1 == recording.one(CONFIGURATION).inputs["productionVariants"][0]["initialInstanceCount"]
    assert (0, 2) == tuple(recording.one(TARGET).inputs[key] for key in ("minCapacity", "maxCapacity"))
    assert "ApproximateBacklogSizePerInstance" == tracked["customizedMetricSpecification"]["metricName"]
    assert 5 == tracked["targetValue"]
    assert [policies["StepScaling"].outputs["arn"]] == waiting.inputs["alarmActions"]
    assert {"EndpointName": "fraud-scorer"} == waiting.inputs["dimensions"]
    assert [{"name": "EndpointName", "value": "fraud-scorer"}] == tracked["customizedMetricSpecification"]["dimensions"]


@pytest.mark.parametrize(("least", "most", "policies", "alarms"), [(0, 2, 2, 3), (1, 2, 1, 2), (1, 1, 0, 2)])
def test_an_alarm_wakes_only_what_may_sleep(least, most, policies, alarms):
    recording = built(partial(later, least=least, most=most))

    assert (policies, alarms) == (len(recording.of(SCALING)), len(recording.of(ALARM)))
