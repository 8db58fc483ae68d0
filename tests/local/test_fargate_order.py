"""Load balancer, database and containers: what AWS refuses before its turn, asked with boto3."""

import contextlib
import json

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "111111111111"
EXECUTION = f"arn:aws:iam::{ACCOUNT}:role/execution"
IMAGE = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/mlflow:1"


def refused(call, **given):
    with pytest.raises(ClientError) as told:
        call(**given)
    return told.value.response["Error"]["Code"]


def document(**statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


@pytest.fixture(scope="module")
def subnets(client):
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.50.{i}.0/24", AvailabilityZone=f"eu-west-1{zone}")["Subnet"]
        for i, zone in enumerate("ab")
    ]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return vpc, [each["SubnetId"] for each in made], gateway


@pytest.fixture(scope="module")
def reachable(client, subnets):
    """The subnets with a way out: what has no endpoint in the VPC is reached from outside."""
    vpc, ids, gateway = subnets
    ec2 = client("ec2")
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    for subnet in ids:
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    return ids


@pytest.fixture(scope="module")
def balancer(client, subnets):
    made = client("elbv2").create_load_balancer(Name="alb", Subnets=subnets[1], Scheme="internal")
    return made["LoadBalancers"][0]["LoadBalancerArn"]


def group(client, vpc, name, **more):
    given = {"Protocol": "HTTP", "Port": 5000, "VpcId": vpc, "TargetType": "ip", **more}
    return client("elbv2").create_target_group(Name=name, **given)["TargetGroups"][0]["TargetGroupArn"]


def test_a_balancer_stands_in_two_zones_and_is_protected(client, subnets, balancer):
    elb = client("elbv2")
    protect = {"Key": "deletion_protection.enabled"}

    assert "ValidationError" == refused(elb.create_load_balancer, Name="one", Subnets=subnets[1][:1])
    elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[{**protect, "Value": "true"}])
    assert "OperationNotPermitted" == refused(elb.delete_load_balancer, LoadBalancerArn=balancer)
    elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[{**protect, "Value": "false"}])
    assert "DependencyViolation" == refused(client("ec2").delete_subnet, SubnetId=subnets[1][0])


def test_a_certificate_is_issued_before_a_listener_has_it_and_stays_with_it(client, balancer):
    elb, acm = client("elbv2"), client("acm")
    listen = {"LoadBalancerArn": balancer, "Protocol": "HTTPS", "Port": 443}
    answer = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}]
    absent = f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/00000000-0000-0000-0000-000000000000"
    given = acm.request_certificate(DomainName="mlflow.example.com", ValidationMethod="DNS")["CertificateArn"]

    def made(arn):
        return {**listen, "DefaultActions": answer, "Certificates": [{"CertificateArn": arn}]}

    assert "ValidationError" == refused(elb.create_listener, **listen, DefaultActions=answer)
    assert "CertificateNotFound" == refused(elb.create_listener, **made(absent))
    listener = elb.create_listener(**made(given))["Listeners"][0]["ListenerArn"]
    assert "ResourceInUseException" == refused(acm.delete_certificate, CertificateArn=given)
    elb.delete_listener(ListenerArn=listener)
    acm.delete_certificate(CertificateArn=given)


def test_a_balancer_behind_a_balancer_listens_on_the_groups_port(client, subnets, balancer):
    elb = client("elbv2")
    arn = group(client, subnets[0], "to-alb", Protocol="TCP", Port=443, TargetType="alb")
    one = {"TargetGroupArn": arn, "Targets": [{"Id": balancer, "Port": 443}]}

    assert "InvalidTarget" == refused(elb.register_targets, **one)
    answer = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}]
    listener = elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=443, DefaultActions=answer)
    elb.register_targets(**one)
    elb.delete_listener(ListenerArn=listener["Listeners"][0]["ListenerArn"])


