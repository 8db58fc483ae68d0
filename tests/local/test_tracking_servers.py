"""A real MLflow behind the emulated tracking servers, asked as AWS's own plugin asks: decided, kept, seen, gone.

The module's tests share one server. Its packages are installed once (600 MB).
"""

import http.client
import json
import os
import subprocess
import time
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from components.access.grants.mlflow import serve, track
from components.access.grants.statement import document
from local.cloud import private_cloud
from local.environments import bytecode, environment
from local.tracking import REQUIREMENTS
from tests.local.conftest import IDENTITIES, REGION, connect

PLATFORM, TEAM = "111111111111", "222222222222"
BUCKET = "mlz-tracked"
NUMBERS = count()
API = "/api/2.0/mlflow"
JOB = """
import json, mlflow
mlflow.set_experiment("churn")
with mlflow.start_run(run_name="job") as run:
    mlflow.log_params({"max_depth": 3})
    mlflow.log_metric("auc", 0.75, step=1)
    mlflow.log_metric("auc", 0.91, step=2)
    mlflow.log_text("hello", "notes/a.txt")
client = mlflow.MlflowClient()
client.create_registered_model("churn")
version = client.create_model_version("churn", f"{run.info.artifact_uri}/notes", run.info.run_id)
client.set_registered_model_alias("churn", "champion", version.version)
seen = mlflow.get_run(run.info.run_id)
print(json.dumps({
    "artifacts": run.info.artifact_uri,
    "files": [each.path for each in client.list_artifacts(run.info.run_id, "notes")],
    "history": [each.value for each in client.get_metric_history(run.info.run_id, "auc")],
    "params": seen.data.params,
    "champion": client.get_model_version_by_alias("churn", "champion").version,
}))
"""


@pytest.fixture(scope="module")
def python():
    return environment(REQUIREMENTS)


