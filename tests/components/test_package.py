"""The components as a Pulumi package: what it offers, and that a component made for another program is the same."""

import dataclasses
import inspect
import re
from collections.abc import Mapping
from pathlib import Path

import pulumi
import pytest
import yaml
from pulumi.provider.experimental.util import camel_case

from components.package.inputs import read_inputs
from components.package.provider import COMPONENTS, NAME, Package
from components.package.schema import files, schema
from tests.components.building import built
from tests.components.examples import EXAMPLES, arguments

PAGE = Path(__file__).parents[2] / "docs" / "components.md"
every_component = pytest.mark.parametrize("component", COMPONENTS, ids=lambda found: found.__name__)


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_what_is_generated_is_what_the_components_say(path):
    assert files()[path] == path.read_text(), "run `python -m components.package.schema`"


def test_the_package_offers_what_teams_and_platforms_are_made_of():
    offered = {token.rpartition(":")[2] for token in schema()["resources"]}

    assert {"Network", "Keys", "Bucket", "Identity", "Studio", "Features", "Mlflow", "Boundary", "Models"} == offered


def test_everything_a_caller_meets_is_described():
    said = schema()
    described = {"the package": said}
    for token, found in {**said["resources"], **said["types"]}.items():
        described[token] = found
        for kind in ("inputProperties", "properties"):
            described |= {f"{token}.{name}": of for name, of in found.get(kind, {}).items()}

    assert 60 < len(described)
    assert [] == [name for name, of in described.items() if not of.get("description")]
    assert [] == [name for name, of in described.items() if "\n  " in of["description"]], "indented as in the source"


def test_no_type_is_called_args_twice_in_an_sdk():
    assert [] == [token for token in schema()["types"] if token.endswith("Args")]


def wire(value):
    """A value as the engine hands it over: the schema's names, plain maps and lists, every number a float."""
    if dataclasses.is_dataclass(value):
        named = {camel_case(field.name): getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: wire(each) for name, each in named.items() if each is not None}
    if isinstance(value, Mapping):
        return {key: wire(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [wire(each) for each in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def from_afar(component):
    """Build a component's example as the package would for another program."""
    results = []

    def build(opts):
        name, args = arguments(component, opts)
        results.append(Package().construct(name, f"{NAME}:index:{component.__name__}", wire(args), opts))

    return built(build), results[0]


@pytest.mark.shows("M3")
@every_component
def test_a_component_is_the_same_from_afar(component):
    near = built(EXAMPLES[component])
    far, _ = from_afar(component)

    assert near.made()
    assert {each.urn: each for each in near.resources} == {each.urn: each for each in far.resources}


@every_component
def test_a_component_gives_back_every_output_that_the_schema_names(component):
    _, result = from_afar(component)

    assert result.state.keys() == schema()["resources"][f"{NAME}:index:{component.__name__}"]["properties"].keys()


def test_the_program_that_the_page_shows_in_yaml_is_legal():
    shown = re.search(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
    asked = [each for each in yaml.safe_load(shown)["resources"].values() if each["type"].startswith("mlz:")]

    assert {"mlz:Keys", "mlz:Bucket"} == {each["type"] for each in asked}
    for each in asked:
        component = next(found for found in COMPONENTS if each["type"] == f"{NAME}:{found.__name__}")
        assert read_inputs(inspect.get_annotations(component.__init__)["args"], each["properties"])


def test_what_the_package_has_not_is_answered_with_what_it_has():
    with pytest.raises(pulumi.InputPropertiesError, match=r"mlz:index:Organization; there are .*mlz:index:Keys"):
        Package().construct("all", "mlz:index:Organization", {})


def test_what_a_component_refuses_is_told_without_a_traceback():
    readers = {"sid": "A", "accountIds": ["222222222222"] * 2000, "roles": ["training"], "prefix": "", "write": False}
    given = {
        "bucketName": "mlz-own",
        "accountId": "111111111111",
        "organizationId": "",
        "keyArn": "arn:aws:kms:eu-west-1:111111111111:key/1",
        "provisioningRole": "Deploy",
        "serviceRoleArns": [],
        "outside": [readers],
        "disposable": True,
    }

    def build(opts):
        with pytest.raises(pulumi.InputPropertiesError, match="S3 takes 20480") as error:
            Package().construct("data", "mlz:index:Bucket", given, opts)
        assert [] == error.value.errors, "the SDK can't tell the engine of None"

    built(build)
