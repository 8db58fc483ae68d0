"""A team's stack with an endpoint that answers, against AWS's requests and CloudFormation's schemas."""

import json
from functools import cache

import pytest

from checks.record import record
from stacks.build import build
from tests.oracles.api_calls import CALLS, UNASKED
from tests.oracles.api_models import request_problems
from tests.oracles.cloudformation import template_problems
from tests.oracles.cloudformation_types import UNTYPED
from tests.oracles.recordings import injured
from tests.stacks.serving_zone import LATER, OVER_HTTP, STACK, ZONE

CONFIGURATION, ENDPOINT = "aws:sagemaker/endpointConfiguration:EndpointConfiguration", "aws:sagemaker/endpoint:Endpoint"
MODEL, POLICY, TARGET = (
    "aws:sagemaker/model:Model",
    "aws:appautoscaling/policy:Policy",
    "aws:appautoscaling/target:Target",
)
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


API = "aws:apigateway/{}".format
RESTAPI, METHOD, INTEGRATION = API("restApi:RestApi"), API("method:Method"), API("integration:Integration")
ANSWER, STAGE = API("integrationResponse:IntegrationResponse"), API("stage:Stage")


@cache
def recording(*, later=False):
    return record(lambda: build(LATER if later else ZONE, STACK), stack=STACK)


@cache
def over_http():
    return record(lambda: build(OVER_HTTP, STACK), stack=STACK)


def tags():
    return json.loads(recording().one("pulumi:providers:aws").inputs["defaultTags"])["tags"]


def asked(resources):
    return [problem for each in resources for problem in request_problems(each, tags())]


def templated(resources):
    return template_problems(resources, tags(), ZONE.organization.home_region)


@pytest.mark.parametrize("later", [False, True])
def test_aws_takes_every_request(later):
    made = [each for each in recording(later=later).made() if each.type not in UNASKED]

    assert {CONFIGURATION, ENDPOINT, MODEL, POLICY, TARGET, ALARM} <= {each.type for each in made} <= set(CALLS)
    assert [] == asked(made)


@pytest.mark.parametrize("later", [False, True])
def test_it_is_a_template_without_errors(later):
    assert [] == templated([each for each in recording(later=later).made() if each.type not in UNTYPED])


@pytest.mark.parametrize(
    ("type_", "path", "value"),
    [
        (MODEL, "executionRoleArn", "mlz-endpoint"),
        (MODEL, "primaryContainer.modelPackageName", "churn churn"),
        (CONFIGURATION, "productionVariants.0.instanceType", "m5.large"),
        (CONFIGURATION, "dataCaptureConfig.initialSamplingPercentage", 101),
        (CONFIGURATION, "dataCaptureConfig.captureOptions.0.captureMode", "All"),
        (ENDPOINT, "name", "churn_churn"),
        (ENDPOINT, "deploymentConfig.blueGreenUpdatePolicy.trafficRoutingConfiguration.type", "SLOWLY"),
        (TARGET, "scalableDimension", "sagemaker:endpoint:DesiredInstanceCount"),
        (POLICY, "policyType", "Tracking"),
        (ALARM, "comparisonOperator", "Above"),
    ],
)
def test_a_fault_is_found(type_, path, value):
    wrong = injured(recording().of(type_)[0], path, value)

    assert asked([wrong]) or templated([wrong])


@pytest.mark.parametrize(
    ("type_", "path", "value"),
    [
        (CONFIGURATION, "asyncInferenceConfig.clientConfig.maxConcurrentInvocationsPerInstance", 1001),
        (POLICY, "targetTrackingScalingPolicyConfiguration.customizedMetricSpecification.statistic", "Mean"),
        (POLICY, "stepScalingPolicyConfiguration.adjustmentType", "More"),
    ],
)
def test_a_fault_of_later_answers_is_found(type_, path, value):
    (resource,) = [e for e in recording(later=True).of(type_) if path.partition(".")[0] in e.inputs]
    wrong = injured(resource, path, value)

    assert asked([wrong]) or templated([wrong])


def test_aws_takes_every_request_for_an_api_and_it_is_a_template_without_errors():
    made = [each for each in over_http().made() if each.type.startswith("aws:apigateway/")]

    assert {RESTAPI, METHOD, INTEGRATION, ANSWER, STAGE} < {each.type for each in made} <= set(CALLS)
    assert [] == asked(made)
    # One by one: a method's parts are one resource of a template, and each of ours would be the whole.
    assert [] == [problem for each in made if each.type not in UNTYPED for problem in templated([each])]


@pytest.mark.parametrize(
    ("type_", "path", "value"),
    [
        (RESTAPI, "endpointConfiguration.types", "SECRET"),
        (INTEGRATION, "type", "SAGEMAKER"),
        (INTEGRATION, "passthroughBehavior", "ALWAYS"),
        (METHOD, "requestParameters", ["Content-Type"]),
        (ANSWER, "statusCode", "okay"),
        (STAGE, "accessLogSettings.destinationArn", ["two", "groups"]),
    ],
)
def test_a_fault_of_an_api_is_found(type_, path, value):
    wrong = injured(over_http().of(type_)[0], path, value)

    assert asked([wrong]) or templated([wrong])
