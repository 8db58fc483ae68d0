"""The packs, through the SDK's own analyzer: what the engine sends, what it gets back."""

import json

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import proxy

from policies import pack
from policies.rules import REGISTRY
from policies.rules import registry as rule_registry
from tests.policies import asking
from tests.policies.asking import BLOCK, BUCKET, FINE, NOTEBOOK, SECRET
from zone.specs.account import PolicyException


@pytest.mark.shows("K6")
def test_a_violation_is_reported_under_its_rule_with_its_remedy():
    said = asking.analyze("guardrails", NOTEBOOK, FINE | {"instanceType": "ml.p5.48xlarge"})

    assert {("sm-notebook-instance-type", "MANDATORY")} == set(said)
    assert "ml.p5.48xlarge" in said["sm-notebook-instance-type", "MANDATORY"]
    assert "Remedy: use an instance type" in said["sm-notebook-instance-type", "MANDATORY"]


@pytest.mark.shows("T15")
def test_an_unknown_value_is_advice_and_hides_no_violation():
    said = asking.analyze(
        "guardrails",
        NOTEBOOK,
        FINE | {"instanceType": proxy.UNKNOWN_STRING_VALUE, "directInternetAccess": "Enabled"},
    )

    assert {("sm-notebook-no-direct-internet", "MANDATORY"), ("advisory-here", "ADVISORY")} == set(said)
    assert (
        "instanceType: not known before `up`, which decides: sm-notebook-instance-type"
        in said["advisory-here", "ADVISORY"]
    )


def test_a_secret_is_read_and_nested_unknowns_do_not_raise():
    said = asking.analyze(
        "guardrails",
        "aws:ec2/securityGroup:SecurityGroup",
        {
            "description": SECRET | {"value": "x"},
            "ingress": [
                {
                    "protocol": "tcp",
                    "fromPort": 443,
                    "toPort": 443,
                    "cidrBlocks": [proxy.UNKNOWN_STRING_VALUE, "0.0.0.0/0"],
                }
            ],
        },
    )

    assert ("sg-no-public-ingress", "MANDATORY") in set(said)


def test_a_rule_that_breaks_is_advice_and_silences_no_other(monkeypatch):
    def broken(_):
        raise ZeroDivisionError("boom")

    rule = REGISTRY["sm-notebook-in-vpc"]
    monkeypatch.setitem(
        REGISTRY,
        rule.key,
        rule.__class__(**{**{f: getattr(rule, f) for f in rule.__dataclass_fields__}, "check": broken}),
    )
    rule_registry.rules_for.cache_clear()
    try:
        said = asking.analyze("guardrails", NOTEBOOK, FINE | {"instanceType": "ml.p5.48xlarge"})
    finally:
        rule_registry.rules_for.cache_clear()

    assert {("sm-notebook-instance-type", "MANDATORY"), ("advisory-here", "ADVISORY")} == set(said)
    assert "ZeroDivisionError: boom" in said["advisory-here", "ADVISORY"]


def test_pack_config_sets_levels_and_settings():
    config = {"sm-notebook-instance-type": {"enforcementLevel": "advisory", "allowedInstanceTypes": ["ml.t3.medium"]}}
    analyzer = asking.analyzer("guardrails", config)
    props = FINE | {"instanceType": "ml.m5.large"}
    analyzer.Configure(asking.configuration(config), None)
    answer = analyzer.Analyze(asking.request(analyzer_pb2.AnalyzeRequest, NOTEBOOK, props), None)

    assert [("sm-notebook-instance-type", analyzer_pb2.ADVISORY)] == [
        (d.policyName, d.enforcementLevel) for d in answer.diagnostics
    ]


def _configured(config, props):
    analyzer = asking.analyzer("guardrails")
    analyzer.Configure(asking.configuration(config), None)
    answer = analyzer.Analyze(asking.request(analyzer_pb2.AnalyzeRequest, NOTEBOOK, props), None)
    return {d.policyName: d.message for d in answer.diagnostics}


def test_a_rule_that_pack_config_disables_is_not_undecided_either():
    config = {"sm-notebook-instance-type": {"enforcementLevel": "disabled"}}

    assert {} == _configured(config, FINE | {"instanceType": proxy.UNKNOWN_STRING_VALUE})


def test_what_pack_config_sets_decides_on_excepted_resources_too(monkeypatch):
    monkeypatch.setattr(pack, "_stack_exceptions", lambda _: [_exception("sm-notebook-instance-type")])
    config = {"sm-notebook-instance-type": {"enforcementLevel": "mandatory", "allowedInstanceTypes": ["ml.t3.medium"]}}
    said = _configured(config, FINE | {"instanceType": "ml.m5.large"})

    assert {"advisory-here"} == set(said)
    assert "not in allowedInstanceTypes (ml.t3.medium) (excepted until 2999-12-31" in said["advisory-here"]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("advisory", ("advisory-here", "ADVISORY")),
        ("disabled", None),
        ("mandatory", ("sm-notebook-instance-type", "MANDATORY")),
    ],
)
def test_an_account_file_sets_levels_by_the_stack_of_the_urn(monkeypatch, level, expected):
    monkeypatch.setattr(
        pack,
        "_stack_settings",
        lambda name: {"sm-notebook-instance-type": {"enforcementLevel": level}} if name == "elsewhere" else {},
    )
    said = asking.analyze("guardrails", NOTEBOOK, FINE | {"instanceType": "ml.p5.48xlarge"})

    assert ({expected} if expected else set()) == set(said)


