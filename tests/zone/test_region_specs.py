"""Further regions in the files: who may be where, with which addresses, and what is never taken back silently."""

import re
import shutil
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from zone.plan import lock
from zone.plan.affected import affected
from zone.plan.cost import standing
from zone.plan.describe import describe
from zone.plan.planner import read
from zone.plan.quotas import GLOBAL_REGION, needs
from zone.plan.unrecorded import unrecorded
from zone.specs.problems import SpecErrors

pytestmark = pytest.mark.shows("O1")

EXAMPLE = Path(__file__).parents[2] / "examples/shared-platform"
FRAUD, DEV, ORG, LOCK = "dev/fraud.yaml", "dev/environment.yaml", "org/environment.yaml", "ids.lock.yaml"
POOL = "address_pool: 10.72.0.0/16"


@pytest.fixture
def files(tmp_path):
    """The shared platform's files, to be changed."""
    return shutil.copytree(EXAMPLE, tmp_path / "accounts")


def change(files, name, old, new):
    path = files / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def planned(files):
    return read(files, files / LOCK)


def said(files):
    with pytest.raises(SpecErrors) as refused:
        planned(files)
    return str(refused.value)


def test_a_team_has_a_network_in_each_of_its_regions_cut_from_that_regions_pool(files):
    zone = planned(files)
    there = zone.teams["dev-fraud"].regions["eu-central-1"]

    assert IPv4Network("10.72.0.0/22") == there.network.cidr
    assert {"a": IPv4Network("10.72.0.0/24"), "b": IPv4Network("10.72.1.0/24")} == there.network.subnets
    assert ("eu-central-1",) == zone.organization.accounts["dev-fraud"].further_regions
    assert {} == zone.teams["dev-churn"].regions


def test_endpoints_there_are_those_of_jobs_and_models_and_none_of_studio_features_or_mlflow(files):
    endpoints = planned(files).teams["dev-fraud"].regions["eu-central-1"].endpoints

    assert {"s3", "ssm", "sagemaker-api", "sagemaker-runtime", "ecr-api"} == {each.key for each in endpoints}
    assert all("eu-central-1" in each.service for each in endpoints)


def test_a_block_is_recorded_by_region_and_stays_when_the_pool_changes(files):
    change(files, LOCK, ", regions: {eu-central-1: 10.72.0.0/22}", "")
    missing = unrecorded(lock.read(files / LOCK), planned(files))
    assert {"dev-fraud/eu-central-1": IPv4Network("10.72.0.0/22")} == missing

    lock.write(files / LOCK, blocks=missing)
    change(files, DEV, POOL, "address_pool: 10.80.0.0/16")

    assert "cidr: 10.64.20.0/22, regions: {eu-central-1: 10.72.0.0/22}}" in (files / LOCK).read_text()
    assert missing["dev-fraud/eu-central-1"] == planned(files).teams["dev-fraud"].regions["eu-central-1"].network.cidr


def test_a_block_that_a_region_had_is_given_to_nobody_else(files):
    change(files, FRAUD, "regions: [eu-central-1]", "")
    change(files, "dev/churn.yaml", "models:", "regions: [eu-central-1]\nmodels:")

    churn = planned(files).teams["dev-churn"].regions["eu-central-1"].network.cidr
    assert not churn.overlaps(IPv4Network("10.72.0.0/22"))


@pytest.mark.parametrize(
    ("name", "old", "new", "text"),
    [
        (FRAUD, "[eu-central-1]", "[eu-centrl-1]", "no region of dev/environment.yaml, got eu-centrl-1 (did you mean"),
        (FRAUD, "[eu-central-1]", "[eu-west-1]", "the team is there anyway, got eu-west-1"),
        (DEV, "  eu-central-1:", "  eu-west-1:", "the environment's own region, got eu-west-1"),
        (DEV, "  eu-central-1:", "  eu-north-1:", "not in allowed_regions of org/environment.yaml, got eu-north-1"),
        (DEV, POOL, "address_pool: 10.64.0.0/16", "overlaps 10.64.0.0/14 of dev/environment.yaml, got 10.64.0.0/16"),
        (DEV, POOL, "address_pool: 10.68.0.0/20", "overlaps 10.68.0.0/20 of dev/environment.yaml (eu-central-1), got"),
        (DEV, POOL, "address_pool: 172.17.0.0/16", "holds 172.17.0.0/16 (used by SageMaker itself)"),
        (DEV, POOL, "address_pool: 192.168.0.0/16", "covers the whole address_pool 192.168.0.0/16"),
        (DEV, POOL, "address_pool: 10.80.0.0/24", "pool 10.80.0.0/24 has no such block left"),
        (LOCK, "10.72.0.0/22", "10.64.16.0/22", "overlaps 10.64.16.0/22 of dev-fraud/eu-central-1"),
        (LOCK, "10.72.0.0/22", "10.72.0.0/21", "a /22 is asked for, but 10.72.0.0/21 is recorded"),
    ],
)
def test_what_a_further_region_cannot_be_is_said_with_the_remedy(files, name, old, new, text):
    if "no such block" in text:
        change(files, LOCK, ", regions: {eu-central-1: 10.72.0.0/22}", "")
    change(files, name, old, new)

    assert text in said(files)


