"""Would AWS take what we ask for? Every recorded resource against AWS's own models of its requests."""

from dataclasses import replace

import pytest

from tests.oracles.api_calls import CALLS, UNASKED
from tests.oracles.api_models import request_problems
from tests.oracles.recordings import DOT, default_tags, each_stack, injured, one_of, recording


@pytest.mark.shows("P1", "R1")
@each_stack
def test_every_request_of_a_stack_is_one_that_aws_takes(stack):
    asked = [resource for resource in recording(stack).made() if resource.type not in UNASKED]
    assert set() == {resource.type for resource in asked} - set(CALLS), "add the type to api_calls.py"
    found = [
        f"{resource.name} ({resource.type}): {problem}"
        for resource in asked
        for problem in request_problems(resource, default_tags(stack))
    ]

    assert [] == found


def test_a_type_is_either_asked_or_says_why_not():
    assert not set(CALLS) & set(UNASKED)


IAM, ORGANIZATIONS, SAGEMAKER = "aws:iam/", "aws:organizations/", "aws:sagemaker/"
DOMAIN, FEATURES, PROFILE = (
    f"{SAGEMAKER}{noun}" for noun in ("domain:Domain", "featureGroup:FeatureGroup", "userProfile:UserProfile")
)
ROLE, POLICY = f"{IAM}role:Role", f"{IAM}policy:Policy"
SERVER = f"{SAGEMAKER}mlflowTrackingServer:MlflowTrackingServer"
IDLE = "defaultUserSettings.jupyterLabAppSettings.appLifecycleManagement.idleSettings.idleTimeoutInMinutes"
KEY, LOGS, BUDGET = "aws:kms/key:Key", "aws:cloudwatch/logGroup:LogGroup", "aws:budgets/budget:Budget"
PARAMETER, REPOSITORY = "aws:ssm/parameter:Parameter", "aws:ecr/repository:Repository"
ENDPOINT, BUCKET = "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:s3/bucket:Bucket"
PROTECTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
OFFLINE = "offlineStoreConfig.s3StorageConfig.s3Uri"


@pytest.mark.parametrize(
    ("type_", "path", "value", "said"),
    [
        (ROLE, "name", "r" * 65, "65 characters"),
        (ROLE, "name", "mlz training", "does not match"),
        (ROLE, "path", "mlz", "does not match"),
        (ROLE, "description", "tabs\x00", "does not match"),
        (ROLE, "assumeRolePolicy", ..., "Missing required"),
        (POLICY, "policy", {"Version": "2012-10-17"}, "Invalid type"),
        (POLICY, "tags", {"owner": "<team>"}, "does not match"),
        (DOMAIN, "authMode", "Iam", "is none of"),
        (DOMAIN, "vpcId", "vpc_1", "does not match"),
        (DOMAIN, "subnetIds", [f"subnet-{n}" for n in range(17)], "17 items"),
        (DOMAIN, "subnetIds.0", 7, "Invalid type"),
        (DOMAIN, "domainName", "-studio", "does not match"),
        (DOMAIN, "defaultUserSettings.executionRole", "mlz-data-scientist", "does not match"),
        (DOMAIN, "defaultUserSettings.executionRol", "arn:aws:iam::111122223333:role/a", "Unknown parameter"),
        (DOMAIN, IDLE, 59, "allowed are 60 to 525600"),
        (DOMAIN, "retentionPolicy.homeEfsFileSystem", "Keep", "is none of"),
        (
            DOMAIN,
            "defaultUserSettings.jupyterLabAppSettings.defaultResourceSpec.instanceType",
            "ml.t3.medum",
            "is none",
        ),
        (PROFILE, "userProfileName", "ana.silva", "does not match"),
        (FEATURES, "featureDefinitions.0.featureType", "Integer", "is none of"),
        (FEATURES, "featureDefinitions.0.featureName", "is_deleted!", "does not match"),
        (FEATURES, OFFLINE, "http://bucket/path", "does not match"),
        (FEATURES, "recordIdentifierFeatureName", ..., "Missing required"),
        (SERVER, "trackingServerSize", "Tiny", "is none of"),
        (SERVER, "automaticModelRegistration", "yes", "Invalid type"),
        (f"{SAGEMAKER}modelPackageGroup:ModelPackageGroup", "modelPackageGroupDescription", "a\nb", "does not match"),
        (f"{SAGEMAKER}modelPackageGroupPolicy:ModelPackageGroupPolicy", "resourcePolicy", "x" * 20481, "characters"),
        (f"{ORGANIZATIONS}policy:Policy", "type", "SERVICE_CONTROL", "is none of"),
        (f"{ORGANIZATIONS}policyAttachment:PolicyAttachment", "targetId", "Workloads", "does not match"),
        (f"{ORGANIZATIONS}account:Account", "email", "a@b", "does not match"),
        (f"{ORGANIZATIONS}account:Account", "parentId", "ou-1", "does not match"),
        (f"{ORGANIZATIONS}organization:Organization", "enabledPolicyTypes.0", "SCP", "is none of"),
        (KEY, "deletionWindowInDays", 400, "allowed are 1 to 365"),
        (KEY, "policy", "", "0 characters"),
        ("aws:kms/alias:Alias", "name", "alias/mlz data", "does not match"),
        (LOGS, "name", "/mlz/flow logs", "does not match"),
        (BUDGET, "timeUnit", "MONTH", "is none of"),
        (BUDGET, "limitAmount", "many", "does not match"),
        (BUDGET, "notifications.0.comparisonOperator", "GREATER", "is none of"),
        (PARAMETER, "type", "Text", "is none of"),
        (PARAMETER, "name", "", "0 characters"),
        (REPOSITORY, "name", "Churn", "does not match"),
        (REPOSITORY, "encryptionConfigurations.0.encryptionType", "kms", "is none of"),
        (ENDPOINT, "vpcEndpointType", "Interfaces", "is none of"),
        (BUCKET, "bucket", 7, "Invalid type"),
        (PROTECTION, "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", "kms", "is none of"),
    ],
)
def test_what_aws_would_refuse_is_found(type_, path, value, said):
    stack, sound = one_of(type_)
    tags = default_tags(stack)

    assert [] == request_problems(sound, tags)
    assert said in "\n".join(request_problems(injured(sound, path, value), tags))


@pytest.mark.parametrize("type_", sorted(CALLS))
def test_a_property_that_neither_aws_nor_the_mapping_knows_is_found(type_):
    stack, sound = one_of(type_)
    wrong = replace(sound, inputs={**sound.inputs, "colour": "blue"})

    assert "colour" in "\n".join(request_problems(wrong, default_tags(stack)))


def leaves(value, path=""):
    """Paths of all values, as injured() takes them."""
    if isinstance(value, dict | list):
        for step, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, f"{path}.{str(step).replace('.', DOT)}")
    else:
        yield path[1:]


@pytest.mark.parametrize("type_", sorted(CALLS))
def test_a_value_of_the_wrong_type_is_found_wherever_it_stands(type_):
    stack, sound = one_of(type_)
    asked = [path for path in leaves(sound.inputs) if path.split(".")[0] not in CALLS[type_].elsewhere]
    passed = [
        path for path in asked if not request_problems(injured(sound, path, {"colour": "blue"}), default_tags(stack))
    ]

    assert asked
    assert [] == passed
