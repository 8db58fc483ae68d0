"""A malformed policy is refused with its place and what to write instead."""

import pytest

from checks.access import Caller, DocumentError, PolicyKind, Target, compile_policy, evaluate, principal, request

TEXT = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Fine", "Effect": "Allow", "Action": "s3:*", "Resource": "*"},
    {
      "Effect": "allow",
      "Action": ["s3:GetObject", "s3GetObject"],
      "Resource": "*",
      "Condition": {
        "StringIs": {"aws:username": "Alice"},
        "NumericEquals": {"s3:max-keys": "ten"}
      }
    }
  ]
}"""


def problems(source, kind=PolicyKind.IDENTITY):
    with pytest.raises(DocumentError) as caught:
        compile_policy(source, kind, "policy.json")
    return str(caught.value).splitlines()


def test_every_problem_is_told_at_once_with_file_line_key_and_remedy():
    no_action = "is no action: write service:Name, such as s3:GetObject, or *"
    assert [
        'policy.json:6: Statement[1].Effect: write Allow or Deny, got "allow"',
        f"policy.json:7: Statement[1].Action[1]: 's3GetObject' {no_action}",
        "policy.json:10: Statement[1].Condition.StringIs: AWS has no such condition operator",
        "policy.json:11: Statement[1].Condition.NumericEquals.s3:max-keys: 'ten' is not a number",
    ] == problems(TEXT)


def test_tabs_and_absent_keys_have_a_line_too():
    assert ["policy.json:3: Statement[0]: write either Action or NotAction, got neither"] == problems(
        '{"Version": "2012-10-17",\n"Statement": [\n\t{"Effect": "Allow", "Resource": "*"}]}'
    )


def test_text_that_is_no_json_says_where_it_stops_being_json():
    assert ["policy.json:2:1: not JSON: Expecting ',' delimiter"] == problems(
        '{"Version": "2012-10-17"\n"Statement": []}'
    )


def test_a_key_written_twice_is_refused_as_aws_refuses_it():
    assert ["policy.json: Effect written twice in one block: keep one, AWS refuses both"] == problems(
        '{"Statement": [{"Effect": "Allow", "Effect": "Deny", "Action": "*", "Resource": "*"}]}'
    )


GOOD = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


@pytest.mark.parametrize(
    ("change", "kind", "expected"),
    [
        ({"Principal": "*"}, PolicyKind.IDENTITY, "Principal: identity policy can't hold it"),
        ({"Principal": "*"}, PolicyKind.SERVICE_CONTROL, "Principal: service control policy can't hold it"),
        ({}, PolicyKind.RESOURCE, "write either Principal or NotPrincipal, got neither"),
        (
            {"Principal": {"AWS": "arn:aws:iam::111122223333:role/*"}},
            PolicyKind.RESOURCE,
            "condition on aws:PrincipalArn",
        ),
        ({"Principal": {"AWS": "Alice"}}, PolicyKind.RESOURCE, "give an account id"),
        ({"Principal": {"Team": "x"}}, PolicyKind.RESOURCE, "AWS, CanonicalUser, Federated, Service"),
        ({"Principal": "*"}, PolicyKind.RESOURCE_CONTROL, "it can only Deny here"),
        ({"Resource": []}, PolicyKind.IDENTITY, "write a text or a list of texts, got []"),
        ({"Resource": None}, PolicyKind.IDENTITY, "write a text or a list of texts, got nothing"),
        ({"NotResource": "*"}, PolicyKind.IDENTITY, "write either Resource or NotResource, got both"),
        ({"Colour": "red"}, PolicyKind.IDENTITY, "Colour: AWS has no such element"),
        ({"Condition": []}, PolicyKind.IDENTITY, "Condition: write an object of operators"),
        ({"Condition": {"Bool": "x"}}, PolicyKind.IDENTITY, "Condition.Bool: write an object of condition keys"),
        ({"Condition": {"Bool": {"k": {}}}}, PolicyKind.IDENTITY, "Condition.Bool.k: write a text or a list of texts"),
        ({"Condition": {"NullIfExists": {"k": "true"}}}, PolicyKind.IDENTITY, "no such condition operator"),
        ({"Condition": {"ForAnyValue:Null": {"k": "true"}}}, PolicyKind.IDENTITY, "no such condition operator"),
        ({"Condition": {"ForEach:Bool": {"k": "true"}}}, PolicyKind.IDENTITY, "no such condition operator"),
        ({"Condition": {"Null": {"k": "maybe"}}}, PolicyKind.IDENTITY, 'write "true" (the key is absent) or "false"'),
        ({"Condition": {"IpAddress": {"k": "300.0.0.1"}}}, PolicyKind.IDENTITY, "is no IP address or range"),
        ({"Condition": {"DateEquals": {"k": "yesterday"}}}, PolicyKind.IDENTITY, "is no date"),
        ({"Condition": {"BinaryEquals": {"k": "§"}}}, PolicyKind.IDENTITY, "is not base64"),
        ({"Condition": {"NumericEquals": {"k": "${aws:username}"}}}, PolicyKind.IDENTITY, "is not a number"),
        ({"Condition": {"NumericEquals": {"k": "NaN"}}}, PolicyKind.IDENTITY, "is not a number"),
    ],
)
def test_an_odd_element_is_told(change, kind, expected):
    (problem,) = problems({"Version": "2012-10-17", "Statement": [{**GOOD, **change}]}, kind)

    assert problem.startswith("policy.json: Statement[0]")
    assert expected in problem


@pytest.mark.parametrize("source", [None, 3, [], {}, {"Statement": 3}, {"Statement": [3]}, {"Version": "2020"}, "3"])
def test_anything_else_is_refused_and_never_crashes(source):
    assert problems(source)


@pytest.mark.parametrize(
    ("who", "action", "expected"),
    [
        ("Alice", "s3:GetObject", "is no requester"),
        ("alice", "s3:GetObject", "is no requester"),
        ("arn:aws:iam::1:role/x", "s3:GetObject", "is no requester"),
        ("*", "GetObject", "is no action"),
        ("*", "s3:*", "is no action"),
    ],
)
def test_a_malformed_request_says_what_is_right(who, action, expected):
    with pytest.raises(ValueError, match=expected):
        request(who, action, "*")


def test_a_request_with_another_principals_policies_is_refused():
    asked = request("sagemaker.amazonaws.com", "s3:GetObject", "*")

    with pytest.raises(ValueError, match=r"sagemaker\.amazonaws\.com asks with the policies of \*"):
        evaluate(asked, Caller(principal("*")), Target())
