"""The stage of the journeys: who is there with which credentials, and what was made before anybody tries a step."""

import json
from pathlib import Path

from local.cloud import Cloud
from tests.journeys.callers import (
    ADMINISTRATOR,
    JOBS,
    NEXT_OTHER,
    OTHER,
    OTHER_ENGINEER,
    OTHER_JOB,
    OUTSIDE,
    OUTSIDE_ADMINISTRATOR,
    OUTSIDE_JOB,
    PEOPLE,
    PLATFORM_ADMINISTRATOR,
    PORTAL,
    PREVIEW,
    REGION,
    STRANGER,
    WIDE,
    WIDE_OUTSIDE,
    Caller,
    Team,
    client,
    given,
    keyword_arguments,
    signed_in,
    studio_session,
)
from tests.journeys.step import Stage
from zone import names
from zone.facts import facts
from zone.plan.zone import ZonePlan

STACKS = ("org", "dev", "dev-fraud", "dev-churn", "prod-fraud")
"""What is brought up for the journeys."""
MANAGEMENT = {"aws_access_key_id": "AKIAMLZLOCALMANAGEMT", "aws_secret_access_key": "emulated"}
TEAM, OTHER_TEAM = "dev-fraud", "dev-churn"
NEXT_TEAM, NEXT_STRANGER = "prod-fraud", "prod-churn"
STRANGERS, STRANGERS_ROLE = "666666666666", "OrganizationAccountAccessRole"
"""An account outside the organisation, and its administrator's role."""
SERVICE_SIDE = ("pipeline",)
"""Roles with which SageMaker works from its own network."""


def prepare(folder: Path, zone: ZonePlan) -> Stage:
    """Return the stage of the rehearsal in *folder*."""
    cloud = Cloud(**json.loads((folder / "cloud.json").read_text()))
    without_quotas(cloud)
    team, other = (team_of(cloud, zone, key) for key in (TEAM, OTHER_TEAM))
    callers = [
        *(person(cloud, team, stem, stem) for stem in PEOPLE),
        *(container(cloud, team, stem, stem) for stem in JOBS),
        person(cloud, team, "data-scientist", OUTSIDE, inside=False),
        Caller(OUTSIDE_JOB, "ingestion", team, "", cloud, given(cloud, team.role("ingestion"))),
        Caller(PORTAL, "data-scientist", team, "", cloud, signed_in(cloud, team, "data-scientist")),
        person(cloud, other, "data-scientist", OTHER),
        person(cloud, other, "ml-engineer", OTHER_ENGINEER),
        container(cloud, other, "training", OTHER_JOB),
    ]
    bucket = strangers_bucket(cloud)
    callers += administrators(cloud, zone, team)
    callers += promoted_to(cloud, zone)
    return Stage({each.title: each for each in callers}, {"stranger's bucket": bucket})


def promoted_to(cloud: Cloud, zone: ZonePlan) -> list[Caller]:
    """Who is in prod: the same team's people and jobs, and an administrator of an account beside it."""
    team, stranger = team_of(cloud, zone, NEXT_TEAM), zone.teams[NEXT_STRANGER].account
    free = free_role(cloud, stranger.account_id, stranger.role)
    return [
        person(cloud, team, "ml-engineer", "prod's ml engineer"),
        person(cloud, team, "data-scientist", "prod's data scientist"),
        person(cloud, team, "reviewer", "prod's reviewer"),
        *(container(cloud, team, stem, f"prod's {stem}") for stem in ("pipeline", "endpoint", "transform")),
        Caller(NEXT_OTHER, "administrator", team, "", cloud, given(cloud, free)),
    ]


def administrators(cloud: Cloud, zone: ZonePlan, team: Team) -> list[Caller]:
    """Who has every right, in the team's account and in the platform's, and who has it within the boundary."""
    plan, platform = zone.teams[team.key].account, zone.platforms["dev"].account
    home, away = ((each.account_id, each.role) for each in (plan, platform))
    boundary = names.iam_arn(team.account, "policy", names.BOUNDARY)
    free, wide = free_role(cloud, *home), free_role(cloud, *home, Path=names.PATH, PermissionsBoundary=boundary)
    vpc = team.contract["network/vpc-id"]
    return [
        Caller(ADMINISTRATOR, "administrator", team, vpc, cloud, given(cloud, free)),
        Caller(OUTSIDE_ADMINISTRATOR, "administrator", team, "", cloud, given(cloud, free)),
        Caller(PLATFORM_ADMINISTRATOR, "administrator", team, vpc, cloud, given(cloud, free_role(cloud, *away))),
        Caller(WIDE, "administrator", team, vpc, cloud, given(cloud, wide)),
        Caller(WIDE_OUTSIDE, "administrator", team, "", cloud, given(cloud, wide)),
        Caller(PREVIEW, names.PREVIEW, team, "", cloud, previewing(cloud, zone, team)),
        Caller(STRANGER, "administrator", team, "", cloud, administrator(cloud, STRANGERS, STRANGERS_ROLE)),
    ]


