"""CloudFormation's resource schemas, by cfn-lint: a stack as a template, and what cfn-lint's errors say of it.

Beyond the schemas cfn-lint knows combinations AWS refuses, the grammar of policy documents, and which values exist in
which region. Its warnings are advice about templates, and no concern of ours.
"""

import json
from functools import cache

from cfnlint.api import lint
from cfnlint.config import ManualArgs
from cfnlint.rules import Rules
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from tests.oracles.cloudformation_types import TYPES
from tests.oracles.mapping import is_pair, own_name, requests, whole


def template_problems(resources, tags, region):
    """What cfn-lint refuses in a template of *resources*: pairs of logical name and error."""
    entries, names = {}, {}
    for number, resource in enumerate(resources):
        for ask, made in requests(TYPES[resource.type], resource, tags):
            schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, ask.of).schema
            entries[f"R{number}"] = {"Type": ask.of, "Properties": _named(schema, schema, made)}
            names[f"R{number}"] = resource.name
    template = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": entries})
    found = lint(template, _rules(), config=ManualArgs(regions=[region]))
    return [
        (names.get(match.path[1]) if len(match.path) > 1 else None, f"{match.rule.id} {match.message}")
        for match in found
        if match.rule.id.startswith("E")
    ]


@cache
def _rules():
    """cfn-lint's own, loaded once."""
    return Rules.create_from_module("cfnlint.rules")


def _named(root, node, value):
    """*value* with the names of the schema: texts, folded lists and numbers of the provider are the schema's again."""
    while "$ref" in node:
        place = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        node = place
    kinds = [node["type"]] if isinstance(node.get("type"), str) else node.get("type", [])
    members = node.get("properties", {})
    if "array" in kinds:
        return _items(root, node["items"], value)
    if isinstance(value, str) and "object" in kinds:
        return json.loads(value)
    if isinstance(value, list) and members and len(value) == 1:
        value = value[0]
    if isinstance(value, dict) and members:
        named = {own_name(members, key): each for key, each in value.items()}
        return {key: _named(root, members[key], each) if key in members else each for key, each in named.items()}
    return whole(value)


def _items(root, item, value):
    definition = root
    for step in item.get("$ref", "#/").removeprefix("#/").split("/"):
        definition = definition.get(step, {}) if step else item
    pair = is_pair(definition.get("properties", {}))
    if pair and isinstance(value, dict) and not set(pair) & set(value):
        value = [dict(zip(pair, each, strict=True)) for each in value.items()]
    return [_named(root, item, each) for each in (value if isinstance(value, list) else [value])]
