"""Images and packages of examples/shared-platform: what the stacks ask for, and that AWS would take it."""

import json
from functools import cache

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs
from cfnlint.rules import Rules

from checks.record import record
from stacks.build import build
from tests.oracles.api_calls import CALLS, UNASKED
from tests.oracles.api_models import request_problems
from tests.oracles.cloudformation import template_problems
from tests.oracles.cloudformation_types import TYPES, UNTYPED
from zone.facts import facts
from zone.plan import planner
from zone.plan.cost import standing

ZONE = planner.read(planner.EXAMPLES.parent / "shared-platform")
OURS = (
    "aws:cloudcontrol/",
    "aws:codeartifact/",
    "aws:codebuild/",
    "aws:ecr/",
    "aws:sagemaker/appImageConfig:",
    "aws:sagemaker/image:",
    "aws:sagemaker/imageVersion:",
)
STACKS = ("dev", "prod", "dev-churn")
each_stack = pytest.mark.parametrize("stack", STACKS)


@cache
def recording(stack):
    return record(lambda: build(ZONE, stack), stack=stack)


def ours(stack):
    return [each for each in recording(stack).made() if each.type.startswith(OURS)]


def tags(stack):
    return json.loads(recording(stack).one("pulumi:providers:aws").inputs["defaultTags"])["tags"]


def of(stack, noun):
    """Resources by name; *noun* is the type's last part."""
    return {each.name: each.inputs for each in recording(stack).made() if each.type.endswith(f":{noun}")}


@pytest.mark.shows("P1", "R1")
@each_stack
def test_aws_takes_every_request_for_images_and_packages(stack):
    asked = [each for each in ours(stack) if each.type not in UNASKED]

    assert set() == {each.type for each in asked} - set(CALLS)
    assert [] == [f"{each.name}: {said}" for each in asked for said in request_problems(each, tags(stack))]


@each_stack
def test_cloudformation_takes_images_and_packages(stack):
    asked = [each for each in ours(stack) if each.type not in UNTYPED]

    assert set() == {each.type for each in asked} - set(TYPES)
    assert [] == template_problems(asked, tags(stack), "eu-west-1")


def test_cloudformation_takes_the_quarantined_group():
    (group,) = of("dev", "Resource").values()
    resource = {"Type": group["typeName"], "Properties": json.loads(group["desiredState"])}
    template = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Group": resource}})
    rules = Rules.create_from_module("cfnlint.rules")

    found = lint(template, rules, config=ManualArgs(regions=["eu-west-1"]))

    assert "/pypi//ctx$" == resource["Properties"]["Pattern"]
    assert [] == [str(each) for each in found if each.rule.id.startswith("E")]


@each_stack
def test_what_has_a_fixed_name_goes_before_its_replacement_comes(stack):
    types = facts("immutable")["types"]
    named = [each for each in ours(stack) if types[each.type].get("name") in each.inputs]

    assert named
    assert [] == sorted(f"{each.type} {each.name}" for each in named if not each.delete_before_replace)


@pytest.mark.shows("E8", "H7")
def test_repositories_keep_their_tags_scan_and_let_the_organisation_pull():
    repositories, policies = of("dev", "Repository"), of("dev", "RepositoryPolicy")
    images = {name: each for name, each in repositories.items() if "imageTagMutability" in each}

    assert {"images/lab", "images/base", "images/mlflow"} == {each["name"] for each in images.values()}
    for name, each in images.items():
        assert "IMMUTABLE" == each["imageTagMutability"]
        assert each["imageScanningConfiguration"]["scanOnPush"]
        assert "KMS" == each["encryptionConfigurations"][0]["encryptionType"]
        (statement,) = json.loads(policies[name]["policy"])["Statement"]
        assert {"StringEquals": {"aws:PrincipalOrgID": ZONE.organization.organization_id}} == statement["Condition"]
        assert not {"ecr:PutImage", "ecr:*"} & set(statement["Action"])


@pytest.mark.shows("H7")
def test_copies_go_where_declared_and_are_encrypted_there():
    (replication,) = of("dev", "ReplicationConfiguration").values()
    (rule,) = replication["replicationConfiguration"]["rules"]
    keys = {each["region"]: name for name, each in of("dev", "Key").items() if "region" in each}
    template = of("dev", "RepositoryCreationTemplate")["platform-copies-eucentral1"]

    assert ["images/base"] == [each["filter"] for each in rule["repositoryFilters"]]
    assert ["eu-central-1"] == [each["region"] for each in rule["destinations"]]
    assert {"eu-central-1": "platform-images-eucentral1"} == keys
    assert ("eu-central-1", "IMMUTABLE") == (template["region"], template["imageTagMutability"])
    assert ["REPLICATION"] == template["appliedFors"]


