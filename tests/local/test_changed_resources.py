"""What a run says of each resource it changes: from the engine's own events, and without secrets."""

import json

import pytest

from local.changes import Value, change
from local.events import EventLog
from local.rehearsal import run

PROGRAM = """
import pulumi
import pulumi_aws as aws

provider = aws.Provider("team-aws", region="eu-west-1", allowed_account_ids=["222222222222"], assume_roles=[
    {"role_arn": "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"}])


class Part(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("mlz:index:Part", "part")
        child = pulumi.ResourceOptions(parent=self, provider=provider)
        aws.s3.Bucket("data", bucket=NAME, tags={"mlz:a": NAME}, opts=child)
        if NAME == "first":
            aws.ssm.Parameter("old", name="/old", type="String", value="1", opts=child)
        aws.ssm.Parameter("word", name="/word", type="SecureString", value=pulumi.Output.secret(NAME * 2), opts=child)
        aws.cloudwatch.LogGroup("group", name="g", retention_in_days=len(NAME), opts=child)


Part()
"""
"""`first` has five letters and `third` too: CloudWatch keeps events for 5 days, or for 7."""
MARK = "4dabf18193072939515e22adb298388d"


def program(name):
    return PROGRAM.replace("NAME", repr(name))


def by_name(outcome):
    return {found.name: found for found in outcome.changed}


@pytest.mark.engine
def test_a_preview_names_each_change_its_properties_and_what_forces_a_replacement(rehearse):
    world = rehearse(program("first"))
    (made,) = run(world, "up", ["dev"], needs={})
    rehearse(program("another"))

    (seen,) = run(world, "preview", ["dev"], needs={})
    (refused,) = run(world, "up", ["dev"], needs={})
    (replaced,) = run(world, "up", ["dev"], needs={}, replaceable=["data"])

    assert {"create"} == {found.op for found in made.changed}
    assert ["aws:s3/bucket:Bucket", "part"] == [by_name(made)["data"].type, by_name(made)["data"].parent]
    for outcome in (seen, replaced):
        changed = by_name(outcome)
        assert {"data": "replace", "old": "delete", "word": "update", "group": "update"} == {
            name: found.op for name, found in changed.items()
        }
        assert (("bucket", "tags"), ("bucket",)) == (changed["data"].properties, changed["data"].replaces)
        assert {Value("bucket", "first", "another"), Value('tags["mlz:a"]', "first", "another")} <= {
            *changed["data"].values
        }
        assert (Value("retentionInDays", 5, 7),) == changed["group"].values
        assert Value("value", "[secret]", "[secret]") in changed["word"].values
        assert "anotheranother" not in repr(outcome)
        assert 0 == outcome.code
    assert 1 == refused.code
    assert "data (Bucket), for bucket can't be changed in place" in refused.note
    assert "lost: its objects" in refused.note
    assert "./mlz up dev --replace data" in refused.note


@pytest.mark.engine
def test_a_preview_of_a_stack_that_is_not_there_makes_none(rehearse):
    world = rehearse(program("first"))

    (seen,) = run(world, "preview", ["dev"], needs={})
    (gone,) = run(world, "destroy", ["dev"], needs={})

    assert (0, {"create": 7}) == (seen.code, seen.changes), seen
    assert (0, "there is no such stack: nothing to do") == (gone.code, gone.note)
    assert [] == [*world.state.rglob("dev.json"), *world.project.glob("Pulumi.*.yaml")]


def metadata(op, **more):
    return {"op": op, "urn": "urn:pulumi:dev::mlz::mlz:index:Part$aws:s3/bucket:Bucket::data", "type": "t", **more}


def test_what_changes_nothing_is_no_change():
    assert [None, None] == [change(metadata(op)) for op in ("same", "refresh")]


def test_what_lies_in_a_secret_is_not_shown():
    secret = {MARK: "x", "ciphertext": "[secret]"}
    found = change(
        metadata(
            "update",
            old={"inputs": {"a": secret, "b": {"c": [secret, 1]}}},
            new={"inputs": {"a": {"d": 1}, "b": {"c": [secret, 2]}}},
            detailedDiff={"a.d": {"inputDiff": True}, "b.c": {"inputDiff": True}, "b.c[1]": {"inputDiff": True}},
        )
    )

    assert ("a", "b") == found.properties
    assert (Value("a.d", "[secret]", 1), Value("b.c", ["[secret]", 1], ["[secret]", 2]), Value("b.c[1]", 1, 2)) == (
        found.values
    )


def test_a_replacement_begun_and_cut_off_is_one_change_that_is_not_done(tmp_path):
    log = EventLog(tmp_path / "events.json", "dev", "up")
    steps = [
        ("resourcePreEvent", metadata("delete-replaced")),
        ("resOutputsEvent", metadata("delete-replaced")),
        ("resourcePreEvent", metadata("create-replacement", diffs=["bucket"], keys=["bucket"])),
    ]
    log.path.write_text("".join(json.dumps({event: {"metadata": told}}) + "\n" for event, told in steps))

    list(log.read())

    (found,) = log.changed
    assert ("replace", ("bucket",), False) == (found.op, found.replaces, found.done)