def test_default_tags_count_where_the_provider_wrote_no_tags_all():
    tags = {"mlz:owner": "a", "mlz:cost-centre": "1", "mlz:environment": "dev", "mlz:account": "dev-fraud"}
    said = asking.analyze(
        "tagging",
        "aws:s3/bucket:Bucket",
        {"tags": {"mlz:data-class": "public"}},
        {"defaultTags": json.dumps({"tags": tags})},
    )

    assert {} == said


@pytest.mark.shows("K3", "T16")
def test_the_remediation_adds_what_is_known_and_keeps_the_rest():
    props = {
        "bucket": proxy.UNKNOWN_STRING_VALUE,
        "x": SECRET | {"value": "s"},
        "tags": {"a": "b", "mlz:owner": "me"},
        "tagsAll": {"a": "b", "mlz:owner": "me"},
    }
    tags = {"a": "b", "mlz:owner": "me", "mlz:environment": "dev"}

    assert [props | {"tags": tags, "tagsAll": tags}] == asking.remediate(
        props, {"mlz:owner": "you", "mlz:environment": "dev"}
    )


def test_the_remediation_leaves_a_complete_resource_alone():
    assert [] == asking.remediate({"tags": {"mlz:owner": "me"}}, {"mlz:owner": "you"})


def test_the_remediation_keeps_secret_tags_and_their_secrecy():
    (whole,) = asking.remediate({"tags": SECRET | {"value": {"a": "b"}}}, {"mlz:owner": "me"})
    (one,) = asking.remediate({"tags": {"a": SECRET | {"value": "b"}}}, {"mlz:owner": "me"})

    assert {"tags": SECRET | {"value": {"a": "b", "mlz:owner": "me"}}} == whole
    assert {"tags": {"a": SECRET | {"value": "b"}, "mlz:owner": "me"}} == one


def test_the_remediation_waits_where_all_tags_are_unknown():
    assert [] == asking.remediate({"tags": proxy.UNKNOWN_OBJECT_VALUE}, {"mlz:owner": "you"})


@pytest.mark.shows("L9")
@pytest.mark.parametrize("name", ["tagging", "guardrails", "security"])
def test_a_pack_tells_severity_framework_and_remedy_of_each_rule(name):
    info = asking.analyzer(name).GetAnalyzerInfo(None, None)
    told = {policy.name: policy for policy in info.policies}
    rules = {rule.key for rule in REGISTRY.values() if rule.pack == name}
    regions = told.get("allowed-regions")

    own = {"advisory-here", "mandatory-here", "advisory-in-this-stack", "mandatory-in-this-stack", "exception-unused"}

    assert rules | own == set(told)
    assert all(told[key].remediation_steps and told[key].severity for key in rules)
    assert name != "guardrails" or "AWS-AI-Security-Framework" == regions.framework.name


def test_a_stack_rule_sees_all_resources():
    said = asking.stack("security", (BUCKET, "b", {}), (BLOCK, "p", {"bucket": "b"}), (BUCKET, "c", {}))

    assert "no BucketPublicAccessBlock" in said["s3-public-access-block-present", "MANDATORY"]


def test_a_stack_rule_that_cannot_know_is_advice():
    said = asking.stack("security", (BUCKET, "b", {}), (BLOCK, "p", {"bucket": proxy.UNKNOWN_STRING_VALUE}))

    assert ("s3-public-access-block-present", "MANDATORY") not in said
    waits = "bucket: not known before `up`, which decides: s3-public-access-block-present"
    assert waits in said["advisory-in-this-stack", "ADVISORY"]


def _exception(rule, resource="case", expires="2999-12-31"):
    return PolicyException(
        rule=rule, resource=resource, owner="a@example.com", reason="because it must be", expires=expires
    )


@pytest.mark.shows("K7", "S13")
def test_an_exception_makes_a_violation_advice_that_names_its_owner(monkeypatch):
    monkeypatch.setattr(pack, "_stack_exceptions", lambda _: [_exception("sm-notebook-instance-type")])
    said = asking.analyze("guardrails", NOTEBOOK, FINE | {"instanceType": "ml.p5.48xlarge"})

    assert {("advisory-here", "ADVISORY")} == set(said)
    assert "excepted until 2999-12-31 by a@example.com: because it must be" in said["advisory-here", "ADVISORY"]


@pytest.mark.shows("S13")
def test_an_exception_that_excused_nothing_is_reported(monkeypatch):
    monkeypatch.setattr(pack, "_stack_exceptions", lambda _: [_exception("lb-internal", "nothing-*")])

    said = asking.stack("guardrails", (BUCKET, "b", {}))["exception-unused", "ADVISORY"]

    assert "from lb-internal for nothing-* excuses nothing" in said
    assert ("exception-unused", "ADVISORY") not in asking.stack("security", (BUCKET, "b", {}))


def test_an_input_nobody_gave_is_absent_and_not_unknown_to_a_stack_rule():
    unknown = {"bucket": "b", "logging": proxy.UNKNOWN_OBJECT_VALUE, "versioning": proxy.UNKNOWN_OBJECT_VALUE}
    analyzer, stack = asking.analyzer("security"), analyzer_pb2.AnalyzeStackRequest()
    alone = asking.request(analyzer_pb2.AnalyzeRequest, BUCKET, {"bucket": "b"})
    analyzer.Analyze(alone, None)
    outputs = json_format.ParseDict(unknown, struct_pb2.Struct())
    stack.resources.add(type=BUCKET, name="case", urn=alone.urn, properties=outputs)
    said = {d.policyName for d in analyzer.AnalyzeStack(stack, None).diagnostics}

    assert "s3-versioning" in said
    assert not any("in-this-stack" in name for name in said)
