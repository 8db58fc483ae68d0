"""A team's stack with a further region: what is made there, on the one provider, and what its roles may do there."""

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from checks.access import Caller, PolicyKind, Target, compile_policy, evaluate, principal, request
from checks.own_access import Question, case_of
from checks.record import record
from components.access.grants.statement import MANAGED_POLICY_CHARACTERS
from policies.evaluate import evaluate as judge
from policies.evaluate import level_of
from policies.settings import settings_for
from stacks.build import StackError, build
from tests.oracles.api_calls import CALLS, UNASKED
from tests.oracles.api_models import request_problems
from tests.oracles.cloudformation import template_problems
from tests.oracles.cloudformation_types import UNTYPED
from tests.policies.recorded import recorded
from zone import names
from zone.guardrails.enforcement import PolicyType
from zone.plan.planner import read

# One worker records it once.
pytestmark = pytest.mark.shows("O1")

FOLDER = Path(__file__).parents[2] / "examples/shared-platform"
ZONE = read(FOLDER, FOLDER / "ids.lock.yaml")
TEAM = ZONE.teams["dev-fraud"]
ACCOUNT = TEAM.account.account_id
HOME, THERE = "eu-west-1", "eu-central-1"
POLICY, ROLE = "aws:iam/policy:Policy", "aws:iam/role:Role"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def changed(**fields):
    """The team with another account or other regions, recorded."""
    team = replace(TEAM, **fields)
    zone = replace(ZONE, teams={**ZONE.teams, "dev-fraud": team})
    return record(lambda: build(zone, "dev-fraud"), stack="dev-fraud")


@cache
def recording():
    return changed()


@cache
def at_home():
    return changed(regions={}, account=replace(TEAM.account, further_regions=()))


def made_there():
    return [each for each in recording().made() if each.name.startswith(f"fraud-{THERE}")]


def test_all_that_is_made_there_says_so_and_nothing_else_does():
    regional = [each for each in made_there() if not each.type.startswith("aws:iam/")]

    assert {THERE} == {each.inputs.get("region") for each in regional}
    assert {None} == {each.inputs.get("region") for each in recording().made() if each not in regional}
    assert {"dev-fraud-aws"} == {each.provider for each in recording().made()}


def test_there_are_network_keys_buckets_models_and_contract_and_no_studio_features_or_mlflow():
    count = Counter(each.type.rpartition(":")[2] for each in made_there())

    assert {
        "Vpc": 1,
        "Subnet": 2,
        "FlowLog": 1,
        "Key": 4,
        "Alias": 4,
        "Bucket": 3,
        "LogGroup": 1,
    }.items() <= count.items()
    assert {"ModelPackageGroup": 1, "Repository": 1, "VpcEndpoint": 5}.items() <= count.items()
    assert not {"Domain", "UserProfile", "FeatureGroup", "Workgroup", "CatalogDatabase"} & set(count)
    assert ["fraud-eu-central-1-flow-logs"] == [each.name for each in made_there() if each.type == ROLE]


def test_a_team_without_further_regions_is_as_it_was():
    gone = {each.urn for each in recording().made()} - {each.urn for each in at_home().made()}

    assert {each.urn for each in at_home().made()} < {each.urn for each in recording().made()}
    assert gone == {each.urn for each in made_there()} | {
        recording().one("aws:ecr/replicationConfiguration:ReplicationConfiguration").urn
    }


def test_buckets_there_carry_the_region_and_know_a_key_of_that_region():
    for purpose in names.BUCKET_PURPOSES:
        name = f"fraud-{THERE}-{purpose}"
        bucket = recording().one("aws:s3/bucket:Bucket", name)
        policy = json.loads(recording().one("aws:s3/bucketPolicy:BucketPolicy", name).inputs["policy"])
        (pinned,) = (each for each in policy["Statement"] if each["Sid"] == "OurKeyOnly")
        (key,) = pinned["Condition"]["StringNotEquals"].values()

        assert f"mlz-dev-fraud-{purpose}-{THERE}-{ACCOUNT}" == bucket.inputs["bucket"]
        assert recording().one("aws:kms/key:Key", name).outputs["arn"] == key
        assert key.startswith(f"arn:aws:kms:{THERE}:{ACCOUNT}:key/")


