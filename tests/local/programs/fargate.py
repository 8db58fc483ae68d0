"""MLflow's platform: alarms, database, balancers, endpoint service, containers, builds; and a team that connects."""

import pulumi
import pulumi_aws as aws
from alarms import watched
from place import PLATFORM, TEAM, account, after, document, key, network, trust

platform, team = account("platform", PLATFORM), account("team", TEAM)
own_key = key(platform)
vpc, subnets = network("platform", 1, platform)
group = aws.ec2.SecurityGroup("platform-group", vpc_id=vpc.id, description="d", opts=platform)
ids = [s.id for s in subnets]

logs = watched(platform, own_key)

# secrets
secret = aws.secretsmanager.Secret(
    "secret", name="mlz/flask", kms_key_id=own_key.arn, recovery_window_in_days=7, opts=platform
)
aws.secretsmanager.SecretVersion("value", secret_id=secret.id, secret_string="x", opts=platform)

# database
sng = aws.rds.SubnetGroup("sng", name="mlflow", subnet_ids=ids, description="d", opts=platform)
pg = aws.rds.ParameterGroup(
    "pg",
    name="mlflow",
    family="mysql8.0",
    description="d",
    parameters=[
        {"name": "require_secure_transport", "value": "1"},
        {"name": "character_set_server", "value": "utf8mb4"},
    ],
    opts=platform,
)
monitoring = aws.iam.Role("monitoring", assume_role_policy=trust("monitoring.rds.amazonaws.com"), opts=platform)
db = aws.rds.Instance(
    "db",
    identifier="mlflow",
    engine="mysql",
    engine_version="8.0.39",
    instance_class="db.t4g.medium",
    allocated_storage=20,
    max_allocated_storage=100,
    storage_type="gp3",
    storage_encrypted=True,
    kms_key_id=own_key.arn,
    db_name="mlflow",
    username="mlflow",
    manage_master_user_password=True,
    master_user_secret_kms_key_id=own_key.key_id,
    iam_database_authentication_enabled=True,
    multi_az=True,
    db_subnet_group_name=sng.name,
    parameter_group_name=pg.name,
    vpc_security_group_ids=[group.id],
    backup_retention_period=7,
    copy_tags_to_snapshot=True,
    deletion_protection=False,
    skip_final_snapshot=False,
    final_snapshot_identifier="mlflow-final",
    enabled_cloudwatch_logs_exports=["error"],
    auto_minor_version_upgrade=True,
    publicly_accessible=False,
    apply_immediately=True,
    ca_cert_identifier="rds-ca-rsa2048-g1",
    backup_window="02:00-03:00",
    maintenance_window="sun:03:30-sun:04:30",
    performance_insights_enabled=True,
    performance_insights_kms_key_id=own_key.arn,
    opts=platform,
)

# certificate, zone
zone = aws.route53.Zone(
    "zone", name="mlflow.internal", comment="d", vpcs=[{"vpc_id": vpc.id}], force_destroy=False, opts=platform
)
certificate = aws.acm.Certificate(
    "certificate", domain_name="mlflow.example.com", validation_method="DNS", opts=platform
)

# balancers
alb = aws.lb.LoadBalancer(
    "alb",
    name="mlflow",
    internal=True,
    load_balancer_type="application",
    subnets=ids,
    security_groups=[group.id],
    drop_invalid_header_fields=True,
    enable_deletion_protection=False,
    idle_timeout=120,
    opts=platform,
)
tasks = aws.lb.TargetGroup(
    "tasks",
    name="mlflow-tasks",
    port=5000,
    protocol="HTTP",
    target_type="ip",
    vpc_id=vpc.id,
    deregistration_delay=30,
    health_check={"path": "/health", "matcher": "200"},
    opts=platform,
)
http = aws.lb.Listener(
    "https",
    load_balancer_arn=alb.arn,
    port=443,
    protocol="HTTPS",
    ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06",
    certificate_arn=certificate.arn,
    default_actions=[
        {"type": "fixed-response", "fixed_response": {"content_type": "text/plain", "status_code": "403"}}
    ],
    opts=platform,
)
listener_rule = aws.lb.ListenerRule(
    "by-host",
    listener_arn=http.arn,
    priority=10,
    conditions=[{"host_header": {"values": ["mlflow.example.com"]}}],
    actions=[{"type": "forward", "target_group_arn": tasks.arn}],
    opts=platform,
)
nlb = aws.lb.LoadBalancer(
    "nlb",
    name="mlflow-link",
    internal=True,
    load_balancer_type="network",
    subnets=ids,
    security_groups=[group.id],
    enable_cross_zone_load_balancing=True,
    opts=platform,
)
to_alb = aws.lb.TargetGroup(
    "to-alb",
    name="mlflow-alb",
    port=443,
    protocol="TCP",
    target_type="alb",
    vpc_id=vpc.id,
    health_check={"protocol": "HTTPS", "path": "/health"},
    opts=platform,
)
aws.lb.TargetGroupAttachment(
    "attached", target_group_arn=to_alb.arn, target_id=alb.arn, port=443, opts=after(platform, http)
)
aws.lb.Listener(
    "tcp",
    load_balancer_arn=nlb.arn,
    port=443,
    protocol="TCP",
    default_actions=[{"type": "forward", "target_group_arn": to_alb.arn}],
    opts=platform,
)

