"""AWS's documented behaviour of actions, resources and policy variables.

Pages of the IAM User Guide, read 2026-11-21:
https://docs.aws.amazon.com/IAM/latest/UserGuide/<page>.html
"""

import pytest

from tests.access.documented import CAROL, OBJECT, allow, ask, deny, policy

ALLOWED, IMPLICITLY, EXPLICITLY = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"


# From the page reference_policies_elements_action


@pytest.mark.parametrize(
    ("expected", "pattern"),
    [
        (ALLOWED, "iam:ListAccessKeys"),
        (ALLOWED, "IAM:listaccesskeys"),
        (ALLOWED, "iam:*AccessKey*"),
        (ALLOWED, "iam:List*"),
        (ALLOWED, "iam:?istAccessKeys"),
        (ALLOWED, "*"),
        (IMPLICITLY, "iam:List"),
        (IMPLICITLY, "iam:Delete*"),
        (IMPLICITLY, "s3:*"),
    ],
)
def test_actions_ignore_case_and_take_wildcards(expected, pattern):
    assert expected == ask("iam:ListAccessKeys", CAROL, by=CAROL, identity=policy(allow(pattern)))


# From the page reference_policies_elements_notaction


def test_not_action_with_allow_covers_every_other_action():
    all_but_iam = policy(allow(None, NotAction="iam:*"))

    assert ALLOWED == ask("s3:GetObject", identity=all_but_iam)
    assert IMPLICITLY == ask("iam:GetUser", CAROL, identity=all_but_iam)


