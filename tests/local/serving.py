"""An image whose `serve` is thirty lines, models of it, and what tests of endpoints ask again and again."""

import io
import tarfile
import textwrap
import time

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.containers.images import push
from tests.local.people import NUMBERS, REGION, allow

SERVE = """
import json, os, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

base = Path(os.environ["SAGEMAKER_BASE_DIR"])
file = base / "model" / "factor.txt"
factor = float(file.read_text()) if file.exists() else 1.0
if os.environ.get("BROKEN"):
    sys.exit("broken: on purpose")


def buckets():
    # As this container's role; no SDK is needed where nobody checks signatures.
    who = f"Credential={os.environ['AWS_ACCESS_KEY_ID']}/20260101/{os.environ['AWS_REGION']}/s3/aws4_request"
    asked = Request(os.environ["AWS_ENDPOINT_URL"], headers={"Authorization": f"AWS4-HMAC-SHA256 {who}"})
    try:
        return str(urlopen(asked).status)
    except HTTPError as error:
        return f"{error.code} {error.read().decode()}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.say(200, b"")

    def do_POST(self):
        given = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if given == "pid":
            return self.say(200, str(os.getpid()).encode())
        if given.startswith("sleep"):
            time.sleep(float(given.split()[1]))
            return self.say(200, b"slept")
        if given == "objects":
            return self.say(200, buckets().encode())
        try:
            answers = [float(row) * factor for row in given.split()]
        except ValueError as error:
            return self.say(400, json.dumps({"message": str(error)}).encode(), "application/json")
        print("asked", len(answers), flush=True)
        self.say(200, "\\n".join(map(str, answers)).encode())

    def say(self, status, body, kind="text/csv; charset=utf-8"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if custom := self.headers.get("X-Amzn-SageMaker-Custom-Attributes"):
            self.send_header("X-Amzn-SageMaker-Custom-Attributes", custom + " seen")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


print("serving", factor, flush=True)
ThreadingHTTPServer(("127.0.0.1", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Handler).serve_forever()
"""
WORKS = allow("s3:*", "logs:*", "ecr:*", "cloudwatch:*", "sns:*", "kms:*")
"""All that the execution role of a test's model may do."""


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    """Keep snapshots and environments apart from the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def image(cache, client, tmp_path_factory):  # noqa: ARG001 - before anything is pushed
    """The image's URI."""
    folder = tmp_path_factory.mktemp("image")
    (folder / "bin").mkdir()
    (folder / "requirements.txt").write_text("")
    serve = folder / "bin" / "serve"
    serve.write_text(f"#!/usr/bin/env python\n{textwrap.dedent(SERVE)}")
    serve.chmod(0o755)
    name = f"image-{next(NUMBERS)}"
    client("ecr").create_repository(repositoryName=name)
    return push(client("ecr"), name, "1", folder)


@pytest.fixture(scope="module")
def runtime(cloud):
    """A client of SageMaker Runtime that tries once."""
    return boto3.client(
        "sagemaker-runtime",
        endpoint_url=cloud.endpoint,
        region_name=REGION,
        aws_access_key_id="AKIAMLZLOCALMANAGEMT",
        aws_secret_access_key="emulated",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=90),
    )


@pytest.fixture
def model(client, image, role, bucket):
    """Make a model that multiplies by *factor*; its name."""

    def make(factor=2, *, works=(WORKS,), data=None, **more):
        place = bucket()
        with io.BytesIO() as packed:
            with tarfile.open(fileobj=packed, mode="w:gz") as archive:
                content = str(factor).encode()
                info = tarfile.TarInfo("factor.txt")
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            client("s3").put_object(Bucket=place, Key="model.tar.gz", Body=packed.getvalue())
        name = f"model-{next(NUMBERS)}"
        variables = more.pop("Environment", {})
        container = {"Image": image, "ModelDataUrl": data or f"s3://{place}/model.tar.gz", "Environment": variables}
        client("sagemaker").create_model(
            ModelName=name, PrimaryContainer=container, ExecutionRoleArn=role(*works), **more
        )
        return name

    return make


@pytest.fixture
def config(client):
    """Make an endpoint configuration of variants: name=model, or name=(model, weight, …)."""

    def make(variants, **more):
        name = f"config-{next(NUMBERS)}"
        sized = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        client("sagemaker").create_endpoint_config(
            EndpointConfigName=name,
            ProductionVariants=[
                {"VariantName": variant, **({} if "ServerlessConfig" in given else sized), **given}
                for variant, given in variants.items()
            ],
            **more,
        )
        return name

    return make


@pytest.fixture
def served(client):
    """Make an endpoint and wait for it; all end with the test."""
    made = []

    def make(config_name, status="InService"):
        name = f"endpoint-{next(NUMBERS)}"
        client("sagemaker").create_endpoint(EndpointName=name, EndpointConfigName=config_name)
        made.append(name)
        settled(client, name, status)
        return name

    yield make
    for name in made:
        settled(client, name, None)
        try:
            client("sagemaker").delete_endpoint(EndpointName=name)
        except ClientError as gone:
            assert "Could not find" in str(gone)  # noqa: PT017 - anything else is a failure


def settled(client, name, status="InService"):
    """Wait until an endpoint no longer changes, and return what it is."""

    def done():
        try:
            found = client("sagemaker").describe_endpoint(EndpointName=name)
        except ClientError:
            return {"EndpointStatus": "none"}
        return found if found["EndpointStatus"] not in {"Creating", "Updating"} else None

    seen = until(done)
    assert status in (None, seen["EndpointStatus"]), seen
    return seen


def until(holds, seconds=60):
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "in vain"
        time.sleep(0.05)
    return found


def asked(runtime, endpoint, body, **more):
    """Return what an endpoint answers, and which variant did."""
    more.setdefault("ContentType", "text/csv")
    came = runtime.invoke_endpoint(EndpointName=endpoint, Body=body, **more)
    return came["Body"].read().decode(), came["InvokedProductionVariant"]
