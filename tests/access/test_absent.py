"""Keys that a request lacks and that would turn the answer."""

import pytest

from checks.access.absent import turns
from checks.access.lines import read_case
from tests.access.evaluator import OBJECT, ROLE, allow, deny, document

ALLOWED, IMPLICIT, EXPLICIT = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"
EVERYTHING = {"name": "all", "policy": document(allow())}


def asked(*statements, scp=None, **context):
    case = {
        "request": {"principal": ROLE, "action": "s3:GetObject", "resource": OBJECT, "context": context},
        "identityPolicies": [{"name": "own", "policy": document(*statements)}],
    }
    if scp:
        case["serviceControlPolicies"] = [
            {"orgIdentifier": "r-1", "policies": [EVERYTHING, {"name": "scp", "policy": document(scp)}]}
        ]
    return [(dict(turn.context), turn.verdict.value) for turn in turns(read_case(case))]


REGIONS = deny(Condition={"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}})


def test_a_region_that_was_not_said_is_why_a_guardrail_denies():
    assert [({"aws:RequestedRegion": "eu-west-1"}, ALLOWED)] == asked(allow(), scp=REGIONS)
    assert [] == asked(allow(), scp=REGIONS, **{"aws:requestedregion": "us-east-1"})


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow(Condition={"StringLike": {"aws:SourceVpce": "vpce-*"}})], [({"aws:SourceVpce": "vpce-x"}, ALLOWED)]),
        (
            [allow(Condition={"StringEquals": {"aws:SourceVpc": "vpc-1", "aws:SourceVpce": "vpce-1"}})],
            [({"aws:SourceVpc": "vpc-1", "aws:SourceVpce": "vpce-1"}, ALLOWED)],
        ),
        (
            [allow(), deny(Condition={"Bool": {"aws:SecureTransport": "false"}})],
            [({"aws:SecureTransport": "false"}, EXPLICIT)],
        ),
        ([allow(Condition={"Null": {"aws:TokenIssueTime": "false"}})], [({"aws:TokenIssueTime": "false"}, ALLOWED)]),
        ([allow(Condition={"NumericLessThan": {"s3:max-keys": "10"}})], []),
        ([allow()], []),
        ([], []),
    ],
)
def test_each_way_a_key_can_turn_the_answer(statements, expected):
    assert expected == asked(*statements)
