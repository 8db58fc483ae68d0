"""MLflow on Fargate in a platform's stack: network, way in, and a server with a database for each plan."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.access.grants.mlflow_server import read_password, start, work
from components.access.grants.roles import holders
from components.access.role import service_role, trust_service
from components.mlflow.alarms import Alarms, AlarmsArgs, Watched
from components.mlflow.balancer import Balancer, BalancerArgs
from components.mlflow.dashboard import dashboard
from components.mlflow.database import SERVER_USER, Database, DatabaseArgs
from components.mlflow.groups import server_group
from components.mlflow.link import Link, LinkArgs
from components.mlflow.server import Server, ServerArgs
from components.network.flow_logs import FlowLogs, FlowLogsArgs
from components.network.network import Network, NetworkArgs
from stacks.inputs import platform_endpoints_of
from zone import names, platform_names
from zone.plan.mlflow import SHARED, ServerPlan
from zone.plan.zone import PlatformPlan
from zone.specs.mlflow import FargateMlflow

READERS = ("reviewer", "operator")
"""Personas that have no right to log: they read."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the platform's stack has made for the servers."""

    keys: dict[str, pulumi.Output[str]]
    """Key ARN by purpose."""

    bucket_name: pulumi.Output[str]
    """Bucket of the artifacts."""

    boundary_arn: pulumi.Output[str]
    """The permission boundary."""


def fargate_mlflow(
    plan: PlatformPlan, spec: FargateMlflow, ground: Ground, there: pulumi.ResourceOptions
) -> tuple[dict[str, pulumi.Input[str]], Network]:
    """Register all of it; return what the teams' stacks must know, by EnvironmentIds' names, and its network."""
    account, zone_network = plan.account, plan.network
    if zone_network is None:
        raise ValueError("MLflow on Fargate has a network")
    network = Network(
        "platform",
        NetworkArgs(
            account_key=account.key,
            region=account.region,
            cidr=str(zone_network.cidr),
            subnets={zone: str(block) for zone, block in zone_network.subnets.items()},
            endpoints=platform_endpoints_of(plan),
            distributed=False,
            beyond={},
        ),
        opts=there,
    )
    FlowLogs(
        "platform",
        FlowLogsArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=account.region,
            network="",
            vpc_id=network.vpc_id,
            key_arn=ground.keys["logs"],
            boundary_arn=ground.boundary_arn,
            retention_days=plan.log_retention_days,
            disposable=account.disposable,
            further=False,
        ),
        opts=there,
    )
    subnet_ids = list(network.subnet_ids.values())
    balancer = Balancer(
        "mlflow-balancer",
        BalancerArgs(
            account_key=account.key,
            load_balancer=platform_names.load_balancer(account.environment, "mlflow"),
            vpc_id=network.vpc_id,
            subnet_ids=subnet_ids,
            certificate_arn=spec.certificate or "",
            clients={team: str(block) for team, block in plan.clients.items()},
            disposable=account.disposable,
        ),
        opts=there,
    )
    shared: dict[str, pulumi.Input[str]] = {
        "mlflow_balancer": balancer.dns_name,
        "mlflow_balancer_zone": balancer.zone_id,
    }
    if spec.reach == "private_link":
        link = Link(
            "mlflow-link",
            LinkArgs(
                account_key=account.key,
                load_balancer=platform_names.load_balancer(account.environment, "mlflow-link"),
                vpc_id=network.vpc_id,
                subnet_ids=subnet_ids,
                balancer_arn=balancer.arn,
                balancer_group_id=balancer.group_id,
                account_ids=[each.account_id for each in plan.teams.values()],
                disposable=account.disposable,
            ),
            opts=there,
        )
        shared = {"mlflow_service": link.service_name}
    house = _House(plan=plan, spec=spec, ground=ground, network=network, balancer=balancer)
    cluster = aws.ecs.Cluster(
        "mlflow",
        name=names.mlflow_server(account.environment, None),
        settings=[{"name": "containerInsights", "value": "enabled"}],
        opts=there.merge(pulumi.ResourceOptions(delete_before_replace=True)),
    )
    watched = {
        key: _server(server, place, house, cluster, there)
        for place, (key, server) in enumerate(sorted(plan.servers.items()), 1)
    }
    alarms = AlarmsArgs(
        account_key=account.key,
        account_id=account.account_id,
        region=account.region,
        email=spec.alarms_to,
        key_arn=ground.keys["alarms"],
        balancer_arn_suffix=balancer.arn_suffix,
        cluster=names.mlflow_server(account.environment, None),
        servers=watched,
    )
    Alarms("mlflow-alarms", alarms, opts=there)
    dashboard("mlflow", platform_names.topic(account.key, "mlflow"), alarms, there)
    return shared, network


@dataclass(frozen=True, kw_only=True)
class _House:
    """What all servers stand in."""

    plan: PlatformPlan
    spec: FargateMlflow
    ground: Ground
    network: Network
    balancer: Balancer