def test_a_database_goes_with_a_last_snapshot_of_a_new_name(client, subnets):
    rds = client("rds")
    one = {"DBSubnetGroupName": "db", "DBSubnetGroupDescription": "d"}
    assert "DBSubnetGroupDoesNotCoverEnoughAZs" == refused(rds.create_db_subnet_group, **one, SubnetIds=subnets[1][:1])
    rds.create_db_subnet_group(**one, SubnetIds=subnets[1])
    rds.create_db_parameter_group(DBParameterGroupName="db", DBParameterGroupFamily="mysql8.0", Description="d")
    named = {"DBInstanceIdentifier": "db"}
    make = {
        **named,
        "DBInstanceClass": "db.t4g.small",
        "Engine": "mysql",
        "AllocatedStorage": 20,
        "DBSubnetGroupName": "db",
        "DBParameterGroupName": "db",
        "MasterUsername": "m",
        "ManageMasterUserPassword": True,
    }

    assert "InvalidParameterCombination" == refused(rds.create_db_instance, **make, MasterUserPassword="x" * 12)
    rds.create_db_instance(**make, DeletionProtection=True)
    assert "InvalidParameterCombination" == refused(rds.delete_db_instance, **named, SkipFinalSnapshot=True)
    rds.modify_db_instance(**named, DeletionProtection=False)
    assert "InvalidParameterCombination" == refused(rds.delete_db_instance, **named)
    assert "InvalidDBSubnetGroupStateFault" == refused(rds.delete_db_subnet_group, DBSubnetGroupName="db")
    assert "InvalidDBParameterGroupState" == refused(rds.delete_db_parameter_group, DBParameterGroupName="db")
    rds.delete_db_instance(**named, FinalDBSnapshotIdentifier="last")
    rds.create_db_instance(**make)
    assert "DBSnapshotAlreadyExists" == refused(rds.delete_db_instance, **named, FinalDBSnapshotIdentifier="last")
    rds.delete_db_instance(**named, SkipFinalSnapshot=True)
    rds.delete_db_subnet_group(DBSubnetGroupName="db")
    rds.delete_db_parameter_group(DBParameterGroupName="db")


@pytest.fixture
def definition(task, client):
    """A task with an image, logs and a secret; its execution role may nothing yet, and the log is not there."""
    for call, named in (
        (client("iam").delete_role_policy, {"RoleName": "execution", "PolicyName": "run"}),
        (client("logs").delete_log_group, {"logGroupName": "/mlflow"}),
    ):
        with contextlib.suppress(ClientError):  # of another test here, or not there
            call(**named)
    return task


@pytest.fixture(scope="module")
def task(client):
    """The task, its role and its cluster."""
    trust = document(Principal={"Service": "ecs-tasks.amazonaws.com"}, Action="sts:AssumeRole")
    client("iam").create_role(RoleName="execution", AssumeRolePolicyDocument=trust)
    secret = client("secretsmanager").create_secret(Name="flask", SecretString="x")["ARN"]
    logs = {"awslogs-group": "/mlflow", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "m"}
    container = {
        "name": "mlflow",
        "image": IMAGE,
        "portMappings": [{"containerPort": 5000}],
        "secrets": [{"name": "KEY", "valueFrom": f"{secret}:field::"}],
        "logConfiguration": {"logDriver": "awslogs", "options": logs},
    }
    made = client("ecs").register_task_definition(
        family="mlflow",
        cpu="512",
        memory="1024",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        executionRoleArn=EXECUTION,
        containerDefinitions=[container],
    )
    client("ecs").create_cluster(clusterName="mlflow")
    return made["taskDefinition"]["taskDefinitionArn"]


def service(name, definition, subnets):
    network = {"awsvpcConfiguration": {"subnets": subnets, "securityGroups": []}}
    return {
        "cluster": "mlflow",
        "serviceName": name,
        "taskDefinition": definition,
        "desiredCount": 1,
        "launchType": "FARGATE",
        "networkConfiguration": network,
    }


def test_a_service_is_made_when_its_target_group_hangs_on_a_listener(client, subnets, balancer, definition, reachable):
    ecs = client("ecs")
    arn = group(client, subnets[0], "tasks")
    load = [{"targetGroupArn": arn, "containerName": "mlflow", "containerPort": 5000}]
    wanted = {**service("behind", definition, reachable), "loadBalancers": load}

    assert "InvalidParameterException" == refused(ecs.create_service, **wanted)
    forward = [{"Type": "forward", "TargetGroupArn": arn}]
    client("elbv2").create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward)
    ecs.create_service(**wanted)
    assert "ClusterContainsServicesException" == refused(ecs.delete_cluster, cluster="mlflow")
    ecs.delete_service(cluster="mlflow", service="behind", force=True)


