"""Who installs packages, who has images built and what a build may do: policies, boundary and owners' policies."""

import json

import pytest

from checks.access import Caller, PolicyKind, Target, compile_policy, evaluate, principal, request
from components.access.grants.boundary import boundary
from components.access.grants.builds import VARIABLES, build
from components.access.grants.place import Place
from components.access.grants.roles import GRANTS, holders, roles
from components.images.documents import import_by_pull, organization_pulls
from components.packages.documents import domain_policy, repository_policy
from stacks.inputs import source_of, team_of
from tests.rights import compiled
from zone import names, platform_names
from zone.plan import planner

ZONE = planner.read(planner.EXAMPLES.parent / "shared-platform")
CHURN, FRAUD, PROD = ZONE.teams["dev-churn"], ZONE.teams["dev-fraud"], ZONE.teams["prod-churn"]
PLATFORM = ZONE.platforms["dev"]
ORGANISATION = ZONE.organization.organization_id
SOURCE = source_of(PLATFORM.packages)
TEAMS = [team.account_id for team in PLATFORM.teams.values()]
READERS = [*holders("read-packages"), platform_names.BUILD_ROLE]
REPOSITORY = platform_names.ecr_repository_arn(
    "eu-west-1", PLATFORM.account.account_id, platform_names.image_repository("lab")
)
CACHED = platform_names.ecr_repository_arn("eu-west-1", PLATFORM.account.account_id, "ecr-public/docker/library/python")
PROJECT = platform_names.build_project_arn("eu-west-1", CHURN.account.account_id, "dev-churn", platform_names.IMAGES)
ZIP = f"{names.bucket('dev-churn', 'studio', CHURN.account.account_id)}/{platform_names.BUILD_PREFIX}/mine.zip"
STARTED = {"codebuild:source.location": ZIP, "codebuild:environment.environmentVariables.name": list(VARIABLES)}


def owned(document):
    return Target(policy=("owner's", compile_policy(json.dumps(document), PolicyKind.RESOURCE)))


def decide(team, name, statements, action, resource, *, context=None, owner=None, policy=None):
    account = team.account
    caller = Caller(
        principal(names.role_arn(account.account_id, name)),
        identity=statements,
        boundaries=[
            ("boundary", compiled(boundary(account.account_id, account.region, [PLATFORM.account.account_id])))
        ],
        management_account=ZONE.organization.management_account_id,
    )
    inside = {
        "aws:RequestedRegion": account.region,
        "aws:SecureTransport": True,
        "aws:SourceVpce": "vpce-1",
        "aws:VpceOrgID": ORGANISATION,
        "aws:PrincipalOrgID": ORGANISATION,
    }
    asked = request(
        names.role_arn(account.account_id, name),
        action,
        resource,
        resource_account=owner,
        context=inside | (context or {}),
    )
    return evaluate(asked, caller, owned(policy) if policy else Target()).allowed


def may(team, role, action, resource, **more):
    place = Place.stand_in(team_of(team))
    statements = [(grant, compiled(GRANTS[grant](place))) for grant in roles(team_of(team))[role]]
    return decide(team, role, statements, action, resource, **more)


def may_build(action, resource, **more):
    statements = build(
        account_id=CHURN.account.account_id,
        region="eu-west-1",
        log_group_arn=f"arn:aws:logs:eu-west-1:{CHURN.account.account_id}:log-group:x",
        bucket_arn=f"arn:aws:s3:::{names.bucket('dev-churn', 'studio', CHURN.account.account_id)}",
        source_key_arn=f"arn:aws:kms:eu-west-1:{CHURN.account.account_id}:key/studio",
        repositories=[names.repository("churn", model) for model in CHURN.models],
        bases=CHURN.builds.bases,
        caches=CHURN.builds.caches,
        subnet_ids=["subnet-1"],
        packages=None,
    )
    images = {"PushImages", "PullBases", "FillCaches"}
    rights = [("build", compiled([each for each in statements if each.sid in images]))]
    return decide(CHURN, platform_names.BUILD_ROLE, rights, action, resource, **more)


@pytest.mark.shows("S10")
@pytest.mark.parametrize(
    ("team", "role", "expected"),
    [
        (CHURN, "data-scientist", True),
        (CHURN, "ml-engineer", True),
        (FRAUD, "training", True),
        (FRAUD, "processing", True),
        (CHURN, "reviewer", False),
        (FRAUD, "operator", False),
        (FRAUD, "endpoint", False),
        (PROD, "data-scientist", False),
    ],
    ids=lambda value: getattr(value, "team", value),
)
def test_who_gets_a_token_for_packages_and_reads_them(team, role, expected):
    domain = domain_policy(SOURCE, TEAMS, READERS)
    repository = repository_policy(SOURCE, TEAMS, READERS)
    owner = PLATFORM.account.account_id
    token = may(
        team, role, "codeartifact:GetAuthorizationToken", SOURCE.domain_arn, owner=owner, policy=domain
    ) and may(
        team,
        role,
        "sts:GetServiceBearerToken",
        "*",
        context={"sts:AWSServiceName": "codeartifact.amazonaws.com"},
    )
    read = may(
        team, role, "codeartifact:ReadFromRepository", SOURCE.repository_arn, owner=owner, policy=repository
    ) and may(team, role, "codeartifact:GetRepositoryEndpoint", SOURCE.repository_arn, owner=owner, policy=repository)

    assert (token, read) == (expected, expected)


