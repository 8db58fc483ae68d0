"""MLflow on Fargate in the stacks of examples/shared-platform: dev shares one server, prod has one a team."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from checks.record import record
from components.mlflow.tasks import MOST_BYTES
from policies.evaluate import evaluate, level_of
from policies.rules import REGISTRY
from stacks.build import StackError, build, refuse_unmade
from stacks.mlflow import gate_settings
from tests.policies.recorded import recorded
from tests.stacks.mlflow_alone import mlflow_alone
from zone.plan.cost import standing
from zone.plan.describe import describe
from zone.plan.mlflow import ServerPlan
from zone.plan.mlflow_needs import quotas_of
from zone.plan.planner import read

EXAMPLE = Path(__file__).parents[2] / "examples" / "shared-platform"
ZONE = mlflow_alone(read(EXAMPLE), EXAMPLE)
CHURN, FRAUD = "100000000011", "100000000012"
PROD_CHURN = "100000000021"

KNOWN_ADVICE = {
    "lb-access-logs",  # balancers write logs to buckets without a key of ours only; the server's own log has one
    "lb-targetgroup",  # plain HTTP between the balancer and its task, inside one network
    "s3-lifecycle",
    "s3-logging",
}


@pytest.fixture(scope="module", params=["dev", "prod"])
def stack(request):
    return request.param, record(lambda: build(ZONE, request.param), stack=request.param)


@pytest.fixture(scope="module")
def dev():
    return record(lambda: build(ZONE, "dev"), stack="dev")


@pytest.fixture(scope="module")
def prod():
    return record(lambda: build(ZONE, "prod"), stack="prod")


def containers(made):
    """The one container of each task definition, by family."""
    found = {}
    for each in made.of("aws:ecs/taskDefinition:TaskDefinition"):
        (container,) = json.loads(each.inputs["containerDefinitions"])
        found[each.inputs["family"]] = container
    return found


def told(container):
    return {each["name"]: each["value"] for each in container["environment"]}


def statements(made, name):
    """What the inline policy of one role allows."""
    (policy,) = [each for each in made.of("aws:iam/rolePolicy:RolePolicy") if each.name == name]
    return json.loads(policy.inputs["policy"])["Statement"]


def test_nothing_has_a_public_address(stack):
    _, made = stack

    assert [] == [each for each in made.made() if "internetGateway" in each.type or "eip" in each.type.lower()]
    assert {True} == {each.inputs["internal"] for each in made.of("aws:lb/loadBalancer:LoadBalancer")}
    assert {False} == {each.inputs["publiclyAccessible"] for each in made.of("aws:rds/instance:Instance")}
    assert {False} == {
        each.inputs["networkConfiguration"]["assignPublicIp"] for each in made.of("aws:ecs/service:Service")
    }


def test_a_shared_server_knows_its_teams_by_their_accounts_and_a_teams_own_knows_that_team_alone(dev, prod):
    shared = json.loads(told(containers(dev)["mlz-dev"])["MLZ_MLFLOW_SETTINGS"])
    own = json.loads(told(containers(prod)["mlz-prod-churn"])["MLZ_MLFLOW_SETTINGS"])

    assert {"churn": CHURN, "fraud": FRAUD} == shared["teams"]
    assert {"churn": PROD_CHURN} == own["teams"]
    assert ("mlflow.dev.example.com", "churn.mlflow.example.com") == (shared["audience"], own["audience"])
    assert "mlz-training" in shared["roles"]
    assert not set(shared["roles"]) & set(shared["reader_roles"])
    assert shared["admins"] == []


def test_a_server_of_a_team_has_its_own_database_role_and_prefix_of_the_bucket(prod):
    assert {"mlz-prod-churn", "mlz-prod-fraud"} == {
        each.inputs["identifier"] for each in prod.of("aws:rds/instance:Instance")
    }
    (keep, _, _, login) = statements(prod, "mlflow-churn-work")
    assert [f"arn:aws:s3:::mlz-prod-platform-mlflow-100000000020/{PROD_CHURN}/*"] == keep["Resource"]
    assert ["rds-db:connect"] == login["Action"]
    (resource,) = login["Resource"]
    database = next(
        each for each in prod.of("aws:rds/instance:Instance") if each.inputs["identifier"] == "mlz-prod-churn"
    )
    assert resource.endswith(f"dbuser:{database.outputs['resourceId']}/mlflow")


def test_no_secret_is_in_what_the_program_hands_on_and_only_a_migration_is_given_the_password(dev):
    tasks = containers(dev)

    assert [] == tasks["mlz-dev"]["secrets"]
    assert ["MLZ_DB_PASSWORD"] == [each["name"] for each in tasks["mlz-dev-migrate"]["secrets"]]
    assert [] == [each.name for each in dev.made() if {"password", "secretString", "passwordWo"} & set(each.inputs)]
    reads = {
        name: [s["Sid"] for s in statements(dev, name) if "secretsmanager:GetSecretValue" in s["Action"]]
        for name in ("mlflow-shared-work", "mlflow-shared-serve", "mlflow-shared-migrate")
    }
    assert {
        "mlflow-shared-work": [],
        "mlflow-shared-serve": [],
        "mlflow-shared-migrate": ["ReadMasterPassword"],
    } == reads


def test_a_task_can_write_nowhere_but_tmp_and_is_nobody_on_its_machine(stack):
    _, made = stack

    for container in containers(made).values():
        assert container["readonlyRootFilesystem"] is True
        assert container["user"] == "10001:10001"
        assert container["linuxParameters"]["capabilities"] == {"drop": ["ALL"]}
        assert ["/tmp"] == [mount["containerPath"] for mount in container["mountPoints"]]
        assert container["image"].partition("@sha256:")[2]


def test_only_teams_may_make_an_endpoint_and_no_team_is_joined_to_another_by_a_route(stack):
    name, made = stack
    teams = {each.account_id for each in ZONE.platforms[name].teams.values()}

    (service,) = made.of("aws:ec2/vpcEndpointService:VpcEndpointService")
    assert {f"arn:aws:iam::{account_id}:root" for account_id in teams} == set(service.inputs["allowedPrincipals"])
    joined = ("peering", "transitgateway", "ec2/route:")
    assert [] == [each.type for each in made.made() if any(word in each.type.lower() for word in joined)]


def test_groups_let_in_the_link_then_the_balancer_then_the_server_and_nobody_from_an_address(dev):
    rules = dev.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    by_address = [each.name for each in rules if "cidrIpv4" in each.inputs]

    assert ["platform-endpoints-tls"] == by_address
    assert {"mlflow-link": 443, "mlflow-shared": 5000, "mlflow-shared-database": 3306} == {
        each.name: each.inputs["toPort"] for each in rules if each.name not in by_address
    }


def test_the_service_waits_for_the_migrations_task_definition_and_for_its_rule_at_the_balancer(dev):
    (service,) = dev.of("aws:ecs/service:Service")
    waits = {urn.rpartition("::")[2] for urn in service.dependencies}

    assert {"mlflow-shared-migrate", "mlflow-shared"} <= waits
    assert service.inputs["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert service.inputs["enableExecuteCommand"] is False


def test_what_holds_data_is_kept_unless_the_account_is_disposable(dev):
    (database,) = dev.of("aws:rds/instance:Instance")
    assert (database.protect, database.inputs["deletionProtection"]) == (True, True)
    assert database.inputs["skipFinalSnapshot"] is False

    platform = ZONE.platforms["dev"]
    loose = replace(platform, account=replace(platform.account, disposable=True))
    made = record(lambda: build(replace(ZONE, platforms={"dev": loose}), "dev"), stack="dev")
    (database,) = made.of("aws:rds/instance:Instance")
    assert (database.protect, database.inputs["deletionProtection"]) == (False, False)


def test_what_the_teams_must_know_is_exported_by_the_names_of_the_lock(dev):
    shared = dev.exports["shared"]

    assert ["mlflow_service"] == list(shared)
    assert shared["mlflow_service"].startswith("com.amazonaws.vpce.eu-west-1.vpce-svc-")


def test_alarms_tell_somebody_and_each_failed_migration_is_one(stack):
    _, made = stack
    alarms = made.of("aws:cloudwatch/metricAlarm:MetricAlarm")
    (topic,) = made.of("aws:sns/topic:Topic")

    assert {topic.outputs["arn"]} == {arn for each in alarms for arn in each.inputs["alarmActions"]}
    patterns = [json.loads(each.inputs["eventPattern"]) for each in made.of("aws:cloudwatch/eventRule:EventRule")]
    migrations = [each["detail"] for each in patterns if each["detail"].get("startedBy") == ["mlz-migrate"]]
    assert [{"containers": {"exitCode": [{"anything-but": 0}]}}] == [
        {"containers": each["containers"]} for each in migrations
    ]


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_no_rule_refuses_it(name, monkeypatch):
    monkeypatch.setattr("policies.settings._zone", lambda: ZONE)
    from policies.settings import settings_for  # noqa: PLC0415 -- with the plan above

    settings = settings_for(name)
    found = evaluate(
        recorded(ZONE, name), settings, wanted=lambda rule: level_of(rule, settings.get(rule.key)) != "disabled"
    )

    assert [] == [finding for finding in found if finding["level"] == "mandatory" or finding["unknown"]]
    assert KNOWN_ADVICE >= {finding["rule"] for finding in found}
    assert "vpc-endpoint-service-manual-accept" in REGISTRY


def test_a_task_definition_has_room_for_two_hundred_teams():
    teams = {f"team-{number:016}": f"{number:012}" for number in range(200)}
    server = ServerPlan(key="shared", name="mlz-dev", host="m.example.com", teams=teams, artifact_prefix="shared/")
    size = len(json.dumps(gate_settings(server, "eu-west-1"), separators=(",", ":")))

    # Quoted once more inside the definition; the rest of it is under 4 KB.
    assert size + size // 8 + 4096 < MOST_BYTES


def test_a_team_waits_for_its_platform_until_the_way_to_mlflow_is_recorded():
    team = ZONE.teams["dev-fraud"]
    unknown = replace(ZONE, teams={"dev-fraud": replace(team, mlflow=replace(team.mlflow, service=""))})

    refuse_unmade(ZONE, "dev-fraud")
    with pytest.raises(StackError, match=r"needs what dev has not made yet.*`\./mlz up dev`"):
        refuse_unmade(unknown, "dev-fraud")


def test_what_is_priced_is_what_the_stack_makes(stack):
    name, made = stack
    priced = {cost.what: cost.count for cost in standing(ZONE)[name]}
    endpoints = [each for each in made.of("aws:ec2/vpcEndpoint:VpcEndpoint") if "subnetIds" in each.inputs]
    balancers = [each.inputs["loadBalancerType"] for each in made.of("aws:lb/loadBalancer:LoadBalancer")]
    databases = made.of("aws:rds/instance:Instance")
    tasks = sum(each.inputs["desiredCount"] for each in made.of("aws:ecs/service:Service"))
    (web, *_) = made.of("aws:ecs/taskDefinition:TaskDefinition")

    assert priced["interface endpoint"] == sum(len(each.inputs["subnetIds"]) for each in endpoints)
    assert priced["application load balancer"] == balancers.count("application")
    assert priced["network load balancer"] == balancers.count("network")
    assert priced["Fargate quarter processor"] == tasks * int(web.inputs["cpu"]) // 256
    assert priced["Fargate memory"] == tasks * int(web.inputs["memory"]) // 1024
    assert priced["alarm"] == len(made.of("aws:cloudwatch/metricAlarm:MetricAlarm"))
    assert priced["KMS key"] == len(made.of("aws:kms/key:Key"))
    assert len(databases) == priced["secret"] == sum(n for what, n in priced.items() if what.startswith("RDS db"))
    assert sum(each.inputs["allocatedStorage"] for each in databases) == sum(
        number for what, number in priced.items() if what.startswith("RDS storage")
    )


def test_servers_count_against_the_quotas_of_databases_and_balancers(stack):
    name, made = stack
    plan = ZONE.platforms[name]
    needed = quotas_of(plan, plan.mlflow)

    assert needed["rds.instances_per_region"] == len(made.of("aws:rds/instance:Instance"))
    assert needed["elb.rules_per_balancer"] == len(made.of("aws:lb/listenerRule:ListenerRule"))


def test_a_platform_is_deployed_without_a_server_until_its_certificate_and_image_are_written():
    platform = ZONE.platforms["dev"]
    bare = platform.mlflow.model_copy(update={"image": None, "certificate": None})
    zone = replace(ZONE, platforms={"dev": replace(platform, mlflow=bare)})
    made = record(lambda: build(zone, "dev"), stack="dev")

    assert [] == made.of("aws:ecs/service:Service") + made.of("aws:rds/instance:Instance")
    assert made.exports["shared"] == {}
    assert made.of("aws:s3/bucket:Bucket")
    assert {"KMS key"} == {cost.what for cost in standing(zone)["dev"]}
    said = "dev: no MLflow is made before mlflow.certificate and mlflow.image is written in dev/environment.yaml."
    assert said in describe(zone)["notes"]