# endpoint service
service = aws.ec2.VpcEndpointService(
    "service",
    acceptance_required=False,
    network_load_balancer_arns=[nlb.arn],
    supported_ip_address_types=["ipv4"],
    opts=platform,
)
allowed = aws.ec2.VpcEndpointServiceAllowedPrinciple(
    "allowed", vpc_endpoint_service_id=service.id, principal_arn=f"arn:aws:iam::{TEAM}:root", opts=platform
)
tvpc, tsubnets = network("team", 2, team)
tgroup = aws.ec2.SecurityGroup("team-group", vpc_id=tvpc.id, description="d", opts=team)
endpoint = aws.ec2.VpcEndpoint(
    "endpoint",
    vpc_id=tvpc.id,
    service_name=service.service_name,
    vpc_endpoint_type="Interface",
    subnet_ids=[s.id for s in tsubnets],
    security_group_ids=[tgroup.id],
    private_dns_enabled=False,
    opts=after(team, allowed),
)
tzone = aws.route53.Zone("tzone", name="mlflow.example.com", vpcs=[{"vpc_id": tvpc.id}], opts=team)
aws.route53.Record(
    "alias",
    zone_id=tzone.zone_id,
    name="mlflow.example.com",
    type="A",
    aliases=[
        {
            "name": endpoint.dns_entries[0]["dns_name"],
            "zone_id": endpoint.dns_entries[0]["hosted_zone_id"],
            "evaluate_target_health": True,
        }
    ],
    opts=team,
)

# containers
cluster = aws.ecs.Cluster(
    "cluster", name="mlflow", settings=[{"name": "containerInsights", "value": "enhanced"}], opts=platform
)
aws.ecs.ClusterCapacityProviders(
    "providers",
    cluster_name=cluster.name,
    capacity_providers=["FARGATE", "FARGATE_SPOT"],
    default_capacity_provider_strategies=[{"capacity_provider": "FARGATE", "weight": 1, "base": 1}],
    opts=platform,
)
execution = aws.iam.Role("execution", assume_role_policy=trust("ecs-tasks.amazonaws.com"), opts=platform)
may = aws.iam.RolePolicy(
    "execution-may", role=execution.name, policy=document({"Action": "*", "Resource": "*"}), opts=platform
)
gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id, opts=platform)
table = aws.ec2.RouteTable(
    "table", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}], opts=platform
)
outs = [
    aws.ec2.RouteTableAssociation(f"out-{i}", subnet_id=s.id, route_table_id=table.id, opts=platform)
    for i, s in enumerate(subnets)
]
task_role = aws.iam.Role("task", assume_role_policy=trust("ecs-tasks.amazonaws.com"), opts=platform)
definition = aws.ecs.TaskDefinition(
    "definition",
    family="mlflow",
    cpu="512",
    memory="1024",
    network_mode="awsvpc",
    requires_compatibilities=["FARGATE"],
    execution_role_arn=execution.arn,
    task_role_arn=task_role.arn,
    runtime_platform={"cpu_architecture": "ARM64", "operating_system_family": "LINUX"},
    container_definitions=pulumi.Output.json_dumps(
        [
            {
                "name": "mlflow",
                "image": f"{PLATFORM}.dkr.ecr.eu-west-1.amazonaws.com/mlflow@sha256:" + "0" * 64,
                "essential": True,
                "readonlyRootFilesystem": True,
                "portMappings": [{"containerPort": 5000, "protocol": "tcp"}],
                "secrets": [{"name": "KEY", "valueFrom": secret.arn}],
                "environment": [{"name": "A", "value": "b"}],
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {
                        "awslogs-group": logs.name,
                        "awslogs-region": "eu-west-1",
                        "awslogs-stream-prefix": "mlflow",
                    },
                },
            }
        ]
    ),
    opts=platform,
)
ecs_service = aws.ecs.Service(
    "mlflow",
    name="mlflow",
    cluster=cluster.arn,
    task_definition=definition.arn,
    desired_count=2,
    launch_type="FARGATE",
    platform_version="1.4.0",
    enable_execute_command=False,
    propagate_tags="SERVICE",
    enable_ecs_managed_tags=True,
    health_check_grace_period_seconds=120,
    deployment_circuit_breaker={"enable": True, "rollback": True},
    deployment_minimum_healthy_percent=100,
    deployment_maximum_percent=200,
    network_configuration={"subnets": ids, "security_groups": [group.id], "assign_public_ip": False},
    wait_for_steady_state=True,
    load_balancers=[{"target_group_arn": tasks.arn, "container_name": "mlflow", "container_port": 5000}],
    opts=after(platform, listener_rule, may, *outs, ignore_changes=["desiredCount"]),
)
scalable = aws.appautoscaling.Target(
    "scalable",
    service_namespace="ecs",
    scalable_dimension="ecs:service:DesiredCount",
    resource_id=pulumi.Output.concat("service/", cluster.name, "/", ecs_service.name),
    min_capacity=2,
    max_capacity=6,
    opts=platform,
)
aws.appautoscaling.Policy(
    "scaling",
    name="cpu",
    policy_type="TargetTrackingScaling",
    service_namespace=scalable.service_namespace,
    scalable_dimension=scalable.scalable_dimension,
    resource_id=scalable.resource_id,
    target_tracking_scaling_policy_configuration={
        "target_value": 60,
        "predefined_metric_specification": {"predefined_metric_type": "ECSServiceAverageCPUUtilization"},
    },
    opts=platform,
)
