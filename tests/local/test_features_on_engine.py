"""Features added by any `pulumi up` of a program that has the component: records stay, what AWS refuses is refused."""

import json
from pathlib import Path

import pytest

from local.cloud import Cloud
from local.rehearsal import run

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json
import sys

sys.path.insert(0, {root!r})
import pulumi_aws as aws
from components.ml.features import FeatureGroupArgs, Features, FeaturesArgs

trust = json.dumps({{"Version": "2012-10-17", "Statement": [
    {{"Effect": "Allow", "Principal": {{"Service": "sagemaker.amazonaws.com"}}, "Action": "sts:AssumeRole"}}]}})
role = aws.iam.Role("role", assume_role_policy=trust)
key = aws.kms.Key("key")
group = FeatureGroupArgs(
    description="", record_id="id", event_time="at", features={features!r}, offline=False, online=True
)
Features("fraud", FeaturesArgs(
    team="fraud", account_id="111111111111", region="eu-west-1", groups={{"card": group}}, shares=(), disposable=True,
    bucket_name="bucket", key_arns={{"data": key.arn, "online": key.arn}}, provisioning_role="Deploy",
    role_arn=role.arn, boundary_arn="arn:aws:iam::111111111111:policy/boundary",
))
"""
GROUP = {"FeatureGroupName": "fraud-card"}
RECORD = [{"FeatureName": "id", "ValueAsString": "1"}, {"FeatureName": "at", "ValueAsString": "2"}]


@pytest.mark.shows("S18")
def test_a_new_feature_is_added_in_place_and_another_type_is_refused(rehearse, aws, tmp_path):
    def up(command="up", flags=("--skip-preview",), **features):
        world = rehearse(PROGRAM.format(root=str(ROOT), features=features))
        (outcome,) = run(world, command, ["dev"], needs={}, flags=flags)
        return outcome

    first = up(id="String", at="String")
    assert 0 == first.code, first.failures
    cloud = Cloud(**json.loads((tmp_path / "state" / "cloud.json").read_text()))
    sagemaker, records = aws(cloud, "sagemaker"), aws(cloud, "sagemaker-featurestore-runtime")
    records.put_record(**GROUP, Record=RECORD)
    made = sagemaker.describe_feature_group(**GROUP)["CreationTime"]

    def kept():
        group = sagemaker.describe_feature_group(**GROUP)
        record = records.get_record(**GROUP, RecordIdentifierValueAsString="1")["Record"]
        return (made, RECORD) == (group["CreationTime"], record)

    added = up(id="String", new="Integral", at="String")
    assert (0, 1) == (added.code, added.changes.get("update")), added
    assert ["id", "at", "new"] == [
        each["FeatureName"] for each in sagemaker.describe_feature_group(**GROUP)["FeatureDefinitions"]
    ]
    assert kept()

    again = up("preview", (), id="String", new="Integral", at="String")
    assert {"same"} == set(again.changes), again

    refused = up(id="String", new="String", at="String")
    assert 0 != refused.code
    assert any("AWS takes no feature away" in failure.message for failure in refused.failures), refused.failures
    assert kept()
