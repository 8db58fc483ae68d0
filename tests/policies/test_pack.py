"""The packs, through the SDK's own analyzer: what the engine sends, what it gets back."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy, proxy
from pulumi_policy import policy as sdk
from ruamel.yaml import YAML

from accounts.spec import PolicyException
from policies import pack
from policies.rules import REGISTRY, rules_for
from policies.rules import registry as rule_registry
from policies.servicer import ask_less
from policies.tagging.fill import fill_tags

NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance"
FINE = {"subnetId": "s", "directInternetAccess": "Disabled", "lifecycleConfigName": "stop-idle"}
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def _analyzer(name, config=None):
    rules = [rule for rule in REGISTRY.values() if rule.pack == name]
    made = pack.policies(rules, {"required-tags": fill_tags} if name == "tagging" else {})
    return sdk._PolicyAnalyzerServicer(f"mlz-{name}", "0.1.0", made, EnforcementLevel.ADVISORY, config)


def _request(kind, type_token, props, provider=None, stack="elsewhere"):
    request = kind(
        type=type_token,
        name="case",
        urn=f"urn:pulumi:{stack}::mlz::{type_token}::case",
        properties=json_format.ParseDict(props, struct_pb2.Struct()),
    )
    if provider is not None:
        request.provider.type = "pulumi:providers:aws"
        request.provider.properties.CopyFrom(json_format.ParseDict(provider, struct_pb2.Struct()))
    return request


def _analyze(name, type_token, props, provider=None):
    answer = _analyzer(name).Analyze(_request(analyzer_pb2.AnalyzeRequest, type_token, props, provider), None)
    return {
        (d.policyName, analyzer_pb2.EnforcementLevel.Name(d.enforcementLevel)): d.message for d in answer.diagnostics
    }


def test_a_violation_is_reported_under_its_rule_with_its_remedy():
    said = _analyze("guardrails", NOTEBOOK, FINE | {"instanceType": "ml.p5.48xlarge"})

    assert {("sm-notebook-instance-type", "MANDATORY")} == set(said)
    assert "ml.p5.48xlarge" in said["sm-notebook-instance-type", "MANDATORY"]
    assert "Remedy: use an instance type" in said["sm-notebook-instance-type", "MANDATORY"]


def test_an_unknown_value_is_advice_and_hides_no_violation():
    said = _analyze(
        "guardrails", NOTEBOOK, FINE | {"instanceType": proxy.UNKNOWN_STRING_VALUE, "directInternetAccess": "Enabled"}
    )

    assert {("sm-notebook-no-direct-internet", "MANDATORY"), ("advisory-here", "ADVISORY")} == set(said)
    assert (
        "instanceType: not known before `up`, which decides: sm-notebook-instance-type"
        in said["advisory-here", "ADVISORY"]
    )


def test_a_secret_is_read_and_nested_unknowns_do_not_raise():
    said = _analyze(
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
        said = _analyze("guardrails", NOTEBOOK, FINE | {"instanceType": "ml.p5.48xlarge"})
    finally:
        rule_registry.rules_for.cache_clear()

    assert {("sm-notebook-instance-type", "MANDATORY"), ("advisory-here", "ADVISORY")} == set(said)
    assert "ZeroDivisionError: boom" in said["advisory-here", "ADVISORY"]


def test_pack_config_sets_levels_and_settings():
    config = {"sm-notebook-instance-type": {"enforcementLevel": "advisory", "allowedInstanceTypes": ["ml.t3.medium"]}}
    analyzer = _analyzer("guardrails", config)
    props = FINE | {"instanceType": "ml.m5.large"}
    analyzer.Configure(_configuration(config), None)
    answer = analyzer.Analyze(_request(analyzer_pb2.AnalyzeRequest, NOTEBOOK, props), None)

    assert [("sm-notebook-instance-type", analyzer_pb2.ADVISORY)] == [
        (d.policyName, d.enforcementLevel) for d in answer.diagnostics
    ]


def _configuration(config):
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    for key, chosen in config.items():
        request.policyConfig[key].enforcementLevel = analyzer_pb2.EnforcementLevel.Value(
            chosen["enforcementLevel"].upper()
        )
        json_format.ParseDict(
            {k: v for k, v in chosen.items() if k != "enforcementLevel"}, request.policyConfig[key].properties
        )
    return request


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
    said = _analyze("guardrails", NOTEBOOK, FINE | {"instanceType": "ml.p5.48xlarge"})

    assert ({expected} if expected else set()) == set(said)


def test_default_tags_count_where_the_provider_wrote_no_tags_all():
    tags = {"mlz:owner": "a", "mlz:cost-centre": "1", "mlz:environment": "dev", "mlz:account": "dev-fraud"}
    said = _analyze(
        "tagging",
        "aws:s3/bucket:Bucket",
        {"tags": {"mlz:data-class": "public"}},
        {"defaultTags": json.dumps({"tags": tags})},
    )

    assert {} == said


def _remediate(props, known):
    analyzer = _analyzer("tagging")
    analyzer.Configure(_configuration({"required-tags": {"enforcementLevel": "remediate", "knownTags": known}}), None)
    answer = analyzer.Remediate(_request(analyzer_pb2.AnalyzeRequest, "aws:s3/bucket:Bucket", props), None)
    return [json_format.MessageToDict(each.properties) for each in answer.remediations]


def test_the_remediation_adds_what_is_known_and_keeps_the_rest():
    props = {
        "bucket": proxy.UNKNOWN_STRING_VALUE,
        "x": SECRET | {"value": "s"},
        "tags": {"a": "b", "mlz:owner": "me"},
        "tagsAll": {"a": "b", "mlz:owner": "me"},
    }
    tags = {"a": "b", "mlz:owner": "me", "mlz:environment": "dev"}

    assert [props | {"tags": tags, "tagsAll": tags}] == _remediate(
        props, {"mlz:owner": "you", "mlz:environment": "dev"}
    )


def test_the_remediation_leaves_a_complete_resource_alone():
    assert [] == _remediate({"tags": {"mlz:owner": "me"}}, {"mlz:owner": "you"})


def test_the_remediation_waits_where_all_tags_are_unknown():
    assert [] == _remediate({"tags": proxy.UNKNOWN_OBJECT_VALUE}, {"mlz:owner": "you"})


@pytest.mark.parametrize("name", ["tagging", "guardrails", "security"])
def test_a_pack_tells_severity_framework_and_remedy_of_each_rule(name):
    info = _analyzer(name).GetAnalyzerInfo(None, None)
    told = {policy.name: policy for policy in info.policies}
    rules = {rule.key for rule in REGISTRY.values() if rule.pack == name}
    regions = told.get("allowed-regions")

    own = {"advisory-here", "mandatory-here", "advisory-in-this-stack", "mandatory-in-this-stack", "exception-unused"}

    assert rules | own == set(told)
    assert all(told[key].remediation_steps and told[key].severity for key in rules)
    assert name != "guardrails" or "AWS-AI-Security-Framework" == regions.framework.name


def _stack(name, *resources):
    request = analyzer_pb2.AnalyzeStackRequest()
    for type_token, logical, props in resources:
        request.resources.add(
            type=type_token,
            name=logical,
            urn=f"urn:pulumi:elsewhere::mlz::{type_token}::{logical}",
            properties=json_format.ParseDict(props, struct_pb2.Struct()),
        )
    answer = _analyzer(name).AnalyzeStack(request, None)
    return {
        (d.policyName, analyzer_pb2.EnforcementLevel.Name(d.enforcementLevel)): d.message for d in answer.diagnostics
    }


BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"


def test_a_stack_rule_sees_all_resources():
    said = _stack("security", (BUCKET, "b", {}), (BLOCK, "p", {"bucket": "b"}), (BUCKET, "c", {}))

    assert "no BucketPublicAccessBlock" in said["s3-public-access-block-present", "MANDATORY"]


def test_a_stack_rule_that_cannot_know_is_advice():
    said = _stack("security", (BUCKET, "b", {}), (BLOCK, "p", {"bucket": proxy.UNKNOWN_STRING_VALUE}))

    assert ("s3-public-access-block-present", "MANDATORY") not in said
    assert "s3-public-access-block-present: bucket: not known before" in said["advisory-in-this-stack", "ADVISORY"]


def _exception(rule, resource="case", expires="2999-12-31"):
    return PolicyException(
        rule=rule, resource=resource, owner="a@example.com", reason="because it must be", expires=expires
    )


def test_an_exception_makes_a_violation_advice_that_names_its_owner(monkeypatch):
    monkeypatch.setattr(pack, "_stack_exceptions", lambda _: [_exception("sm-notebook-instance-type")])
    said = _analyze("guardrails", NOTEBOOK, FINE | {"instanceType": "ml.p5.48xlarge"})

    assert {("advisory-here", "ADVISORY")} == set(said)
    assert "excepted until 2999-12-31 by a@example.com: because it must be" in said["advisory-here", "ADVISORY"]


def test_an_exception_that_excused_nothing_is_reported(monkeypatch):
    monkeypatch.setattr(pack, "_stack_exceptions", lambda _: [_exception("lb-internal", "nothing-*")])

    assert "excuses nothing" in _stack("guardrails", (BUCKET, "b", {}))["exception-unused", "ADVISORY"]
    assert ("exception-unused", "ADVISORY") not in _stack("security", (BUCKET, "b", {}))


@pytest.fixture
def decoding(monkeypatch):
    """The SDK with its decoder counted; what ask_less patches is put back afterwards."""
    calls = []
    original = sdk.json_format.MessageToDict
    monkeypatch.setattr(sdk, "_PolicyAnalyzerServicer", sdk._PolicyAnalyzerServicer)

    def counted(message):
        calls.append(message)
        return original(message)

    monkeypatch.setattr(sdk, "deserialize_properties", sdk.deserialize_properties)
    monkeypatch.setattr(sdk, "unknown_checking_proxy", sdk.unknown_checking_proxy)
    monkeypatch.setattr(sdk, "json_format", SimpleNamespace(MessageToDict=counted))
    return calls


def test_a_resource_is_decoded_once_and_judged_the_same(decoding):
    props = FINE | {"instanceType": "ml.p5.48xlarge", "rootAccess": proxy.UNKNOWN_STRING_VALUE}
    provider = {"region": "eu-west-1"}
    before = _analyze("security", NOTEBOOK, props, provider)
    slow = len(decoding)
    ask_less(pack.readers(REGISTRY.values()))
    decoding.clear()
    first, second = _analyze("security", NOTEBOOK, props, provider), _analyze("security", NOTEBOOK, FINE, provider)

    assert slow > 200
    assert 4 == len(decoding)  # two resources and their providers
    assert before == first
    assert first != second


def _everything(name):
    """What pack *name* says of all resources of stacks.yaml that break a rule, as one stack and one by one."""
    analyzer, stack, said = _analyzer(name), analyzer_pb2.AnalyzeStackRequest(), []
    cases = YAML(typ="safe", pure=True).load((Path(__file__).parent / "stacks.yaml").read_text())
    for number, entry in enumerate(
        each for case in cases.values() for broken in case["breaks"] for each in broken if "type" in each
    ):
        props = json.loads(json.dumps(entry.get("props", {})).replace('"UNKNOWN"', f'"{proxy.UNKNOWN_STRING_VALUE}"'))
        one = _request(analyzer_pb2.AnalyzeRequest, entry["type"], props)
        said += analyzer.Analyze(one, None).diagnostics
        stack.resources.add(type=one.type, name=f"{number}", urn=f"{one.urn}{number}", properties=one.properties)
    return [*said, *analyzer.AnalyzeStack(stack, None).diagnostics]


@pytest.mark.parametrize("name", ["tagging", "guardrails", "security"])
@pytest.mark.usefixtures("decoding")
def test_asking_only_the_policies_that_read_a_type_changes_no_answer(name):
    slow = _everything(name)
    ask_less(pack.readers(REGISTRY.values()))

    assert slow
    assert slow == _everything(name)


@pytest.mark.usefixtures("decoding")
def test_a_policy_that_reads_no_type_of_the_call_is_not_asked(monkeypatch):
    asked = []
    validate = ResourceValidationPolicy.validate

    def counted(policy, *args):
        asked.append(policy.name)
        return validate(policy, *args)

    monkeypatch.setattr(ResourceValidationPolicy, "validate", counted)
    ask_less(pack.readers(REGISTRY.values()))
    _analyze("security", BUCKET, {})

    several = {"advisory-here", "mandatory-here"}
    assert several | {rule.key for rule in rules_for(BUCKET) if rule.pack == "security"} == set(asked)


def test_an_input_nobody_gave_is_absent_and_not_unknown_to_a_stack_rule():
    unknown = {"bucket": "b", "logging": proxy.UNKNOWN_OBJECT_VALUE, "versioning": proxy.UNKNOWN_OBJECT_VALUE}
    analyzer, stack = _analyzer("security"), analyzer_pb2.AnalyzeStackRequest()
    alone = _request(analyzer_pb2.AnalyzeRequest, BUCKET, {"bucket": "b"})
    analyzer.Analyze(alone, None)
    outputs = json_format.ParseDict(unknown, struct_pb2.Struct())
    stack.resources.add(type=BUCKET, name="case", urn=alone.urn, properties=outputs)
    said = {d.policyName for d in analyzer.AnalyzeStack(stack, None).diagnostics}

    assert "s3-versioning" in said
    assert not any("in-this-stack" in name for name in said)


@pytest.mark.usefixtures("decoding")
def test_remediation_still_works_on_properties_of_its_own():
    ask_less(pack.readers(REGISTRY.values()))
    tags = {"a": "b", "mlz:owner": "me"}

    assert [{"tags": tags}] == _remediate({"tags": {"a": "b"}}, {"mlz:owner": "me"})
    assert [{"tags": tags}] == _remediate({"tags": {"a": "b"}}, {"mlz:owner": "me"})
