"""A notebook in a VPC without the internet installs a package: the app's start script, pip itself, and who may.

Real are pip, the script that Studio runs, the policies and how AWS decides. Not AWS's are: the repository, which
is emulated and speaks HTTP without TLS; the public index, a folder of wheels made here; and the command `aws`, of
which the script needs two calls.
"""

import base64
import functools
import http.server
import json
import subprocess
import sys
import threading
import zipfile
from itertools import count

import boto3
import pytest
from botocore.exceptions import ClientError

from checks.record import record
from components.access.grants.packages import read
from components.access.grants.statement import document as policy
from components.access.packages import PackageSource
from components.packages.documents import blocked_group, domain_policy, repository_policy
from local.authority.network import HEADER
from local.cloud import private_cloud
from local.handlers.package_index import UPSTREAM
from stacks.build import build
from tests.local.conftest import IDENTITIES, REGION, connect
from tests.local.people import PEOPLE, lacks
from zone import names, platform_names
from zone.plan import planner
from zone.plan.endpoints import endpoint_policy

PLATFORM, TEAM = "111111111111", "222222222222"
SOURCE = PackageSource(environment="dev", account_id=PLATFORM, region=REGION)
HOST = platform_names.package_host(REGION, PLATFORM, "dev")
READERS = ["data-scientist"]
NUMBERS = count()
AWS = """#!{python}
import os, sys, boto3
service, call, *rest = sys.argv[1:]
given = dict(zip(rest[::2], rest[1::2]))
region = given.get("--region", "{region}")
client = boto3.client(service, endpoint_url=os.environ["AWS_ENDPOINT_URL"], region_name=region)
client.meta.events.register("before-sign.*", lambda request, **_: request.headers.add_header("{header}", "{vpc}"))
if call == "get-parameter":
    print(client.get_parameter(Name=given["--name"])["Parameter"]["Value"])
else:
    print(client.get_authorization_token(domain=given["--domain"], domainOwner=given["--domain-owner"],
        durationSeconds=int(given["--duration-seconds"]))["authorizationToken"])
"""


def wheel(folder, name):
    """A package with one module, and its page in the index."""
    place = folder / name
    place.mkdir()
    file = place / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(f"{name}.py", "VALUE = 1\n")
        made.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        made.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        made.writestr(f"{name}-1.0.dist-info/RECORD", "")
    (place / "index.html").write_text(f'<a href="{file.name}">{file.name}</a>')


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    """The public index."""
    folder = tmp_path_factory.mktemp("public")
    for name in ("colours", "ctx", "later"):
        wheel(folder, name)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def cloud(public, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(UPSTREAM, public[1])
        with private_cloud(tmp_path_factory.mktemp("cloud"), IDENTITIES) as running:
            yield running


@pytest.fixture(scope="module")
def team(cloud):
    """Clients of the team account's administrator; the organisation has both accounts."""
    organizations = connect(cloud, "organizations")
    organizations.create_organization(FeatureSet="ALL")
    status = organizations.create_account(Email="team@example.com", AccountName="team")["CreateAccountStatus"]
    organizations.describe_create_account_status(CreateAccountRequestId=status["Id"])
    made = connect(cloud, "sts").assume_role(
        RoleArn=f"arn:aws:iam::{TEAM}:role/OrganizationAccountAccessRole", RoleSessionName="test"
    )["Credentials"]
    return lambda service: connect(cloud, service, made["AccessKeyId"], made["SessionToken"])


@pytest.fixture(scope="module")
def repository(cloud):
    """The platform's repository, as our component makes it."""
    artifacts = connect(cloud, "codeartifact")
    artifacts.create_domain(domain="mlz-dev")
    group = blocked_group("mlz-dev", PLATFORM, "/pypi//ctx$", {"mlz:owner": "platform"})
    connect(cloud, "cloudcontrol").create_resource(
        TypeName="AWS::CodeArtifact::PackageGroup", DesiredState=json.dumps(group)
    )
    artifacts.create_repository(domain="mlz-dev", repository="pypi-store")
    artifacts.associate_external_connection(domain="mlz-dev", repository="pypi-store", externalConnection="public:pypi")
    artifacts.create_repository(
        domain="mlz-dev", repository=platform_names.PACKAGES, upstreams=[{"repositoryName": "pypi-store"}]
    )
    artifacts.create_repository(domain="mlz-dev", repository="closed")
    artifacts.put_domain_permissions_policy(
        domain="mlz-dev", policyDocument=json.dumps(domain_policy(SOURCE, [TEAM], READERS))
    )
    artifacts.put_repository_permissions_policy(
        domain="mlz-dev",
        repository=platform_names.PACKAGES,
        policyDocument=json.dumps(repository_policy(SOURCE, [TEAM], READERS)),
    )


@pytest.fixture(scope="module")
def vpc(team):
    """A network whose only ways out are endpoints; and the contract."""
    ec2 = team("ec2")
    made = ec2.create_vpc(CidrBlock="10.1.0.0/24")["Vpc"]["VpcId"]
    for key, service in (
        ("codeartifact-api", "codeartifact.api"),
        ("codeartifact-repositories", "codeartifact.repositories"),
        ("ssm", "ssm"),
    ):
        allowed = endpoint_policy(key, region=REGION, organization_id=IDENTITIES.organization, account_id=TEAM)
        ec2.create_vpc_endpoint(
            VpcId=made,
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.{REGION}.{service}",
            PolicyDocument=json.dumps(allowed),
        )
    for key, value in SOURCE.index.items():
        team("ssm").put_parameter(
            Name=f"/mlz/v1/packages/{key}", Type="String", Value=value.replace("https://", "http://")
        )
    for name, value in (("sdk/defaults", "{}"), ("mlflow/tracking-uri", "https://mlflow.dev.example.com")):
        team("ssm").put_parameter(Name=f"/mlz/v1/{name}", Type="String", Value=value)
    return made


@pytest.fixture(scope="module")
def who(team):
    """Credentials of one of the team's roles, which reads packages if it is told to."""

    def start(stem, *, granted=True):
        name = names.role(stem)
        statements = [
            *(policy(read(SOURCE))["Statement"] if granted else ()),
            {"Sid": "Contract", "Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"},
        ]
        iam = team("iam")
        iam.create_role(RoleName=name, Path=names.PATH, AssumeRolePolicyDocument=PEOPLE.replace(PLATFORM, TEAM))
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)
        return team("sts").assume_role(RoleArn=names.role_arn(TEAM, stem), RoleSessionName="ana")["Credentials"]

    return start


