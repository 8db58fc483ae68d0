"""A declared endpoint on the real engine: made with its version, unchanged, switched in place, taken out again."""

import json
import shutil
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local.cloud import Cloud
from local.deployment import identities, with_specs
from local.rehearsal import run
from local.world import local_world
from tests.local.conftest import connect
from zone.plan.planner import read

pytestmark = [
    pytest.mark.engine,
    pytest.mark.shows("E10", "I1", "I7"),
]

ROOT = Path(__file__).parents[2]
STACK, FILE = "dev-churn", "dev/churn.yaml"
QUICK = ("--skip-preview",)
ENDPOINT = {"EndpointName": "churn-churn"}
WITHOUT, FIRST, SECOND = (
    f"endpoints:\n  churn:\n    model: churn\n{version}" for version in ("", "    version: 1\n", "    version: 2\n")
)


@pytest.fixture
def files(tmp_path):
    return shutil.copytree(ROOT / "examples" / "churn", tmp_path / "accounts")


@pytest.fixture
def world(engine, tmp_path, files):
    zone = read(files, files / "ids.lock.yaml")
    made = local_world(engine, ROOT, tmp_path / "state", region="eu-west-1", identities=identities(zone))
    yield with_specs(made, files, files / "ids.lock.yaml")
    Cloud(**json.loads((tmp_path / "state" / "cloud.json").read_text())).stop()


def up(world, command="up", flags=QUICK, stack=STACK):
    (outcome,) = run(world, command, [stack], needs={}, flags=flags)
    return outcome


def client_of(world, files):
    account = read(files, files / "ids.lock.yaml").teams[STACK].account
    cloud = Cloud(**json.loads((world.logs.parent / "cloud.json").read_text()))
    arn = f"arn:aws:iam::{account.account_id}:role/{account.role}"
    given = connect(cloud, "sts").assume_role(RoleArn=arn, RoleSessionName="look")["Credentials"]
    return lambda service: connect(cloud, service, given["AccessKeyId"], given["SessionToken"])


def register(sagemaker, account_id):
    image = f"{account_id}.dkr.ecr.eu-west-1.amazonaws.com/churn/churn@sha256:{'0' * 64}"
    data = f"s3://mlz-dev-churn-models-{account_id}/models/churn/model.tar.gz"
    sagemaker.create_model_package(
        ModelPackageGroupName="churn-churn",
        ModelApprovalStatus="Approved",
        CustomerMetadataProperties={"git_commit": "1f0c2a9", "data_version": "1"},
        InferenceSpecification={
            "Containers": [{"Image": image, "ModelDataUrl": data}],
            "SupportedContentTypes": ["application/json"],
            "SupportedResponseMIMETypes": ["application/json"],
        },
    )


def declare(files, old, new):
    text = (files / FILE).read_text()
    assert 1 == text.count(old)
    (files / FILE).write_text(text.replace(old, new))


def test_an_endpoint_is_made_switched_in_place_and_taken_out(world, files):
    for stack in ("org", STACK):
        first = up(world, stack=stack)
        assert 0 == first.code, first.failures
    client = client_of(world, files)
    sagemaker, scaling = client("sagemaker"), client("application-autoscaling")
    account_id = read(files, files / "ids.lock.yaml").teams[STACK].account.account_id
    for _ in range(2):
        register(sagemaker, account_id)
    assert [] == sagemaker.list_endpoints()["Endpoints"]

    declare(files, WITHOUT, FIRST)
    made = up(world)
    assert 0 == made.code, made.failures
    endpoint = sagemaker.describe_endpoint(**ENDPOINT)
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    assert 100 == config["DataCaptureConfig"]["InitialSamplingPercentage"]
    assert 1 == len(scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"])
    again = up(world, "preview", ())
    assert {"same"} == set(again.changes), again.changes

    declare(files, FIRST, SECOND)
    switched = up(world)
    assert 0 == switched.code, switched.failures
    after = sagemaker.describe_endpoint(**ENDPOINT)
    assert endpoint["CreationTime"] == after["CreationTime"]
    assert endpoint["EndpointConfigName"] != after["EndpointConfigName"]
    (model,) = sagemaker.list_models()["Models"]
    container = sagemaker.describe_model(ModelName=model["ModelName"])["PrimaryContainer"]
    assert container["ModelPackageName"].endswith(":model-package/churn-churn/2")
    assert [after["EndpointConfigName"]] == [
        each["EndpointConfigName"] for each in sagemaker.list_endpoint_configs()["EndpointConfigs"]
    ]

    declare(files, SECOND, WITHOUT)
    gone = up(world)
    assert 0 == gone.code, gone.failures
    with pytest.raises(ClientError):
        sagemaker.describe_endpoint(**ENDPOINT)
    assert [] == scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert [] == sagemaker.list_models()["Models"]
