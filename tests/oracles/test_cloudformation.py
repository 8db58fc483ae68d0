"""Would CloudFormation take what we ask for? Every stack as a template, under cfn-lint's errors."""

from dataclasses import replace
from functools import cache

import pytest

from tests.oracles.cloudformation import template_problems
from tests.oracles.cloudformation_types import TYPES, UNTYPED
from tests.oracles.recordings import ZONE, default_tags, each_stack, injured, one_of, recording

REGION = ZONE.organization.home_region


def problems(stack, *resources):
    return template_problems(resources, default_tags(stack), REGION)


@pytest.mark.shows("P1", "R1")
@each_stack
def test_every_stack_is_a_template_without_errors(stack):
    asked = [resource for resource in recording(stack).made() if resource.type not in UNTYPED]

    assert set() == {resource.type for resource in asked} - set(TYPES), "add the type to cloudformation_types.py"
    assert [] == problems(stack, *asked)


def test_a_type_is_either_asked_or_says_why_not():
    assert not set(TYPES) & set(UNTYPED)


ROLE, POLICY, KEY = "aws:iam/role:Role", "aws:iam/policy:Policy", "aws:kms/key:Key"
DOMAIN, FEATURES, PROFILE = (
    f"aws:sagemaker/{noun}" for noun in ("domain:Domain", "featureGroup:FeatureGroup", "userProfile:UserProfile")
)
BUCKET, VERSIONS = "aws:s3/bucket:Bucket", "aws:s3/bucketVersioning:BucketVersioning"
PROTECTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
SUBNET, ENDPOINT, VPC = "aws:ec2/subnet:Subnet", "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/vpc:Vpc"
LOGS, BUDGET, ALIAS = "aws:cloudwatch/logGroup:LogGroup", "aws:budgets/budget:Budget", "aws:kms/alias:Alias"
GROUP, INGRESS = "aws:ec2/securityGroup:SecurityGroup", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
NO_EFFECT = '{"Version": "2012-10-17", "Statement": [{"Action": "s3:GetObject", "Resource": "*"}]}'
NO_VERSION = '{"Version": "2012-10-18", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'


FAULTS = [
    (ROLE, "name", "r" * 65, "E3033"),
    (ROLE, "assumeRolePolicy", ..., "E3003"),
    (ROLE, "permissionsBoundary", "mlz-boundary", "E3033"),
    (ROLE, "assumeRolePolicy", NO_EFFECT, "E3530"),
    (POLICY, "policy", NO_EFFECT, "E3510"),
    (POLICY, "policy", NO_VERSION, "E3510"),
    (KEY, "deletionWindowInDays", 31, "E3034"),
    (KEY, "enableKeyRotation", "always", "E3012"),
    (ALIAS, "name", "alias/mlz data", "E3031"),
    (DOMAIN, "authMode", "Iam", "E3030"),
    (DOMAIN, "subnetIds", [f"subnet-{n:08}" for n in range(17)], "E3032"),
    (DOMAIN, "domainSettings.dockerSettings.enableDockerAcces", "ENABLED", "E3002"),
    (DOMAIN, "defaultUserSettings", ..., "E3003"),
    (PROFILE, "userProfileName", "ana.silva", "E3031"),
    (FEATURES, "featureDefinitions.0.featureType", "Integer", "E3030"),
    (FEATURES, "featureDefinitions", [], "E3032"),
    (BUCKET, "bucket", "Mlz_Data", "E3031"),
    (VERSIONS, "versioningConfiguration.status", "On", "E3030"),
    (PROTECTION, "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", "kms", "E3030"),
    (SUBNET, "cidrBlock", "10.64.16.0/33", "E3002"),
    (SUBNET, "mapPublicIpOnLaunch", "never", "E3012"),
    (VPC, "enableDnsSupport", "sometimes", "E3012"),
    (ENDPOINT, "vpcEndpointType", "Interfaces", "E3030"),
    (LOGS, "retentionInDays", 91, "E3030"),
    (BUDGET, "budgetType", ..., "E3003"),
    (GROUP, "description", "who’s in", "E3031"),
    (INGRESS, "cidrIpv4", "10.64.16.0/24;", "E3002"),
    (INGRESS, "ipProtocol", ..., "E3003"),
]
"""Type, property, value, and the rule of cfn-lint that must find it."""


@cache
def found():
    """What is found in a template of nothing but faults: cfn-lint takes half a second, however small the template."""
    wrong = [injured(sound(type_), path, value) for type_, path, value, _ in FAULTS]
    strange = [replace(sound(type_), inputs={**sound(type_).inputs, "colour": "blue"}) for type_ in TYPES]
    return problems("dev-fraud", *(replace(each, name=str(number)) for number, each in enumerate([*wrong, *strange])))


def sound(type_):
    return one_of(type_)[1]


@pytest.mark.parametrize("number", range(len(FAULTS)), ids=[f"{fault[0]} {fault[1]}" for fault in FAULTS])
def test_what_cloudformation_would_refuse_is_found(number):
    assert FAULTS[number][-1] in {said[:5] for name, said in found() if name == str(number)}


@pytest.mark.parametrize(("number", "type_"), list(enumerate(TYPES, len(FAULTS))))
def test_a_property_that_neither_aws_nor_the_mapping_knows_is_found(number, type_):
    assert any("colour" in said for name, said in found() if name == str(number)), type_


def test_two_resources_of_one_real_name_are_found():
    role = sound(ROLE)

    assert {"E3019"} == {said[:5] for _, said in problems("dev", role, replace(role, name="other"))}
