"""A fresh organisation on the emulated AWS, its files as a user has them, and CI jobs with their tokens."""

import base64
import json
import shutil
from pathlib import Path

import boto3
import yaml
from botocore import UNSIGNED
from botocore.config import Config

from operations.bootstrap.run import bootstrap
from operations.bootstrap.work import Work
from zone.plan.planner import EXAMPLES, read

ROOT = Path(__file__).parents[2]
REGION = "eu-west-1"
ACCOUNT = "111122223333"
BUCKET = f"mlz-state-{ACCOUNT}"
GITHUB = {
    "by": "github",
    "owner": "acme",
    "owner_id": "1234567",
    "repository": "ml-platform",
    "repository_id": "7654321",
}
ISSUER = "https://token.actions.githubusercontent.com"


class Home:
    """A folder with accounts/ and Pulumi's files: nothing is deployed from it yet."""

    def __init__(self, folder, ci=None):
        self.folder = folder
        self.accounts = folder / "accounts"
        shutil.copytree(EXAMPLES, self.accounts)
        for team in self.accounts.glob("*/[!ep]*.yaml"):
            if team.parent.name in {"dev", "prod"}:
                team.unlink()
        (self.accounts / "ids.lock.yaml").write_text("accounts: {}\n")
        for file in ROOT.glob("Pulumi*.yaml"):
            shutil.copy(file, folder)
        if ci:
            self.declare(continuous_integration=ci)

    def declare(self, **more):
        """Say more, or None: less, of the organisation."""
        file = self.accounts / "org" / "environment.yaml"
        said = {**yaml.safe_load(file.read_text()), **more}
        file.write_text(yaml.safe_dump({key: value for key, value in said.items() if value is not None}))

    @property
    def zone(self):
        return read(self.accounts, self.accounts / "ids.lock.yaml")

    def run(self, *, yes=False):
        """Run the bootstrap, and return fate by name of all that is not ok."""
        work = Work(yes=yes, report=lambda _: None)
        bootstrap(self.zone, self.folder, work)
        return {row.name: (row.fate, row.note) for row in work.rows if row.fate != "ok"}

    def settings(self, environment):
        return yaml.safe_load((self.folder / f"Pulumi.{environment}.yaml").read_text())


def token(subject, *, issuer=ISSUER, audience="sts.amazonaws.com"):
    """A job's token as its CI would sign it."""
    parts = ({"alg": "none"}, {"iss": issuer, "aud": audience, "sub": subject})
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "-"]
    )


def job(environment):
    """The token of a job of our repository in a GitHub environment."""
    return token(f"repo:acme@1234567/ml-platform@7654321:environment:{environment}")


def take(role, said):
    """Take a role with a token, as a job does that has no credentials; return the environment of its session."""
    sts = boto3.client("sts", region_name=REGION, config=Config(signature_version=UNSIGNED))
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    given = sts.assume_role_with_web_identity(RoleArn=arn, RoleSessionName="job", WebIdentityToken=said)["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }
