"""The offline store: Parquet in S3 as AWS lays it out, and Athena's queries over it with the rights of who asks."""

import json
import re
from itertools import count

import pytest
from botocore.exceptions import ClientError

from tests.local.people import ACCOUNT, REGION, allow, document

NUMBERS = count()
FEATURES = {"customer_id": "String", "observed_at": "String", "spend": "Fractional", "tickets": "Integral"}
AS_OF = """
SELECT customer_id, spend, tickets FROM (
    SELECT *, row_number() OVER (
        PARTITION BY customer_id ORDER BY observed_at DESC, api_invocation_time DESC, write_time DESC
    ) AS row_number
    FROM "sagemaker_featurestore"."{table}"
    WHERE observed_at <= '{time}'
)
WHERE row_number = 1 AND NOT is_deleted
ORDER BY customer_id
"""


class Group:
    """A feature group with both stores."""

    def __init__(self, client, **more):
        self.name = f"customers-{next(NUMBERS)}"
        self.table = self.name.replace("-", "_")
        self.client, self.runtime = client, client("sagemaker-featurestore-runtime")
        self.bucket = f"mlz-offline-{self.name}"
        client("s3").create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        made = client("iam").create_role(RoleName=f"fs-{self.name}", AssumeRolePolicyDocument=document(trust))
        self.role = f"fs-{self.name}"
        client("iam").put_role_policy(
            RoleName=self.role, PolicyName="own", PolicyDocument=document(allow("s3:*", "kms:*", "glue:*"))
        )
        self.made = client("sagemaker").create_feature_group(
            FeatureGroupName=self.name,
            RecordIdentifierFeatureName="customer_id",
            EventTimeFeatureName="observed_at",
            FeatureDefinitions=[{"FeatureName": name, "FeatureType": kind} for name, kind in FEATURES.items()],
            OnlineStoreConfig={"EnableOnlineStore": True},
            OfflineStoreConfig={"S3StorageConfig": {"S3Uri": f"s3://{self.bucket}/features", **more}},
            RoleArn=made["Role"]["Arn"],
        )

    def put(self, **values):
        record = [{"FeatureName": name, "ValueAsString": str(value)} for name, value in values.items()]
        self.runtime.put_record(FeatureGroupName=self.name, Record=record)

    def online(self, identifier):
        found = self.runtime.get_record(FeatureGroupName=self.name, RecordIdentifierValueAsString=identifier)
        return {each["FeatureName"]: each["ValueAsString"] for each in found.get("Record", [])}

    def files(self):
        listed = self.client("s3").list_objects_v2(Bucket=self.bucket, Prefix="features/")
        return [each["Key"] for each in listed.get("Contents", [])]

    def describe(self):
        return self.client("sagemaker").describe_feature_group(FeatureGroupName=self.name)


@pytest.fixture
def group(client):
    return Group(client)


@pytest.fixture(scope="module")
def ask(client):
    """Query in a workgroup, as the given clients or the administrator; rows by Athena, state and reason where none."""
    client("s3").create_bucket(Bucket="mlz-queries", CreateBucketConfiguration={"LocationConstraint": REGION})
    location = {"ResultConfiguration": {"OutputLocation": "s3://mlz-queries/results/"}}
    client("athena").create_work_group(Name="team", Configuration=location)

    def query(sql, by=client, **more):
        athena = by("athena")
        started = athena.start_query_execution(QueryString=sql, WorkGroup="team", **more)["QueryExecutionId"]
        execution = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
        if execution["Status"]["State"] != "SUCCEEDED":
            return execution["Status"]["State"], execution["Status"]["StateChangeReason"]
        rows = athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]
        return [[each.get("VarCharValue") for each in row["Data"]] for row in rows]

    return query


