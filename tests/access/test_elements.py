"""Actions, resources, variables, principals. Source: IAM User Guide, "Policy element reference", read 2026-11-21."""

import pytest

from tests.access.evaluator import (
    ALLOWED,
    DENIED,
    FORBIDDEN,
    OBJECT,
    OURS,
    ROLE,
    SESSION,
    THEIRS,
    USER,
    allow,
    deny,
    document,
    holds,
    verdict,
)


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("s3:GetObject", "s3:GetObject", ALLOWED),
        ("S3:getobject", "s3:GetObject", ALLOWED),
        ("s3:Get*", "s3:GetObject", ALLOWED),
        ("s3:*Object", "s3:GetObject", ALLOWED),
        ("s3:G?tObject", "s3:GetObject", ALLOWED),
        ("s3:Get", "s3:GetObject", DENIED),
        ("*", "s3:GetObject", ALLOWED),
        ("*:*", "s3:GetObject", ALLOWED),
        ("s3*:Get*", "s3:GetObject", ALLOWED),
        ("s3-object-lambda:*", "s3:GetObject", DENIED),
        (["ec2:*", "s3:List*"], "s3:GetObject", DENIED),
        (["ec2:*", "s3:List*", "s3:GetObject"], "s3:GetObject", ALLOWED),
    ],
)
def test_an_action_matches_with_wildcards_and_in_any_case(pattern, action, expected):
    assert expected == verdict(action=action, identity=[document(allow(pattern))])


def test_not_action_means_every_other_action():
    policy = document(allow(NotAction=["s3:Put*", "iam:*"]))

    assert ALLOWED == verdict(action="s3:GetObject", identity=[policy])
    assert DENIED == verdict(action="s3:PutObject", identity=[policy])
    assert DENIED == verdict(action="iam:GetRole", resource=ROLE, identity=[policy])


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        ("*", OBJECT, ALLOWED),
        (OBJECT, OBJECT, ALLOWED),
        ("arn:aws:s3:::data/*", OBJECT, ALLOWED),
        ("arn:aws:s3:::data", OBJECT, DENIED),
        ("arn:aws:s3:::DATA/*", OBJECT, DENIED),
        ("arn:aws:s3:::d?ta/*", OBJECT, ALLOWED),
        ("arn:aws:s3:::*/part-?", OBJECT, ALLOWED),
        ("arn:aws:s3:::data/a*z", "arn:aws:s3:::data/a/b/c/z", ALLOWED),
        # A key may hold colons, and * in the resource part reaches over them.
        ("arn:aws:s3:::data/*.csv", "arn:aws:s3:::data/10:30.csv", ALLOWED),
        # The last character of a segment expands beyond the colon; one inside a segment does not.
        ("arn:aws:sqs:*", "arn:aws:sqs:eu-west-1:111122223333:q", ALLOWED),
        ("arn:aws:sqs:eu*1:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:q", ALLOWED),
        ("arn:aws:sqs:e*3:q", "arn:aws:sqs:eu-west-1:111122223333:q", DENIED),
        ("arn:aws:sqs:eu-west-?:*:q", "arn:aws:sqs:eu-west-1:111122223333:q", ALLOWED),
    ],
)
def test_a_resource_matches_with_wildcards_and_its_case(pattern, resource, expected):
    assert expected == verdict(resource=resource, identity=[document(allow(resource=pattern))])


def test_not_resource_means_every_other_resource():
    policy = document(allow(NotResource=["arn:aws:s3:::data/secret/*"]))

    assert ALLOWED == verdict(identity=[policy])
    assert DENIED == verdict(resource="arn:aws:s3:::data/secret/key", identity=[policy])


@pytest.mark.parametrize(
    ("resource", "who", "context", "expected"),
    [
        ("arn:aws:s3:::data/${aws:username}/*", USER, {}, ALLOWED),
        ("arn:aws:s3:::data/${AWS:UserName}/*", USER, {}, ALLOWED),
        ("arn:aws:s3:::data/${aws:PrincipalTag/home}/*", USER, {"aws:PrincipalTag/home": "Alice"}, ALLOWED),
        ("arn:aws:s3:::data/${aws:PrincipalTag/home}/*", USER, {"aws:PrincipalTag/home": "*"}, DENIED),
        ("arn:aws:s3:::data/${aws:PrincipalTag/home}/*", USER, {"aws:PrincipalTag/home": ["Alice", "Bob"]}, DENIED),
        ("arn:aws:s3:::data/${aws:PrincipalTag/home}/*", USER, {}, DENIED),
        ("arn:aws:s3:::data/${aws:PrincipalTag/home, 'Alice'}/*", USER, {}, ALLOWED),
        ("arn:aws:s3:::data/${aws:PrincipalTag/home, 'Alice'}/*", USER, {"aws:PrincipalTag/home": "Bob"}, DENIED),
        ("arn:aws:s3:::data/${aws:TagKeys, 'Alice'}/*", USER, {"aws:TagKeys": ["a", "b"]}, DENIED),
        ("arn:aws:s3:::data/${aws:username}/*", SESSION, {}, DENIED),
        ("arn:aws:s3:::data/Al${*}/*", USER, {}, DENIED),
    ],
)
def test_a_policy_variable_stands_for_its_value_and_no_wildcard(resource, who, context, expected):
    policy = document(allow(resource=resource))

    assert expected == verdict(who, resource="arn:aws:s3:::data/Alice/x", context=context, identity=[policy])


