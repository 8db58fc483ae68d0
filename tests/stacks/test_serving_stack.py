"""The worked example's stacks once a version of its model answers: what is made, who may what, what it costs."""

import json
from dataclasses import replace
from functools import cache, partial

import pytest

from checks.record import record
from components.access.grants.statement import MANAGED_POLICY_CHARACTERS, size
from policies.evaluate import evaluate, level_of
from policies.settings import settings_for
from stacks.build import build
from stacks.inputs import preview_of
from tests.policies.recorded import recorded as as_policies_see_it
from tests.stacks.serving_zone import BEFORE, LATER, OVER_HTTP, STACK, ZONE, serving
from zone.plan.cost import standing
from zone.plan.planner import EXAMPLES

ACCOUNT = "200000000011"
ALARM, ENDPOINT = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:sagemaker/endpoint:Endpoint"


@cache
def recorded():
    return record(lambda: build(ZONE, STACK), stack=STACK)


def policy(name, recording=None):
    policies = (recording or recorded()).of("aws:iam/policy:Policy")
    (found,) = [each for each in policies if each.name == f"churn-{name}"]
    return json.loads(found.inputs["policy"])["Statement"]


def costs(zone):
    return {each.what: each.count for each in standing(zone)[STACK]}


def test_a_version_adds_the_endpoint_and_what_belongs_to_it_and_changes_policies_only():
    before = record(lambda: build(BEFORE, STACK), stack=STACK)
    new = {each.type for each in recorded().made()} - {each.type for each in before.made()}

    assert {ALARM, ENDPOINT} < new
    assert [] == before.of(ENDPOINT)
    gone = {each.urn for each in before.made()} - {each.urn for each in recorded().made()}
    assert set() == gone


@pytest.mark.shows("J7")
def test_the_endpoints_role_writes_captured_calls_and_nothing_else_of_the_data():
    writes = [each for each in policy("capture") if "s3:PutObject" in each["Action"]]
    attached = recorded().of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")

    assert [["arn:aws:s3:::mlz-dev-churn-data-200000000011/captured/churn/*"]] == [e["Resource"] for e in writes]
    assert {"mlz-endpoint"} == {e.inputs["role"] for e in attached if e.inputs["policyArn"].endswith("/mlz-capture")}


def test_who_reads_the_teams_data_reads_what_was_captured():
    (read,) = [each for each in policy("read-data") if each["Sid"] == "ReadOwnData"]

    assert "arn:aws:s3:::mlz-dev-churn-data-200000000011/captured/churn/*" in read["Resource"]


@pytest.mark.shows("G12")
def test_a_promoted_version_is_deployed_by_the_role_that_deploys_and_the_owner_lets_it():
    zone = serving("prod-churn")
    (model,) = record(lambda: build(zone, "prod-churn"), stack="prod-churn").of("aws:sagemaker/model:Model")
    assert {"modelPackageName": "arn:aws:sagemaker:eu-west-1:200000000011:model-package/churn-churn/3"} == model.inputs[
        "primaryContainer"
    ]

    (group,) = recorded().of("aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy")
    statements = {each["Sid"]: each for each in json.loads(group.inputs["resourcePolicy"])["Statement"]}
    makers = statements["PromotedVersions"]["Condition"]["ArnLike"]["aws:PrincipalArn"]
    assert "arn:aws:iam::*:role/OrganizationAccountAccessRole" in makers


def test_what_it_costs_while_nobody_asks_is_counted_on_what_is_made():
    assert len(recorded().of(ALARM)) == costs(ZONE)["alarm"]
    assert 1 == costs(ZONE)["endpoint instance ml.m5.large"]
    assert {"alarm", "endpoint instance ml.m5.large"} == costs(ZONE).keys() - costs(BEFORE).keys()


@pytest.mark.parametrize("looks_up", [False, True])
def test_a_container_has_a_network_only_if_it_looks_features_up(looks_up):
    zone = serving(looks_up_features=looks_up)

    made = record(lambda: build(zone, STACK), stack=STACK)
    assert [not looks_up] == [each.inputs["enableNetworkIsolation"] for each in made.of("aws:sagemaker/model:Model")]


@pytest.mark.parametrize("stack", [STACK, "prod-churn"])
def test_it_breaks_no_rule(stack, monkeypatch):
    monkeypatch.setenv("MLZ_ACCOUNTS", str(EXAMPLES.with_name("churn")))
    settings = settings_for(stack)
    found = evaluate(
        as_policies_see_it(serving(stack), stack),
        settings,
        wanted=lambda rule: level_of(rule, settings.get(rule.key)) != "disabled",
    )

    assert [] == [each for each in found if each["level"] == "mandatory" or each["unknown"]]


@cache
def later():
    return record(lambda: build(LATER, STACK), stack=STACK)


@pytest.mark.shows("I1")
def test_who_deploys_asks_for_later_and_the_endpoint_reads_questions_and_leaves_answers():
    (ask,) = [each for each in policy("deploy", later()) if "sagemaker:InvokeEndpointAsync" in each["Action"]]
    answer = {each["Sid"]: each["Resource"] for each in policy("answer", later())}
    attached = later().of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    bucket = "arn:aws:s3:::mlz-dev-churn-studio-200000000011"

    assert ["arn:aws:sagemaker:eu-west-1:200000000011:endpoint/churn-churn"] == ask["Resource"]
    assert [f"{bucket}/questions/churn/*"] == answer["ReadQuestions"]
    assert [f"{bucket}/answers/churn/*"] == answer["LeaveAnswers"]
    assert {"mlz-endpoint"} == {e.inputs["role"] for e in attached if e.inputs["policyArn"].endswith("/mlz-answer")}
    assert {"mlz-ml-engineer"} == {e.inputs["role"] for e in attached if e.inputs["policyArn"].endswith("/mlz-deploy")}


