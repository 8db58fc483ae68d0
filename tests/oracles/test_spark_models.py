"""The application of a batch by Spark against AWS's request and CloudFormation's schema."""

import pytest

from tests.components import examples_scheduled
from tests.components.building import built
from tests.oracles.api_models import request_problems
from tests.oracles.cloudformation import template_problems
from tests.oracles.recordings import injured
from tests.small_zone import REGION

MADE = built(examples_scheduled.spark)
(MADE_UP,) = MADE.of("aws:emrserverless/application:Application")
# The example's ids are none of AWS's form.
APPLICATION = injured(
    injured(MADE_UP, "networkConfiguration.subnetIds", [f"subnet-{0:017x}"]),
    "networkConfiguration.securityGroupIds",
    [f"sg-{0:017x}"],
)
TAGS = {"mlz:owner": "lead@example.com"}


def problems(resource):
    return request_problems(resource, TAGS) + template_problems([resource], TAGS, REGION)


def test_aws_takes_the_request_and_cloudformation_the_template():
    assert [] == problems(APPLICATION)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "batch monthly"),
        ("architecture", "AMD64"),
        ("maximumCapacity.cpu", "many"),
        ("maximumCapacity.memory", "128 MB"),
        ("releaseLabel", "emr 7"),
    ],
)
def test_a_fault_is_found(path, value):
    assert problems(injured(APPLICATION, path, value))
