"""What belongs together is there together: a grant and the way to its service, a role and somebody who gets it."""

from fnmatch import fnmatchcase

import pytest

from components.access.grants.boundary import boundary
from components.access.grants.mlflow import track
from components.access.grants.place import Place
from components.access.grants.roles import GRANTS, roles
from components.access.grants.sharing import online_readers
from stacks.inputs import team_of
from stacks.reach import partners
from tests.rights import ZONE
from tests.zone.calls import BROWSER, CALLS, HTTP_API, MLFLOW
from zone import names

TEAMS = sorted(ZONE.teams)

# Called by nobody inside a VPC, so there is no endpoint; why.
NOT_CALLED = {
    "kms": "services use keys on their caller's behalf",
    "iam": "iam:PassRole is checked when SageMaker is called",
    "ec2": "SageMaker attaches jobs itself, with the role it was given",
}
# SageMaker pulls images itself, from outside the VPC.
PULLS = {
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetAuthorizationToken",
}
# Work from AWS's own network: Feature Store, Pipelines.
OUTSIDE = {"feature-store", "pipeline"}
OF_RECORDS = {f"sagemaker:{name}" for name in ("PutRecord", "GetRecord", "DeleteRecord", "BatchGetRecord")}
SERVICES = {
    "cloudwatch": "monitoring",
    "ecr": "ecr-api",
    "sagemaker": "sagemaker-api",
    "sagemaker-mlflow": "mlflow-tracking",
}
# The SDK's client → the service in IAM, where they differ.
CLIENTS = {"sagemaker-runtime": "sagemaker", "sagemaker-featurestore-runtime": "sagemaker"}
HOSTS = {
    BROWSER: "sagemaker:CreatePresignedDomainUrl",
    MLFLOW: "sagemaker-mlflow:*",
    HTTP_API: "execute-api:Invoke",
}
# Asked by everyone about oneself: needs no grant. Source: STS API Reference, GetCallerIdentity, read 2026-11-29.
FREE = {"sts:GetCallerIdentity"}
# AWS lists it for every VPC-only domain, whether or not the team has endpoints (see zone/facts/endpoints.json).
WANTED_BY_AWS = {"sagemaker-runtime"}


def granted(team, *, outside=False):
    """Actions of the team's roles, those that work outside its VPC left out; with what they take in other accounts."""
    place = Place.stand_in(team_of(team))
    grants = {grant for role, held in roles(team_of(team)).items() if outside or role not in OUTSIDE for grant in held}
    taken = online_readers(
        place.shares("online"), team="owner", account_id="1" * 12, region=place.region, key_arns=place.key_arns
    )
    found = [
        *(each for grant in grants for each in GRANTS[grant](place)),
        *(each for reader in taken for each in reader.statements),
        *track(team.mlflow.server_arn, shared=True),
    ]
    return {action for each in found for action in each.actions}


def way(action):
    """The endpoint by which code inside a VPC reaches *action*; None: it doesn't."""
    service = action.split(":")[0]
    if service in NOT_CALLED or action in PULLS:
        return None
    if action in OF_RECORDS:
        return "featurestore-runtime"
    if action in {"sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync"}:
        return "sagemaker-runtime"
    return SERVICES.get(service, service)


def needed_by(endpoint):
    """Actions of the calls for whose sake the endpoint is there."""
    calls = {call for feature in endpoint.features for call in CALLS[feature]}
    actions = {HOSTS[call] if isinstance(call, str) else f"{CLIENTS.get(call[0], call[0])}:{call[1]}" for call in calls}
    keys = {"studio": {HOSTS[BROWSER]}}
    return keys.get(endpoint.key) or {action for action in actions if way(action) == endpoint.key}


@pytest.mark.shows("S10", "T8")
@pytest.mark.parametrize("team", TEAMS)
def test_every_granted_service_has_an_endpoint(team):
    endpoints = {endpoint.key for endpoint in ZONE.teams[team].endpoints}

    assert set() == {way(action) for action in granted(ZONE.teams[team])} - endpoints - {None}


@pytest.mark.shows("S10", "T8")
@pytest.mark.parametrize("team", TEAMS)
def test_every_endpoint_has_a_grant_within_the_boundary(team):
    plan = ZONE.teams[team]
    edge = boundary(plan.account.account_id, plan.account.region, partners(plan), [])
    allowed = [action for each in edge if each.effect == "Allow" for action in each.actions]
    usable = {a for a in granted(plan) | FREE if any(fnmatchcase(a, pattern) for pattern in allowed)}

    idle = {endpoint.key for endpoint in plan.endpoints if not needed_by(endpoint) & usable}

    assert idle <= (WANTED_BY_AWS if not plan.instance_types.endpoint else set())


@pytest.mark.parametrize("team", TEAMS)
def test_every_call_that_a_feature_needs_is_granted(team):
    plan = ZONE.teams[team]
    needed = {action for endpoint in plan.endpoints for action in needed_by(endpoint)}
    if not plan.instance_types.endpoint:
        needed -= {"sagemaker:InvokeEndpoint"}

    assert set() == needed - granted(plan, outside=True) - FREE


@pytest.mark.shows("D1")
@pytest.mark.parametrize("team", TEAMS)
def test_every_role_has_somebody_who_gets_it(team):
    plan = ZONE.teams[team]
    place = Place.stand_in(team_of(plan))
    grants = {grant for held in roles(team_of(plan)).values() for grant in held}
    passed = {
        arn
        for grant in grants
        for each in GRANTS[grant](place)
        if "iam:PassRole" in each.actions
        for arn in each.resources
    }
    # People have theirs by their Studio profile; Feature Store's is handed over by the stack that makes the groups.
    given = {place.role(role) for role in (*names.PERSONA_ROLES.values(), "feature-store")}

    assert set() == {place.role(role) for role in roles(team_of(plan))} - passed - given
