"""Requests of people and jobs of the example teams, decided with policies, boundary and guardrails together."""

import json
from functools import cache

from checks.access import Caller, PolicyKind, Target, compile_policy, evaluate, principal, request
from components.access.grants.boundary import boundary
from components.access.grants.place import Place
from components.access.grants.roles import GRANTS, roles
from components.access.grants.statement import document
from components.access.outside import of_shares
from components.encryption.key_policy import key_policy
from components.storage.bucket_policy import bucket_policy
from stacks.inputs import readers_of, team_of
from zone import names
from zone.guardrails.enforcement import PolicyType
from zone.plan import planner

ZONE = planner.read(planner.EXAMPLES)
FRAUD = ZONE.teams["prod-fraud"]
CHURN = ZONE.teams["prod-churn"]
VISION = ZONE.teams["prod-vision"]
INSIDE = {"aws:SourceVpce": "vpce-1", "aws:VpceOrgID": ZONE.organization.organization_id}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def compiled(statements):
    return compile_policy(json.dumps(document(statements)), PolicyKind.IDENTITY)


@cache
def caller(stack, role):
    team = ZONE.teams[stack]
    account = team.account
    place = Place.stand_in(team_of(team))
    partners = {share.owner_account_id for share in team.shares_in} | {team.mlflow.server_arn.split(":")[4]}
    return Caller(
        principal(names.role_arn(account.account_id, role)),
        identity=[(grant, compiled(GRANTS[grant](place))) for grant in roles(team_of(team))[role]],
        boundaries=[("boundary", compiled(boundary(account.account_id, account.region, sorted(partners), ())))],
        service_control=service_control(account),
        management_account=ZONE.organization.management_account_id,
    )


@cache
def provisioning(stack):
    """The role Pulumi works as: an administrator whom only guardrails and resource policies hold."""
    account = ZONE.teams[stack].account
    return Caller(
        principal(f"arn:aws:iam::{account.account_id}:role/{account.role}"),
        identity=[("AdministratorAccess", compile_policy(EVERYTHING, PolicyKind.IDENTITY))],
        service_control=service_control(account),
        management_account=ZONE.organization.management_account_id,
    )


def service_control(account):
    scps = [
        (policy.key, compile_policy(policy.document, PolicyKind.SERVICE_CONTROL))
        for policy in ZONE.organization.policies
        if policy.type is PolicyType.SERVICE_CONTROL
        and {"root", account.key, account.organizational_unit} & set(policy.targets)
    ]
    return [("zone", [("FullAWSAccess", compile_policy(EVERYTHING, PolicyKind.SERVICE_CONTROL)), *scps])]


@cache
def key(stack, purpose):
    """A key of a team, with the policy it really has."""
    account = ZONE.teams[stack].account
    policy = key_policy(
        purpose,
        account_id=account.account_id,
        region=account.region,
        provisioning_role=account.role,
        outside=of_shares(readers_of(ZONE.teams[stack])) if purpose == "data" else (),
    )
    return Target(policy=("key", compile_policy(json.dumps(policy), PolicyKind.RESOURCE)))


@cache
def data_bucket(stack):
    """The data bucket of a team, with the policy it really has."""
    team = ZONE.teams[stack]
    policy = bucket_policy(
        names.bucket(stack, "data", team.account.account_id),
        account_id=team.account.account_id,
        organization_id="o-zone",
        provisioning_role=team.account.role,
        key_arn=Place.stand_in(team_of(team)).key_arns["data"],
        service_role_arns=[names.role_arn(team.account.account_id, role) for role in names.SERVICE_SIDE_ROLES["data"]],
        outside=of_shares(readers_of(team)),
    )
    return Target(policy=("bucket", compile_policy(json.dumps(policy), PolicyKind.RESOURCE)))


def decide(team, role, action, resource, context=None, *, owner=None, target=None):
    """Ask for a role of the team, from within its network; for role "provisioning" as Pulumi, from outside."""
    account = team.account
    pulumi = role == "provisioning"
    asked = request(
        f"arn:aws:iam::{account.account_id}:role/{account.role}"
        if pulumi
        else names.role_arn(account.account_id, role),
        action,
        resource,
        resource_account=owner,
        context={
            "aws:RequestedRegion": account.region,
            "aws:SecureTransport": True,
            **({} if pulumi else INSIDE),
            **(context or {}),
        },
    )
    asking = provisioning(account.key) if pulumi else caller(account.key, role)
    return evaluate(asked, asking, target or Target())


def may(*asked, **more):
    return decide(*asked, **more).allowed


def sagemaker(team, kind, name="x"):
    return f"arn:aws:sagemaker:{team.account.region}:{team.account.account_id}:{kind}/{name}"


def job(team, use, **changes):
    """The context of a proper job of *use*."""
    place = Place.stand_in(team_of(team))
    context = {
        "sagemaker:InstanceTypes": [getattr(team.instance_types, use)[0]],
        "sagemaker:VpcSubnets": list(place.subnet_ids),
        "sagemaker:VpcSecurityGroupIds": [place.security_group_id],
        "sagemaker:VolumeKmsKey": place.key_arns["data"],
        "sagemaker:OutputKmsKey": place.key_arns["models"],
        "sagemaker:MaxRuntimeInSeconds": 3600,
        "sagemaker:InterContainerTrafficEncryption": True,
    }
    return {**context, **{f"sagemaker:{key}": value for key, value in changes.items()}}
