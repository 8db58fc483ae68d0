"""The feature store: encrypted groups with names readers can compute, shared as declared and no further."""

import asyncio
import contextlib
import json
from dataclasses import replace
from types import SimpleNamespace

import pulumi
import pytest

from components.access.grants.sharing import online_readers
from components.ml import features as feature_store
from stacks.inputs import feature_groups_of
from tests import iam
from tests.components.building import built
from tests.components.examples import KEY_ARN, ONLINE_KEY_ARN, READERS, features
from tests.small_zone import TEAM
from zone import names
from zone.specs.features import FeatureType

GROUP = "aws:sagemaker/featureGroup:FeatureGroup"
CARD = TEAM.feature_groups["card-features"]


def of(**changes):
    return built(lambda opts: features(opts, replace(TEAM, **changes)))


@pytest.fixture(scope="module")
def recording():
    return of()


@pytest.mark.shows("F11", "F13")
def test_a_group_has_the_declared_features_record_and_event_time(recording):
    group = recording.one(GROUP).inputs

    assert "fraud-card-features" == group["featureGroupName"]
    assert ("card", "at") == (group["recordIdentifierFeatureName"], group["eventTimeFeatureName"])
    assert [("card", "String"), ("at", "String"), ("amount", "Fractional")] == [
        (each["featureName"], each["featureType"]) for each in group["featureDefinitions"]
    ]


def test_a_new_wording_of_the_description_costs_no_group():
    described = CARD.model_copy(update={"description": "what a card did"})
    group = of(feature_groups={"card-features": described}).one(GROUP)

    assert "what a card did" == group.inputs["description"]
    assert "description" in group.ignore_changes


def test_a_new_feature_changes_the_tag_and_costs_no_group(recording):
    more = CARD.model_copy(update={"features": {"new": FeatureType.STRING, **CARD.features}})
    before, after = recording.one(GROUP), of(feature_groups={"card-features": more}).one(GROUP)

    assert "amount:Fractional at:String card:String" == before.inputs["tags"][names.FEATURES_TAG]
    assert "amount:Fractional at:String card:String new:String" == after.inputs["tags"][names.FEATURES_TAG]
    assert "featureDefinitions" in after.ignore_changes


@pytest.mark.parametrize(
    ("given", "old", "asked"),
    [
        (["card", "at", "amount"], None, []),  # made with all of them
        (["card", "at"], None, ["fraud-card-features"]),  # replaced: the engine made it of what was there before
        (["card", "at", "amount"], {"tags": {}}, ["fraud-card-features"]),  # changed
    ],
)
def test_aws_is_asked_where_a_group_may_lack_features(monkeypatch, given, old, asked):
    added, hooks = [], []
    monkeypatch.setattr(pulumi, "ResourceHook", lambda name, hook: hooks.append((name, hook)) or pulumi.Resource)
    monkeypatch.setattr(feature_store, "add_features", lambda _client, group, _features: added.append(group))
    monkeypatch.setattr(feature_store.Home, "client", lambda *_: None)
    args = feature_store.FeaturesArgs(
        team="fraud",
        account_id="111111111111",
        region="eu-west-1",
        groups=feature_groups_of(TEAM),
        shares=(),
        disposable=True,
        bucket_name="bucket",
        key_arns={},
        provisioning_role="Deploy",
        role_arn="arn",
        boundary_arn="arn",
    )
    feature_store._additions("fraud", "card-features", args)
    ((name, hook),) = hooks
    made = SimpleNamespace(new_inputs={"featureDefinitions": given}, old_inputs=old)
    with contextlib.closing(asyncio.new_event_loop()) as loop:  # asyncio.run would end the thread's own
        loop.run_until_complete(hook(made))

    assert ("fraud-card-features-features", asked) == (name, added)


@pytest.mark.shows("C1", "C2", "F11")
def test_each_store_is_encrypted_with_a_key_of_its_own(recording):
    group = recording.one(GROUP).inputs

    assert KEY_ARN == group["offlineStoreConfig"]["s3StorageConfig"]["kmsKeyId"]
    assert {"enableOnlineStore": True, "securityConfig": {"kmsKeyId": ONLINE_KEY_ARN}} == group["onlineStoreConfig"]


