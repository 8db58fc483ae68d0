"""An example of each component of MLflow on Fargate."""

import pulumi

from components.mlflow.alarms import Alarms, AlarmsArgs, Watched
from components.mlflow.balancer import Balancer, BalancerArgs
from components.mlflow.database import Database, DatabaseArgs
from components.mlflow.link import Link, LinkArgs
from components.mlflow.server import Server, ServerArgs
from tests.small_zone import REGION, ROLE

KEY_ARN = f"arn:aws:kms:{REGION}:333333333333:key/00000000-0000-0000-0000-000000000000"
BALANCING = f"arn:aws:elasticloadbalancing:{REGION}:333333333333"
SUBNETS = ["subnet-a", "subnet-b"]
IMAGE = f"333333333333.dkr.ecr.{REGION}.amazonaws.com/images/mlflow@sha256:{'0' * 64}"


def alarms(opts: pulumi.ResourceOptions) -> Alarms:
    server = Watched(
        service_name="mlz-dev",
        target_group_suffix="targetgroup/mlz-1/1",
        database="mlz-dev",
        database_storage_gb=20,
    )
    args = AlarmsArgs(
        account_key="dev-platform",
        account_id="333333333333",
        region=REGION,
        email="platform@example.com",
        key_arn=KEY_ARN,
        balancer_arn_suffix="app/dev-mlflow/1",
        cluster="mlz-dev",
        servers={"shared": server},
    )
    return Alarms("alarms", args, opts)


def balancer(opts: pulumi.ResourceOptions) -> Balancer:
    args = BalancerArgs(
        account_key="dev-platform",
        load_balancer="dev-mlflow",
        vpc_id="vpc-1",
        subnet_ids=SUBNETS,
        certificate_arn=f"arn:aws:acm:{REGION}:333333333333:certificate/00000000-0000-0000-0000-000000000000",
        clients={"fraud": "10.64.0.0/22"},
        disposable=False,
    )
    return Balancer("balancer", args, opts)


def database(opts: pulumi.ResourceOptions) -> Database:
    args = DatabaseArgs(
        identifier="mlz-dev",
        vpc_id="vpc-1",
        subnet_ids=SUBNETS,
        client_group_id="sg-server",
        key_arn=KEY_ARN,
        log_key_arn=KEY_ARN,
        log_retention_days=365,
        instance_class="db.t4g.medium",
        storage_gb=20,
        most_storage_gb=200,
        multi_az=True,
        backup_days=7,
        disposable=False,
    )
    return Database("database", args, opts)


def link(opts: pulumi.ResourceOptions) -> Link:
    args = LinkArgs(
        account_key="dev-platform",
        load_balancer="dev-mlflow-link",
        vpc_id="vpc-1",
        subnet_ids=SUBNETS,
        balancer_arn=f"{BALANCING}:loadbalancer/app/dev-mlflow/1",
        balancer_group_id="sg-balancer",
        account_ids=["111111111111", "222222222222"],
        disposable=False,
    )
    return Link("link", args, opts)


def server(opts: pulumi.ResourceOptions) -> Server:
    role = "arn:aws:iam::333333333333:role/mlz/mlz-mlflow-{}".format
    args = ServerArgs(
        account_id="333333333333",
        region=REGION,
        provisioning_role=ROLE,
        server="mlz-dev",
        host="mlflow.dev.example.com",
        place=1,
        settings={"teams": {"fraud": "111111111111"}},
        image=IMAGE,
        cluster_arn=f"arn:aws:ecs:{REGION}:333333333333:cluster/mlz-dev",
        vpc_id="vpc-1",
        subnet_ids=SUBNETS,
        group_id="sg-server",
        listener_arn=f"{BALANCING}:listener/app/dev-mlflow/1/2",
        balancer_arn_suffix="app/dev-mlflow/1",
        database_host=f"mlz-dev.1.{REGION}.rds.amazonaws.com",
        secret_arn=f"arn:aws:secretsmanager:{REGION}:333333333333:secret:rds!db-1",
        bucket_name="mlz-dev-platform-mlflow-333333333333",
        artifact_prefix="shared/",
        key_arn=KEY_ARN,
        task_role_arn=role("work"),
        start_role_arn=role("serve"),
        migrate_role_arn=role("migrate"),
        log_group="/mlz/dev-platform/mlflow-shared",
        cpu=1024,
        memory_mb=4096,
        least=2,
        most=6,
    )
    return Server("server", args, opts)
