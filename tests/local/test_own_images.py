"""Builds, images for Studio and pull-through caches of the emulated AWS, asked with boto3."""

import json

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "111111111111"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
HOST = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com"


def refused(call, **given):
    with pytest.raises(ClientError) as told:
        call(**given)
    return told.value.response["Error"]["Code"]


def document(**statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def role(client, name, service, *actions):
    """A role of a service that may do these things, in this order."""
    trust = document(Principal={"Service": service}, Action="sts:AssumeRole")
    arn = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    allow(client, name, *actions)
    return arn


def allow(client, name, *actions):
    policy = document(Action=list(actions) or "sts:GetCallerIdentity", Resource="*")
    client("iam").put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy)


def project(arn, **more):
    given = {
        "name": "images",
        "serviceRole": arn,
        "artifacts": {"type": "NO_ARTIFACTS"},
        "source": {"type": "S3", "location": "sources/a.zip"},
        "environment": {
            "type": "LINUX_CONTAINER",
            "computeType": "BUILD_GENERAL1_SMALL",
            "image": f"{HOST}/base:1",
            "imagePullCredentialsType": "SERVICE_ROLE",
        },
    }
    return {**given, **more}


def test_a_build_fails_in_the_phase_whose_right_its_role_lacks(client):
    builds = client("codebuild")
    arn = role(client, "build", "codebuild.amazonaws.com")
    builds.create_project(**project(arn))

    def built():
        started = builds.start_build(projectName="images")["build"]
        assert "IN_PROGRESS" == started["buildStatus"]
        ended = builds.batch_get_builds(ids=[started["id"]])["builds"][0]
        failed = [phase for phase in ended["phases"] if phase.get("phaseStatus") == "FAILED"]
        return ended["buildStatus"], [phase["phaseType"] for phase in failed]

    assert ("FAILED", ["PROVISIONING"]) == built()
    allow(client, "build", "ecr:*", "logs:*")
    assert ("FAILED", ["DOWNLOAD_SOURCE"]) == built()
    allow(client, "build", "ecr:*", "logs:*", "s3:GetObject")
    assert ("SUCCEEDED", []) == built()


def test_a_project_is_kept_as_it_was_given(client):
    builds = client("codebuild")
    arn = role(client, "plain", "codebuild.amazonaws.com")
    plain = project(arn, name="plain", source={"type": "NO_SOURCE", "buildspec": "version: 0.2"})

    assert "InvalidInputException" == refused(builds.create_project, **{**plain, "source": {"type": "NO_SOURCE"}})
    builds.create_project(**plain, tags=[{"key": "a", "value": "1"}])
    builds.update_project(name="plain", timeoutInMinutes=10, tags=[{"key": "b", "value": "2"}])
    shown = builds.batch_get_projects(names=["plain", "absent"])
    kept = shown["projects"][0]
    assert (["absent"], 10, "NO_SOURCE", [{"key": "b", "value": "2"}]) == (
        shown["projectsNotFound"],
        kept["timeoutInMinutes"],
        kept["source"]["type"],
        kept["tags"],
    )
    builds.delete_project(name="plain")
    assert "ResourceNotFoundException" == refused(builds.start_build, projectName="plain")


def push(client, name, tag):
    client("ecr").create_repository(repositoryName=name)
    manifest = json.dumps(
        {"schemaVersion": 2, "mediaType": MANIFEST, "config": {"digest": "sha256:" + "0" * 64}, "layers": []}
    )
    client("ecr").put_image(repositoryName=name, imageTag=tag, imageManifest=manifest)


def test_a_version_needs_its_image_and_a_role_that_can_read_it(client):
    studio = client("sagemaker")
    push(client, "studio", "1")
    arn = role(client, "image", "sagemaker.amazonaws.com")
    studio.create_image(ImageName="team", RoleArn=arn)

    def made(image):
        studio.create_image_version(ImageName="team", BaseImage=image, ClientToken=image, Aliases=["latest"])
        shown = studio.describe_image_version(ImageName="team")
        return shown["ImageVersionStatus"], shown.get("FailureReason", "")

    assert ("CREATE_FAILED", f"The image {HOST}/studio:2 does not exist.") == made(f"{HOST}/studio:2")
    assert "ecr:BatchGetImage" in made(f"{HOST}/studio:1")[1]
    allow(client, "image", "ecr:*")
    assert ("CREATED", "") == made(f"{HOST}/studio:1")
    assert "ValidationException" == refused(
        studio.create_image_version, ImageName="team", BaseImage="docker.io/a:1", ClientToken="c"
    )
    assert ["latest"] == studio.list_aliases(ImageName="team", Version=3)["SageMakerImageVersionAliases"]
    assert [] == studio.list_aliases(ImageName="team", Version=1)["SageMakerImageVersionAliases"]
    studio.delete_image(ImageName="team")
    assert "ResourceNotFound" == refused(studio.describe_image_version, ImageName="team", Version=3)


def test_a_pull_through_cache_is_for_registries_that_aws_knows(client):
    ecr = client("ecr")
    rule = {"ecrRepositoryPrefix": "public", "upstreamRegistryUrl": "public.ecr.aws"}

    assert "UnsupportedUpstreamRegistryException" == refused(
        ecr.create_pull_through_cache_rule, ecrRepositoryPrefix="other", upstreamRegistryUrl="registry.example.com"
    )
    assert "InvalidParameterException" == refused(
        ecr.create_pull_through_cache_rule, ecrRepositoryPrefix="hub", upstreamRegistryUrl="registry-1.docker.io"
    )
    ecr.create_pull_through_cache_rule(**rule)
    assert "PullThroughCacheRuleAlreadyExistsException" == refused(ecr.create_pull_through_cache_rule, **rule)
    ecr.delete_pull_through_cache_rule(ecrRepositoryPrefix="public")
    assert "PullThroughCacheRuleNotFoundException" == refused(
        ecr.describe_pull_through_cache_rules, ecrRepositoryPrefixes=["public"]
    )
