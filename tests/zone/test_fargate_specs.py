"""What an environment may say of MLflow on Fargate, and what of it is refused, with file, key and remedy."""

import re
import shutil
from pathlib import Path

import pytest

from zone.plan.cost import ways
from zone.plan.describe import dependencies, describe
from zone.plan.lock import read as read_lock
from zone.plan.lock import write
from zone.plan.planner import read
from zone.specs.problems import SpecErrors

EXAMPLE = Path(__file__).parents[2] / "examples" / "shared-platform"


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "accounts"
    shutil.copytree(EXAMPLE, copy)
    return copy


@pytest.fixture(scope="module")
def zone():
    return read(EXAMPLE)


def changed(folder, old, new, file="dev/environment.yaml"):
    path = folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def refusal(folder):
    with pytest.raises(SpecErrors) as raised:
        read(folder)
    return str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("flavour: fargate", "flavour: app", "MLflow Apps wait for a provider that has them: pulumi-aws 7.21"),
        ("flavour: fargate", "flavour: fargat", "mlflow.flavour: not allowed, got fargat; allowed: fargate, managed"),
        ("mode: shared", "mode: shred", 'mlflow.mode: not allowed, got "shred"; allowed: shared, per_team'),
        ("memory_mb: 4096", "memory_mb: 1024", "no task of 1024 CPU units with it, got 1024; allowed: 2048 to 8192"),
        ("least: 2", "least: 5", "mlflow.tasks.least: more than most (4), got 5; allowed: at most 4"),
        ("storage_gb: 20", "storage_gb: 190", "mlflow.database.most_storage_gb: RDS asks for a tenth above"),
        ("acm:eu-west-1", "acm:us-east-1", "certificates of its own account and region only"),
        ("acm:eu-west-1:100000000010", "acm:eu-west-1:100000000012", "allowed: arn:aws:acm:eu-west-1:100000000010:"),
        ("domain_name: mlflow.dev.example.com", "domain_name: MLflow", "a domain name in small letters"),
        ("instance_class: db.t4g.medium", "instance_class: t4g.medium", "an RDS type such as db.t4g.medium"),
        ("  alarms_to: platform@example.com\n", "", "mlflow.alarms_to: the required key is missing"),
    ],
)
def test_what_aws_or_the_provider_would_refuse_is_refused_at_its_key(folder, old, new, said):
    changed(folder, old, new)

    assert said in refusal(folder)
    assert "dev/environment.yaml:" in refusal(folder)


def test_a_flavour_of_what_is_made_does_not_change_unseen(folder):
    path = folder / "dev" / "environment.yaml"
    text, count = re.subn(r"mlflow:\n(  .*\n)+", "mlflow: {mode: shared, isolation: none}\n", path.read_text())
    assert 1 == count
    path.write_text(text)

    said = refusal(folder)
    assert "mlflow.flavour: fargate is recorded, got managed; the servers would be deleted with all their runs" in said


def test_the_platform_has_a_block_of_the_pool_that_is_nobody_elses(zone):
    blocks = [zone.platforms["dev"].network.cidr, *(team.network.cidr for team in zone.teams.values())]

    assert blocks[0].prefixlen == 24
    assert not any(one.overlaps(other) for one in blocks for other in blocks if one is not other)
    assert set(zone.platforms["dev"].network.subnets) == {"a", "b"}


def test_a_block_the_pool_cannot_give_is_said_of_the_key_that_asks_for_it(folder):
    changed(folder, "  reach: private_link\n", "  reach: private_link\n  network_prefix: 16\n")
    path = folder / "ids.lock.yaml"
    path.write_text(path.read_text().replace(", cidr: 10.64.17.0/24", ""))
    changed(folder, "address_pool: 10.64.0.0/14", "address_pool: 10.64.0.0/16")

    assert "mlflow.network_prefix: a /16 (65536 addresses) is asked for" in refusal(folder)


def test_teams_are_deployed_after_their_platform_and_only_where_they_need_its_ids(zone):
    needs = dependencies(zone)

    assert {"org", "dev"} == needs["dev-fraud"]
    assert {"org"} == needs["dev"]
    assert {"org"} == dependencies(read(EXAMPLE.parent / "organisation"))["dev-fraud"]


def test_a_team_knows_its_server_by_name_and_by_the_recorded_service(zone):
    shared, own = zone.teams["dev-fraud"].mlflow, zone.teams["prod-fraud"].mlflow

    assert ("https://mlflow.dev.example.com", "com.amazonaws.vpce.eu-west-1.vpce-svc-0d0e0f00112233445") == (
        shared.tracking_uri,
        shared.service,
    )
    assert ("https://fraud.mlflow.example.com", True) == (own.tracking_uri, own.isolated)
    assert shared.made


def test_through_a_hub_the_balancers_name_is_what_a_team_waits_for(folder):
    changed(folder, "reach: private_link", "reach: hub")
    assert not read(folder).teams["dev-fraud"].mlflow.made

    write(
        folder / "ids.lock.yaml",
        environments={
            "dev": {"mlflow_balancer": "internal-x.eu-west-1.elb.amazonaws.com", "mlflow_balancer_zone": "Z1"}
        },
    )
    mlflow = read(folder).teams["dev-fraud"].mlflow
    assert (mlflow.made, mlflow.service, mlflow.balancer_zone_id) == (True, "", "Z1")
    assert read(folder).platforms["dev"].clients


def test_what_a_platform_exports_is_written_and_dropped_with_it(folder):
    lock = folder / "ids.lock.yaml"
    service = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"

    assert write(lock, environments={"dev": {"mlflow_service": service}})
    assert service == read_lock(lock).ids.of("dev").mlflow_service
    assert not write(lock, environments={"dev": {"mlflow_service": service}})
    write(lock, environments={"dev": {}})
    assert "" == read_lock(lock).ids.of("dev").mlflow_service
    assert read_lock(lock).ids.of("prod").mlflow_service


def test_the_plan_says_what_each_way_costs(zone):
    # A network load balancer, 730 hours at 0.0252, and an endpoint in two zones for each of two teams at 0.011.
    assert ways(zone.platforms["dev"])["private_link"] == pytest.approx(18.40 + 32.12)
    assert any(note.startswith("dev: its 2 teams reach MLflow by private_link") for note in describe(zone)["notes"])


def test_every_standing_thing_has_a_price_or_is_said_to_have_none(zone):
    costs = describe(zone, ["dev"])["stacks"][0]["standingCosts"]

    assert {"Container Insights"} == {each["what"] for each in costs if each["usdPerMonth"] is None}
    assert 2 == sum(each["count"] for each in costs if each["what"] == "Fargate memory") // 4


def test_two_zones_cost_a_standby(zone):
    def databases(stack):
        costs = describe(zone, [stack])["stacks"][0]["standingCosts"]
        return {each["what"]: each["count"] for each in costs if each["what"].startswith("RDS db")}

    assert {"RDS db.t4g.medium, one zone": 1} == databases("dev")
    assert {"RDS db.m6g.large, two zones": 2} == databases("prod")