@pytest.mark.shows("F11")
def test_the_offline_store_lies_under_names_a_reader_computes(recording):
    offline = recording.one(GROUP).inputs["offlineStoreConfig"]

    assert "s3://mlz-dev-fraud-data-111111111111/features/card-features" == offline["s3StorageConfig"]["s3Uri"]
    assert {"catalog": "AwsDataCatalog", "database": "mlz_fraud_features", "tableName": "card_features"} == (
        offline["dataCatalogConfig"]
    )
    assert offline["disableGlueTableCreation"] is False


@pytest.mark.parametrize(
    ("online", "offline", "present", "absent"),
    [
        (True, False, "onlineStoreConfig", "offlineStoreConfig"),
        (False, True, "offlineStoreConfig", "onlineStoreConfig"),
    ],
)
def test_a_store_that_is_not_declared_is_not_made(online, offline, present, absent):
    group = CARD.model_copy(update={"online": online, "offline": offline})
    made = of(feature_groups={"card-features": group}, shares_out=()).one(GROUP).inputs

    assert present in made
    assert absent not in made


@pytest.mark.shows("F7", "F12", "T19")
def test_the_catalogue_names_the_readers_roles_and_only_the_shared_table(recording):
    (statement,) = json.loads(recording.one("aws:glue/resourcePolicy:ResourcePolicy").inputs["policy"])["Statement"]

    assert {"AWS": "arn:aws:iam::222222222222:root"} == statement["Principal"]
    assert [names.role_arn("222222222222", role) for role in names.SHARE_READERS] == (
        statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]
    )
    home = "arn:aws:glue:eu-west-1:111111111111"
    assert [
        f"{home}:catalog",
        f"{home}:database/mlz_fraud_features",
        f"{home}:table/mlz_fraud_features/card_features",
    ] == statement["Resource"]
    assert {"glue:GetDatabase", "glue:GetTable", "glue:GetPartition", "glue:GetPartitions"} == set(statement["Action"])


@pytest.mark.shows("D5", "F12", "S20")
def test_an_online_share_is_a_role_here_that_only_the_readers_roles_assume(recording):
    role = recording.one("aws:iam/role:Role").inputs
    policy = json.loads(recording.one("aws:iam/policy:Policy").inputs["policy"])["Statement"]
    (trust,) = json.loads(role["assumeRolePolicy"])["Statement"]

    assert "mlz-online-card-features-churn" == role["name"]
    assert role["permissionsBoundary"].endswith(":policy/mlz/mlz-boundary")
    assert {"AWS": "arn:aws:iam::222222222222:root"} == trust["Principal"]
    assert "arn:aws:iam::222222222222:role/mlz/mlz-endpoint" in trust["Condition"]["ArnEquals"]["aws:PrincipalArn"]
    assert ["arn:aws:sagemaker:eu-west-1:111111111111:feature-group/fraud-card-features"] == policy[0]["Resource"]
    assert {"sagemaker:GetRecord", "sagemaker:BatchGetRecord", "kms:Decrypt"} == {
        action for statement in policy for action in statement["Action"]
    }


@pytest.mark.parametrize("check", [iam.unknown_actions, iam.unsupported_keys, iam.misplaced, iam.unexplained])
def test_every_statement_of_a_reader_is_one_aws_knows(check):
    (reader,) = online_readers(
        READERS,
        team=TEAM.team,
        account_id=TEAM.account.account_id,
        region=TEAM.account.region,
        key_arns={"online": KEY_ARN},
    )

    assert [] == [wrong for each in reader.statements for wrong in check(each)]


@pytest.mark.shows("F12")
def test_nothing_is_shared_that_is_not_declared():
    recording = of(shares_out=())

    assert [] == recording.of("aws:glue/resourcePolicy:ResourcePolicy")
    assert [] == recording.of("aws:iam/role:Role")


@pytest.mark.parametrize(("disposable", "kept"), [(False, True), (True, False)])
def test_features_outlive_the_stack_unless_disposable(disposable, kept):
    recording = of(account=replace(TEAM.account, disposable=disposable))

    assert {(kept, kept)} == {
        (each.protect, each.retain_on_delete)
        for kind in (GROUP, "aws:glue/catalogDatabase:CatalogDatabase")
        for each in recording.of(kind)
    }