def test_the_contract_there_is_what_code_needs_and_points_home_nowhere():
    values = {
        each.inputs["name"].removeprefix("/mlz/v1/"): each.inputs["value"]
        for each in made_there()
        if each.type == "aws:ssm/parameter:Parameter"
    }
    defaults = json.loads(values["sdk/defaults"])["SageMaker"]
    (vpc,) = (each for each in made_there() if each.type == "aws:ec2/vpc:Vpc")

    assert vpc.outputs["id"] == values["network/vpc-id"]
    assert {"keys/data", "keys/models", "buckets/data", "roles/training", "network/subnet-ids"} < set(values)
    assert not [path for path in values if path.startswith(("studio/", "mlflow/", "athena/"))]
    assert f"mlz-dev-fraud-studio-{THERE}-{ACCOUNT}" == defaults["PythonSDK"]["Modules"]["Session"]["DefaultS3Bucket"]
    assert values["keys/studio"] == defaults["TrainingJob"]["OutputDataConfig"]["KmsKeyId"]
    assert values["network/subnet-ids"].split(",") == defaults["TrainingJob"]["VpcConfig"]["Subnets"]
    assert HOME not in json.dumps(values)


def test_images_are_copied_once_their_repositories_are_there():
    rule = recording().one("aws:ecr/replicationConfiguration:ReplicationConfiguration")
    (said,) = rule.inputs["replicationConfiguration"]["rules"]
    repository = recording().one("aws:ecr/repository:Repository", f"fraud-{THERE}-card-fraud")

    assert [{"region": THERE, "registryId": ACCOUNT}] == said["destinations"]
    assert "fraud/card-fraud".startswith(said["repositoryFilters"][0]["filter"])
    assert "fraud/card-fraud" == repository.inputs["name"]
    assert "IMMUTABLE" == repository.inputs["imageTagMutability"]
    assert repository.urn in rule.dependencies


def test_data_there_is_kept_as_it_is_at_home():
    kept = changed(account=replace(TEAM.account, disposable=False))
    for kind in ("aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:ecr/repository:Repository"):
        there = [each for each in kept.of(kind) if THERE in each.name]
        assert there
        assert all(each.protect and each.retain_on_delete for each in there)


def test_no_role_has_more_policies_for_it_and_each_is_one_that_iam_takes():
    attached = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    roles = {each.inputs["role"] for each in recording().of(attached)}

    for role in roles:
        count = [sum(a.inputs["role"] == role for a in made.of(attached)) for made in (recording(), at_home())]
        assert count[0] == count[1] <= 20
    assert max(len(each.inputs["policy"]) for each in recording().of(POLICY)) <= MANAGED_POLICY_CHARACTERS


def test_more_regions_than_policies_hold_are_refused_with_the_file():
    many = {f"eu-central-{number}": TEAM.regions[THERE] for number in range(1, 9)}
    team = replace(TEAM, regions=many)

    with pytest.raises(StackError, match=r"dev/fraud.yaml: policy mlz-\w.*, AWS takes 6144: declare fewer .*regions"):
        build(replace(ZONE, teams={**ZONE.teams, "dev-fraud": team}), "dev-fraud")


def policies(role):
    """What a role may do, as the stack makes it."""
    made = recording()
    attached = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    texts = {each.outputs["arn"]: each.inputs["policy"] for each in made.of(POLICY)}
    arns = [each.inputs["policyArn"] for each in made.of(attached) if each.inputs["role"] == f"mlz-{role}"]
    return [(arn, compile_policy(texts[arn], PolicyKind.IDENTITY)) for arn in arns]


def guardrails():
    held = {"root", "dev-fraud", TEAM.account.organizational_unit}
    scps = [
        (policy.key, compile_policy(policy.document, PolicyKind.SERVICE_CONTROL))
        for policy in ZONE.organization.policies
        if policy.type is PolicyType.SERVICE_CONTROL and held & set(policy.targets)
    ]
    return [("zone", [("FullAWSAccess", compile_policy(EVERYTHING, PolicyKind.SERVICE_CONTROL)), *scps])]