def test_a_region_that_aws_keeps_off_has_to_be_enabled_first(files):
    for name in (DEV, FRAUD):
        change(files, name, "eu-central-1", "eu-south-1")
    change(files, ORG, "eu-central-1]", "eu-south-1]")

    assert "AWS keeps this region off in a new account, got eu-south-1" in said(files)


def test_a_team_in_a_network_of_others_is_in_no_further_region(files):
    change(
        files,
        FRAUD,
        "regions: [eu-central-1]",
        "regions: [eu-central-1]\nnetwork:\n  vpc: vpc-0123456789abcdef0\n  cidr: 10.99.0.0/22\n"
        "  subnets: {a: subnet-01234567, b: subnet-89abcdef}\n"
        "  endpoints: {security_group: sg-01234567, s3_prefix_list: pl-01234567}\n",
    )

    assert "would get networks of ours beside vpc-0123456789abcdef0" in said(files)


def test_taking_a_region_out_is_refused_while_the_account_keeps_its_data(files):
    change(files, FRAUD, "disposable: true\n", "")
    change(files, FRAUD, "  keep_home: false\n", "")
    lock.write(files / LOCK, fixed=planned(files).fixed)
    change(files, FRAUD, "regions: [eu-central-1]", "")

    assert "eu-central-1 is recorded, got nothing; the team's buckets, images, models and keys there are kept" in said(
        files
    )


def test_taking_a_region_out_of_a_disposable_account_is_what_destroying_it_is(files):
    change(files, FRAUD, "regions: [eu-central-1]", "")

    assert {} == planned(files).teams["dev-fraud"].regions


def test_zones_of_a_region_keep_their_order(files):
    change(files, DEV, "    zones: [a, b]", "    zones: [b, a]")

    assert "a, b is recorded, got b, a; a zone has the quarter of every block" in said(files)


def test_a_further_region_touches_the_teams_stack_and_no_other(files):
    before = planned(files)
    change(files, FRAUD, "regions: [eu-central-1]", "")

    assert ["dev-fraud"] == [each.stack for each in affected(before, planned(files))]


def test_a_quota_that_aws_raised_there_touches_no_stack(files):
    before = planned(files)
    change(files, DEV, "      sagemaker/L-CCE2AFA6: 2", "      sagemaker/L-CCE2AFA6: 8")

    assert [] == affected(before, planned(files))


def test_quotas_are_asked_by_region_and_what_an_account_has_once_is_counted_once(files):
    found = needs(planned(files), {stack: {} for stack in planned(files).teams})
    there = {n.quota.code: n for n in found if n.stack == "dev-fraud" and n.region == "eu-central-1"}
    (buckets,) = (n for n in found if n.stack == "dev-fraud" and n.quota.code == "L-DC2B2D3D")

    assert (4, 2, 2) == tuple(there[code].number for code in ("L-C2F1777E", "L-F678F1CE", "L-CCE2AFA6"))
    assert 2 == there["L-CCE2AFA6"].declared  # what AWS raised at home says nothing of it
    assert (6, GLOBAL_REGION) == (buckets.number, buckets.region)


def test_the_page_shows_files_that_are_right(files):
    """docs/regions.md: both blocks of YAML, put into the files they name."""
    text = (EXAMPLE.parents[1] / "docs/regions.md").read_text()
    blocks = re.findall(r"```yaml\n# accounts/(\S+)\n(.*?)```", text, re.DOTALL)

    assert [DEV, FRAUD] == [name for name, _ in blocks]
    for name, block in blocks:
        path = files / name
        kept = re.sub(r"^regions:.*?(?=^\S|\Z)", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)
        path.write_text(kept + block)
    assert ["eu-central-1"] == list(planned(files).teams["dev-fraud"].regions)


def test_the_plan_says_where_what_stands_costs_and_what_is_not_there(files):
    zone = planned(files)
    there = {cost.what: cost.count for cost in standing(zone)["dev-fraud"] if cost.region == "eu-central-1"}
    data = describe(zone, ["dev-fraud"])

    assert {"interface endpoint": 8, "KMS key": 4} == there
    assert "10.72.0.0/22" == data["stacks"][0]["regions"]["eu-central-1"]["cidr"]
    (note,) = (note for note in data["notes"] if "eu-central-1" in note)
    assert "Studio, feature groups, what others share and MLflow stay in eu-west-1" in note
    assert "no way to SageMaker's API" in note


def test_an_instance_type_whose_family_a_region_lacks_is_named(files):
    change(files, FRAUD, "datasets:", "instance_types: {training: [ml.m5.xlarge, ml.p5.48xlarge]}\ndatasets:")
    said_of = [note for note in describe(planned(files), ["dev-fraud"])["notes"] if "AWS has no" in note]

    assert ["dev-fraud: AWS has no ml.p5.48xlarge in eu-central-1: such jobs run at home."] == said_of
