"""Every property path a rule reads exists in the installed SDK: a typing error would make a rule silently wrong."""

import re

import pytest

from policies.evaluate import judge, judge_stack
from policies.rules import REGISTRY, Reader
from tests.policies.labelled import RULES, STACKS, changed, resources_of
from tests.policies.sdk import input_paths, tokens

# One function reads database instances and clusters: each has one of these.
SIBLINGS = {"replicateSourceDb", "replicationSourceIdentifier", "globalClusterIdentifier"}
MODULES = {token.split(":")[1].split("/")[0] for rule in REGISTRY.values() for token in rule.types or ()}


@pytest.fixture(scope="module")
def known():
    """Type token → every path and every prefix of one, indices as []."""
    found = {}
    for module in MODULES:
        for token in tokens(module):
            found.setdefault(token, set())
        for token, path in input_paths(module):
            steps = path.split(".")
            for length in range(1, len(steps) + 1):
                prefix = ".".join(steps[:length])
                found[token] |= {prefix, prefix.removesuffix("[]")}
    return found


def _paths_read(monkeypatch, judge_all):
    read = set()
    for name in ("get", "each"):
        original = getattr(Reader, name)

        def spy(self, path, *more, _original=original):
            read.add((self.resource.type, re.sub(r"\[\d+\]", "[]", self.inside + path)))
            return _original(self, path, *more)

        monkeypatch.setattr(Reader, name, spy)
    judge_all()
    monkeypatch.undo()
    return read


@pytest.mark.parametrize("key", sorted(key for key, rule in REGISTRY.items() if rule.check))
def test_a_rule_reads_properties_that_exist(key, known, monkeypatch):
    rule = REGISTRY[key]
    resources = [changed(token, change) for token, case in RULES[key] for change in (*case["breaks"], *case["legal"])]
    read = _paths_read(monkeypatch, lambda: [judge(rule, resource) for resource in resources])

    assert set() == _unknown_to_the_sdk(read, known) - SIBLINGS


@pytest.mark.parametrize("key", sorted(STACKS))
def test_a_stack_rule_reads_properties_that_exist(key, known, monkeypatch):
    stacks = [resources_of(entries) for side in ("breaks", "legal") for entries in STACKS[key][side]]
    read = _paths_read(monkeypatch, lambda: [judge_stack(REGISTRY[key], resources) for resources in stacks])

    assert set() == _unknown_to_the_sdk(read, known)


def _unknown_to_the_sdk(read, known):
    """The paths that none of the types they were read from has."""
    return {
        path
        for token, path in read
        if token in known and not any(path in known.get(other, ()) for other, p in read if p == path)
    }
