"""Athena of the emulated AWS, asked with boto3: what the engine does to a workgroup and a catalogue."""

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def athena(client):
    return client("athena")


def test_a_workgroup_is_changed_and_read_as_it_was_given(athena):
    location = {"OutputLocation": "s3://work/queries/"}
    athena.create_work_group(Name="team", Configuration={"ResultConfiguration": location})

    athena.update_work_group(
        WorkGroup="team",
        ConfigurationUpdates={
            "BytesScannedCutoffPerQuery": 10**9,
            "ResultConfigurationUpdates": {"ExpectedBucketOwner": "111111111111"},
        },
    )

    read = athena.get_work_group(WorkGroup="team")["WorkGroup"]["Configuration"]
    assert 10**9 == read["BytesScannedCutoffPerQuery"]
    assert {**location, "ExpectedBucketOwner": "111111111111"} == read["ResultConfiguration"]
    athena.delete_work_group(WorkGroup="team", RecursiveDeleteOption=True)


def test_a_catalogue_is_changed_and_gone_once_deleted(athena):
    athena.create_data_catalog(Name="theirs", Type="GLUE", Parameters={"catalog-id": "222222222222"})

    athena.update_data_catalog(Name="theirs", Type="GLUE", Parameters={"catalog-id": "333333333333"})
    assert {"catalog-id": "333333333333"} == athena.get_data_catalog(Name="theirs")["DataCatalog"]["Parameters"]

    athena.delete_data_catalog(Name="theirs")
    with pytest.raises(ClientError):
        athena.delete_data_catalog(Name="theirs")