@pytest.mark.shows("I1")
def test_who_works_in_the_team_puts_questions_and_reads_answers():
    (work,) = [each for each in policy("keep-work", later()) if each["Sid"] == "KeepWork"]

    assert {"s3:GetObject", "s3:PutObject"} <= set(work["Action"])
    assert ["arn:aws:s3:::mlz-dev-churn-studio-200000000011/*"] == work["Resource"]


def test_nobody_asks_for_later_where_nothing_answers_later():
    assert [] == [e for e in recorded().of("aws:iam/policy:Policy") if "InvokeEndpointAsync" in e.inputs["policy"]]
    assert [] == [e for e in recorded().of("aws:iam/policy:Policy") if e.name == "churn-answer"]


def test_what_may_sleep_costs_no_instance_but_the_alarm_that_wakes_it():
    assert len(later().of(ALARM)) == costs(LATER)["alarm"]
    assert {"alarm"} == costs(LATER).keys() - costs(BEFORE).keys()


def test_later_answers_break_no_rule(monkeypatch):
    monkeypatch.setenv("MLZ_ACCOUNTS", str(EXAMPLES.with_name("churn")))
    settings = settings_for(STACK)
    found = evaluate(
        as_policies_see_it(LATER, STACK),
        settings,
        wanted=lambda rule: level_of(rule, settings.get(rule.key)) != "disabled",
    )

    assert [] == [each for each in found if each["level"] == "mandatory" or each["unknown"]]


@cache
def over_http():
    return record(lambda: build(OVER_HTTP, STACK), stack=STACK)


@pytest.mark.shows("I6")
def test_who_deploys_asks_over_http_and_nobody_else_does():
    invoke = f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:*/churn/POST/invocations"
    asking = [e for e in over_http().of("aws:iam/policy:Policy") if "execute-api:Invoke" in e.inputs["policy"]]
    attached = over_http().of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    (api,) = over_http().of("aws:apigateway/restApiPolicy:RestApiPolicy")
    said = {each["Sid"]: each for each in json.loads(api.inputs["policy"])["Statement"]}

    assert {"churn-boundary", "churn-deploy"} == {each.name for each in asking}
    assert [[invoke]] == [e["Resource"] for e in policy("deploy", over_http()) if "execute-api:Invoke" in e["Action"]]
    assert {"mlz-ml-engineer"} == {e.inputs["role"] for e in attached if e.inputs["policyArn"].endswith("/mlz-deploy")}
    asked = said["Askers"]["Condition"]
    assert {"aws:PrincipalArn": [f"arn:aws:iam::{ACCOUNT}:role/mlz/mlz-ml-engineer"]} == asked["ArnEquals"]
    assert asked["StringEquals"]["aws:SourceVpce"].startswith("vpce-")


def test_clients_find_the_address_in_the_contract():
    (url,) = [e for e in over_http().of("aws:ssm/parameter:Parameter") if e.inputs["name"] == "/mlz/v1/apis/churn"]
    (stage,) = over_http().of("aws:apigateway/stage:Stage")

    assert f"{stage.outputs['invokeUrl']}/invocations" == url.inputs["value"]


def test_an_api_costs_its_way_in_and_no_more_while_nobody_asks():
    way = costs(OVER_HTTP)["interface endpoint"] - costs(ZONE)["interface endpoint"]

    assert way == len(OVER_HTTP.teams[STACK].network.subnets)
    assert {**costs(ZONE), "interface endpoint": costs(OVER_HTTP)["interface endpoint"]} == costs(OVER_HTTP)


def test_without_an_api_there_is_none_and_its_logs_are_nobodys():
    assert [] == [each for each in recorded().made() if each.type.startswith("aws:apigateway/")]


def test_an_api_breaks_no_rule_but_for_what_aws_leaves_open(monkeypatch):
    """No page says that API Gateway names the account, nor which log group it tries the role on: both are advice."""
    monkeypatch.setenv("MLZ_ACCOUNTS", str(EXAMPLES.with_name("churn")))
    settings = settings_for(STACK)

    def found(zone):
        resources = as_policies_see_it(zone, STACK)
        findings = evaluate(resources, settings, wanted=partial(_wanted, settings))
        return {(each["rule"], each["name"], each["level"]) for each in findings}

    assert {
        ("iam-trust-confused-deputy", "churn-api-logs", "advisory"),
        ("iam-trust-confused-deputy", "churn-churn-api", "advisory"),
        ("iam-no-resource-star-restrictable", "churn-api-logs", "advisory"),
    } == found(OVER_HTTP) - found(ZONE)


@pytest.mark.parametrize("further", [(), ("eu-south-1", "ap-southeast-1")])
def test_what_a_preview_reads_of_apis_and_schedules_fits_into_a_policy(further):
    account = replace(
        OVER_HTTP.teams[STACK].account,
        key=f"dev-{'x' * 21}",
        region="ap-southeast-1",
        further_regions=further,
        preview_caller_arn="arn:aws:iam::100000000001:role/mlz-preview",
    )
    read = preview_of(account, schedules=True, apis=True)

    assert "apigateway:GET" in {action for each in read.statements for action in each.actions}
    assert size(read.statements) <= MANAGED_POLICY_CHARACTERS


def _wanted(settings, rule):
    return level_of(rule, settings.get(rule.key)) != "disabled"