@pytest.mark.shows("E8")
def test_a_cache_is_filled_by_the_teams_builds_only():
    (policy,) = of("dev", "RegistryPolicy").values()
    (statement,) = json.loads(policy["policy"])["Statement"]

    assert ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"] == statement["Action"]
    assert ["arn:aws:ecr:eu-west-1:100000000010:repository/ecr-public/*"] == statement["Resource"]
    assert {"aws:PrincipalArn": "arn:aws:iam::*:role/mlz/mlz-build"} == statement["Condition"]["ArnLike"]
    assert {"public.ecr.aws"} == {each["upstreamRegistryUrl"] for each in of("dev", "PullThroughCacheRule").values()}


@pytest.mark.shows("B9")
def test_a_studio_image_is_offered_by_the_domain_and_by_shared_spaces():
    (domain,) = of("dev-churn", "Domain").values()
    offered = {"appImageConfigName": "mlz-lab", "imageName": "mlz-lab"}

    for settings in ("defaultUserSettings", "defaultSpaceSettings"):
        (image,) = domain[settings]["jupyterLabAppSettings"]["customImages"]
        assert offered == {key: image[key] for key in offered}
    assert "customImages" not in domain["defaultUserSettings"]["codeEditorAppSettings"]
    (version,) = of("dev-churn", "ImageVersion").values()
    assert "100000000010.dkr.ecr.eu-west-1.amazonaws.com/images/lab:1.4" == version["baseImage"]


@pytest.mark.shows("E8")
def test_a_build_has_the_teams_network_and_pushes_to_the_teams_models_only():
    (project,) = of("dev-churn", "Project").values()
    role = json.loads(of("dev-churn", "RolePolicy")["churn-images"]["policy"])
    pushes = [each for each in role["Statement"] if "ecr:PutImage" in each["Action"]]

    assert project["vpcConfig"]["subnets"]
    assert {"type": "NO_ARTIFACTS"} == project["artifacts"]
    assert [["arn:aws:ecr:eu-west-1:100000000011:repository/churn/churn-xgboost"]] == [e["Resource"] for e in pushes]
    assert "docker.io" not in project["source"]["buildspec"]


@pytest.mark.shows("D5")
def test_the_platforms_build_is_in_awss_network_and_pushes_to_the_platforms_images_only():
    (project,) = of("dev", "Project").values()
    statements = json.loads(of("dev", "RolePolicy")["platform-images"]["policy"])["Statement"]
    actions = [action for each in statements for action in each["Action"]]
    (pushes,) = [each["Resource"] for each in statements if "ecr:PutImage" in each["Action"]]
    steps = project["source"]["buildspec"]

    assert "vpcConfig" not in project
    assert [] == [action for action in actions if action.startswith("ec2:")]
    assert [
        f"arn:aws:ecr:eu-west-1:100000000010:repository/images/{each}" for each in ("lab", "base", "mlflow")
    ] == pushes
    assert ["mlz-dev-platform-builds-100000000010/builds/source.zip"] == [project["source"]["location"]]
    assert "--build-arg BASE_REGISTRY='public.ecr.aws'" in steps
    assert 1 == steps.count("get-login-password")  # its own registry's; a public one asks for no name
    assert "Project" not in {each.type.rsplit(":", 1)[-1] for each in recording("prod").made()}


@pytest.mark.shows("S10")
def test_packages_come_from_the_declared_places_and_from_nowhere_where_forbidden():
    def connected(stack):
        return sorted(
            each["externalConnections"]["externalConnectionName"]
            for each in of(stack, "Repository").values()
            if "externalConnections" in each
        )

    assert ["public:npmjs", "public:pypi"] == connected("dev")
    assert [] == connected("prod")


def test_keys_of_images_and_packages_are_in_the_standing_cost():
    keys = {(cost.region, cost.count) for cost in standing(ZONE)["dev"] if cost.what == "KMS key"}
    made = of("dev", "Key")

    # images and packages beside the four that MLflow on Fargate has
    assert {("eu-west-1", 6), ("eu-central-1", 1)} == keys
    assert 7 == len(made)
