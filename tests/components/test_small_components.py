import json
from functools import partial

import pytest

from tests.components.building import built, document
from tests.components.examples import BOUNDARY_ARN, KEY_ARN, budget, contract, flow_logs


@pytest.mark.shows("L6")
def test_a_budget_warns_of_money_spent_and_of_money_that_will_be():
    made = built(budget).one("aws:budgets/budget:Budget").inputs
    warnings = {(n["notificationType"], n["threshold"]): n["subscriberEmailAddresses"] for n in made["notifications"]}

    assert ("500.0", "USD", "MONTHLY") == (made["limitAmount"], made["limitUnit"], made["timeUnit"])
    assert {("ACTUAL", 80): ["owner@example.com"], ("FORECASTED", 100): ["owner@example.com"]} == warnings


def test_the_contract_is_published_under_its_path():
    made = built(contract).one("aws:ssm/parameter:Parameter")

    assert "/mlz/v1/network/vpc-id" == made.inputs["name"]
    assert "vpc-1" == made.inputs["value"]


@pytest.mark.shows("B6")
def test_flow_logs_keep_accepted_and_rejected_traffic_encrypted():
    recording = built(flow_logs)
    group = recording.one("aws:cloudwatch/logGroup:LogGroup")
    log = recording.one("aws:ec2/flowLog:FlowLog")

    assert (KEY_ARN, 365) == (group.inputs["kmsKeyId"], group.inputs["retentionInDays"])
    assert ("ALL", group.outputs["arn"]) == (log.inputs["trafficType"], log.inputs["logDestination"])
    assert recording.one("aws:iam/rolePolicy:RolePolicy").urn in log.dependencies


@pytest.mark.shows("B6")
def test_only_flow_logs_of_the_account_may_write_and_only_to_their_group():
    recording = built(flow_logs)
    role = recording.one("aws:iam/role:Role")
    trust = json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]
    rights = document(recording.one("aws:iam/rolePolicy:RolePolicy"))

    assert BOUNDARY_ARN == role.inputs["permissionsBoundary"]
    assert {"Service": "vpc-flow-logs.amazonaws.com"} == trust["Principal"]
    assert {"aws:SourceAccount": "111111111111"} == trust["Condition"]["StringEquals"]
    wide = [s["Action"] for s in rights.values() if s["Resource"] == "*"]
    assert ["logs:DescribeLogGroups"] == wide
    group = "arn:aws:logs:eu-west-1:111111111111:log-group:/mlz/dev-fraud/flow-logs"
    assert [group, f"{group}:log-stream:*"] in [s["Resource"] for s in rights.values()]


@pytest.mark.parametrize("disposable", [True, False])
def test_flow_logs_stay_unless_the_account_is_disposable(disposable):
    group = built(partial(flow_logs, disposable=disposable)).one("aws:cloudwatch/logGroup:LogGroup")

    assert (not disposable, not disposable) == (group.protect, group.retain_on_delete)
