"""Teams and their MLflow on Fargate, over the recorded stacks of examples/shared-platform: one way in, and no other."""

import json
from functools import cache
from ipaddress import ip_network
from pathlib import Path

import pytest

from checks import own_access
from checks.access import evaluate
from checks.own_access import Question, case_of
from checks.record import record
from stacks.build import build
from stacks.reach import partners
from zone import names
from zone.plan.planner import read

ZONE = read(Path(__file__).parents[2] / "examples" / "shared-platform")
TEAMS = sorted(ZONE.teams)
ENDPOINT, SERVICE = "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/vpcEndpointService:VpcEndpointService"
OF_OTHERS = "com.amazonaws.vpce."
RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)
LEADS_ELSEWHERE = {
    "egressOnlyInternetGateway",
    "internetGateway",
    "natGateway",
    "peeringConnection",
    "route",
    "vpcAttachment",
    "vpcPeeringConnection",
    "vpnGateway",
}
"""Types by which packets leave a VPC other than through an endpoint."""


@cache
def recording(stack):
    return record(lambda: build(ZONE, stack), stack=stack)


def kinds(stack):
    return {each.type.split("/")[1].split(":")[0] for each in recording(stack).made() if "/" in each.type}


@pytest.mark.shows("B10")
@pytest.mark.parametrize("environment", sorted(ZONE.platforms))
def test_the_service_lets_in_the_accounts_of_its_environments_teams_and_nobody_else(environment):
    service = recording(environment).one(SERVICE).inputs
    teams = [team.account.account_id for team in ZONE.teams.values() if team.account.environment == environment]

    assert sorted(f"arn:aws:iam::{account}:root" for account in teams) == sorted(service["allowedPrincipals"])
    # Nobody sits there to accept: the list of accounts is the decision.
    assert service["acceptanceRequired"] is False
    assert "privateDnsName" not in service


@pytest.mark.shows("B10", "G4")
@pytest.mark.parametrize("stack", TEAMS)
def test_a_team_has_one_endpoint_to_its_own_environments_service_under_the_servers_name(stack):
    team, made = ZONE.teams[stack], recording(stack)
    (endpoint,) = [each for each in made.of(ENDPOINT) if each.inputs["serviceName"].startswith(OF_OTHERS)]
    zone, record_ = made.one("aws:route53/zone:Zone"), made.one("aws:route53/record:Record")
    (listened,) = [
        condition["hostHeader"]["values"]
        for rule in recording(team.account.environment).of("aws:lb/listenerRule:ListenerRule")
        for condition in rule.inputs["conditions"]
        if team.mlflow.host in condition.get("hostHeader", {}).get("values", ())
    ]

    assert team.mlflow.service == endpoint.inputs["serviceName"]
    assert [team.mlflow.host] == listened
    assert {team.mlflow.host} == {zone.inputs["name"], record_.inputs["name"]}
    assert [{"vpcId": endpoint.inputs["vpcId"]}] == zone.inputs["vpcs"]
    assert record_.inputs["aliases"][0]["name"] in {each["dnsName"] for each in endpoint.outputs["dnsEntries"]}
    assert len(team.network.subnets) == len(endpoint.inputs["subnetIds"])


@pytest.mark.shows("B9", "B10")
@pytest.mark.parametrize("stack", [*TEAMS, *sorted(ZONE.platforms)])
def test_no_packet_leaves_a_network_but_through_endpoints(stack):
    """So no team reaches another, nor the platform's network: an endpoint leads to one port of one service."""
    (vpc,) = recording(stack).of("aws:ec2/vpc:Vpc")
    own = ip_network(vpc.inputs["cidrBlock"])
    rules = [rule.inputs for type_ in RULES for rule in recording(stack).of(type_)]

    assert set() == kinds(stack) & LEADS_ELSEWHERE
    assert rules
    for rule in rules:
        assert "cidrIpv6" not in rule
        assert not rule.get("cidrIpv4") or ip_network(rule["cidrIpv4"]).subnet_of(own)


@pytest.mark.parametrize("stack", TEAMS)
def test_no_policy_of_a_team_knows_the_platform_or_mlflow(stack):
    """Who logs signs who it is, and the server keeps the artifacts: there is no right to give, and none to misuse."""
    team = ZONE.teams[stack]
    texts = {
        each.name: json.dumps(each.inputs)
        for each in recording(stack).made()
        if each.type in {"aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy", "aws:iam/role:Role"}
    }

    assert team.platform_account_id not in partners(team)
    knowing = {name for name, text in texts.items() if team.platform_account_id in text}
    assert set() == knowing
    assert set() == {name for name, text in texts.items() if "sagemaker-mlflow" in text}
    assert not [each for each in recording(stack).of(ENDPOINT) if each.inputs["serviceName"].endswith(".experiments")]


@pytest.fixture(scope="module", autouse=True)
def recorded_once():
    """Let questions about rights find the recordings of this file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_access, "_recording", lambda _zone, stack: recording(stack))
        yield


def roles(stack):
    return [each.inputs["name"] for each in recording(stack).of("aws:iam/role:Role")]


def may(stack, role, action, resource):
    """Whether a role may, from within its network; a key as S3 asks for it in the role's name."""
    account = {**ZONE.teams, **ZONE.platforms}[stack].account
    context = {
        "aws:SourceVpc": "vpc-0123456789abcdef0",
        "aws:SourceVpce": "vpce-0123456789abcdef0",
        "aws:VpceAccount": account.account_id,
        "aws:VpceOrgID": ZONE.organization.organization_id,
    }
    if action.startswith("kms:"):
        context["kms:ViaService"] = f"s3.{account.region}.amazonaws.com"
    asked = Question(stack=stack, role=role, action=action, resource=resource, context=context, outside=True)
    return evaluate(*case_of(ZONE, asked)).allowed


@pytest.mark.shows("G2", "S21")
@pytest.mark.parametrize("environment", sorted(ZONE.platforms))
def test_nobody_but_the_servers_themselves_reads_or_writes_artifacts_or_uses_their_key(environment):
    platform = ZONE.platforms[environment]
    account = platform.account
    bucket = names.bucket_arn(account.key, "mlflow", account.account_id)
    key = f"arn:aws:kms:{account.region}:{account.account_id}:{names.key_alias(account.key, 'models')}"
    stacks = [environment, *(stack for stack, team in ZONE.teams.items() if team.account.environment == environment)]
    everybody = [(stack, role) for stack in stacks for role in roles(stack)]

    def able(action, resource):
        return {(stack, role) for stack, role in everybody if may(stack, role, action, resource)}

    servers = set()
    for server in platform.servers.values():
        artifact = f"{bucket}/{server.artifact_prefix}1/run/artifacts/model.pkl"
        readers = able("s3:GetObject", artifact)
        assert readers == able("s3:PutObject", artifact)
        ((stack, _),) = readers  # one role, of the server itself
        assert environment == stack
        servers |= readers
    assert len(platform.servers) == len(servers)
    assert servers == able("kms:Decrypt", key)
