"""The recorder: it refuses what the engine would, and forgets nothing between two builds."""

import asyncio
import contextlib
import threading

import pulumi
import pulumi_aws as aws
import pytest

from checks import invented
from checks.record import RecordingError, record


@pytest.mark.shows("P1", "R1")
def test_a_lookup_is_refused():
    def look_up():
        aws.get_availability_zones_output().names.apply(lambda names: names)

    with pytest.raises(Exception, match="no lookups"):
        record(look_up)


def test_two_resources_of_one_name_are_refused_even_at_the_same_moment(monkeypatch):
    # The SDK registers in several threads: the first resource stays half made until the second came as far, or never.
    both, outputs = threading.Barrier(2), invented.outputs

    def half_made(*args, **kwargs):
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(timeout=0.2)
        return outputs(*args, **kwargs)

    def twice():
        for _ in range(2):
            aws.ssm.Parameter("same", type="String", value="x")

    monkeypatch.setattr(invented, "outputs", half_made)

    with pytest.raises(Exception, match="two resources of one name"):
        record(twice)


def test_a_stack_is_recorded_whatever_ran_in_the_thread_before():
    asyncio.run(asyncio.sleep(0))  # leaves it without an event loop

    recording = record(lambda: pulumi.export("answer", aws.ec2.Vpc("home", cidr_block="10.0.0.0/16").id))

    assert ["home"] == [each.name for each in recording.made()]


def test_the_text_of_an_output_is_refused():
    def printed():
        vpc = aws.ec2.Vpc("home", cidr_block="10.0.0.0/16")
        aws.ssm.Parameter("id", type="String", value=f"{vpc.id}")

    with pytest.raises(RecordingError, match=r"use Output\.concat"):
        record(printed)


def test_exports_and_resources_of_one_build_are_not_the_next_ones():
    def first():
        pulumi.export("answer", aws.ec2.Vpc("home", cidr_block="10.0.0.0/16").id)

    one, two = record(first), record(lambda: None)

    assert one.exports["answer"].startswith("vpc-")
    assert ({}, []) == (two.exports, two.resources)


@pytest.mark.shows("P1", "R1")
def test_options_dependencies_and_answers_are_recorded():
    def build():
        provider = aws.Provider("home", region="eu-west-1", allowed_account_ids=["111111111111"])
        on = pulumi.ResourceOptions(provider=provider)
        key = aws.kms.Key("key", opts=on.merge(pulumi.ResourceOptions(protect=True, retain_on_delete=True)))
        aws.kms.Alias("alias", name="alias/x", target_key_id=key.key_id, opts=on)

    recording = record(build)
    key, alias = recording.one("aws:kms/key:Key"), recording.one("aws:kms/alias:Alias")

    assert (True, True, "home") == (key.protect, key.retain_on_delete, key.provider)
    assert key.outputs["arn"] == f"arn:aws:kms:eu-west-1:111111111111:key/{key.outputs['id']}"
    assert (key.urn,) == alias.dependencies
    assert alias.inputs["targetKeyId"] == key.outputs["keyId"]


def test_the_same_name_in_another_account_has_another_id():
    def build(account):
        provider = aws.Provider("home", region="eu-west-1", allowed_account_ids=[account])
        aws.ec2.Vpc("home", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=provider))

    ids = {
        record(lambda account=account: build(account)).one("aws:ec2/vpc:Vpc").outputs["id"]
        for account in ("111111111111", "222222222222", "111111111111")
    }

    assert 2 == len(ids)


def test_an_urn_tells_every_type_above_but_the_stacks_as_the_engines_does():
    def build():
        outer = pulumi.ComponentResource("mlz:index:Outer", "outer")
        inner = pulumi.ComponentResource("mlz:index:Inner", "inner", opts=pulumi.ResourceOptions(parent=outer))
        aws.ec2.Vpc("home", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(parent=inner))

    found = record(build, stack="dev").one("aws:ec2/vpc:Vpc").urn

    assert "urn:pulumi:dev::mlz::mlz:index:Outer$mlz:index:Inner$aws:ec2/vpc:Vpc::home" == found