def trusting(**principal):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def allowing(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def text(statements):
    return json.dumps(document(statements))


def made_role(client, name, trust, policy):
    arn = client("iam").create_role(RoleName=name, Path="/mlz/", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    client("iam").put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy)
    return arn


def taken(sts, arn):
    made = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    return Credentials(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


class Tracked:
    """A platform account with a tracking server, and a team account whose jobs log to it."""

    def __init__(self, cloud, client, python):
        self.cloud, self.client, self.python = cloud, client, python
        client("organizations").create_organization(FeatureSet="ALL")
        client("organizations").create_account(Email="team@example.com", AccountName="team")
        keys = taken(client("sts"), f"arn:aws:iam::{TEAM}:role/OrganizationAccountAccessRole")
        team = lambda service: connect(cloud, service, keys.access_key, keys.token)  # noqa: E731
        key = client("kms").create_key()["KeyMetadata"]["Arn"]
        client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        statements = serve(f"arn:aws:s3:::{BUCKET}", "", key, region=REGION, account_id=PLATFORM)
        self.role = made_role(client, "server", trusting(Service="sagemaker.amazonaws.com"), text(statements))
        self.arn = self.server("shared")
        access = f"arn:aws:iam::{PLATFORM}:role/mlz/access"
        objects = {"Effect": "Allow", "Action": ["s3:*Object", "s3:ListBucket"], "Resource": "*"}
        takes = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": access}
        training = made_role(team, "training", trusting(AWS=f"arn:aws:iam::{TEAM}:root"), allowing(objects, takes))
        made_role(client, "access", trusting(AWS=training), text(track(self.arn, shared=True)))
        client("s3").put_bucket_policy(
            Bucket=BUCKET,
            Policy=allowing(
                {
                    **objects,
                    "Principal": {"AWS": training},
                    "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
                }
            ),
        )
        self.access = access
        self.job_keys = taken(team("sts"), training)
        self.keys = taken(connect(cloud, "sts", self.job_keys.access_key, self.job_keys.token), access)

    def server(self, name):
        made = self.client("sagemaker").create_mlflow_tracking_server(
            TrackingServerName=name, ArtifactStoreUri=f"s3://{BUCKET}/{name}", RoleArn=self.role
        )
        return made["TrackingServerArn"]

    def job(self, code):
        """Run a team's training job: what its container is told, and nothing else."""
        variables = {
            **self.cloud.env(REGION),
            "PATH": os.environ["PATH"],
            "HOME": str(Path(self.python).parents[1]),
            **bytecode(self.python),
            "AWS_ACCESS_KEY_ID": self.job_keys.access_key,
            "AWS_SECRET_ACCESS_KEY": self.job_keys.secret_key,
            "AWS_SESSION_TOKEN": self.job_keys.token,
            "MLFLOW_TRACKING_URI": self.arn,
            "SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN": self.access,
            "SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT": self.cloud.endpoint,
        }
        done = subprocess.run(
            [self.python, "-c", code], env=variables, capture_output=True, text=True, check=False, timeout=500
        )
        assert 0 == done.returncode, done.stderr[-2000:]
        return json.loads(done.stdout.strip().splitlines()[-1])

    def person(self, *statements):
        """Credentials of somebody in the platform account with these statements."""
        role = made_role(
            self.client, f"person{next(NUMBERS)}", trusting(AWS=f"arn:aws:iam::{PLATFORM}:root"), allowing(*statements)
        )
        return taken(self.client("sts"), role)


@pytest.fixture(scope="module")
def tracked(cloud, python):
    return Tracked(cloud, lambda service: connect(cloud, service), python)


def asked(cloud, keys, arn, *call, service="sagemaker-mlflow"):
    """Ask MLflow's REST interface as the plugin does: method, path, body; status and answer."""
    method, path, body = (*call, None)[:3]
    header = "x-mlflow-sm-tracking-server-arn" if service == "sagemaker-mlflow" else "x-sm-mlflow-app-arn"
    data = json.dumps(body).encode() if body is not None else b""
    request = AWSRequest(method, cloud.endpoint + path, {header: arn, "Content-Type": "application/json"}, data)
    if keys:
        SigV4Auth(keys, service, REGION).add_auth(request)
    status, _, answer = fetched(cloud, method, path, dict(request.headers), data)
    return status, json.loads(answer)


def fetched(cloud, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", cloud.port, timeout=400)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def processes(folder):
    """Processes that work below *folder*."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if (each / "cwd").readlink().is_relative_to(folder):
                found.append(each)
        except OSError:
            continue
    return found


@pytest.mark.shows("G1", "G7", "G10")
def test_a_job_in_a_teams_account_logs_by_its_access_role_and_a_model_follows(tracked):
    said = tracked.job(JOB)

    assert {"max_depth": "3"} == said["params"]
    assert [0.75, 0.91] == said["history"]
    assert "1" == said["champion"]
    assert ["notes/a.txt"] == said["files"]
    key = said["artifacts"].removeprefix(f"s3://{BUCKET}/") + "/notes/a.txt"
    assert b"hello" == tracked.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()


def test_a_shared_server_lets_nobody_delete_what_others_may_need(tracked):
    experiment = {"name": f"kept{next(NUMBERS)}"}
    _, made = asked(tracked.cloud, tracked.keys, tracked.arn, "POST", f"{API}/experiments/create", experiment)
    status, said = asked(tracked.cloud, tracked.keys, tracked.arn, "POST", f"{API}/experiments/delete", made)

    assert 403 == status
    assert f"not authorized to perform: sagemaker-mlflow:DeleteExperiment on resource: {tracked.arn}" in said["message"]
    assert (
        200
        == asked(
            tracked.cloud,
            tracked.keys,
            tracked.arn,
            "GET",
            f"{API}/experiments/get?experiment_id={made['experiment_id']}",
        )[0]
    )


def test_each_call_asks_for_its_own_right_on_its_own_server(tracked):
    read = {"Effect": "Allow", "Action": "sagemaker-mlflow:SearchExperiments", "Resource": tracked.arn}
    keys = tracked.person(read)
    search = ("POST", f"{API}/experiments/search", {"max_results": 1})

    assert 200 == asked(tracked.cloud, keys, tracked.arn, *search)[0]
    status, said = asked(tracked.cloud, keys, tracked.arn, "POST", f"{API}/runs/create", {"experiment_id": "0"})
    assert (403, True) == (status, "sagemaker-mlflow:CreateRun" in said["message"])
    assert 403 == asked(tracked.cloud, keys, tracked.arn.replace("shared", "other"), *search)[0]


def test_what_is_unsigned_unknown_or_no_call_of_awss_server_is_refused(tracked):
    admin = Credentials("AKIAMLZLOCALMANAGEMT", "emulated")
    missing = tracked.arn.replace("shared", "missing")

    assert 403 == asked(tracked.cloud, None, tracked.arn, "GET", f"{API}/experiments/search")[0]
    assert 404 == asked(tracked.cloud, admin, tracked.arn, "POST", "/api/3.0/mlflow/gateway/secrets/create", {})[0]
    status, said = asked(tracked.cloud, admin, missing, "GET", f"{API}/experiments/search?max_results=1")
    assert (404, True) == (status, missing in said["message"])


def test_a_link_opens_the_pages_once_for_who_may_see_them(tracked):
    one = {"Effect": "Allow", "Action": "sagemaker:CreatePresignedMlflowTrackingServerUrl", "Resource": tracked.arn}
    pages = {"Effect": "Allow", "Action": "sagemaker-mlflow:AccessUI", "Resource": "*"}

    def link(*statements):
        keys = tracked.person(*statements)
        sagemaker = connect(tracked.cloud, "sagemaker", keys.access_key, keys.token)
        url = urlsplit(
            sagemaker.create_presigned_mlflow_tracking_server_url(TrackingServerName="shared")["AuthorizedUrl"]
        )
        assert f"127.0.0.1:{tracked.cloud.port}" == url.netloc
        return f"{url.path}?{url.query}"

    assert 403 == fetched(tracked.cloud, "GET", link(one))[0]
    address = link(one, pages)
    status, headers, _ = fetched(tracked.cloud, "GET", address)
    assert 302 == status
    assert 403 == fetched(tracked.cloud, "GET", address)[0]
    status, shown, page = fetched(tracked.cloud, "GET", headers["Location"])
    assert (200, "no-referrer", True) == (status, shown["Referrer-Policy"], b"<title>MLflow</title>" in page)
    script = page.split(b'src="')[1].split(b'"')[0].decode()
    assert 200 == fetched(tracked.cloud, "GET", headers["Location"] + script)[0]
    search = "ajax-api/2.0/mlflow/experiments/search?max_results=1"
    assert "experiments" in json.loads(fetched(tracked.cloud, "GET", headers["Location"] + search)[2])
    assert 403 == fetched(tracked.cloud, "GET", f"/mlz-mlflow/guessed/{search}")[0]


def test_a_stopped_server_keeps_its_runs_and_a_deleted_one_leaves_nothing(tracked):
    admin = Credentials("AKIAMLZLOCALMANAGEMT", "emulated")
    arn, sagemaker = tracked.server("own"), tracked.client("sagemaker")
    ask = lambda *given: asked(tracked.cloud, admin, arn, *given)  # noqa: E731
    by_name = ("GET", f"{API}/experiments/get-by-name?experiment_name=mine")
    assert 200 == ask("POST", f"{API}/experiments/create", {"name": "mine"})[0]

    sagemaker.stop_mlflow_tracking_server(TrackingServerName="own")
    assert 404 == ask(*by_name)[0]
    with pytest.raises(ClientError, match="is Stopped"):
        sagemaker.stop_mlflow_tracking_server(TrackingServerName="own")
    sagemaker.start_mlflow_tracking_server(TrackingServerName="own")
    assert 200 == ask(*by_name)[0]

    sagemaker.delete_mlflow_tracking_server(TrackingServerName="own")
    assert 404 == ask(*by_name)[0]
    tracked.server("own")
    assert 404 == ask(*by_name)[0]
    sagemaker.delete_mlflow_tracking_server(TrackingServerName="own")


@pytest.mark.shows("S21")
@pytest.mark.usefixtures("python")
def test_an_app_answers_by_its_own_right_and_nothing_runs_on_when_aws_ends(tmp_path):
    admin = Credentials("AKIAMLZLOCALMANAGEMT", "emulated")
    search = ("GET", f"{API}/experiments/search?max_results=1")
    with private_cloud(tmp_path, IDENTITIES) as cloud:
        client = lambda service: connect(cloud, service)  # noqa: E731
        client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        everything = allowing({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
        role = made_role(client, "app", trusting(Service="sagemaker.amazonaws.com"), everything)
        reader = made_role(client, "reader", trusting(AWS=f"arn:aws:iam::{PLATFORM}:root"), everything)
        app = client("sagemaker").create_mlflow_app(Name="app", ArtifactStoreUri=f"s3://{BUCKET}/app", RoleArn=role)[
            "Arn"
        ]
        assert [app] == [each["Arn"] for each in client("sagemaker").list_mlflow_apps()["Summaries"]]

        status, said = asked(cloud, taken(client("sts"), reader), app, *search, service="sagemaker")
        assert (403, True) == (status, "sagemaker:CallMlflowAppApi" in said["message"])
        assert 200 == asked(cloud, admin, app, *search, service="sagemaker")[0]
        assert processes(tmp_path)

    ends = time.monotonic() + 30
    while processes(tmp_path) and time.monotonic() < ends:
        time.sleep(0.05)
    assert [] == processes(tmp_path)
