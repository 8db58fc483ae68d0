"""Sizes, texts and quarrels of policy documents: what the cases cannot show in a line."""

import json

import pytest

from policies.evaluate import evaluate
from policies.rules import UNKNOWN, Resource
from policies.rules._forms import CARRIERS, FORMS, ORGANIZATION_POLICY
from tests.policies.iam_data import FILE, text
from tests.policies.sdk import _camel, _classes, tokens

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}


def said(token, **props):
    found = evaluate([Resource(type=token, name="case", props=props)], {}, wanted=lambda r: r.key == "iam-policy-valid")
    return [finding["message"] for finding in found]


def padded(statement, size):
    """A document of *size* characters, white space not counted."""
    empty = json.dumps({"Id": "", "Statement": [statement]}, separators=(",", ":"))
    return {"Id": "x" * (size - len(empty)), "Statement": [statement]}


@pytest.mark.parametrize(("token", "path"), [(token, path) for token, paths in CARRIERS.items() for path in paths])
def test_a_document_stands_where_the_sdk_has_a_property(token, path):
    module = token.split(":")[1].split("/")[0]

    assert path.partition("[]")[0] in {_camel(name) for name in _classes(module)[tokens(module)[token]]}


SIZED = [
    (token, path, form)
    for token, paths in CARRIERS.items()
    for path, form in paths.items()
    if form != ORGANIZATION_POLICY and FORMS[form].size
]


@pytest.mark.parametrize(("token", "path", "form"), SIZED)
@pytest.mark.parametrize("written", [json.dumps, json.loads], ids=["text", "object"])
def test_a_document_may_be_as_long_as_its_kind_and_no_longer(token, path, form, written):
    def sizes(more):
        document = padded(READ, FORMS[form].size + more)
        value = json.dumps(document, indent=8) if written is json.dumps else document
        outer, _, inner = path.rpartition("[].")
        props = {outer: [{"name": "x", inner: value}]} if outer else {path: value}
        return [fault for fault in said(token, **props) if "characters" in fault]

    assert [] == sizes(0)
    assert 1 == len(sizes(1))


def test_the_inline_policies_of_a_role_are_measured_together():
    halves = [{"name": name, "policy": json.dumps(padded(READ, 5120))} for name in "ab"]

    assert [] == said("aws:iam/role:Role", inlinePolicies=halves)
    assert ["all inlinePolicies: it has 15360 characters, AWS takes 10240"] == said(
        "aws:iam/role:Role", inlinePolicies=[*halves, halves[0]]
    )


@pytest.mark.parametrize(("size", "faults"), [(5120, 0), (5121, 1)])
def test_white_space_counts_in_a_resource_control_policy(size, faults):
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    content = json.dumps({"Version": "2012-10-17", "Statement": deny}).ljust(size)

    assert faults == len(said("aws:organizations/policy:Policy", type="RESOURCE_CONTROL_POLICY", content=content))


def test_a_key_that_stands_twice_in_a_text_is_said_wherever_it_is():
    condition = '{"StringEquals": {"aws:username": "a"}, "StringEquals": {"aws:userid": "b"}}'
    policy = json.dumps({"Statement": [READ]}).replace("}]", f', "Condition": {condition}}}]')

    assert ["StringEquals is there twice in one object: the first is lost"] == said(
        "aws:iam/policy:Policy", policy=policy
    )


def test_a_fault_beside_what_is_not_known_yet_is_said_at_preview():
    inline = [{"name": "x", "policy": json.dumps({"Statement": {**READ, "Action": "s3:GetObjekt"}})}]
    statements = [{**READ, "Resource": UNKNOWN}, {**READ, "Action": "s3:GetObjekt", "Sid": "Typo"}]

    assert ["inlinePolicies[0].policy: a statement: there is no action s3:GetObjekt"] == said(
        "aws:iam/role:Role", assumeRolePolicy=UNKNOWN, inlinePolicies=inline
    )
    assert ["Typo: there is no action s3:GetObjekt"] == said("aws:iam/policy:Policy", policy={"Statement": statements})


def test_an_organization_policy_of_another_grammar_is_left_alone():
    content = '{"tags": {"team": {"tag_key": {"@@assign": "team"}}}}'

    assert [] == said("aws:organizations/policy:Policy", type="TAG_POLICY", content=content)
    assert ["type: not known before `up`, which decides"] == said(
        "aws:organizations/policy:Policy", type=UNKNOWN, content=content
    )


def test_the_table_of_actions_is_what_the_generator_writes():
    def without_day(written):
        return written.partition("\n")[2]

    assert without_day(text()) == without_day(FILE.read_text())
