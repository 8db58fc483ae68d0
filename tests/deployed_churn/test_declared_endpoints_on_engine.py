"""A declared endpoint on the real engine: made with its version, unchanged, switched in place, taken out again."""

import pytest
from botocore.exceptions import ClientError

from tests.deployed_churn.account import WITHOUT, account_of, administrator_of, declare, register, served, up

pytestmark = [
    pytest.mark.engine,
    pytest.mark.shows("E10", "I1", "I7"),
]

ENDPOINT = {"EndpointName": "churn-churn"}


def test_an_endpoint_is_made_switched_in_place_and_taken_out(world, files):
    client = administrator_of(world, files)
    sagemaker, scaling = client("sagemaker"), client("application-autoscaling")
    first, second = (register(sagemaker, account_of(files).account_id) for _ in range(2))
    assert [] == sagemaker.list_endpoints()["Endpoints"]

    declare(files, WITHOUT, served(first))
    up(world)
    endpoint = sagemaker.describe_endpoint(**ENDPOINT)
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    assert 100 == config["DataCaptureConfig"]["InitialSamplingPercentage"]
    assert 1 == len(scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"])
    again = up(world, "preview", ())
    assert {"same"} == set(again.changes), again.changes

    declare(files, served(first), served(second))
    up(world)
    after = sagemaker.describe_endpoint(**ENDPOINT)
    assert endpoint["CreationTime"] == after["CreationTime"]
    assert endpoint["EndpointConfigName"] != after["EndpointConfigName"]
    (model,) = sagemaker.list_models()["Models"]
    container = sagemaker.describe_model(ModelName=model["ModelName"])["PrimaryContainer"]
    assert container["ModelPackageName"].endswith(f":model-package/churn-churn/{second}")
    assert [after["EndpointConfigName"]] == [
        each["EndpointConfigName"] for each in sagemaker.list_endpoint_configs()["EndpointConfigs"]
    ]

    declare(files, served(second), WITHOUT)
    up(world)
    with pytest.raises(ClientError):
        sagemaker.describe_endpoint(**ENDPOINT)
    assert [] == scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert [] == sagemaker.list_models()["Models"]
