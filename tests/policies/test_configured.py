"""What is misspelt in --policy-pack-config is refused, by the pack itself: the engine hands it on."""

from types import SimpleNamespace

import pytest
from pulumi_policy import policy as sdk

from policies import pack
from policies.rules import REGISTRY
from policies.servicer import extend_sdk
from tests.policies import asking


class AbortedError(Exception):
    """What gRPC raises to end a call."""


def abort(_, message):
    raise AbortedError(message)


@pytest.fixture
def configure(monkeypatch):
    """Configure the guardrails pack as served."""
    for name in ("_PolicyAnalyzerServicer", "deserialize_properties", "unknown_checking_proxy", "json_format"):
        monkeypatch.setattr(sdk, name, getattr(sdk, name))  # what is patched is put back
    extend_sdk(pack.readers(REGISTRY.values()))
    return lambda config: asking.analyzer("guardrails").Configure(
        asking.configuration({key: {"enforcementLevel": "advisory"} | chosen for key, chosen in config.items()}),
        SimpleNamespace(abort=abort),
    )


def test_every_misspelt_rule_and_setting_is_named_with_the_likely_one(configure):
    wrong = {"sm-notebook-invpc": {}, "sm-notebook-instance-type": {"allowedInstanceType": ["a"]}}
    with pytest.raises(AbortedError) as refused:
        configure(wrong)
    setting, rule = str(refused.value).splitlines()

    assert "sm-notebook-instance-type.allowedInstanceType: no such setting (did you mean 'allowedInstanceTypes'?)" in (
        setting
    )
    assert "sm-notebook-invpc: no such rule (did you mean 'sm-notebook-in-vpc'?)" in rule


def test_all_another_packs_rule_and_the_packs_own_policies_are_known(configure):
    fine = {"all": {}, "required-tags": {"requiredTags": ["a"]}, "advisory-here": {}, "sm-notebook-in-vpc": {}}

    assert configure(fine) is not None