def test_tasks_start_once_their_execution_role_may_do_what_it_must(client, definition, reachable):
    ecs, iam = client("ecs"), client("iam")
    ecs.create_service(**service("rights", definition, reachable))

    def deployed():
        ecs.update_service(cluster="mlflow", service="rights", forceNewDeployment=True)
        listed = ecs.list_service_deployments(cluster="mlflow", service="rights")["serviceDeployments"]
        return listed[0]["status"], listed[0].get("statusReason", "")

    allowed = []
    for step in ("ecr:GetAuthorizationToken", "ecr:Batch*", "ecr:GetDownload*", "logs:*", "secretsmanager:Get*"):
        status, why = deployed()
        assert "ROLLBACK_FAILED" == status
        assert f"is not authorized to perform: {step.partition('*')[0]}" in why
        allowed.append(step)
        policy = document(Action=allowed, Resource="*")
        iam.put_role_policy(RoleName="execution", PolicyName="run", PolicyDocument=policy)
    assert "log group does not exist: /mlflow" in deployed()[1]
    client("logs").create_log_group(logGroupName="/mlflow")
    assert ("SUCCESSFUL", "") == deployed()


def test_tasks_in_a_closed_network_need_endpoints(client, definition, subnets):
    ecs = client("ecs")
    closed = client("ec2").create_subnet(VpcId=subnets[0], CidrBlock="10.50.9.0/24")["Subnet"]["SubnetId"]
    ecs.create_service(**service("closed", definition, [closed]))

    listed = ecs.list_service_deployments(cluster="mlflow", service="closed")["serviceDeployments"]
    assert "has no endpoint for com.amazonaws.eu-west-1.ecr.api" in listed[0]["statusReason"]


def test_a_composite_alarm_names_alarms_that_are_there_and_keeps_them(client):
    alarms = client("cloudwatch")
    plain = {
        "AlarmName": "plain",
        "MetricName": "m",
        "Namespace": "n",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    both = {"AlarmName": "both", "AlarmRule": 'ALARM("plain") OR ALARM(plain)'}

    assert "ValidationError" == refused(alarms.put_composite_alarm, **both)
    alarms.put_metric_alarm(**plain)
    alarms.put_composite_alarm(**both)
    shown = alarms.describe_alarms(AlarmNames=["both"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert [both["AlarmRule"]] == [each["AlarmRule"] for each in shown]
    assert "ValidationError" == refused(alarms.delete_alarms, AlarmNames=["plain"])
    alarms.delete_alarms(AlarmNames=["both"])
    alarms.delete_alarms(AlarmNames=["plain"])


def test_a_task_has_ended_when_somebody_looks_or_says_why_it_never_began(client, definition, reachable, subnets):
    ecs, iam = client("ecs"), client("iam")
    iam.put_role_policy(RoleName="execution", PolicyName="run", PolicyDocument=document(Action="*", Resource="*"))
    client("logs").create_log_group(logGroupName="/mlflow")
    closed = client("ec2").create_subnet(VpcId=subnets[0], CidrBlock="10.50.8.0/24")["Subnet"]["SubnetId"]

    def ended(subnet):
        network = {"awsvpcConfiguration": {"subnets": [subnet], "securityGroups": []}}
        run = {"cluster": "mlflow", "launchType": "FARGATE", "taskDefinition": definition}
        task = ecs.run_task(**run, networkConfiguration=network)["tasks"][0]["taskArn"]
        seen = ecs.describe_tasks(cluster="mlflow", tasks=[task])["tasks"][0]
        return seen["lastStatus"], seen["stopCode"], [each.get("exitCode") for each in seen["containers"]]

    assert ("STOPPED", "EssentialContainerExited", [0]) == ended(reachable[0])
    assert ("STOPPED", "TaskFailedToStart", [None]) == ended(closed)
