"""Which definitions of features a version was made with: recorded, and told apart where they change."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from local.cloud import private_cloud
from local.containers.images import push
from operations.model import jobs
from operations.model.errors import ModelError
from operations.model.features import CREATED, GROUP, SCHEMA, features, schema
from operations.model.reading import read
from operations.model.register import register
from operations.model.run import KEPT, Order, run
from operations.model.state import State
from operations.model.stored import read_json
from operations.model.versions import SAID_OF_RUN
from tests.operations.model_ground import TEAM, ground
from tests.operations.tiny_model import YAML, write
from zone import names
from zone.specs.vocabulary import Persona

AGE = {"FeatureName": "age", "FeatureType": "Integral"}
BASE = [{"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "at", "FeatureType": "String"}]
NAME = names.feature_group(TEAM.team, "people")


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    """Start an AWS with a team's account in it."""
    folder = tmp_path_factory.mktemp("aws")
    with pytest.MonkeyPatch.context() as patched, private_cloud(folder / "cloud") as cloud:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        made = ground(cloud, folder)
        made.administrator("sagemaker").create_feature_group(
            FeatureGroupName=NAME,
            RecordIdentifierFeatureName="id",
            EventTimeFeatureName="at",
            FeatureDefinitions=[*BASE, AGE],
            OnlineStoreConfig={"EnableOnlineStore": True},
            RoleArn=made.place.role("ingestion"),
        )
        yield made


@pytest.fixture
def order(account, tmp_path):
    folder = write(tmp_path / "tiny", f"feature_group: people\n{YAML}")
    (folder / "note.txt").write_text(str(tmp_path))  # each test has an image of its own
    spec, clients = read(folder), account.person(Persona.ML_ENGINEER).clients
    image = push(account.administrator("ecr"), f"{account.team.team}/tiny", f"f-{abs(hash(str(tmp_path)))}", folder)
    return Order(
        spec=spec,
        place=account.place,
        clients=clients,
        image=image,
        features=features(account.place, clients, spec),
        wait=jobs.pause(0.05),
    )


@pytest.mark.shows("F15")
def test_a_version_says_which_definitions_of_features_it_was_made_with(order, account, tmp_path):
    state = State(tmp_path / "tiny.json")
    done = run(order, state, lambda *_: None)
    version = register(order, state, done, {"git_commit": "4c1f0a9"})
    made = account.administrator("sagemaker").describe_feature_group(FeatureGroupName=NAME)

    said = {name: version.metadata[name] for name in (GROUP, CREATED, SCHEMA)}
    assert made["FeatureGroupArn"] == said[GROUP]
    assert f"{made['CreationTime']:%Y-%m-%dT%H:%M:%S%z}" == said[CREATED]
    assert schema([AGE, *BASE], "id", "at") == said[SCHEMA]
    kept = read_json(order.clients, f"{version.statistics.rpartition('/')[0]}/{SAID_OF_RUN}")
    assert said == kept["features"]
    job = order.clients("sagemaker").describe_processing_job(ProcessingJobName=done.steps["ingest"].job)
    assert " ".join(said.values()) == job["Environment"]["MLZ_FEATURES"]


def test_other_definitions_are_another_run(order, tmp_path):
    state, said = State(tmp_path / "tiny.json"), []
    run(order, state, lambda *_: None)
    run(order, state, lambda _, what: said.append(what))
    again: list[str] = []
    run(replace(order, features={**order.features, SCHEMA: "other"}), state, lambda _, what: again.append(what))

    assert {KEPT} == set(said)
    assert KEPT not in again


def test_a_feature_more_or_of_another_type_is_another_schema_and_an_order_is_not():
    whole = schema([*BASE, AGE], "id", "at")

    assert whole == schema([AGE, *reversed(BASE)], "id", "at")
    assert 4 == len(
        {
            whole,
            schema(BASE, "id", "at"),
            schema([*BASE, {**AGE, "FeatureType": "Fractional"}], "id", "at"),
            schema([*BASE, AGE], "id", "age"),
        }
    )


def test_a_model_without_features_records_none_and_a_group_that_is_not_there_is_said(account, order):
    assert {} == features(account.place, order.clients, order.spec.model_copy(update={"feature_group": None}))
    with pytest.raises(ModelError, match="can't be looked at"):
        features(account.place, order.clients, order.spec.model_copy(update={"feature_group": "nobody"}))


def test_definitions_that_come_in_pages_are_read_to_the_end(account, order):
    """AWS gives so many at once; the emulated AWS gives all, so a client stands in."""

    class Paged:
        def describe_feature_group(self, **said):
            rest = "NextToken" in said
            return {
                "FeatureGroupArn": "arn",
                "CreationTime": datetime(2026, 11, 1, tzinfo=UTC),
                "RecordIdentifierFeatureName": "id",
                "EventTimeFeatureName": "at",
                "FeatureDefinitions": [AGE] if rest else BASE,
                **({} if rest else {"NextToken": "more"}),
            }

    found = features(account.place, lambda _: Paged(), order.spec)

    assert schema([*BASE, AGE], "id", "at") == found[SCHEMA]
    assert "2026-11-01T00:00:00+0000" == found[CREATED]
