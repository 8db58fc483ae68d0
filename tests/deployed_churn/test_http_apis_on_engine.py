"""An HTTP API on the real engine: made under the guardrails, asked by everybody, taken out again."""

import io
import json
import tarfile
import textwrap

import pytest
from botocore.credentials import Credentials

from local.containers.images import push
from local.person import clients, person
from tests.deployed_churn.account import (
    REGION,
    WITHOUT,
    account_of,
    administrator_of,
    cloud_of,
    declare,
    register,
    served,
    up,
)
from tests.local.serving import SERVE
from tests.local.test_http_apis import post

pytestmark = [pytest.mark.engine, pytest.mark.shows("I6", "B5")]

URL = "/mlz/v1/apis/churn"


def given(cloud, role_arn, service="sagemaker.amazonaws.com"):
    """A role's credentials, as a service gives them out."""
    return cloud.ask("session", {"role_arn": role_arn, "service": service, "name": "test", "keys": {}})


def to_sign(session):
    return Credentials(*(session[f"aws_{name}"] for name in ("access_key_id", "secret_access_key", "session_token")))


def model_of(engineer, admin, account_id, tmp_path):
    """Register and approve a version whose image multiplies by three; return its number."""
    folder = tmp_path / "image"
    (folder / "bin").mkdir(parents=True)
    (folder / "requirements.txt").write_text("")
    serve = folder / "bin" / "serve"
    serve.write_text(f"#!/usr/bin/env python\n{textwrap.dedent(SERVE)}")
    serve.chmod(0o755)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        info = tarfile.TarInfo("factor.txt")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"3"))
    bucket = f"mlz-dev-churn-models-{account_id}"
    engineer("s3").put_object(Bucket=bucket, Key="models/churn/three.tar.gz", Body=packed.getvalue())
    image = push(admin("ecr"), "churn/churn", "1", folder)
    return register(admin("sagemaker"), account_id, image=image, model="three", kind="text/csv")


def test_an_api_is_made_answers_as_the_endpoint_does_and_lets_nobody_else_in(world, files, tmp_path):
    cloud, account, admin = cloud_of(world), account_of(files), administrator_of(world, files)

    def role(name):
        return f"arn:aws:iam::{account.account_id}:role/mlz/mlz-{name}"

    def said(name):
        return admin("ssm").get_parameter(Name=name)["Parameter"]["Value"]

    vpc = said("/mlz/v1/network/vpc-id")
    engineer = person(cloud, role("ml-engineer"), {}, region=REGION, vpc=vpc)
    version = model_of(engineer, admin, account.account_id, tmp_path)
    api = f"{served(version)}    api: {{calls_per_second: 50}}\n"
    declare(files, WITHOUT, api)
    up(world)
    url, who = said(URL), to_sign(given(cloud, role("ml-engineer")))
    assert {"same"} == set(up(world, "preview", ()).changes)

    # The same answer, and the same words for what is wrong.
    ask = {"EndpointName": "churn-churn", "ContentType": "text/csv"}
    direct = engineer("sagemaker-runtime").invoke_endpoint(Body=b"1\n2", **ask)
    came = post(cloud, url, who, b"1\n2", vpc=vpc)
    assert (200, b"3.0\n6.0") == (came[0], came[2])
    assert (direct["Body"].read(), direct["ContentType"]) == (came[2], came[1]["Content-Type"])
    with pytest.raises(engineer("sagemaker-runtime").exceptions.ModelError) as error:
        engineer("sagemaker-runtime").invoke_endpoint(Body=b"x", **ask)
    wrong = post(cloud, url, who, b"x", vpc=vpc)
    assert (424, error.value.response["OriginalMessage"]) == (wrong[0], json.loads(wrong[2])["OriginalMessage"])

    # Nobody else, from nowhere else.
    scientist = post(cloud, url, to_sign(given(cloud, role("data-scientist"))), vpc=vpc)
    assert (403, True) == (scientist[0], b"no identity-based policy allows the execute-api:Invoke" in scientist[2])
    foreign = post(cloud, url, Credentials("AKIAMLZLOCALMANAGEMT", "emulated"), vpc=vpc)
    assert (403, True) == (foreign[0], b"explicit deny in a resource-based policy" in foreign[2])
    assert (403, b'{"message": "Missing Authentication Token"}') == post(cloud, url, None, vpc=vpc)[::2]
    assert (403, b'{"message": "Forbidden"}') == post(cloud, url, who)[::2]

    # The API's role asks from AWS's own network, which the guardrail refuses to every other role of ours.
    gateway = given(cloud, role("endpoint-api-churn"), "apigateway.amazonaws.com")
    outside, stolen = clients(cloud, gateway, REGION), clients(cloud, given(cloud, role("ml-engineer")), REGION)
    assert b"3.0" == outside("sagemaker-runtime").invoke_endpoint(Body=b"1", **ask)["Body"].read()
    for call, params in (
        (outside("sagemaker").describe_endpoint, {"EndpointName": "churn-churn"}),
        (outside("sts").assume_role, {"RoleArn": role("ml-engineer"), "RoleSessionName": "out"}),
        (stolen("sagemaker-runtime").invoke_endpoint, {"Body": b"1", **ask}),
    ):
        with pytest.raises(outside("sts").exceptions.ClientError, match="not authorized to perform"):
            call(**params)
    assert "may not take" in str(given(cloud, role("endpoint-api-churn")).get("refused"))

    # Who asked is in the log.
    written = admin("logs").filter_log_events(logGroupName="/mlz/dev-churn/api-churn")["events"]
    lines = [json.loads(each["message"]) for each in written]
    assert ["200", "424", "403", "403", "403"] == [each["status"] for each in lines]
    assert "mlz-ml-engineer" in lines[0]["caller"]

    # Without the API nothing of it is left but the endpoint.
    declare(files, api, served(version))
    up(world)
    assert [] == admin("apigateway").get_rest_apis()["items"]
    assert not admin("apigateway").get_account().get("cloudwatchRoleArn")
    assert "churn-churn" == admin("sagemaker").describe_endpoint(EndpointName="churn-churn")["EndpointName"]
    ways = admin("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    assert [] == [each for each in ways if each["ServiceName"].endswith("execute-api") and each["State"] != "deleted"]
