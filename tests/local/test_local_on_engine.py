"""The runner with the real engine on the emulated AWS. Each test has a cloud of its own."""

import json
import os
import signal
import subprocess

import pytest

from local.cloud import Cloud
from local.faults import Faults
from local.rehearsal import run
from local.stack import Stack

pytestmark = pytest.mark.engine

QUICK = ("--skip-preview",)
"""Here only what a run does is looked at; a preview before it would double its time."""

PROGRAM = """
import json
import pulumi
import pulumi_aws as aws

team = pulumi.ResourceOptions(provider=aws.Provider(
    "team-aws", region="eu-west-1", allowed_account_ids=["222222222222"],
    assume_roles=[{"role_arn": "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"}],
    default_tags={"tags": {"owner": "team"}},
))
trust = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
role = aws.iam.Role("role", assume_role_policy=trust, opts=team)
boundary = aws.iam.Policy("policy", policy=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}]}), opts=team)
aws.iam.RolePolicyAttachment("attached", role=role.name, policy_arn=boundary.arn, opts=team)
aws.s3.Bucket("bucket", bucket="mlz-rehearsed", opts=team)
vpc = aws.ec2.Vpc("vpc", cidr_block="10.9.0.0/16", tags={"Name": "v"}, opts=team)
group = aws.ec2.SecurityGroup("group", vpc_id=vpc.id, description="d", opts=team)
aws.vpc.SecurityGroupEgressRule("rule", security_group_id=group.id, referenced_security_group_id=group.id,
    ip_protocol="tcp", from_port=443, to_port=443, description="inside", opts=team)
subnets = [aws.ec2.Subnet(f"subnet-{i}", vpc_id=vpc.id, cidr_block=f"10.9.{i}.0/24", opts=team) for i in range(2)]
table = aws.ec2.RouteTable("table", vpc_id=vpc.id, opts=team)
for i, subnet in enumerate(subnets):
    aws.ec2.RouteTableAssociation(f"associated-{i}", subnet_id=subnet.id, route_table_id=table.id, opts=team)
domain = aws.sagemaker.Domain("domain", domain_name="studio", auth_mode="IAM", vpc_id=vpc.id,
    subnet_ids=[subnet.id for subnet in subnets], default_user_settings={"execution_role": role.arn},
    retention_policy={"home_efs_file_system": "Delete"}, opts=team)
aws.sagemaker.UserProfile("alice", domain_id=domain.id, user_profile_name="alice", opts=team)
aws.cloudwatch.MetricAlarm("alarm", name="alarm", comparison_operator="GreaterThanThreshold", threshold=1.5,
    evaluation_periods=1, metric_name="m", namespace="n", period=60, statistic="Sum", opts=team)
aws.cloudwatch.Dashboard("board", dashboard_name="board", dashboard_body=json.dumps({"widgets": []}), opts=team)
"""
RESOURCES = 18
"""Of PROGRAM, with stack and provider."""


@pytest.fixture
def engine(patient_engine):
    """Runs are killed here."""
    return patient_engine


def one(outcomes):
    assert 1 == len(outcomes)
    return outcomes[0]


def in_cloud(world, aws):
    """How many of each thing there are in the team's account."""
    cloud = Cloud(**json.loads((world.logs.parent / "cloud.json").read_text()))
    given = aws(cloud, "sts").assume_role(
        RoleArn="arn:aws:iam::222222222222:role/OrganizationAccountAccessRole", RoleSessionName="look"
    )["Credentials"]

    def listed(service, operation, member, **filters):
        client = aws(cloud, service, given["AccessKeyId"], given["SessionToken"])
        return getattr(client, operation)(**filters)[member]

    ours = [{"Name": "cidr", "Values": ["10.9.0.0/16"]}]
    vpcs = listed("ec2", "describe_vpcs", "Vpcs", Filters=ours)
    inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"] for vpc in vpcs] or ["none"]}]
    groups = listed("ec2", "describe_security_groups", "SecurityGroups", Filters=inside)
    return {
        "vpcs": len(vpcs),
        "subnets": len(listed("ec2", "describe_subnets", "Subnets", Filters=inside)),
        "tables": len(listed("ec2", "describe_route_tables", "RouteTables", Filters=inside)),
        "groups": len(groups),
        "buckets": len(listed("s3", "list_buckets", "Buckets")),
        "roles": len([role for role in listed("iam", "list_roles", "Roles") if "role-" in role["RoleName"]]),
        "policies": len(listed("iam", "list_policies", "Policies", Scope="Local")),
        "domains": len(listed("sagemaker", "list_domains", "Domains")),
        "profiles": len(listed("sagemaker", "list_user_profiles", "UserProfiles")),
    }


ALL = {
    "vpcs": 1,
    "subnets": 2,
    "tables": 2,  # with the main one, which a VPC brings
    "groups": 2,  # with the default one
    "buckets": 1,
    "roles": 1,
    "policies": 1,
    "domains": 1,
    "profiles": 1,
}