def may(role, action, resource, region, **context):
    boundary = recording().one(POLICY, "fraud-boundary").inputs["policy"]
    arn = names.role_arn(ACCOUNT, role)
    caller = Caller(
        principal(arn),
        identity=policies(role),
        boundaries=[("boundary", compile_policy(boundary, PolicyKind.IDENTITY))],
        service_control=guardrails(),
        management_account=ZONE.organization.management_account_id,
    )
    said = {"aws:RequestedRegion": region, "aws:SecureTransport": True, **context}
    return evaluate(request(arn, action, resource, context=said), caller, Target()).allowed


def training(region, of=None):
    """The context of a training job in *region*; *of*: with the network of another one."""
    here = [each for each in recording().made() if (THERE in each.name) == ((of or region) == THERE)]
    ids = {kind: [e.outputs["id"] for e in here if e.type == kind] for kind in ("aws:ec2/subnet:Subnet",)}
    keys = {
        purpose: next(e.outputs["arn"] for e in here if e.type == "aws:kms/key:Key" and e.name.endswith(f"-{purpose}"))
        for purpose in ("data", "models")
    }
    (group,) = (
        e.outputs["id"]
        for e in here
        if e.type == "aws:ec2/securityGroup:SecurityGroup" and e.name.endswith("-workloads")
    )
    return {
        "sagemaker:InstanceTypes": ["ml.m5.xlarge"],
        "sagemaker:VpcSubnets": ids["aws:ec2/subnet:Subnet"],
        "sagemaker:VpcSecurityGroupIds": [group],
        "sagemaker:VolumeKmsKey": keys["data"],
        "sagemaker:OutputKmsKey": keys["models"],
        "sagemaker:MaxRuntimeInSeconds": 3600,
        "sagemaker:InterContainerTrafficEncryption": True,
    }


def sagemaker(region, kind):
    return f"arn:aws:sagemaker:{region}:{ACCOUNT}:{kind}/x"


@pytest.mark.parametrize("region", [HOME, THERE])
def test_people_start_training_there_as_at_home(region):
    job = sagemaker(region, "training-job")

    assert may("data-scientist", "sagemaker:CreateTrainingJob", job, region, **training(region))
    unencrypted = {k: v for k, v in training(region).items() if k != "sagemaker:VolumeKmsKey"}
    assert not may("data-scientist", "sagemaker:CreateTrainingJob", job, region, **unencrypted)
    stranger = {**training(region), "sagemaker:VpcSubnets": ["subnet-stranger"]}
    assert not may("data-scientist", "sagemaker:CreateTrainingJob", job, region, **stranger)


def test_nobody_works_in_a_region_that_is_not_declared():
    for region in ("us-east-1", "eu-north-1"):
        job = sagemaker(region, "training-job")
        assert not may("data-scientist", "sagemaker:CreateTrainingJob", job, region, **training(HOME))


def test_a_job_there_reads_and_writes_the_buckets_of_its_region():
    for role, action, purpose, key in (
        ("training", "s3:GetObject", "data", "datasets/transactions/x"),
        ("training", "s3:PutObject", "models", "x"),
        ("processing", "s3:PutObject", "data", "datasets/transactions/x"),
        ("training", "s3:GetObject", "studio", "sdk/x"),
    ):
        for region in ("", THERE):
            arn = f"{names.bucket_arn('dev-fraud', purpose, ACCOUNT, region)}/{key}"
            assert may(role, action, arn, region or HOME), (role, action, arn)
    offline = f"{names.bucket_arn('dev-fraud', 'data', ACCOUNT, THERE)}/features/card-activity/x"
    assert not may("training", "s3:GetObject", offline, THERE)  # features are at home


