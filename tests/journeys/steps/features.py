"""Feature Store: write records, look them up online, query them offline."""

from dataclasses import replace

from tests.journeys.callers import JOBS, OTHER, OTHERS, OUTSIDE, OUTSIDE_JOB, PEOPLE, Caller, given
from tests.journeys.step import Stage, step
from zone import names

PART = "Features"
GROUP, SHARED = "card-activity", "merchant-risk"
TABLE_READERS = "data-scientist, ml-engineer, processing, training, tuning, transform, ingestion"
READERS = "data-scientist, ml-engineer, endpoint, ingestion"


def put(who: Caller, group: str) -> None:
    """Write a record."""
    key = "card_id" if group == GROUP else "merchant_id"
    values = {key: "c-1", "observed_at": "2026-11-29T12:00:00Z"}
    who.client("sagemaker-featurestore-runtime").put_record(
        FeatureGroupName=names.feature_group("fraud", group),
        Record=[{"FeatureName": name, "ValueAsString": value} for name, value in values.items()],
    )


def there(stage: Stage, group: str) -> str:
    """A group that holds a record, which an ingestion job wrote."""
    if group not in stage.made:
        put(stage.callers["ingestion"], group)
        stage.made[group] = True
    return names.feature_group("fraud", group)


@step(PART, "write a record", "ingestion", also=(OUTSIDE, OUTSIDE_JOB))
def write(who: Caller, _stage: Stage):
    put(who, GROUP)


@step(PART, "look a record up online", READERS, also=(OUTSIDE,))
def read(who: Caller, stage: Stage):
    found = who.client("sagemaker-featurestore-runtime").get_record(
        FeatureGroupName=there(stage, GROUP), RecordIdentifierValueAsString="c-1"
    )
    assert found["Record"]


@step(PART, "look up a record that another team shares online, by its role", ", ".join(OTHERS[:2]), only=OTHERS)
def read_shared(who: Caller, stage: Stage):
    owner = stage.callers["data-scientist"].team
    taken = who.taking(names.online_reader_role_arn(owner.account, SHARED, "churn"))
    runtime = who.client("sagemaker-featurestore-runtime", taken)
    runtime.get_record(FeatureGroupName=there(stage, SHARED), RecordIdentifierValueAsString="c-1")


@step(PART, "look up a record that is not shared, by the role of one that is", only=OTHERS)
def read_unshared(who: Caller, stage: Stage):
    owner = stage.callers["data-scientist"].team
    taken = who.taking(names.online_reader_role_arn(owner.account, SHARED, "churn"))
    runtime = who.client("sagemaker-featurestore-runtime", taken)
    runtime.get_record(FeatureGroupName=there(stage, GROUP), RecordIdentifierValueAsString="c-1")


def query(
    who: Caller, workgroup: str, catalog: str = "AwsDataCatalog", team: str = "fraud", group: str = GROUP
) -> None:
    """Query an offline store."""
    sql = f'SELECT count(*) FROM "{names.feature_database(team)}"."{names.feature_table(group)}"'
    athena = who.client("athena")
    query_id = athena.start_query_execution(
        QueryString=sql, WorkGroup=workgroup, QueryExecutionContext={"Catalog": catalog}
    )["QueryExecutionId"]
    athena.get_query_execution(QueryExecutionId=query_id)
    athena.get_query_results(QueryExecutionId=query_id)


@step(
    PART,
    "query offline features in the team's workgroup",
    "data-scientist, ml-engineer, processing",
    also=(OUTSIDE,),
)
def query_own(who: Caller, _stage: Stage):
    query(who, names.workgroup("fraud"))


@step(PART, "query in a workgroup without limits (primary)", only=(*PEOPLE, *JOBS))
def query_primary(who: Caller, _stage: Stage):
    query(who, "primary")


@step(PART, "query the offline features that another team shares", f"{OTHERS[0]}, {OTHERS[1]}", only=OTHERS)
def query_shared(who: Caller, _stage: Stage):
    query(who, names.workgroup("churn"), names.foreign_catalog("fraud"))


@step(
    PART,
    "read the files of an offline store",
    "data-scientist, ml-engineer, processing, training, tuning, transform, ingestion, " + OTHER,
    also=(OUTSIDE, OTHER),
)
def files(who: Caller, stage: Stage):
    owner, s3 = stage.callers["data-scientist"].team, who.client("s3")
    for group in (GROUP, SHARED):
        prefix = names.feature_prefix(group)
        if prefix not in stage.made:
            keep(stage, f"{prefix}/part-0.parquet")
            stage.made[prefix] = True
        s3.list_objects_v2(Bucket=owner.bucket("data"), Prefix=f"{prefix}/")
        s3.get_object(Bucket=owner.bucket("data"), Key=f"{prefix}/part-0.parquet")


def keep(stage: Stage, key: str) -> None:
    """Write into an offline store as Feature Store does: with its own role, from its own network."""
    like = stage.callers["ingestion"]
    service = replace(like, vpc="", credentials=given(like.cloud, like.team.role("feature-store")))
    service.client("s3").put_object(Bucket=like.team.bucket("data"), Key=key, Body=b"PAR1")


@step(PART, "write into an offline store past Feature Store")
def forge(who: Caller, _stage: Stage):
    who.client("s3").put_object(
        Bucket=who.team.bucket("data"), Key=f"{names.feature_prefix(GROUP)}/forged.parquet", Body=b"x"
    )


@step(PART, "make a feature group")
def make(who: Caller, _stage: Stage):
    who.client("sagemaker").create_feature_group(
        FeatureGroupName=f"own-{who.slug}",
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="at",
        FeatureDefinitions=[{"FeatureName": name, "FeatureType": "String"} for name in ("id", "at")],
        OnlineStoreConfig={"EnableOnlineStore": True},
        RoleArn=who.team.role("feature-store"),
    )


@step(
    PART,
    "look at the table of an offline store",
    f"{TABLE_READERS}, {OUTSIDE}, {', '.join(OTHERS)}",
    also=(OUTSIDE, *OTHERS),
)
def table(who: Caller, stage: Stage):
    owner = stage.callers["data-scientist"].team
    who.client("glue").get_table(
        CatalogId=owner.account, DatabaseName=names.feature_database("fraud"), Name=names.feature_table(GROUP)
    )


@step(
    PART,
    "find the catalogue of the team that shares, and where the data lies",
    f"{OTHERS[0]}, {OTHERS[1]}",
    only=OTHERS,
)
def catalogue(who: Caller, stage: Stage):
    who.client("athena").get_data_catalog(Name=names.foreign_catalog("fraud"))
    who.client("s3").get_bucket_location(Bucket=stage.callers["data-scientist"].team.bucket("data"))
