"""A team's stack with its way to MLflow on Fargate, against AWS's requests and CloudFormation's schemas."""

import json
from functools import cache

import pytest

from checks.record import record
from local.deployment import PROJECT
from stacks.build import build
from tests.oracles.api_calls import CALLS, UNASKED
from tests.oracles.api_models import request_problems
from tests.oracles.cloudformation import template_problems
from tests.oracles.cloudformation_types import UNTYPED
from tests.oracles.recordings import injured
from tests.stacks.mlflow_alone import mlflow_alone
from zone.plan.planner import read

EXAMPLE = PROJECT / "examples" / "shared-platform"
ZONE = mlflow_alone(read(EXAMPLE), EXAMPLE)
OURS = ("aws:route53/record:Record", "aws:route53/zone:Zone")


@cache
def recording():
    return record(lambda: build(ZONE, "dev-fraud"), stack="dev-fraud")


def tags():
    return json.loads(recording().one("pulumi:providers:aws").inputs["defaultTags"])["tags"]


def asked(resources):
    return [problem for each in resources for problem in request_problems(each, tags())]


def templated(resources):
    return template_problems(resources, tags(), ZONE.organization.home_region)


def test_aws_takes_every_request():
    made = [each for each in recording().made() if each.type not in UNASKED]

    assert {*OURS} <= {each.type for each in made} <= set(CALLS)
    assert [] == asked(made)


def test_it_is_a_template_without_errors():
    assert [] == templated([each for each in recording().made() if each.type not in UNTYPED])


@pytest.mark.parametrize(
    ("type_", "path", "value"),
    [
        (OURS[0], "type", "ALIAS"),
        (OURS[0], "aliases.0.zoneId", "Z" * 40),
        (OURS[1], "vpcs.0.vpcRegion", "the moon"),
        (OURS[1], "comment", "c" * 300),
    ],
)
def test_a_fault_is_found(type_, path, value):
    wrong = injured(recording().one(type_), path, value)

    assert asked([wrong]) or templated([wrong])
