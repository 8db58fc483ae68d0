"""The first real deployment as docs/deployment.md has it, on an AWS that only AWS_* names; then the CI's jobs go on."""

from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.operations.bootstrapping import BUCKET, REGION, job, take
from tests.transcripts import printed, transcript
from zone.plan.lock import read as read_lock

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "deployment.md").read_text()


@pytest.mark.shows("H26", "H27")
def test_every_command_of_the_page_does_what_the_page_says(shell):
    for command, code, lines in transcript(PAGE):
        done = shell(command)

        assert code == done.returncode, f"{command}\n{done.stdout}"
        assert [] == [line for line in lines if not printed(line, done.stdout)], f"{command}\n{done.stdout}"


@pytest.mark.shows("D2", "H27")
def test_the_cis_jobs_deploy_their_own_environment_and_nothing_else(shell, clone, engine):
    for command, _, _ in list(transcript(PAGE))[:2]:
        shell(command)
    assert 0 == shell("./mlz bootstrap --yes").returncode

    org = take("mlz-deploy-org", job("org"))
    done = shell("./mlz up org", **org)
    assert 0 == done.returncode, done.stdout
    assert [] == shell.asked()["refusals"]
    assert 0 == shell("./mlz bootstrap --yes").returncode

    deployer = boto3.Session(**session(take("mlz-deploy-dev", job("dev"))))
    accounts = {key: each.id for key, each in read_lock(clone / "accounts" / "ids.lock.yaml").ids.accounts.items()}
    assert may(deployer, "sts", "assume_role", **provisioning(accounts["dev-platform"]))
    assert may(deployer, "s3", "put_object", **state("stacks", "dev-pricing.json"))
    assert may(deployer, "s3", "put_object", **state("locks", "dev/1.json"))
    assert may(deployer, "kms", "encrypt", KeyId="alias/mlz-state-dev", Plaintext=b"-")
    for elsewhere in ("prod-platform", "org-logs"):
        assert not may(deployer, "sts", "assume_role", **provisioning(accounts[elsewhere]))
    for name in ("prod.json", "org.json", "prod-pricing.json"):
        assert not may(deployer, "s3", "get_object", **state("stacks", name))
        assert not may(deployer, "s3", "put_object", **state("stacks", name))
    assert not may(deployer, "kms", "encrypt", KeyId="alias/mlz-state-prod", Plaintext=b"-")
    assert not may(deployer, "organizations", "create_account", Email="a@example.com", AccountName="a")
    assert not may(deployer, "iam", "put_role_policy", RoleName="mlz-deploy-dev", PolicyName="x", PolicyDocument="{}")

    preview = take("mlz-pull-request", job("preview"))
    seen, refused = shell("./mlz preview --read-only org", **preview), shell("./mlz up org", **preview)
    assert (0, True) == (seen.returncode, refused.returncode != 0), seen.stdout
    reader = boto3.Session(**session(preview))
    assert may(reader, "s3", "get_object", **state("stacks", "org.json"))
    assert not may(reader, "s3", "put_object", **state("stacks", "org.json"))
    assert not may(reader, "kms", "encrypt", KeyId="alias/mlz-state-org", Plaintext=b"-")
    assert not may(reader, "sts", "assume_role", **provisioning(accounts["dev-platform"]))

    before = len(shell.asked()["refusals"])
    destroy = f"{engine.path} destroy --yes --skip-preview -s org --exclude-protected --config-file Pulumi.org.yaml"
    done = shell(destroy, **{**engine_only(engine), **org})
    assert 0 == done.returncode, done.stdout[-2000:]
    assert before == len(shell.asked()["refusals"]), shell.asked()["refusals"][before:]


def may(session_, service, operation, **given):
    """Whether AWS lets a call through."""
    try:
        getattr(session_.client(service), operation)(**given)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"AccessDenied", "AccessDeniedException"}:
            return False
        raise
    return True


def session(keys):
    return {name.lower(): value for name, value in keys.items()} | {"region_name": REGION}


def provisioning(account_id):
    return {"RoleArn": f"arn:aws:iam::{account_id}:role/OrganizationAccountAccessRole", "RoleSessionName": "job"}


def state(kind, name):
    key = f".pulumi/{kind}/{'organization/' if kind == 'locks' else ''}mlz/{name}"
    return {"Bucket": BUCKET, "Key": key}


def engine_only(engine):
    """What the engine's own environment has besides this process's: where its language hosts and plugins are."""
    return {name: value for name, value in engine.env.items() if name == "PATH" or name.startswith("PULUMI_")}