@pytest.mark.shows("F11")
def test_training_sees_at_any_time_what_the_online_store_had_then(group, ask):
    group.put(customer_id="a", observed_at="2026-03-01T10:00:00Z", spend=1.5, tickets=1)
    group.put(customer_id="b", observed_at="2026-03-01T11:00:00Z", spend=7, tickets=0)
    group.put(customer_id="c", observed_at="2026-03-01T11:30:00Z", spend=3, tickets=9)
    before = {each: group.online(each) for each in "abc"}
    group.put(customer_id="a", observed_at="2026-03-02T10:00:00Z", spend=2.25, tickets=4)
    group.put(customer_id="a", observed_at="2026-02-01T10:00:00Z", spend=99, tickets=99)  # late
    group.put(customer_id="b", observed_at="2026-03-01T11:00:00Z", spend=8, tickets=0)  # the same time again
    group.runtime.delete_record(
        FeatureGroupName=group.name, RecordIdentifierValueAsString="c", EventTime="2026-03-03T00:00:00Z"
    )

    def offline(time):
        header, *rows = ask(AS_OF.format(table=group.table, time=time))
        return {row[0]: dict(zip(header[1:], map(float, row[1:]), strict=True)) for row in rows}

    def numbers(record):
        return {name: float(record[name]) for name in ("spend", "tickets")}

    now = {each: numbers(found) for each in "abc" if (found := group.online(each))}
    assert {"a", "b"} == set(now)
    assert now == offline("2026-12-31T00:00:00Z")
    assert {**{each: numbers(before[each]) for each in "ac"}, "b": now["b"]} == offline("2026-03-01T12:00:00Z")
    assert {"a": {"spend": 99.0, "tickets": 99.0}} == offline("2026-02-15T00:00:00Z")


def test_files_lie_by_the_hour_of_the_event_time_in_columns_of_their_type(group, client, ask):
    group.put(customer_id="a", observed_at="2026-03-01T10:59:00Z", spend=1.5, tickets=1)
    group.put(customer_id="b", observed_at="2026-03-01T10:05:00.250Z", spend=2)
    group.put(customer_id="a", observed_at="2026-03-01T11:00:00Z")

    uri = group.describe()["OfflineStoreConfig"]["S3StorageConfig"]["ResolvedOutputS3Uri"]
    prefix = f"features/{ACCOUNT}/sagemaker/{REGION}/offline-store/{group.name}/data"
    assert f"s3://{group.bucket}/{prefix}" == uri
    names = [key.removeprefix(f"{prefix}/") for key in group.files()]
    wanted = [
        r"year=2026/month=03/day=01/hour=10/20260301T105900Z_\w{16}\.parquet",
        r"year=2026/month=03/day=01/hour=11/20260301T110000Z_\w{16}\.parquet",
    ]
    assert [True, True] == [bool(re.fullmatch(*pair)) for pair in zip(wanted, names, strict=True)]
    header, *rows = ask(f'SELECT * FROM "sagemaker_featurestore"."{group.table}" ORDER BY observed_at')
    added = ["write_time", "api_invocation_time", "is_deleted", "year", "month", "day", "hour"]
    assert [*FEATURES, *added] == header
    assert [["b", "2.0", None, "10"], ["a", "1.5", "1", "10"], ["a", None, None, "11"]] == [
        [row[0], row[2], row[3], row[-1]] for row in rows
    ]
    table = client("glue").get_table(DatabaseName="sagemaker_featurestore", Name=group.table)["Table"]
    types = {each["Name"]: each["Type"] for each in table["StorageDescriptor"]["Columns"]}
    assert ("double", "bigint", "timestamp") == tuple(types[name] for name in ("spend", "tickets", "write_time"))


def test_a_feature_that_came_later_is_null_in_older_files(group, client, ask):
    group.put(customer_id="a", observed_at="2026-03-01T10:00:00Z")
    assert 1 == len(group.files())
    client("sagemaker").update_feature_group(
        FeatureGroupName=group.name, FeatureAdditions=[{"FeatureName": "plan", "FeatureType": "String"}]
    )
    group.put(customer_id="b", observed_at="2026-03-01T10:00:00Z", plan="gold")

    _, *rows = ask(f"SELECT customer_id, plan FROM sagemaker_featurestore.{group.table} ORDER BY 1")
    assert [["a", None], ["b", "gold"]] == rows


