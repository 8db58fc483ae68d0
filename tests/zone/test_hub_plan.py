"""What an environment's file may say of its hub, and what the plan makes of it."""

import shutil
import subprocess
import sys
from pathlib import Path

import botocore.session
import pytest

from zone.facts import facts
from zone.plan.endpoints import private_names, resolved_names
from zone.plan.planner import read
from zone.plan.unmade import awaited
from zone.specs.problems import SpecErrors

EXAMPLE = Path(__file__).parents[2] / "examples" / "shared-platform"
OFFICE = "{id: tgw-attach-0a1b2c3d, cidrs: [10.1.0.0/16]}"
PLANT = "{id: tgw-attach-0a1b2c3d, cidrs: [10.1.2.0/24]}"
HUB = "hub:\n  endpoints: cheapest\n"


@pytest.fixture
def accounts(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "accounts")
    return tmp_path / "accounts"


def change(accounts, file, old, new):
    path = accounts / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


def says(accounts):
    with pytest.raises(SpecErrors) as refused:
        read(accounts)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.shows("B8", "S7")
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[pypi.org, ", "['*.amazonaws.com', ", "hub.egress.allowed_domains[0]: every AWS customer has names there"),
        ("[pypi.org, ", "['*', ", 'got "*"; allowed: a domain in small letters such as pypi.org'),
        ("[pypi.org, ", "[PyPI.org, ", "allowed: a domain in small letters"),
        ("inspection: network_firewall", "inspection: firewall", "allowed: none, network_firewall"),
        (HUB, "hub:\n  endpoints: nearest\n", 'hub.endpoints: not allowed, got "nearest"; allowed: local, central'),
        (HUB, "hub:\n  prefix: 28\n", "hub.prefix: too large, got 28"),
        (
            HUB,
            f"{HUB}  attachments: {{office: {{id: tgw-attach-0a1b2c3d, cidrs: [10.69.0.0/16]}}}}\n",
            "networks within on_premises of org/environment.yaml (10.0.0.0/12, 192.168.0.0/16)",
        ),
        (
            HUB,
            f"{HUB}  attachments: {{office: {OFFICE}, plant: {PLANT}}}\n",
            "hub.attachments.plant.cidrs[0]: overlaps what is behind office",
        ),
    ],
)
def test_it_is_refused_and_says_why(accounts, old, new, words):
    change(accounts, "prod/environment.yaml", old, new)

    assert any(words in line for line in says(accounts)), says(accounts)


def test_a_hub_for_nothing_is_refused(accounts):
    text = (accounts / "prod/environment.yaml").read_text()
    before, _, rest = text.partition("hub:\n")
    after = rest[rest.index("log_retention_days") :]
    (accounts / "prod/environment.yaml").write_text(f"{before}hub: {{endpoints: local}}\n{after}")

    assert ["hub.endpoints: the hub would do nothing"] == [
        line.partition(": ")[2].partition(":")[0] + ": the hub would do nothing" for line in says(accounts)
    ]


def test_without_a_hub_each_team_has_all_its_endpoints_and_nothing_else(accounts):
    for team in ("dev-churn", "dev-fraud"):
        plan = read(accounts).teams[team]
        assert plan.hub is None
        assert {"sts", "logs", "sagemaker-api"} <= {each.key for each in plan.endpoints}


def test_each_service_a_team_needs_is_reached_in_one_place(accounts):
    zone = read(accounts)
    alike = {"prod-fraud": "dev-fraud"}  # churn builds images in dev only
    for behind, apart in alike.items():
        own, central = zone.teams[behind].endpoints, zone.teams[behind].hub.central
        assert not {each.key for each in own} & {each.key for each in central}
        assert {each.key for each in zone.teams[apart].endpoints} == {each.key for each in (*own, *central)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("transit_gateway: tgw-0a0b0c0011223344a", "transit_gateway: ''"),
        ("        ssm: Z000000009PRODHUB\n", ""),
        ('accounts: ["100000000021", "100000000022"]', 'accounts: ["100000000021"]'),
    ],
)
def test_a_team_waits_for_what_the_platform_has_not_made_for_it(accounts, old, new):
    assert awaited(read(accounts), "prod-fraud") is None
    change(accounts, "ids.lock.yaml", old, new)

    assert "prod" == awaited(read(accounts), "prod-fraud")


def test_the_hubs_block_is_recorded_and_never_given_twice(accounts):
    assert "10.68.18.0/23" == str(read(accounts).platforms["prod"].hub.cidr)
    change(accounts, "ids.lock.yaml", ", hub: 10.68.18.0/23", "")
    free = read(accounts).platforms["prod"].hub.cidr
    taken = [team.network.cidr for team in read(accounts).teams.values()]

    assert not any(free.overlaps(block) for block in taken)


def test_a_hub_never_changes_its_block(accounts):
    change(accounts, "prod/environment.yaml", HUB, "hub:\n  prefix: 22\n")

    assert any("hub.prefix" in line and "10.68.18.0/23 is recorded" in line for line in says(accounts))


def test_a_recorded_central_service_stays_though_local_would_be_cheaper(accounts):
    change(accounts, "prod/environment.yaml", HUB, "hub:\n  endpoints: local\n")
    zone = read(accounts)

    assert "sts" in {each.key for each in zone.platforms["prod"].hub.endpoints}
    assert "sts" in {each.key for each in zone.teams["prod-fraud"].endpoints}


def test_the_names_of_central_endpoints_are_those_the_clients_call():
    session = botocore.session.get_session()
    called = {
        "sagemaker-api": "sagemaker",
        "featurestore-runtime": "sagemaker-featurestore-runtime",
        "sagemaker-runtime": "sagemaker-runtime",
        "monitoring": "cloudwatch",
        "ecr-api": "ecr",
        "codeartifact-api": "codeartifact",
    }
    for key, name in private_names("eu-west-1").items():
        if not name.startswith("*."):
            client = session.create_client(
                called.get(key, key), region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b"
            )
            assert f"https://{name}" == client.meta.endpoint_url, key


def test_every_service_says_its_name_or_why_it_stays_local():
    for service in facts("endpoints")["services"]:
        assert ("private_name" in service) != ("local_because" in service), service["key"]
    assert {"s3.eu-west-1.amazonaws.com", "*.studio.eu-west-1.sagemaker.aws"} <= set(resolved_names("eu-west-1"))


def test_a_plan_is_the_same_in_every_process():
    program = (
        "from pathlib import Path; from zone.plan.affected import digest; from zone.plan.planner import read; "
        f"zone = read(Path({str(EXAMPLE)!r})); print([digest(zone, stack, '') for stack in ('prod', 'prod-fraud')])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=EXAMPLE.parents[1],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert 1 == len(said)