def previewing(cloud: Cloud, zone: ZonePlan, team: Team) -> dict[str, str]:
    """Credentials of the preview's role, taken by the pull requests' own role in the management account."""
    caller = str(zone.organization.preview_caller_arn)
    home = zone.organization.management_account_id
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{home}:root"}, "Action": "sts:AssumeRole"}
    may = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": team.role(names.PREVIEW)}
    iam, name = client(cloud, "iam", MANAGEMENT), caller.rpartition("/")[2]
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))
    iam.put_role_policy(RoleName=name, PolicyName="preview", PolicyDocument=document(may))
    sts = client(cloud, "sts", MANAGEMENT)
    ours = keyword_arguments(sts.assume_role(RoleArn=caller, RoleSessionName="pull-request")["Credentials"])
    taken = client(cloud, "sts", ours).assume_role(RoleArn=team.role(names.PREVIEW), RoleSessionName="pull-request")
    return keyword_arguments(taken["Credentials"])


def document(*statements: dict[str, object]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def free_role(cloud: Cloud, account: str, role: str, **more: str) -> str:
    """Make a role with AdministratorAccess in an account; its ARN."""
    iam = client(cloud, "iam", administrator(cloud, account, role))
    trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    name = "wide" if more else "administrator"
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust), **more)["Role"]
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    return str(made["Arn"])


def without_quotas(cloud: Cloud) -> None:
    """Raise SageMaker's quotas: the callers together make more than a team at a time, and rights are the question."""
    limits = facts("limits")
    records = [each for each in limits["limits"] if each.get("service") == "sagemaker" and each["code"]]
    records += [each for types in limits["instances"]["by_use"].values() for each in types.values()]
    plenty = {f"sagemaker/{each['code']}": 1_000_000 for each in records}
    known = cloud.ask("health")
    quotas = {whose: {**declared, **plenty} for whose, declared in known["quotas"].items()}
    cloud.ask("declared", {**{key: known[key] for key in ("users", "groups", "certificates")}, "quotas": quotas})


def strangers_bucket(cloud: Cloud) -> str:
    """A bucket of an account outside the organisation, open to everybody."""
    cloud.ask("accounts", {"stranger@example.com": STRANGERS})
    s3 = client(cloud, "s3", administrator(cloud, STRANGERS, STRANGERS_ROLE))
    s3.create_bucket(Bucket="strangers-loot", CreateBucketConfiguration={"LocationConstraint": REGION})
    everything = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::strangers-loot/*"}
    s3.put_bucket_policy(Bucket="strangers-loot", Policy=document(everything))
    return "strangers-loot"


def team_of(cloud: Cloud, zone: ZonePlan, key: str) -> Team:
    """Read a team's contract, as the provisioning role may."""
    plan = zone.teams[key]
    ssm = client(cloud, "ssm", administrator(cloud, plan.account.account_id, plan.account.role))
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=names.ssm_path(), Recursive=True)
    contract = {each["Name"].removeprefix("/mlz/v1/"): each["Value"] for page in pages for each in page["Parameters"]}
    members = {names.PERSONA_ROLES[member.persona]: name for name, member in plan.members.items()}
    types = {use: [*listed] for use, listed in plan.instance_types if listed}
    users = {names.PERSONA_ROLES[member.persona]: member.sign_in for member in plan.members.values()}
    return Team(key, plan.account.account_id, members, users, contract, types)


def administrator(cloud: Cloud, account: str, role: str) -> dict[str, str]:
    """Credentials of an account's provisioning role, taken from the management account."""
    sts = client(cloud, "sts", MANAGEMENT)
    taken = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName="journeys")
    return keyword_arguments(taken["Credentials"])


def person(cloud: Cloud, team: Team, stem: str, title: str, *, inside: bool = True) -> Caller:
    """Somebody in Studio, or somebody with Studio's credentials elsewhere."""
    vpc = team.contract["network/vpc-id"] if inside else ""
    return Caller(title, stem, team, vpc, cloud, studio_session(cloud, team, stem))


def container(cloud: Cloud, team: Team, stem: str, title: str) -> Caller:
    """A job's or a model's container; a pipeline's steps are SageMaker's own."""
    vpc = "" if stem in SERVICE_SIDE else team.contract["network/vpc-id"]
    return Caller(title, stem, team, vpc, cloud, given(cloud, team.role(stem)))
