"""Features in and out: what is put reads back as what a model learns from, online and offline."""

import pandas as pd
import pytest
from botocore.exceptions import ClientError
from churn import publish, read_back
from churn.columns import read
from churn.errors import RefusedError


class Store:
    """A feature group that keeps what it is given, as boto3's clients show it."""

    def __init__(self):
        self.records = {}

    def put_record(self, **request):
        assert {"FeatureGroupName", "Record"} == set(request)
        record = {one["FeatureName"]: one["ValueAsString"] for one in request["Record"]}
        self.records[record["customer_id"]] = record

    def get_record(self, **request):
        record = self.records.get(request["RecordIdentifierValueAsString"], {})
        return {"Record": [{"FeatureName": name, "ValueAsString": text} for name, text in record.items()]}

    def describe_feature_group(self, **_):
        return {"OfflineStoreConfig": {"DataCatalogConfig": {"Database": "features", "TableName": "customers"}}}

    def start_query_execution(self, **request):
        assert 'FROM "features"."customers"' in request["QueryString"]
        return {"QueryExecutionId": "1"}

    def get_query_execution(self, **_):
        return {"QueryExecution": {"Status": {"State": "SUCCEEDED"}}}

    def get_paginator(self, _):
        return self

    def paginate(self, **_):
        rows = list(self.records.values())
        cells = [list(rows[0]), *([row[name] for name in rows[0]] for row in reversed(rows))]
        answers = [{"Data": [{"VarCharValue": cell} for cell in row]} for row in cells]
        return [{"ResultSet": {"Rows": answers[:50]}}, {"ResultSet": {"Rows": answers[50:]}}]


@pytest.fixture
def store(monkeypatch):
    one = Store()
    monkeypatch.setattr("boto3.client", lambda *_, **__: one)
    return one


def test_what_is_published_reads_back_online_and_offline_as_the_training_frame(life, job, store):
    clean = life.jobs["prepare"].out("clean")
    job.give(clean, "processing", "input", "clean")
    assert 0 == job.run("publish", "--feature-group", "customers")

    frame = read(clean / "customers.csv").sort_values("customer_id", ignore_index=True)
    pd.testing.assert_frame_equal(frame, read_back.offline("customers", "team"))
    pd.testing.assert_frame_equal(frame, read_back.online("customers", [*frame["customer_id"], "nobody"]))
    assert len(frame) == len(store.records)


def test_whole_numbers_are_written_without_a_fraction_and_missing_ones_not_at_all(life):
    frame = read(life.jobs["prepare"].out("clean", "customers.csv")).head(1)
    frame["spend_30d"] = float("nan")
    (record,) = publish.records(frame)
    values = {one["FeatureName"]: one["ValueAsString"] for one in record}

    assert values["tenure_months"].isdigit()
    assert "spend_30d" not in values


def test_a_group_that_takes_nothing_is_one_line(life, job, store, monkeypatch, capsys):
    def refuse(**_):
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not yours"}}, "PutRecord")

    monkeypatch.setattr(store, "put_record", refuse)
    job.give(life.jobs["prepare"].out("clean"), "processing", "input", "clean")

    assert 1 == job.run("publish", "--feature-group", "customers")
    assert 1 == capsys.readouterr().err.count("\n")


def test_a_query_that_fails_says_why(store, monkeypatch):
    status = {"State": "FAILED", "StateChangeReason": "no such table"}
    monkeypatch.setattr(store, "get_query_execution", lambda **_: {"QueryExecution": {"Status": status}})

    with pytest.raises(RefusedError, match="Athena: no such table"):
        read_back.offline("customers", "team")
