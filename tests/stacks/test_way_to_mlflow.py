"""Teams and their MLflow on Fargate, over the recorded stacks of examples/shared-platform: one way in, and no other."""

import base64
import json
import re
from dataclasses import replace
from functools import cache
from ipaddress import ip_network
from pathlib import Path

import pytest

from checks import own_access
from checks.access import evaluate
from checks.own_access import Question, case_of
from checks.record import record
from components.access.grants.roles import holders
from stacks.build import build
from stacks.reach import VARIABLES, partners, published
from tests.stacks.mlflow_alone import mlflow_alone
from zone import names
from zone.plan.network import ExistingNetworkPlan, NetworkPlan
from zone.plan.planner import read
from zone.plan.reach import endpoints_to

EXAMPLE = Path(__file__).parents[2] / "examples" / "shared-platform"
ZONE = mlflow_alone(read(EXAMPLE), EXAMPLE)
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


def by_hub(stack):
    """The stack where the environment's hub leads to the server."""
    team = ZONE.teams[stack]
    mlflow = replace(
        team.mlflow,
        reach="hub",
        service="",
        balancer_dns_name="internal-dev-mlflow-1234567890.eu-west-1.elb.amazonaws.com",
        balancer_zone_id="Z32O12XQLNTSW2",
    )
    own = tuple(endpoint for endpoint in team.endpoints if not endpoint.host)
    zone = replace(
        ZONE, teams={**ZONE.teams, stack: replace(team, mlflow=mlflow, endpoints=(*own, *endpoints_to(mlflow)))}
    )
    return record(lambda: build(zone, stack), stack=stack)


def test_over_a_hub_there_is_no_endpoint_and_jobs_and_studio_reach_the_platforms_network_by_tls():
    made = by_hub("dev-fraud")
    cidr = str(ZONE.platforms["dev"].network.cidr)
    rules = [each.inputs for each in made.of(RULES[1]) if each.inputs.get("cidrIpv4") == cidr]
    domain = made.one("aws:sagemaker/domain:Domain").inputs

    assert not [each for each in made.of(ENDPOINT) if each.inputs["serviceName"].startswith(OF_OTHERS)]
    assert {("tcp", 443, 443)} == {(each["ipProtocol"], each["fromPort"], each["toPort"]) for each in rules}
    workloads = made.one("aws:ec2/securityGroup:SecurityGroup", "fraud-workloads").outputs["id"]
    assert {workloads, *domain["defaultUserSettings"]["securityGroups"]} == {each["securityGroupId"] for each in rules}
    assert "internal-dev-mlflow" in made.one("aws:route53/record:Record").inputs["aliases"][0]["name"]


def test_in_a_network_of_others_the_endpoint_and_the_name_are_theirs():
    team = ZONE.teams["dev-fraud"]
    existing = ExistingNetworkPlan(
        vpc_id="vpc-0123456789abcdef0",
        subnet_ids={"a": "subnet-01234567", "b": "subnet-89abcdef"},
        endpoint_security_group_id="sg-01234567",
        prefix_list_ids={"s3": "pl-01234567"},
    )
    there = replace(team, network=NetworkPlan(cidr=team.network.cidr, subnets={}, existing=existing))
    made = record(lambda: build(replace(ZONE, teams={"dev-fraud": there}), "dev-fraud"), stack="dev-fraud")

    assert [] == made.of(ENDPOINT)
    assert [] == made.of("aws:route53/zone:Zone")
    published = {each.inputs["name"]: each.inputs["value"] for each in made.of("aws:ssm/parameter:Parameter")}
    assert "https://mlflow.dev.example.com" == published["/mlz/v1/mlflow/tracking-uri"]


@pytest.mark.parametrize("stack", TEAMS)
def test_clients_find_the_server_without_being_told(stack):
    team, made = ZONE.teams[stack], recording(stack)
    published = {each.inputs["name"]: each.inputs["value"] for each in made.of("aws:ssm/parameter:Parameter")}
    jobs = json.loads(published["/mlz/v1/sdk/defaults"])["SageMaker"]["TrainingJob"]["Environment"]
    scripts = made.of("aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig")

    said = {"MLFLOW_TRACKING_URI": f"https://{team.mlflow.host}", "MLZ_MLFLOW_AUDIENCE": team.mlflow.host}
    assert {**said, "MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD": "false"} == jobs
    assert f"https://{team.mlflow.host}" == published["/mlz/v1/mlflow/tracking-uri"]
    assert scripts
    for script in scripts:
        assert b"/mlz/v1/mlflow/tracking-uri" in base64.b64decode(script.inputs["studioLifecycleConfigContent"])


def test_who_logs_where_nothing_is_granted_is_what_the_gate_is_told():
    settings = [
        json.loads(each["value"])
        for task in recording("dev").of("aws:ecs/taskDefinition:TaskDefinition")
        for container in json.loads(task.inputs["containerDefinitions"])
        for each in container.get("environment", ())
        if each["name"] == "MLZ_MLFLOW_SETTINGS"
    ]
    assert settings
    for said in settings:
        assert {names.role(stem) for stem in holders("log-experiments")} == set(said["roles"])
        assert {"churn": "100000000011", "fraud": "100000000012"} == said["teams"]
        assert "mlflow.dev.example.com" == said["audience"]


def test_the_page_says_what_the_code_does():
    page = (Path(__file__).parents[2] / "docs" / "reach.md").read_text()
    parameters = [*published(ZONE.teams["dev-fraud"])]

    for word in (*VARIABLES, *(names.ssm_path(each) for each in parameters)):
        assert f"`{word}`" in page
    (line,) = re.findall(r"grant `log-experiments`: ([a-z ,\n]+)\.", page)
    assert set(holders("log-experiments")) == {each.strip().replace(" ", "-") for each in line.split(",")}
    pages = (Path(__file__).parents[2] / "workloads/mlflow/mlz_mlflow/pages.py").read_text()
    assert re.findall(r"^PORT = (\d+)$", pages, re.MULTILINE) == re.findall(r"/proxy/(\d+)/", page)
