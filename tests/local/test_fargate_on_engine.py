"""MLflow on Fargate really deployed on the emulated AWS: made, found unchanged, its teams told, and taken away."""

import shutil

import boto3
import pytest

from local.deployment import PROJECT, deploy, rehearsal
from zone.plan.describe import dependencies
from zone.plan.lock import read as read_lock
from zone.plan.planner import read

pytestmark = pytest.mark.engine

EXAMPLE = PROJECT / "examples" / "shared-platform"


@pytest.fixture
def accounts(tmp_path):
    """The example with a platform that may be taken away again."""
    folder = tmp_path / "accounts"
    shutil.copytree(EXAMPLE, folder)
    platform = folder / "dev" / "platform.yaml"
    platform.write_text(platform.read_text() + "disposable: true\n")
    # The engine of machines without the network has no aws.cloudcontrol, of which package groups are made.
    environment = folder / "dev" / "environment.yaml"
    environment.write_text(environment.read_text().replace(", quarantine: [pypi/ctx]", ""))
    # Images of Studio must have been pushed before a team offers them.
    churn = folder / "dev" / "churn.yaml"
    churn.write_text(churn.read_text().partition("\nstudio: {images")[0] + "\n")
    return folder


@pytest.mark.shows("B10")
def test_it_is_made_found_unchanged_and_taken_away(engine, accounts, tmp_path):
    world, lock = rehearsal(engine, tmp_path / "state", accounts, accounts / "ids.lock.yaml")
    needs = dependencies(read(accounts, lock))

    def run(command, *stacks):
        flags = () if command == "preview" else ("--skip-preview",)
        outcomes = deploy(world, command, stacks, needs=needs, lock=lock, workers=2, flags=flags, report=lambda _: None)
        assert [0] * len(stacks) == [each.code for each in outcomes], [each.failures for each in outcomes]
        return outcomes

    try:
        # The team's stack begins when the platform's has said what it made; in the one command.
        run("up", "org", "dev", "dev-churn")
        service = read_lock(lock).ids.of("dev").mlflow_service
        assert service.startswith("com.amazonaws.vpce.eu-west-1.vpce-svc-")
        reached(world, read(accounts, lock).teams["dev-churn"])

        for again in run("preview", "dev", "dev-churn"):
            assert {"same"} == set(again.changes), again

        run("destroy", "dev", "dev-churn")
        assert not read_lock(lock).ids.of("dev").mlflow_service
    finally:
        (tmp_path / "state" / "cloud.json").unlink(missing_ok=True)


def reached(world, team):
    """The team's network holds one endpoint to the service, in use, and the server's name leads to it."""
    endpoint = world.env["AWS_ENDPOINT_URL"]
    own = boto3.Session("AKIAMLZLOCALMANAGEMT", "emulated", region_name="eu-west-1")
    role = f"arn:aws:iam::{team.account.account_id}:role/{team.account.role}"
    given = own.client("sts", endpoint_url=endpoint).assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    there = boto3.Session(
        given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name="eu-west-1"
    )
    wanted = [{"Name": "service-name", "Values": [team.mlflow.service]}]
    (found,) = there.client("ec2", endpoint_url=endpoint).describe_vpc_endpoints(Filters=wanted)["VpcEndpoints"]
    assert "available" == found["State"]
    route53 = there.client("route53", endpoint_url=endpoint)
    (zone,) = route53.list_hosted_zones_by_vpc(VPCId=found["VpcId"], VPCRegion="eu-west-1")["HostedZoneSummaries"]
    assert f"{team.mlflow.host}." == zone["Name"]
    records = route53.list_resource_record_sets(HostedZoneId=zone["HostedZoneId"])["ResourceRecordSets"]
    (alias,) = [each["AliasTarget"]["DNSName"].rstrip(".") for each in records if "AliasTarget" in each]
    assert alias in {each["DnsName"] for each in found["DnsEntries"]}