def test_a_model_there_has_no_network_of_its_own_for_it_looks_no_feature_up():
    context = {key: training(THERE)[key] for key in ("sagemaker:VpcSubnets", "sagemaker:VpcSecurityGroupIds")}
    model = sagemaker(THERE, "model")
    isolated = {**context, "sagemaker:NetworkIsolation": True}

    assert may("ml-engineer", "sagemaker:CreateModel", model, THERE, **isolated)
    assert not may("ml-engineer", "sagemaker:CreateModel", model, THERE, **context)
    # At home it does, and what holds there holds it to nothing.
    home = {key: training(HOME)[key] for key in context}
    assert may("ml-engineer", "sagemaker:CreateModel", sagemaker(HOME, "model"), HOME, **home)


def test_reviewers_approve_there_and_nobody_deletes_versions():
    package = f"arn:aws:sagemaker:{THERE}:{ACCOUNT}:model-package/fraud-card-fraud/1"
    approval = {"sagemaker:ModelApprovalStatus": "Approved"}

    assert may("reviewer", "sagemaker:UpdateModelPackage", package, THERE, **approval)
    assert not may("ml-engineer", "sagemaker:UpdateModelPackage", package, THERE, **approval)
    assert not may("ml-engineer", "sagemaker:DeleteModelPackage", package, THERE)


def test_a_preview_reads_there_too():
    policy = json.loads(recording().one(POLICY, "fraud-preview").inputs["policy"])
    read_there = {arn for each in policy["Statement"] for arn in each["Resource"] if THERE in arn}

    assert {"kms", "sagemaker", "ssm", "ecr"} <= {arn.split(":")[2] for arn in read_there}


def test_aws_takes_every_request():
    tags = json.loads(recording().one("pulumi:providers:aws").inputs["defaultTags"])["tags"]
    # The provider sends the region as the endpoint, not as a parameter.
    asked = [
        replace(each, inputs={name: value for name, value in each.inputs.items() if name != "region"})
        for each in [*made_there(), recording().one("aws:ecr/replicationConfiguration:ReplicationConfiguration")]
    ]
    found = [f"{e.name}: {line}" for e in asked if e.type not in UNASKED for line in request_problems(e, tags)]

    assert set() == {each.type for each in asked} - set(CALLS) - set(UNASKED)
    assert [] == found
    assert [] == template_problems([each for each in asked if each.type not in UNTYPED], tags, THERE)


def test_the_policy_pack_finds_nothing_to_refuse_there(monkeypatch):
    monkeypatch.setattr("policies.settings._zone", lambda: ZONE)
    settings = settings_for("dev-fraud")
    found = judge(
        recorded(ZONE, "dev-fraud"), settings, wanted=lambda rule: level_of(rule, settings.get(rule.key)) != "disabled"
    )

    assert [] == [finding for finding in found if finding["level"] == "mandatory" or finding["unknown"]]


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [
        (f"arn:aws:s3:::mlz-dev-fraud-data-{THERE}-{ACCOUNT}/datasets/transactions/x", True),
        (f"arn:aws:s3:::mlz-dev-fraud-data-{ACCOUNT}/datasets/transactions/x", True),
        (f"arn:aws:s3:::mlz-dev-fraud-data-us-east-1-{ACCOUNT}/datasets/transactions/x", False),
    ],
)
def test_questions_of_access_are_asked_in_the_region_of_the_resource(resource, allowed, monkeypatch):
    monkeypatch.setattr("checks.own_access.record", lambda *_, **__: recording())
    case = case_of(ZONE, Question(stack="dev-fraud", role="training", action="s3:GetObject", resource=resource))
    region = THERE if THERE in resource else HOME
    (endpoint,) = (
        each
        for each in recording().of("aws:ec2/vpcEndpoint:VpcEndpoint")
        if each.inputs["serviceName"] == f"com.amazonaws.{region}.s3"
    )

    said = {key.lower(): value for key, value in case.request.context.items()}

    assert (region,) == tuple(said["aws:requestedregion"])
    assert (endpoint.outputs["id"],) == tuple(said["aws:sourcevpce"])
    assert allowed == evaluate(case.request, case.caller, case.target).allowed