def test_not_action_with_deny_denies_every_other_action_and_grants_none():
    without_mfa = policy(
        allow(), deny(None, NotAction="iam:*", condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
    )

    assert EXPLICITLY == ask("s3:GetObject", identity=without_mfa)
    assert ALLOWED == ask("iam:GetUser", CAROL, identity=without_mfa)
    assert ALLOWED == ask("s3:GetObject", identity=without_mfa, context={"aws:MultiFactorAuthPresent": "true"})


# From the page reference_policies_elements_resource


@pytest.mark.parametrize(
    ("expected", "pattern", "resource"),
    [
        (ALLOWED, "arn:aws:s3:::amzn-s3-demo-bucket/*", "arn:aws:s3:::amzn-s3-demo-bucket/1/2/3/test.jpg"),
        (IMPLICITLY, "arn:aws:s3:::amzn-s3-demo-bucket/*", "arn:aws:s3:::amzn-s3-demo-bucket"),
        # The page's table for amzn-s3-demo-bucket/*/test/*
        (ALLOWED, "arn:aws:s3:::amzn-s3-demo-bucket/*/test/*", "arn:aws:s3:::amzn-s3-demo-bucket/1/test/object.jpg"),
        (
            ALLOWED,
            "arn:aws:s3:::amzn-s3-demo-bucket/*/test/*",
            "arn:aws:s3:::amzn-s3-demo-bucket/1/2/test/3/object.jpg",
        ),
        (IMPLICITLY, "arn:aws:s3:::amzn-s3-demo-bucket/*/test/*", "arn:aws:s3:::amzn-s3-demo-bucket/1/test.jpg"),
        (IMPLICITLY, "arn:aws:s3:::amzn-s3-demo-bucket/*/test/*", "arn:aws:s3:::amzn-s3-demo-bucket/1/Test/object.jpg"),
        (ALLOWED, "arn:aws:iam::111111111111:user/accounting/*", "arn:aws:iam::111111111111:user/accounting/carol"),
        (IMPLICITLY, "arn:aws:iam::111111111111:user/Carol", "arn:aws:iam::111111111111:user/carol"),
        (ALLOWED, "arn:aws:sqs:us-east-2:*:queue?", "arn:aws:sqs:us-east-2:111111111111:queue1"),
        # A wildcard that ends its segment may reach beyond the colon.
        (
            ALLOWED,
            "arn:aws:lambda:us-east-1:111111111111:function:score*",
            "arn:aws:lambda:us-east-1:111111111111:function:score:7",
        ),
    ],
)
def test_resources_take_wildcards_and_keep_case(expected, pattern, resource):
    action = {"s3": "s3:GetObject", "iam": "iam:GetUser", "sqs": "sqs:SendMessage", "lambda": "lambda:InvokeFunction"}

    assert expected == ask(action[resource.split(":")[2]], resource, identity=policy(allow(resource=pattern)))


# From the page reference_policies_elements_notresource


def test_not_resource_covers_everything_else():
    hr_payroll = ["arn:aws:s3:::amzn-s3-demo-bucket/Payroll", "arn:aws:s3:::amzn-s3-demo-bucket/Payroll/*"]
    keep_out = policy(allow(), deny("s3:*", None, NotResource=hr_payroll))

    assert ALLOWED == ask(resource="arn:aws:s3:::amzn-s3-demo-bucket/Payroll/june", identity=keep_out)
    assert EXPLICITLY == ask(resource=OBJECT, identity=keep_out)


# From the page reference_policies_variables

HOME_FOLDER = policy(
    allow("s3:ListBucket", "arn:aws:s3:::amzn-s3-demo-bucket", {"StringLike": {"s3:prefix": ["${aws:username}/*"]}}),
    allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*"),
)


@pytest.mark.parametrize(
    ("expected", "action", "resource", "prefix"),
    [
        (ALLOWED, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/carol/file", None),
        (IMPLICITLY, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/bob/file", None),
        (ALLOWED, "s3:ListBucket", "arn:aws:s3:::amzn-s3-demo-bucket", "carol/2026"),
        (IMPLICITLY, "s3:ListBucket", "arn:aws:s3:::amzn-s3-demo-bucket", "bob/2026"),
    ],
)
def test_a_variable_gives_each_user_a_folder(expected, action, resource, prefix):
    context = {"aws:username": "carol"} | ({"s3:prefix": prefix} if prefix else {})

    assert expected == ask(action, resource, by=CAROL, context=context, identity=HOME_FOLDER)


def test_a_variable_may_begin_the_part_after_the_fifth_colon():
    queues = policy(allow("sqs:*", "arn:aws:sqs:us-east-2:*:${aws:username}-queue"))
    queue = "arn:aws:sqs:us-east-2:111111111111:carol-queue"

    assert ALLOWED == ask("sqs:SendMessage", queue, by=CAROL, context={"aws:username": "carol"}, identity=queues)
    assert IMPLICITLY == ask("sqs:SendMessage", queue, by=CAROL, context={"aws:username": "bob"}, identity=queues)


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_before_version_2012_10_17_a_variable_is_plain_text(version):
    folder = policy(allow(resource="arn:aws:s3:::b/${aws:username}/*"), version=version)
    if version is None:
        del folder["Version"]

    assert IMPLICITLY == ask(
        resource="arn:aws:s3:::b/carol/f", by=CAROL, context={"aws:username": "carol"}, identity=folder
    )
    assert ALLOWED == ask(
        resource="arn:aws:s3:::b/${aws:username}/f", by=CAROL, context={"aws:username": "carol"}, identity=folder
    )


@pytest.mark.parametrize(
    ("expected", "resource", "tag"),
    [
        (ALLOWED, "arn:aws:s3:::b/red/f", "red"),
        (IMPLICITLY, "arn:aws:s3:::b/company-wide/f", "red"),
        (ALLOWED, "arn:aws:s3:::b/company-wide/f", None),
        (IMPLICITLY, "arn:aws:s3:::b/red/f", None),
    ],
)
def test_a_default_stands_in_for_a_missing_tag(expected, resource, tag):
    folder = policy(allow(resource="arn:aws:s3:::b/${aws:PrincipalTag/team, 'company-wide'}/*"))
    context = {"aws:PrincipalTag/team": tag} if tag else {}

    assert expected == ask(resource=resource, context=context, identity=folder)


@pytest.mark.parametrize("missing", ["arn:aws:s3:::b/${aws:PrincipalTag/team}/*", "arn:aws:s3:::b/${aws:TagKeys}/*"])
def test_a_variable_without_a_single_value_matches_nothing(missing):
    context = {"aws:TagKeys": ["red", "blue"]}

    assert IMPLICITLY == ask(resource="arn:aws:s3:::b/red/f", context=context, identity=policy(allow(resource=missing)))


@pytest.mark.parametrize(
    ("expected", "wanted", "carried"),
    [
        (True, "a${*}c", "a*c"),
        (False, "a${*}c", "abc"),
        (True, "a${?}*", "a?bc"),
        (False, "a${?}*", "abbc"),
        (True, "${$}{x}", "${x}"),
    ],
)
def test_special_characters_can_be_written_as_variables(expected, wanted, carried):
    identity = policy(allow(condition={"StringLike": {"aws:PrincipalTag/name": wanted}}))

    assert expected is (ALLOWED == ask(context={"aws:PrincipalTag/name": carried}, identity=identity))


def test_variables_work_in_string_and_arn_conditions_and_nowhere_else():
    context = {
        "aws:PrincipalTag/team": "red",
        "aws:ResourceTag/team": "red",
        "aws:SourceArn": "arn:aws:s3:::red",
        "aws:MultiFactorAuthAge": "5",
        "aws:PrincipalTag/age": "5",
    }
    same_team = policy(allow(condition={"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}))
    by_arn = policy(allow(condition={"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::${aws:PrincipalTag/team}"}}))

    assert ALLOWED == ask(context=context, identity=same_team)
    assert IMPLICITLY == ask(context=context | {"aws:ResourceTag/team": "blue"}, identity=same_team)
    assert ALLOWED == ask(context=context, identity=by_arn)
    assert IMPLICITLY == ask(context=context | {"aws:SourceArn": "arn:aws:s3:::blue"}, identity=by_arn)