def test_records_in_a_batch_are_kept_but_for_the_wrong_one(group):
    def entry(**values):
        record = [{"FeatureName": name, "ValueAsString": value} for name, value in values.items()]
        return {"FeatureGroupName": group.name, "Record": record}

    good = entry(customer_id="a", observed_at="2026-03-01T10:00:00Z", tickets="2")
    wrong = entry(customer_id="b", observed_at="2026-03-01T10:00:00Z", tickets="many")
    timeless = entry(customer_id="c", observed_at="yesterday")
    said = group.runtime.batch_write_record(Entries=[good, wrong, timeless])

    assert [wrong["Record"], timeless["Record"]] == [each["Entry"]["Record"] for each in said["Errors"]]
    assert "2" == group.online("a")["tickets"]
    assert ({}, 1) == (group.online("b"), len(group.files()))


def test_a_store_whose_role_may_not_write_is_blocked_and_loses_nothing(group, client):
    group.put(customer_id="a", observed_at="2026-03-01T10:00:00Z")
    client("iam").delete_role_policy(RoleName=group.role, PolicyName="own")

    assert [] == group.files()
    status = group.describe()["OfflineStoreStatus"]
    assert ("Blocked", True) == (status["Status"], "s3:PutObject" in status["BlockedReason"])
    client("iam").put_role_policy(RoleName=group.role, PolicyName="own", PolicyDocument=document(allow("s3:*")))
    assert 1 == len(group.files())
    assert "Active" == group.describe()["OfflineStoreStatus"]["Status"]


def test_a_query_reads_with_the_rights_of_who_asks(client, person, ask, key):
    sealed = key()
    group = Group(client, KmsKeyId=sealed)
    group.put(customer_id="a", observed_at="2026-03-01T10:00:00Z", tickets=3)
    sql = f'SELECT tickets FROM "sagemaker_featurestore"."{group.table}"'
    results = "arn:aws:s3:::mlz-queries"
    rights = [
        allow("athena:*", "glue:GetDatabase"),
        allow("s3:*", resource=[results, f"{results}/*"]),
        allow("glue:GetTable"),
        allow("s3:ListBucket", resource=f"arn:aws:s3:::{group.bucket}"),
        allow("s3:GetObject", resource=f"arn:aws:s3:::{group.bucket}/*"),
        allow("kms:Decrypt", resource=sealed),
    ]
    missing = ["glue:GetTable", "s3:ListBucket", "s3:GetObject", "kms:Decrypt"]

    for known, action in enumerate(missing, start=2):
        state, why = ask(sql, person(*rights[:known]))
        assert ("FAILED", True) == (state, f"perform: {action} on" in why), why
    assert [["tickets"], ["3"]] == ask(sql, person(*rights))


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT 1; SELECT 2", "Only one sql statement"),
        ("DROP TABLE x", "Only SELECT"),
        ("SELECT * FROM missing.x", "TABLE_NOT_FOUND"),
        ('SELECT * FROM "elsewhere"."a"."x"', "CATALOG_NOT_FOUND"),
        ("SELECT approx_distinct(1)", "approx_distinct"),
        ("SELECT * FROM read_csv('/etc/passwd')", "file system operations are disabled"),
        ("SELECT * FROM '/etc/passwd'", "passwd"),
    ],
    ids=["syntax", "two", "ddl", "table", "catalog", "function", "file", "file-name"],
)
def test_a_query_that_cannot_run_fails_with_its_reason(ask, sql, why):
    state, said = ask(sql)

    assert ("FAILED", True) == (state, why in said), said