@pytest.fixture(scope="module")
def scientist(who, repository):  # noqa: ARG001 - there is something to read
    return who("data-scientist")


@pytest.fixture(scope="module")
def script():
    """What a Studio app of churn runs when it starts."""
    zone = planner.read(planner.EXAMPLES.parent / "shared-platform")
    recording = record(lambda: build(zone, "dev-churn"), stack="dev-churn")
    found = recording.of("aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig")
    return base64.b64decode(found[0].inputs["studioLifecycleConfigContent"]).decode()


@pytest.fixture
def notebook(cloud, vpc, scientist, script, tmp_path):
    """A started app: a function that runs pip in it."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "aws").write_text(AWS.format(python=sys.executable, region=REGION, header=HEADER, vpc=vpc))
    (bin_folder / "aws").chmod(0o755)
    env = {
        "PATH": f"{bin_folder}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": cloud.endpoint,
        "AWS_ACCESS_KEY_ID": scientist["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": scientist["SecretAccessKey"],
        "AWS_SESSION_TOKEN": scientist["SessionToken"],
        "PIP_CONFIG_FILE": str(tmp_path / "pip.conf"),
    }
    for real, here in (
        ("/usr/local/bin/keyring", bin_folder / "keyring"),
        ("/etc/pip.conf", tmp_path / "pip.conf"),
        ("/etc/xdg/sagemaker/config.yaml", tmp_path / "config.yaml"),
        ("sudo -n ", ""),
    ):
        script = script.replace(real, str(here))
    started = subprocess.run(["/bin/bash", "-c", script], env=env, check=False, capture_output=True, text=True)
    assert not started.stderr, started.stderr

    def pip(package, network=vpc, **changed):
        out = tmp_path / f"site{next(NUMBERS)}"
        proxy = f"http://{network}:@127.0.0.1:{cloud.port}"
        options = ["--no-cache-dir", "--disable-pip-version-check", "--no-deps", "--proxy", proxy]
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", *options, "--trusted-host", HOST, "--target", str(out), package],
            env={**env, **changed},
            check=False,
            capture_output=True,
            text=True,
        )
        return done, [file.name for file in out.glob("*.py")] if out.exists() else []

    def keyring(*words):
        command = [bin_folder / "keyring", *words]
        return subprocess.run(command, env=env, check=False, capture_output=True, text=True)

    pip.keyring = keyring
    return pip


@pytest.mark.shows("H7", "S10")
def test_a_notebook_without_the_internet_installs_a_package(notebook, tmp_path):
    done, files = notebook("colours")

    assert (0, ["colours.py"]) == (done.returncode, files), done.stdout + done.stderr
    assert f"index-url = http://aws@{HOST}/pypi/packages/simple/" in (tmp_path / "pip.conf").read_text()


def test_the_command_keyring_answers_older_and_newer_pip_and_nobody_elses_address(notebook):
    url = f"http://{HOST}/pypi/packages/simple/"
    old = notebook.keyring("get", url, "aws")
    new = notebook.keyring("--mode=creds", "--output=json", "get", url, "aws")
    other = notebook.keyring("--mode=creds", "--output=json", "get", "https://pypi.org/simple/", "aws")

    assert (0, 0, 1) == (old.returncode, new.returncode, other.returncode), old.stderr + new.stderr
    assert {"username", "password"} == json.loads(new.stdout).keys()
    assert len(old.stdout) == len(json.loads(new.stdout)["password"]) > 20
    assert "" == other.stdout


@pytest.mark.shows("H7")
def test_no_token_is_stored(notebook, tmp_path):
    notebook("colours")

    files = [file for file in tmp_path.rglob("*") if file.is_file() and "site" not in str(file)]
    told = {"10-mlz-mlflow.py", ".bashrc", "environment"}  # MLflow's address
    assert {"pip.conf", "keyring", "aws", "config.yaml"} | told == {file.name for file in files}
    assert all(len(line) < 150 for file in files if file.name == "pip.conf" for line in file.read_text().splitlines())
    assert "authorization" not in (tmp_path / "pip.conf").read_text()


@pytest.mark.shows("H7")
def test_what_is_in_quarantine_does_not_enter(notebook):
    done, files = notebook("ctx")

    assert 0 != done.returncode
    assert not files
    assert "No matching distribution found for ctx" in done.stderr


def test_what_was_fetched_once_is_kept_when_the_public_index_has_lost_it(notebook, public):
    assert 0 == notebook("later")[0].returncode
    (public[0] / "later" / "index.html").unlink()

    done, files = notebook("later")

    assert (0, ["later.py"]) == (done.returncode, files), done.stderr


@pytest.mark.shows("S10")
def test_a_network_without_the_endpoints_has_no_way_to_packages(notebook, team):
    other = team("ec2").create_vpc(CidrBlock="10.2.0.0/24")["Vpc"]["VpcId"]

    done, files = notebook("colours", network=other)

    assert 0 != done.returncode
    assert not files
    assert "No matching distribution found for colours" in done.stderr


def test_the_public_index_itself_is_not_reached(notebook):
    done, files = notebook("colours", PIP_INDEX_URL="https://pypi.org/simple", PIP_RETRIES="0", PIP_TIMEOUT="2")

    assert 0 != done.returncode
    assert not files


def artifacts(cloud, vpc, made):
    client = boto3.client(
        "codeartifact",
        endpoint_url=cloud.endpoint,
        region_name=REGION,
        aws_access_key_id=made["AccessKeyId"],
        aws_secret_access_key=made["SecretAccessKey"],
        aws_session_token=made["SessionToken"],
    )
    client.meta.events.register("before-sign.*", lambda request, **_: request.headers.add_header(HEADER, vpc))
    return client


@pytest.mark.shows("H7", "D5")
@pytest.mark.usefixtures("repository")
def test_whose_role_the_domain_does_not_name_gets_no_token(cloud, vpc, who):
    reviewer = artifacts(cloud, vpc, who("reviewer"))

    refused = lacks(reviewer.get_authorization_token, domain="mlz-dev", domainOwner=PLATFORM)

    assert "codeartifact:GetAuthorizationToken" == refused


@pytest.mark.usefixtures("repository")
def test_a_right_at_the_domain_alone_gives_no_token(cloud, vpc, team, scientist):
    iam, name = team("iam"), names.role("data-scientist")
    document = iam.get_role_policy(RoleName=name, PolicyName="own")["PolicyDocument"]
    rest = [each for each in document["Statement"] if each["Action"] != ["sts:GetServiceBearerToken"]]
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps({**document, "Statement": rest}))

    refused = lacks(artifacts(cloud, vpc, scientist).get_authorization_token, domain="mlz-dev", domainOwner=PLATFORM)

    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(document))
    assert "sts:GetServiceBearerToken" == refused


def test_readers_reach_the_repository_of_the_teams_only(cloud, vpc, scientist):
    client = artifacts(cloud, vpc, scientist)
    given = {"domain": "mlz-dev", "domainOwner": PLATFORM, "format": "pypi"}

    assert HOST in client.get_repository_endpoint(repository=platform_names.PACKAGES, **given)["repositoryEndpoint"]
    assert "codeartifact:GetRepositoryEndpoint" == lacks(
        client.get_repository_endpoint, repository="pypi-store", **given
    )


@pytest.mark.usefixtures("repository")
def test_a_domain_with_repositories_stays(cloud):
    with pytest.raises(ClientError, match="has repositories"):
        connect(cloud, "codeartifact").delete_domain(domain="mlz-dev")