@pytest.mark.shows("S10")
def test_a_token_for_another_service_and_publishing_are_nobodys():
    for role in roles(team_of(CHURN)):
        assert not may(
            CHURN, role, "sts:GetServiceBearerToken", "*", context={"sts:AWSServiceName": "ecr-public.amazonaws.com"}
        )
        assert not may(
            CHURN,
            role,
            "codeartifact:PublishPackageVersion",
            f"arn:aws:codeartifact:eu-west-1:{SOURCE.index['owner']}:package/x/packages/pypi//mine",
            owner=PLATFORM.account.account_id,
            policy=repository_policy(SOURCE, TEAMS, READERS),
        )


@pytest.mark.shows("E8")
@pytest.mark.parametrize("role", ["training", "endpoint", "processing"])
def test_a_teams_container_runs_an_image_of_the_platform(role):
    policy = organization_pulls(ORGANISATION, TEAMS)
    owner = PLATFORM.account.account_id

    assert may(FRAUD, role, "ecr:BatchGetImage", REPOSITORY, owner=owner, policy=policy)
    # Without the owner's word the role's own does not do.
    assert not may(FRAUD, role, "ecr:BatchGetImage", REPOSITORY, owner=owner)
    assert not may(FRAUD, role, "ecr:PutImage", REPOSITORY, owner=owner, policy=policy)


def test_a_stranger_pulls_nothing():
    asked = request(
        "arn:aws:iam::999999999999:role/theirs",
        "ecr:BatchGetImage",
        REPOSITORY,
        resource_account=PLATFORM.account.account_id,
        context={"aws:PrincipalOrgID": "o-another000"},
    )
    everything = compile_policy(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
        PolicyKind.IDENTITY,
    )
    stranger = Caller(principal("arn:aws:iam::999999999999:role/theirs"), identity=[("all", everything)])

    assert not evaluate(asked, stranger, owned(organization_pulls(ORGANISATION, TEAMS))).allowed


@pytest.mark.shows("B9")
def test_the_ml_engineer_has_a_zip_built_and_nobody_else_has():
    allowed = [
        role for role in roles(team_of(CHURN)) if may(CHURN, role, "codebuild:StartBuild", PROJECT, context=STARTED)
    ]

    assert allowed == ["ml-engineer"]


@pytest.mark.shows("B9")
@pytest.mark.parametrize(
    "wrong",
    [
        {"codebuild:source.buildspec": "version: 0.2"},
        {"codebuild:environment.image": "mine"},
        {"codebuild:serviceRole": "arn:aws:iam::1:role/x"},
        {"codebuild:environment.environmentVariables.name": ["BASH_ENV", "TAG"]},
        {"codebuild:source.location": "another-bucket/builds/mine.zip"},
        {"codebuild:source.location": ZIP.replace(f"/{platform_names.BUILD_PREFIX}/", "/home/")},
        {"codebuild:logsConfig": "DISABLED"},
    ],
    ids=str,
)
def test_a_build_that_changes_what_the_project_says_does_not_start(wrong):
    assert not may(CHURN, "ml-engineer", "codebuild:StartBuild", PROJECT, context=STARTED | wrong)


@pytest.mark.shows("B9")
def test_nobody_starts_builds_where_none_are_declared():
    assert not any(may(FRAUD, role, "codebuild:StartBuild", PROJECT, context=STARTED) for role in roles(team_of(FRAUD)))


@pytest.mark.shows("B9")
def test_a_build_pushes_to_the_teams_models_and_to_nothing_else():
    own = platform_names.ecr_repository_arn(
        "eu-west-1", CHURN.account.account_id, names.repository("churn", "churn-xgboost")
    )
    other = platform_names.ecr_repository_arn("eu-west-1", CHURN.account.account_id, "churn/another")

    assert may_build("ecr:PutImage", own)
    assert not may_build("ecr:PutImage", other)
    owner = PLATFORM.account.account_id
    assert not may_build("ecr:PutImage", REPOSITORY, owner=owner, policy=organization_pulls(ORGANISATION, TEAMS))


@pytest.mark.shows("B9")
def test_base_images_come_from_the_platform_and_a_cache_is_filled_by_a_build_only():
    owner = PLATFORM.account.account_id
    pulls = organization_pulls(ORGANISATION, TEAMS)
    filling = import_by_pull([*PLATFORM.images.caches], region="eu-west-1", account_id=owner, team_account_ids=TEAMS)

    assert may_build("ecr:BatchGetImage", REPOSITORY, owner=owner, policy=pulls)
    assert may_build("ecr:BatchGetImage", CACHED, owner=owner, policy=pulls)
    assert may_build("ecr:BatchImportUpstreamImage", CACHED, owner=owner, policy=filling)
    for role in roles(team_of(CHURN)):
        assert not may(CHURN, role, "ecr:BatchImportUpstreamImage", CACHED, owner=owner, policy=filling)


@pytest.mark.shows("B9")
def test_the_ml_engineer_puts_the_zip_where_builds_look():
    encrypted = {
        "s3:x-amz-server-side-encryption": "aws:kms",
        "s3:x-amz-server-side-encryption-aws-kms-key-id": Place.stand_in(team_of(CHURN)).key_arns["studio"],
    }

    assert may(CHURN, "ml-engineer", "s3:PutObject", f"arn:aws:s3:::{ZIP}", context=encrypted)
    assert not may(CHURN, "reviewer", "s3:PutObject", f"arn:aws:s3:::{ZIP}", context=encrypted)