@pytest.mark.usefixtures("ask")
def test_a_result_is_a_file_of_the_workgroups_place_and_comes_in_pages(client):
    athena = client("athena")
    sql = "WITH n AS (SELECT * FROM range(5) t(x)) SELECT x, 'a \"b\"' AS Said, NULL AS gone, 7 / 2 AS half FROM n"
    started = athena.start_query_execution(QueryString=sql, WorkGroup="team")["QueryExecutionId"]
    execution = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
    location = f"s3://mlz-queries/results/{started}.csv"
    assert ("SUCCEEDED", location) == (
        execution["Status"]["State"],
        execution["ResultConfiguration"]["OutputLocation"],
    )
    body = client("s3").get_object(Bucket="mlz-queries", Key=f"results/{started}.csv")["Body"].read().decode()
    assert ['"x","said","gone","half"', '"0","a ""b""",,"3"'] == body.splitlines()[:2]
    pages = athena.get_paginator("get_query_results").paginate(
        QueryExecutionId=started, PaginationConfig={"PageSize": 4}
    )
    assert [4, 2] == [len(page["ResultSet"]["Rows"]) for page in pages]


@pytest.mark.usefixtures("ask")
def test_a_query_that_would_scan_too_much_is_cancelled_and_one_without_a_place_refused(client, group):
    athena, cutoff = client("athena"), 10**7
    client("s3").put_object(Bucket=group.bucket, Key="large/a.csv", Body=b"1\n" * cutoff)
    storage = {
        "Location": f"s3://{group.bucket}/large",
        "Columns": [{"Name": "x", "Type": "int"}],
        "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde"},
    }
    table = {"Name": f"large_{group.table}", "StorageDescriptor": storage}
    client("glue").create_table(DatabaseName="sagemaker_featurestore", TableInput=table)
    place = {"OutputLocation": "s3://mlz-queries/small"}
    configuration = {"BytesScannedCutoffPerQuery": cutoff, "ResultConfiguration": place}
    athena.create_work_group(Name="small", Configuration=configuration)
    sql = f"SELECT 1 FROM sagemaker_featurestore.large_{group.table}"
    started = athena.start_query_execution(QueryString=sql, WorkGroup="small")["QueryExecutionId"]

    assert "CANCELLED" == athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]["State"]
    with pytest.raises(ClientError, match="Final query state: CANCELLED"):
        athena.get_query_results(QueryExecutionId=started)
    with pytest.raises(ClientError, match="No output location provided"):
        athena.start_query_execution(QueryString="SELECT 1", WorkGroup="primary")


def test_tables_of_other_formats_are_read_too_and_joined(client, ask):
    s3, glue = client("s3"), client("glue")
    s3.create_bucket(Bucket="mlz-tables", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="mlz-tables", Key="csv/day=1/a.csv", Body=b"id,name\n1,ada\n2,\n")
    s3.put_object(Bucket="mlz-tables", Key="json/a.json", Body=json.dumps({"id": 1, "amount": 2.5}).encode())
    glue.create_database(DatabaseInput={"Name": "mixed"})
    csv = {
        "Location": "s3://mlz-tables/csv/",
        "Columns": [{"Name": "id", "Type": "int"}, {"Name": "name", "Type": "string"}],
        "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde"},
    }
    parameters, parts = {"skip.header.line.count": "1"}, [{"Name": "day", "Type": "string"}]
    table = {"Name": "people", "StorageDescriptor": csv, "Parameters": parameters, "PartitionKeys": parts}
    glue.create_table(DatabaseName="mixed", TableInput=table)
    lines = {
        "Location": "s3://mlz-tables/json",
        "Columns": [{"Name": "id", "Type": "int"}, {"Name": "amount", "Type": "double"}],
        "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
    }
    glue.create_table(DatabaseName="mixed", TableInput={"Name": "sales", "StorageDescriptor": lines})

    asked = "SELECT p.name, s.amount, day FROM people p LEFT JOIN sales s USING (id) ORDER BY p.id"
    _, *rows = ask(asked, QueryExecutionContext={"Database": "mixed"})
    assert [["ada", "2.5", "1"], [None, None, "1"]] == rows
