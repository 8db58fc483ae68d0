"""The servicer that asks less: the same answers, for less work, or the SDK's own where its release is another."""

import json
from types import SimpleNamespace

import pytest
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import ResourceValidationPolicy, proxy
from pulumi_policy import policy as sdk

from policies import pack
from policies.rules import REGISTRY, rules_for
from policies.servicer import extend_sdk
from tests.policies import asking
from tests.policies.asking import BUCKET, FINE, NOTEBOOK
from tests.policies.labelled import STACKS


@pytest.fixture
def decoding(monkeypatch):
    """The SDK with its decoder counted; what extend_sdk patches is put back afterwards."""
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
    before = asking.analyze("security", NOTEBOOK, props, provider)
    slow = len(decoding)
    extend_sdk(pack.readers(REGISTRY.values()))
    decoding.clear()
    first, second = (
        asking.analyze("security", NOTEBOOK, props, provider),
        asking.analyze("security", NOTEBOOK, FINE, provider),
    )

    assert slow > 200
    assert 4 == len(decoding)  # two resources and their providers
    assert before == first
    assert first != second


def _everything(name):
    """What pack *name* says of all resources of stacks.yaml that break a rule, as one stack and one by one."""
    analyzer, stack, said = asking.analyzer(name), analyzer_pb2.AnalyzeStackRequest(), []
    for number, entry in enumerate(
        each for case in STACKS.values() for broken in case["breaks"] for each in broken if "type" in each
    ):
        props = json.loads(json.dumps(entry.get("props", {})).replace('"UNKNOWN"', f'"{proxy.UNKNOWN_STRING_VALUE}"'))
        one = asking.request(analyzer_pb2.AnalyzeRequest, entry["type"], props)
        said += analyzer.Analyze(one, None).diagnostics
        stack.resources.add(type=one.type, name=f"{number}", urn=f"{one.urn}{number}", properties=one.properties)
    return [*said, *analyzer.AnalyzeStack(stack, None).diagnostics]


@pytest.mark.parametrize("name", ["tagging", "guardrails", "security"])
@pytest.mark.usefixtures("decoding")
def test_asking_only_the_policies_that_read_a_type_changes_no_answer(name):
    slow = _everything(name)
    extend_sdk(pack.readers(REGISTRY.values()))

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
    extend_sdk(pack.readers(REGISTRY.values()))
    asking.analyze("security", BUCKET, {})

    several = {"advisory-here", "mandatory-here"}
    assert several | {rule.key for rule in rules_for(BUCKET) if rule.pack == "security"} == set(asked)


@pytest.mark.usefixtures("decoding")
def test_remediation_still_works_on_properties_of_its_own():
    extend_sdk(pack.readers(REGISTRY.values()))
    tags = {"a": "b", "mlz:owner": "me"}

    assert [{"tags": tags}] == asking.remediate({"tags": {"a": "b"}}, {"mlz:owner": "me"})
    assert [{"tags": tags}] == asking.remediate({"tags": {"a": "b"}}, {"mlz:owner": "me"})


@pytest.mark.usefixtures("decoding")
def test_another_release_of_the_sdk_is_left_as_it_is(monkeypatch):
    class Renamed(sdk._PolicyAnalyzerServicer):
        def __init__(self):
            self.policies = []

    for name, part in {"_PolicyAnalyzerServicer": Renamed, "deserialize_properties": None}.items():
        monkeypatch.setattr(sdk, name, part)
    extend_sdk({})

    assert (Renamed, None) == (sdk._PolicyAnalyzerServicer, sdk.deserialize_properties)