def _server(
    server: ServerPlan, place: int, house: _House, cluster: aws.ecs.Cluster, there: pulumi.ResourceOptions
) -> Watched:
    """One server with its database and roles."""
    plan, spec, ground = house.plan, house.spec, house.ground
    account = plan.account
    name = f"mlflow-{server.key}"
    subnet_ids = list(house.network.subnet_ids.values())
    group_id = server_group(
        name,
        vpc_id=house.network.vpc_id,
        balancer_group_id=house.balancer.group_id,
        endpoint_group_id=house.network.endpoint_security_group_id,
        prefix_list_ids=house.network.gateway_prefix_list_ids,
        tag=server.name,
        opts=there,
    )
    database = Database(
        f"{name}-database",
        DatabaseArgs(
            identifier=server.name,
            vpc_id=house.network.vpc_id,
            subnet_ids=subnet_ids,
            client_group_id=group_id,
            key_arn=ground.keys["database"],
            log_key_arn=ground.keys["logs"],
            log_retention_days=plan.log_retention_days,
            instance_class=spec.database.instance_class,
            storage_gb=spec.database.storage_gb,
            most_storage_gb=spec.database.most_storage_gb,
            multi_az=spec.database.multi_az,
            backup_days=spec.database.backup_days,
            disposable=account.disposable,
        ),
        opts=there,
    )
    log_group = aws.cloudwatch.LogGroup(
        name,
        name=names.log_group(account.key, name),
        kms_key_id=ground.keys["logs"],
        retention_in_days=plan.log_retention_days,
        opts=there.merge(
            pulumi.ResourceOptions(
                protect=not account.disposable, retain_on_delete=not account.disposable, delete_before_replace=True
            )
        ),
    )
    roles = _roles(name, server, house, database, there)
    made = Server(
        name,
        ServerArgs(
            account_id=account.account_id,
            region=account.region,
            provisioning_role=account.role,
            server=server.name,
            host=server.host,
            place=place,
            settings=gate_settings(server, account.region),
            image=spec.image or "",
            cluster_arn=cluster.arn,
            vpc_id=house.network.vpc_id,
            subnet_ids=subnet_ids,
            group_id=group_id,
            listener_arn=house.balancer.listener_arn,
            balancer_arn_suffix=house.balancer.arn_suffix,
            database_host=database.host,
            secret_arn=database.secret_arn,
            bucket_name=ground.bucket_name,
            artifact_prefix=server.artifact_prefix,
            key_arn=ground.keys["models"],
            task_role_arn=roles["work"],
            start_role_arn=roles["serve"],
            migrate_role_arn=roles["migrate"],
            log_group=log_group.name,
            cpu=spec.tasks.cpu,
            memory_mb=spec.tasks.memory_mb,
            least=spec.tasks.least,
            most=spec.tasks.most,
        ),
        opts=there,
    )
    return Watched(
        service_name=made.service_name,
        target_group_suffix=made.target_group_suffix,
        database=database.identifier,
        database_storage_gb=spec.database.storage_gb,
    )


def _roles(
    name: str, server: ServerPlan, house: _House, database: Database, there: pulumi.ResourceOptions
) -> dict[str, pulumi.Output[str]]:
    """What the server works under, and what starts its tasks: only a migration's start reads the password."""
    account, ground = house.plan.account, house.ground
    team = None if server.key == SHARED else server.key
    log_group = f"arn:aws:logs:{account.region}:{account.account_id}:log-group:{names.log_group(account.key, name)}"
    begin = start(repository_arn=platform_names.image_arn(house.spec.image or ""), log_group_arn=log_group)
    password = read_password([database.secret_arn], region=account.region, key_arn=ground.keys["database"])
    statements = {
        "work": work(
            bucket_arn=names.bucket_arn(account.key, "mlflow", account.account_id),
            prefix=server.artifact_prefix,
            key_arn=ground.keys["models"],
            database_resource_id=database.resource_id,
            database_user=SERVER_USER,
            region=account.region,
            account_id=account.account_id,
        ),
        "serve": begin,
        "migrate": (*begin, password),
    }
    tasks = f"arn:aws:ecs:{account.region}:{account.account_id}:*"
    return {
        what: service_role(
            f"{name}-{what}",
            platform_names.mlflow_work_role(team) if what == "work" else platform_names.mlflow_start_role(team, what),
            account_id=account.account_id,
            boundary_arn=ground.boundary_arn,
            trust=trust_service("ecs-tasks.amazonaws.com", account.account_id, tasks),
            statements=allowed,
            child=there,
        )
        for what, allowed in statements.items()
    }


def gate_settings(server: ServerPlan, region: str) -> dict[str, Any]:
    """Return what the server's gate must know (docs/mlflow.md): an account is a team, a role's name says the rest."""
    return {
        "audience": server.host,
        "regions": [region],
        "teams": dict(sorted(server.teams.items())),
        "roles": sorted(names.role(each) for each in holders("log-experiments")),
        "reader_roles": sorted(names.role(each) for each in READERS),
        "admins": [],
        "people": None,
    }
