"""An endpoint's HTTP API: private, behind IAM, logged, and what the model says as it says it."""

import json
from functools import partial

import pytest

from components.serving.endpoint_api import OTHER, STATUSES
from tests.components.building import built, document
from tests.components.examples_apis import ACCOUNT, BOUNDARY_ARN, ENGINEER, KEY_ARN, api_logs, endpoint_api
from tests.small_zone import REGION

API = "aws:apigateway/{}".format
REST, POLICY = API("restApi:RestApi"), API("restApiPolicy:RestApiPolicy")
METHOD, INTEGRATION = API("method:Method"), API("integration:Integration")
ANSWER, RESPONSE = API("integrationResponse:IntegrationResponse"), API("methodResponse:MethodResponse")
DEPLOYMENT, STAGE, SETTINGS = API("deployment:Deployment"), API("stage:Stage"), API("methodSettings:MethodSettings")
ROLE, WORK, GROUP = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy", "aws:cloudwatch/logGroup:LogGroup"

pytestmark = pytest.mark.shows("I6")


def inputs(type_, **change):
    return built(partial(endpoint_api, **change)).one(type_).inputs


def test_it_is_private_and_every_call_is_signed():
    recording = built(endpoint_api)

    assert {"types": "PRIVATE"} == recording.one(REST).inputs["endpointConfiguration"]
    method = recording.one(METHOD).inputs
    assert ("POST", "AWS_IAM") == (method["httpMethod"], method["authorization"])
    assert "invocations" == recording.one(API("resource:Resource")).inputs["pathPart"]
    assert method["requestParameters"]["method.request.header.Content-Type"]


@pytest.mark.parametrize(
    ("vpce", "source"), [("vpce-1", {"aws:SourceVpce": "vpce-1"}), (None, {"aws:SourceVpc": "vpc-1"})]
)
def test_it_answers_its_callers_in_its_network_and_refuses_everybody_else(vpce, source):
    recording = built(partial(endpoint_api, vpce=vpce))
    said = document(recording.one(POLICY))
    api = recording.one(REST).outputs["executionArn"]

    asking = said["Askers"]
    assert ("Allow", f"{api}/scorer/POST/invocations") == (asking["Effect"], asking["Resource"])
    assert {"ArnEquals": {"aws:PrincipalArn": [ENGINEER]}, "StringEquals": source} == asking["Condition"]
    refused = {name: (each["Effect"], each["Resource"], each["Condition"]) for name, each in said.items()}
    del refused["Askers"]
    assert {
        "OurNetworkOnly": ("Deny", f"{api}/*", {"StringNotEquals": source}),
        "OurAccountOnly": ("Deny", f"{api}/*", {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}}),
    } == refused
    assert {"execute-api:Invoke"} == {each["Action"] for each in said.values()}


def test_its_role_asks_this_endpoint_and_only_api_gateway_takes_it():
    recording = built(endpoint_api)
    role = recording.one(ROLE).inputs

    assert ("mlz-endpoint-api-scorer", BOUNDARY_ARN) == (role["name"], role["permissionsBoundary"])
    (trust,) = document(recording.one(ROLE), "assumeRolePolicy").values()
    assert {"Service": "apigateway.amazonaws.com"} == trust["Principal"]
    assert {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}} == trust["Condition"]
    (work,) = document(recording.one(WORK)).values()
    assert ["sagemaker:InvokeEndpoint"] == work["Action"]
    assert [f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/fraud-scorer"] == work["Resource"]
    assert (
        f"arn:aws:iam::{ACCOUNT}:role/mlz/mlz-endpoint-api-scorer" == recording.one(INTEGRATION).inputs["credentials"]
    )


def test_question_and_answer_pass_as_they_are_and_so_does_what_went_wrong():
    recording = built(endpoint_api)
    integration = recording.one(INTEGRATION).inputs

    path = "runtime.sagemaker:path/endpoints/fraud-scorer/invocations"
    assert f"arn:aws:apigateway:{REGION}:{path}" == integration["uri"]
    assert ("AWS", "WHEN_NO_TEMPLATES", 29000) == (
        integration["type"],
        integration["passthroughBehavior"],
        integration["timeoutMilliseconds"],
    )
    answers = {each.inputs["statusCode"]: each.inputs for each in recording.of(ANSWER)}
    assert {str(status) for status in (*STATUSES, OTHER)} == answers.keys()
    assert {str(status): str(status) for status in STATUSES} | {str(OTHER): None} == {
        status: each.get("selectionPattern") for status, each in answers.items()
    }
    declared = {each.inputs["statusCode"]: set(each.inputs["responseParameters"]) for each in recording.of(RESPONSE)}
    assert declared == {status: set(each["responseParameters"]) for status, each in answers.items()}
    assert set(integration["requestParameters"].values()) == set(recording.one(METHOD).inputs["requestParameters"])


def test_who_asks_is_logged_and_nothing_of_what_is_asked():
    recording = built(endpoint_api)
    groups = {each.inputs["name"]: each.inputs for each in recording.of(GROUP)}
    api = (
        recording.one(REST).outputs["id"]
        if "id" in recording.one(REST).outputs
        else recording.one(STAGE).inputs["restApi"]
    )

    assert {"/mlz/dev-fraud/api-scorer", f"API-Gateway-Execution-Logs_{api}/scorer"} == groups.keys()
    assert {(KEY_ARN, 90)} == {(each["kmsKeyId"], each["retentionInDays"]) for each in groups.values()}
    written = recording.one(STAGE).inputs["accessLogSettings"]
    assert written["destinationArn"].endswith(":log-group:/mlz/dev-fraud/api-scorer")
    line = json.loads(written["format"])
    assert {"$context.identity.userArn", "$context.status", "$context.requestId"} <= set(line.values())
    settings = recording.one(SETTINGS).inputs["settings"]
    assert ("ERROR", False, True) == (
        settings["loggingLevel"],
        settings["dataTraceEnabled"],
        settings["metricsEnabled"],
    )


@pytest.mark.parametrize(("rate", "burst"), [(50, 100), (4000, 5000)])
def test_calls_are_limited_where_the_account_has_room(rate, burst):
    settings = inputs(SETTINGS, rate=rate)["settings"]

    assert (rate, burst) == (settings["throttlingRateLimit"], settings["throttlingBurstLimit"])


def test_a_change_of_who_may_ask_is_deployed_anew_and_one_of_the_limit_is_not():
    first, other, faster = (
        inputs(DEPLOYMENT, **change)["triggers"] for change in ({}, {"vpce": "vpce-2"}, {"rate": 7})
    )

    assert first != other
    assert first == faster


def test_the_account_lets_api_gateway_write_logs_with_a_role_that_does_nothing_else():
    recording = built(api_logs)
    role, account = recording.one(ROLE), recording.one(API("account:Account"))

    assert "mlz-api-logs" == role.inputs["name"]
    assert f"arn:aws:iam::{ACCOUNT}:role/mlz/mlz-api-logs" == account.inputs["cloudwatchRoleArn"]
    (work,) = document(recording.one(WORK)).values()
    assert all(action.startswith("logs:") and "Delete" not in action for action in work["Action"])
