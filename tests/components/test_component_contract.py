"""What every component promises (the style page): read off every class, so that none is forgotten."""

import ast
import dataclasses
import importlib
import inspect
import itertools
import pkgutil
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pulumi
import pytest

import components
from tests.components.building import built
from tests.components.examples import EXAMPLES

FILES = sorted(Path(components.__path__[0]).rglob("*.py"))


def component_classes() -> Iterator[type[pulumi.ComponentResource]]:
    for module in pkgutil.walk_packages(components.__path__, "components."):
        for _, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(found, pulumi.ComponentResource) and found.__module__ == module.name:
                yield found


CLASSES = sorted(component_classes(), key=lambda found: found.__name__)
every_component = pytest.mark.parametrize("component", CLASSES, ids=lambda found: found.__name__)
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def documented_fields(found: type) -> set[str]:
    """Annotated names of a class that are followed by a docstring."""
    body = ast.parse(textwrap.dedent(inspect.getsource(found))).body[0].body
    return {
        one.target.id
        for one, after in itertools.pairwise(body)
        if isinstance(one, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
    }


def outputs(component: type) -> set[str]:
    return set(inspect.get_annotations(component))


def test_there_are_components():
    assert 8 <= len(CLASSES)


@every_component
def test_a_component_has_an_example(component):
    assert component in EXAMPLES


@pytest.mark.shows("M3")
@every_component
def test_arguments_are_frozen_keyword_only_and_explained(component):
    module = importlib.import_module(component.__module__)
    args = getattr(module, f"{component.__name__}Args")
    fields = dataclasses.fields(args)

    assert args.__dataclass_params__.frozen
    assert all(field.kw_only for field in fields)
    assert all(field.default is dataclasses.MISSING for field in fields), "a default lives in spec.py or a profile"
    assert {field.name for field in fields} == documented_fields(args)


@every_component
def test_outputs_are_annotated_explained_and_registered(component):
    recording = built(EXAMPLES[component])
    this = recording.one(f"mlz:index:{component.__name__}")

    assert outputs(component)
    assert outputs(component) == documented_fields(component)
    assert outputs(component) == set(this.outputs)


@pytest.mark.shows("M3")
@every_component
def test_children_sit_under_their_component_on_the_given_provider(component):
    recording = built(EXAMPLES[component])
    parents = {r.urn: r for r in recording.resources}
    made = recording.made()

    assert made
    assert {"home-aws"} == {r.provider for r in made}
    for resource in made:
        parent = parents[resource.parent]
        assert parent.type.startswith("mlz:index:")
        assert resource.name == parent.name or resource.name.startswith(f"{parent.name}-")


@every_component
def test_no_child_is_named_by_an_index(component):
    for resource in built(EXAMPLES[component]).made():
        assert not resource.name.rpartition("-")[2].isdigit(), resource.name


def calls(tree: ast.AST) -> Iterator[str]:
    """Dotted names of everything called in *tree*."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func)


@every_file
def test_no_component_looks_anything_up(path):
    lookups = [name for name in calls(ast.parse(path.read_text())) if ".get_" in name and name.startswith("aws.")]

    assert [] == lookups


@pytest.mark.shows("M3")
@every_file
def test_no_component_knows_stack_config_or_environment(path):
    forbidden = {"pulumi.Config", "pulumi.get_stack", "pulumi.StackReference", "os.environ.get", "os.getenv"}

    assert set() == forbidden & set(calls(ast.parse(path.read_text())))


@every_file
def test_no_resource_is_made_inside_apply(path):
    inside = [
        name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "apply"
        for argument in node.args
        for name in calls(argument)
        if name.startswith("aws.")
    ]

    assert [] == inside
