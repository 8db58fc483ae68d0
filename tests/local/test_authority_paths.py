"""How the tables of zone/facts point into a request."""

from local.authority.paths import Found, filled, found, holds, values
from local.authority.rights import rights_of
from local.handlers.operation import Call
from local.handlers.records import STORES
from tests.local.people import ACCOUNT, REGION


def call(operation="CreateThing", service="sagemaker", **params):
    return Call(service, operation, ACCOUNT, REGION, params)


def test_a_path_reaches_into_lists_takes_alternatives_and_matches_names():
    asked = call(Inputs=[{"Uri": "a"}, {"Uri": "b"}], Ai={"Type": "x"}, Bi={"Type": "y"}, Off=False, Empty=None)

    assert ["a", "b"] == values(asked, "Inputs.Uri")
    assert ["x", "y"] == values(asked, "*i.Type")
    assert ["x"] == values(asked, "Missing.Type or Ai.Type or Bi.Type")
    assert [] == values(asked, "Empty") == values(asked, "Inputs.Uri.More")
    assert [REGION] == values(asked, "region")


def test_the_holes_of_a_text_are_filled_with_every_value_or_the_default():
    asked = call(Names=["a", "b"], Kind="vpc")

    assert [f"arn:{ACCOUNT}:vpc/a", f"arn:{ACCOUNT}:vpc/b"] == filled(asked, "arn:{account}:{Kind}/{Names}")
    assert ["db/x", "CreateThing"] == filled(asked, "db/{Base|x}") + filled(asked, "{operation}")
    assert [] == filled(asked, "db/{Base}")


def test_a_test_asks_for_presence_value_or_absence():
    asked = call(Type="SecureString", On=True, Tags=[])

    assert [True, True, True] == [holds(asked, test) for test in ("Type", "Type=SecureString", "On=true")]
    assert [False, False, True] == [holds(asked, test) for test in ("not Type", "Tier=Advanced", "not Tier=Advanced")]
    assert [False, True] == [holds(asked, test) for test in ("Tags", "Tier or Type")]


def test_a_form_says_what_a_value_means():
    asked = call(Uri="s3://b/in/data", Image=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/model:1", Mail="a@b.c")

    assert [Found("arn:aws:s3:::b/in/data/*", {})] == found(asked, "Uri", "s3:GetObject")
    assert [Found("arn:aws:s3:::b/in/data", {})] == found(asked, "object of Uri", "s3:GetObject")
    assert [Found("arn:aws:s3:::b", {"s3:prefix": "in/data"})] == found(asked, "bucket of Uri", "s3:ListBucket")
    assert [Found("arn:aws:s3:::b", {"s3:prefix": "in/data/"})] == found(asked, "folder of Uri", "s3:ListBucket")
    assert [Found("arn:aws:s3:::b", {})] == found(asked, "bucket of Uri", "s3:GetBucketAcl")
    repository = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/model"
    assert [Found(repository, {})] == found(asked, "repository of Image", "ecr:BatchGetImage")
    assert [] == found(asked, "Mail", "sns:Publish") == found(asked, "repository of Mail", "ecr:BatchGetImage")
    assert [] == found(asked, "bucket key of Uri", "kms:Decrypt")


def test_records_are_asked_for_the_stored_keys_of_their_groups(monkeypatch):
    role_arn, online, offline = f"arn:aws:iam::{ACCOUNT}:role/features", "on", "off"
    group = {
        "RoleArn": role_arn,
        "OnlineStoreConfig": {"SecurityConfig": {"KmsKeyId": online}},
        "OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": "s3://b/features", "KmsKeyId": offline}},
    }
    monkeypatch.setitem(STORES, ("sagemaker", "FeatureGroup", ACCOUNT, REGION), {("card",): group})
    keys = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/"
    put = call("PutRecord", "sagemaker-featurestore-runtime", FeatureGroupName="card")
    read = call("BatchGetRecord", "sagemaker-featurestore-runtime", Identifiers=[{"FeatureGroupName": "card"}])

    def asked(given):
        rights = rights_of(given, f"sagemaker:{given.operation}")
        return {(right.who, right.action, right.resource, right.via) for right in rights}

    decrypt = ("caller", "kms:Decrypt", f"{keys}{online}", "sagemaker")
    assert {
        decrypt,
        (role_arn, "s3:PutObject", "arn:aws:s3:::b/features/*", ""),
        (role_arn, "kms:GenerateDataKey", f"{keys}{offline}", "s3"),
    } == asked(put)
    assert {decrypt} == asked(read)
    assert set() == asked(call("PutRecord", FeatureGroupName="other"))
