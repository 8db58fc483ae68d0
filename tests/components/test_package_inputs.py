"""Another program's values become a component's arguments, and what is wrong with them is said at once and in full."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pytest
from pulumi.output import UNKNOWN

from components.package.inputs import read_inputs


@dataclass(frozen=True, kw_only=True)
class Inner:
    group_name: str
    days: int = 7


@dataclass(frozen=True, kw_only=True)
class Outer:
    name: str
    count: int
    share: float
    kept: bool
    key_arn: pulumi.Input[str]
    inners: Sequence[Inner]
    by_name: Mapping[str, Sequence[Inner]]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    note: str | None = None
    late_note: pulumi.Input[str] | None = None


FULL = {
    "name": "n",
    "count": 3.0,
    "share": 0.5,
    "kept": False,
    "keyArn": "arn",
    "inners": [{"groupName": "a"}, {"groupName": "b", "days": 0.0}],
    "byName": {"some_key": [{"groupName": "c"}]},
    "subnetIds": {"a": "subnet-a"},
}


def run(checks):
    """Outputs need a running loop; one of our own leaves the other tests theirs."""
    loop = asyncio.new_event_loop()
    loop.run_until_complete(checks)
    loop.close()


def wrong(given):
    """What is said of *given*, by place."""
    with pytest.raises(pulumi.InputPropertiesError) as error:
        read_inputs(Outer, given)
    return {each["property_path"]: each["reason"] for each in error.value.errors}


def test_values_become_the_dataclass_with_everything_inside_it():
    assert Outer(
        name="n",
        count=3,
        share=0.5,
        kept=False,
        key_arn="arn",
        inners=[Inner(group_name="a"), Inner(group_name="b", days=0)],
        by_name={"some_key": [Inner(group_name="c")]},
        subnet_ids={"a": "subnet-a"},
    ) == read_inputs(Outer, FULL)


def test_a_whole_number_is_one_again_after_travelling_as_a_float():
    assert int is type(read_inputs(Outer, FULL).count)


def test_a_null_is_the_same_as_nothing():
    assert read_inputs(Outer, {**FULL, "note": None}) == read_inputs(Outer, FULL)


def test_optional_values_are_taken():
    read = read_inputs(Outer, {**FULL, "note": "x", "lateNote": "y"})

    assert ("x", "y") == (read.note, read.late_note)


@pytest.mark.parametrize("name", ["keyArn", "lateNote"])
def test_an_output_is_handed_on_where_one_may_be(name):
    async def later():
        output = pulumi.Output.from_input("arn")
        read = read_inputs(Outer, {**FULL, name: output})
        assert output is (read.key_arn if name == "keyArn" else read.late_note)

    run(later())


def test_an_output_inside_a_map_is_handed_on():
    async def later():
        output = pulumi.Output.from_input("subnet-a")
        assert output is read_inputs(Outer, {**FULL, "subnetIds": {"a": output}}).subnet_ids["a"]

    run(later())


def test_what_is_unknown_at_preview_stays_unknown():
    async def later():
        assert not await read_inputs(Outer, {**FULL, "keyArn": UNKNOWN}).key_arn.is_known()

    run(later())


@pytest.mark.parametrize("name", ["name", "count", "kept", "inners", "byName", "note"])
def test_what_decides_what_is_made_must_be_known(name):
    async def later():
        for given in (pulumi.Output.from_input("x"), UNKNOWN):
            said = wrong({**FULL, name: given})
            assert {name} == said.keys()
            assert "no other's output" in said[name]

    run(later())


def test_a_map_of_outputs_is_no_output():
    async def later():
        said = wrong({**FULL, "subnetIds": pulumi.Output.from_input({"a": "subnet-a"})})
        assert {"subnetIds"} == said.keys()
        assert "give a map whose entries are outputs" in said["subnetIds"]

    run(later())


@pytest.mark.parametrize(
    ("name", "given", "must_be"),
    [
        ("name", 1.0, "a string"),
        ("name", True, "a string"),
        ("name", ["n"], "a string"),
        ("count", 1.5, "a whole number"),
        ("count", "1", "a whole number"),
        ("count", True, "a whole number"),
        ("count", float("inf"), "a whole number"),
        ("count", float("nan"), "a whole number"),
        ("share", "0.5", "a number"),
        ("share", False, "a number"),
        ("kept", "false", "true or false"),
        ("kept", 0.0, "true or false"),
        ("keyArn", 1.0, "a string"),
        ("lateNote", 1.0, "a string"),
        ("note", {}, "a string"),
        ("inners", {"groupName": "a"}, "a list"),
        ("inners", "ab", "a list"),
        ("byName", [], "a map"),
        ("subnetIds", ["subnet-a"], "a map"),
    ],
)
def test_a_value_of_another_type_is_refused(name, given, must_be):
    assert {name: f"it must be {must_be}"} == wrong({**FULL, name: given})


def test_the_place_of_a_mistake_is_told_in_the_callers_names():
    given = {
        **FULL,
        "inners": [{"groupName": "a"}, "b"],
        "byName": {"some_key": [{"groupName": "c"}, {"groupNam": "d", "days": "x"}]},
        "subnetIds": {"a": 1.0},
    }

    assert {
        "inners[1]": "it must be an object",
        "byName.some_key[1].groupNam": "there is no such input; did you mean groupName?",
        "byName.some_key[1].groupName": "it is missing; give a string",
        "byName.some_key[1].days": "it must be a whole number",
        "subnetIds.a": "it must be a string",
    } == wrong(given)


def test_everything_missing_is_told_at_once():
    assert {
        "name": "it is missing; give a string",
        "count": "it is missing; give a whole number",
        "share": "it is missing; give a number",
        "kept": "it is missing; give true or false",
        "keyArn": "it is missing; give a string",
        "inners": "it is missing; give a list",
        "byName": "it is missing; give a map",
        "subnetIds": "it is missing; give a map",
    } == wrong({})


def test_an_input_that_nothing_resembles_is_answered_with_those_there_are():
    assert "name, count, share" in wrong({**FULL, "zzz": 1.0})["zzz"]


def test_the_names_of_python_are_no_names_here():
    said = wrong({key: value for key, value in FULL.items() if key != "keyArn"} | {"key_arn": "arn"})

    assert "did you mean keyArn?" in said["key_arn"]
