"""Queries on offline features: where their results lie is not for the query to say."""

from dataclasses import replace
from functools import partial

import pytest

from checks.record import record
from stacks.build import build
from tests.components.building import built
from tests.components.examples import KEY_ARN, queries
from tests.small_zone import SHARES, TEAM, ZONE
from zone import names

WORKGROUP = "aws:athena/workgroup:Workgroup"
CATALOG = "aws:athena/dataCatalog:DataCatalog"
READING = replace(SHARES[1], owner="dev-churn", owner_account_id="222222222222", reader="dev-fraud")


@pytest.fixture(scope="module")
def recording():
    return built(queries)


@pytest.mark.shows("C1", "F11")
def test_the_workgroup_decides_where_results_lie_and_encrypts_them(recording):
    workgroup = recording.one(WORKGROUP).inputs
    configuration = workgroup["configuration"]

    assert "mlz-fraud" == workgroup["name"]
    assert configuration["enforceWorkgroupConfiguration"]
    assert 100 * 10**9 == configuration["bytesScannedCutoffPerQuery"]
    assert {
        "outputLocation": "s3://mlz-dev-fraud-studio-111111111111/queries/",
        "expectedBucketOwner": "111111111111",
        "encryptionConfiguration": {"encryptionOption": "SSE_KMS", "kmsKeyArn": KEY_ARN},
    } == configuration["resultConfiguration"]


@pytest.mark.shows("F12")
def test_a_team_that_shares_its_features_has_a_catalogue_here(recording):
    catalog = recording.one(CATALOG).inputs

    assert ("mlz_churn", "GLUE", {"catalog-id": "222222222222"}) == (
        catalog["name"],
        catalog["type"],
        catalog["parameters"],
    )


@pytest.mark.parametrize("disposable", [True, False])
def test_saved_queries_go_with_a_disposable_account_only(disposable):
    assert disposable is built(partial(queries, disposable=disposable)).one(WORKGROUP).inputs["forceDestroy"]


@pytest.mark.parametrize(
    ("groups", "reads", "made"),
    [
        (TEAM.feature_groups, (), 1),
        ({}, (READING,), 1),
        ({key: group.model_copy(update={"offline": False}) for key, group in TEAM.feature_groups.items()}, (), 0),
    ],
    ids=["own offline features", "another team's", "none"],
)
def test_only_who_has_offline_features_to_query_gets_a_workgroup(groups, reads, made):
    team = replace(TEAM, feature_groups=groups, shares_in=reads, shares_out=())
    recording = record(lambda: build(replace(ZONE, teams={"dev-fraud": team}), "dev-fraud"), stack="dev-fraud")
    published = {each.inputs["name"] for each in recording.of("aws:ssm/parameter:Parameter")}

    assert made == len(recording.of(WORKGROUP))
    assert bool(made) is (names.ssm_path("athena", "workgroup") in published)
    assert len(reads) == len(recording.of(CATALOG))