@pytest.mark.shows("H24", "R2", "S3")
def test_a_stack_comes_up_stays_unchanged_and_leaves_nothing(rehearse, aws):
    world = rehearse(PROGRAM)

    up = one(run(world, "up", ["dev"], needs={}, flags=QUICK))
    again = one(run(world, "up", ["dev"], needs={}, flags=QUICK))
    refreshed = one(run(world, "refresh", ["dev"], needs={}, flags=QUICK))

    assert (0, {"create": RESOURCES}) == (up.code, up.changes), up
    assert (0, {"same": RESOURCES}) == (again.code, again.changes)
    assert (0, {"same": RESOURCES}) == (refreshed.code, refreshed.changes)
    assert ALL == in_cloud(world, aws)
    assert [] == list(world.project.glob("Pulumi.*.yaml")), "a rehearsal leaves nothing in the project"
    destroyed = one(run(world, "destroy", ["dev"], needs={}, flags=QUICK))
    assert (0, {"delete": RESOURCES}) == (destroyed.code, destroyed.changes)
    assert {0} == set(in_cloud(world, aws).values())


@pytest.mark.shows("R2", "T11")
@pytest.mark.parametrize("moment", [2, 6, 12])
def test_a_killed_run_goes_on_with_nothing_made_twice(rehearse, aws, moment):
    world = rehearse(PROGRAM)

    def kill(progress):
        if progress.phase == "up" and progress.done >= moment:
            stack.process.running.kill()  # later reports of the same run find it gone: Popen knows, os.kill would not

    stack = Stack(world, "dev", kill)
    one_by_one = (*QUICK, "--parallel", "1")  # side by side all are made between two looks at the progress
    assert -signal.SIGKILL == stack.run("up", one_by_one).code
    assert [] == list(world.state.rglob("*.attrs"))  # a kill in the middle of such a file costs the state

    outcome = one(run(world, "up", ["dev"], needs={}, flags=QUICK))

    assert 0 == outcome.code, outcome
    assert "removed the lock of a run that was killed" in outcome.note
    assert ALL == in_cloud(world, aws)
    again = one(run(world, "up", ["dev"], needs={}, flags=QUICK))
    assert {"same": RESOURCES} == again.changes
    assert "" == again.note


def test_an_interrupted_run_ends_in_good_order_and_goes_on(rehearse, aws):
    world = rehearse(PROGRAM)
    pressed = []

    def press_once(progress):
        if progress.done >= 4 and not pressed:
            pressed.append(progress)
            stack.interrupt()

    stack = Stack(world, "dev", press_once)

    assert 0 != stack.run("up", QUICK).code
    outcome = one(run(world, "up", ["dev"], needs={}, flags=QUICK))

    assert (0, "") == (outcome.code, outcome.note)
    assert ALL == in_cloud(world, aws)


@pytest.mark.shows("R2", "T9")
def test_a_busy_and_broken_aws_only_takes_longer(rehearse, aws):
    world = rehearse(PROGRAM, faults=Faults(0.05, 3))

    codes = [one(run(world, "up", ["dev"], needs={}, flags=QUICK)).code for _ in range(3)]

    assert 0 in codes
    assert 0 == codes[-1]
    assert ALL == in_cloud(world, aws) or retry(lambda: in_cloud(world, aws))


def retry(look):
    """The looking itself may meet a fault: boto3 has repeated it, so what it says holds."""
    return ALL == look()


def test_a_rehearsal_whose_cloud_is_gone_starts_afresh_and_says_so(rehearse):
    world = rehearse("import pulumi\npulumi.export('a', 1)\n")
    one(run(world, "up", ["dev"], needs={}, flags=QUICK))
    assert not world.lost
    (world.logs.parent / "cloud.json").unlink()

    later = rehearse("import pulumi\npulumi.export('a', 1)\n")

    assert later.lost
    assert {"create": 1} == one(run(later, "up", ["dev"], needs={}, flags=QUICK)).changes


def test_what_a_program_does_wrong_is_told_with_its_log(rehearse):
    world = rehearse("raise RuntimeError('no such team')\n")

    outcome = one(run(world, "up", ["dev"], needs={}, flags=QUICK))

    assert 0 != outcome.code
    assert any("no such team" in failure.message for failure in outcome.failures)
    assert "no such team" in outcome.log.read_text()


def test_a_stack_someone_works_on_is_waited_for(rehearse):
    world = rehearse("import pulumi\npulumi.export('a', 1)\n")
    one(run(world, "up", ["dev"], needs={}, flags=QUICK))
    locks = world.state / "backend" / ".pulumi" / "locks" / "organization" / "tiny" / "dev"
    locks.mkdir(parents=True, exist_ok=True)
    other = subprocess.Popen(["sleep", "600"])
    owner = {"pid": other.pid, "username": "x", "hostname": os.uname().nodename}
    (locks / "x.json").write_text(json.dumps({**owner, "timestamp": "2026-11-21T00:00:00Z"}))
    waits = []

    def end_the_other(progress):
        waits.append(progress.phase)
        other.kill()
        other.wait()

    outcome = one(run(world, "up", ["dev"], needs={}, flags=QUICK, report=end_the_other))

    assert f"waiting for process {other.pid}" == waits[0]
    assert 0 == outcome.code