def test_the_old_version_reads_variables_as_text():
    policy = document(allow(resource="arn:aws:s3:::data/${aws:username}"), version="2008-10-17")

    assert DENIED == verdict(USER, resource="arn:aws:s3:::data/Alice", identity=[policy])
    assert ALLOWED == verdict(USER, resource="arn:aws:s3:::data/${aws:username}", identity=[policy])


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        ("StringLike", "home/${aws:username}/*", "home/Alice/x", True),
        ("StringLike", "home/${aws:username}/*", "home/Bob/x", False),
        ("StringEquals", "${aws:username}", "Alice", True),
        ("StringNotEquals", "${aws:username}", "Alice", False),
        ("StringEqualsIgnoreCase", "${aws:username}", "ALICE", True),
        ("ArnLike", "arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::111122223333:user/Alice", True),
        ("StringEquals", "${*}", "*", True),
        ("StringLike", "${*}${?}${$}", "*?$", True),
        ("StringLike", "${*}", "a", False),
        ("StringLike", "${aws:missing}", "a", False),
    ],
)
def test_conditions_take_policy_variables(operator, wanted, value, expected):
    assert expected is holds({operator: {"test:key": wanted}}, {"test:key": value}, who=USER)


def test_not_resource_with_a_variable_without_value_is_unknown():
    policy = document(allow(NotResource="arn:aws:s3:::data/${aws:username}"))

    assert "ImplicitlyDenied?" == verdict(SESSION, identity=[policy])


ROOT = f"arn:aws:iam::{OURS}:root"


@pytest.mark.parametrize(
    ("named", "who", "expected"),
    [
        # The account alone delegates: its own policies decide. Source: IAM User Guide, "Principal".
        ({"AWS": OURS}, USER, DENIED),
        ({"AWS": ROOT}, USER, DENIED),
        ({"AWS": USER}, USER, ALLOWED),
        ({"AWS": [THEIRS, USER]}, USER, ALLOWED),
        ({"AWS": ROLE}, ROLE, ALLOWED),
        ({"AWS": ROLE}, SESSION, ALLOWED),
        ({"AWS": SESSION}, SESSION, ALLOWED),
        ({"AWS": SESSION}, ROLE, DENIED),
        ({"AWS": f"{SESSION}-not"}, SESSION, DENIED),
        ({"AWS": USER.lower()}, USER, DENIED),
        ("*", USER, ALLOWED),
        ({"AWS": "*"}, SESSION, ALLOWED),
        ({"AWS": "*"}, "*", ALLOWED),
        ({"AWS": OURS}, "*", DENIED),
        ({"Service": "sagemaker.amazonaws.com"}, "sagemaker.amazonaws.com", ALLOWED),
        ({"Service": ["ec2.amazonaws.com"]}, "sagemaker.amazonaws.com", DENIED),
        ({"Service": "sagemaker.amazonaws.com"}, USER, DENIED),
        ({"Federated": "accounts.google.com"}, "accounts.google.com", ALLOWED),
        ({"AWS": "AROAJQABLZS4A3QDU576Q"}, ROLE, DENIED),
    ],
)
def test_a_resource_policy_means_whom_it_names(named, who, expected):
    assert expected == verdict(who, owner=OURS, policy=document(allow(Principal=named)))


@pytest.mark.parametrize(
    ("exempt", "who", "expected"),
    [
        ([USER, ROOT], USER, ALLOWED),
        ([ROLE, ROOT], SESSION, ALLOWED),
        ([SESSION, ROOT], SESSION, ALLOWED),
        ([ROOT], ROOT, ALLOWED),
        ([f"{USER}2", f"arn:aws:iam::{THEIRS}:root"], USER, FORBIDDEN),
        # Source: IAM User Guide, "NotPrincipal": without the account "the policy might deny access".
        ([USER], USER, f"{FORBIDDEN}?"),
        ([ROOT], USER, f"{FORBIDDEN}?"),
    ],
)
def test_not_principal_with_deny_spares_only_who_is_listed_with_the_account(exempt, who, expected):
    policy = document(deny(NotPrincipal={"AWS": exempt}))

    assert expected == verdict(who, identity=[document(allow())], policy=policy)


def test_not_principal_spares_a_service_by_its_name():
    spare = deny(NotPrincipal={"Service": "cloudtrail.amazonaws.com"})
    policy = document(spare, allow(Principal="*"))

    assert ALLOWED == verdict("cloudtrail.amazonaws.com", owner=OURS, policy=policy)
    assert FORBIDDEN == verdict("config.amazonaws.com", owner=OURS, policy=policy)


def test_a_single_statement_needs_no_list():
    alone = {"Version": "2012-10-17", "Statement": allow(resource="arn:aws:s3:::data/${aws:username}")}

    assert ALLOWED == verdict(USER, resource="arn:aws:s3:::data/Alice", identity=[alone])


def test_not_principal_with_allow_is_unknown():
    policy = document(allow(NotPrincipal={"AWS": f"{USER}2"}))

    assert "ImplicitlyDenied?" == verdict(USER, policy=policy)


def test_a_canonical_user_is_unknown():
    policy = document(allow(Principal={"CanonicalUser": "79a59df9"}))

    assert "ImplicitlyDenied?" == verdict(USER, policy=policy)


def test_a_resource_policy_without_resource_means_its_resource():
    policy = document(allow("ecr:BatchGetImage", None, Principal={"AWS": ROLE}))
    repository = f"arn:aws:ecr:eu-west-1:{OURS}:repository/churn"

    assert ALLOWED == verdict(action="ecr:BatchGetImage", resource=repository, policy=policy)
