"""A platform team's first month, command by command, on an AWS that only AWS_* names.

Bootstrap, organisation, two teams, a change, a third team by pull request, a leaver, a team given up, and the end.
What is typed is counted, and said at the end.
"""

import re
import time

import boto3
import pytest
import yaml

from tests.operations.bootstrapping import REGION, job, take
from zone.plan.lock import read as read_lock

pytestmark = pytest.mark.engine

ADMINISTRATOR = "OrganizationAccountAccessRole"


class Month:
    """The clone, and what was typed in it."""

    def __init__(self, clone, shell):
        self.clone, self.shell, self.typed = clone, shell, []

    def type(self, command, *said, code=0, **more):
        """Type a command: it must end as it should, and say what it should."""
        started = time.monotonic()
        done = self.shell(command, **more)
        self.typed.append((command, time.monotonic() - started))
        assert code == done.returncode, f"{command}\n{done.stdout}"
        missing = [each for each in said if not re.search(each, done.stdout, re.MULTILINE)]
        assert [] == missing, f"{command}\n{done.stdout}"
        return done.stdout

    def commit(self, message):
        self.type(f"git add -A && git commit -qm '{message}'")

    def edit(self, file, change):
        """Edit a file of accounts/ as a person would."""
        path = self.clone / "accounts" / file
        said = yaml.safe_load(path.read_text())
        change(said)
        path.write_text(yaml.safe_dump(said, sort_keys=False))

    def accounts(self):
        return {key: each.id for key, each in read_lock(self.clone / "accounts" / "ids.lock.yaml").ids.accounts.items()}

    def within(self, key, service):
        """A client in an account, as its administrator."""
        arn = f"arn:aws:iam::{self.accounts()[key]}:role/{ADMINISTRATOR}"
        sts = boto3.client("sts", region_name=REGION)
        given = sts.assume_role(RoleArn=arn, RoleSessionName="people")["Credentials"]
        return boto3.client(
            service,
            region_name=REGION,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )


@pytest.fixture
def month(clone, shell, capsys):
    """The month; at its end what was typed is printed."""
    month = Month(clone, shell)
    yield month
    ours = [command for command, _ in month.typed if command.startswith("./mlz")]
    minutes = sum(seconds for _, seconds in month.typed) / 60
    with capsys.disabled():
        print(f"\nfirst month: {len(month.typed)} commands typed, {len(ours)} of them ./mlz, {minutes:.1f} minutes")  # noqa: T201


MAIL = "'aws+{account}@example.com'"


def test_the_first_month(month):
    the_organisation_and_two_teams(month)
    a_change_that_needs_two_stacks(month)
    a_new_team_by_pull_request(month)
    somebody_leaves(month)
    a_team_is_given_up(month)
    the_end(month)


def the_organisation_and_two_teams(month):
    month.type("rm accounts/*/fraud.yaml accounts/*/churn.yaml accounts/*/vision.yaml accounts/ids.lock.yaml")
    for team, members in {"pricing": ("ada", "bo"), "returns": ("cy", "di")}.items():
        people = f"-m {members[0]}@example.com:data_scientist -m {members[1]}@example.com:ml_engineer"
        month.type(f"./mlz new team {team} -e dev --owner {members[0]}@example.com --root-email {MAIL} {people}")
    month.type("./mlz plan", r"^dev-pricing +not made yet", r"^dev-returns +not made yet")
    month.commit("Our organisation")
    month.type("./mlz bootstrap", "Nothing was changed; --yes does it")
    month.type("./mlz bootstrap --yes", "^made +bucket")
    month.commit("Where the state is")
    month.type("./mlz people --write", "4 of 4 people are in")
    month.type("./mlz up org", "^ok org")
    month.type("./mlz bootstrap --yes", "^changed +role +mlz-deploy-dev")
    month.commit("Ids of the accounts")
    month.type("./mlz up dev dev-pricing dev-returns", "^ok dev ", "^ok dev-pricing", "^ok dev-returns")
    month.type("./mlz up --changed --yes", "changed since they were deployed: .*prod")


def a_change_that_needs_two_stacks(month):
    month.edit("dev/pricing.yaml", lambda said: said.update(datasets={"prices": {"shared_with": ["returns"]}}))
    month.edit("dev/returns.yaml", lambda said: said.update(reads=["pricing/prices"]))
    month.type("./mlz plan --base HEAD", "needs these stacks", "dev-pricing", "dev-returns")
    month.type("./mlz preview dev-pricing", r"~ .*Bucket")
    month.type("./mlz up --changed --yes", "changed since they were deployed: dev-pricing, dev-returns$")
    month.commit("Prices for returns")


def a_new_team_by_pull_request(month):
    """The commands of .github/workflows, under the roles of its jobs."""
    month.type("git checkout -qb claims")
    month.type(
        f"./mlz new team claims -e dev --owner ada@example.com --root-email {MAIL} -m ada@example.com:data_scientist"
    )
    month.commit("A new team")
    month.type("./mlz plan --locked --base main --format json", '"dev-claims"')
    previewer = take("mlz-pull-request", job("preview"))
    month.type("./mlz preview --read-only org dev dev-claims", "skipped.*dev-claims.*not yet made", **previewer)
    month.type("git checkout -q main && git merge -q claims")
    month.type("./mlz up --changed org", "^ok org", **take("mlz-deploy-org", job("org")))
    month.type("./mlz up --changed dev dev-claims", "^ok dev-claims", **take("mlz-deploy-dev", job("dev")))
    month.commit("Id of claims")


def somebody_leaves(month):
    studio = month.within("dev-returns", "sagemaker")
    domain = studio.list_domains()["Domains"][0]["DomainId"]
    mine = {"DomainId": domain, "SpaceName": "di"}
    studio.create_space(
        **mine, OwnershipSettings={"OwnerUserProfileName": "di"}, SpaceSharingSettings={"SharingType": "Private"}
    )
    month.type("./mlz teardown dev-returns --member di", "space.*di", "Nothing was changed|changes nothing|--yes")
    month.type("./mlz teardown dev-returns --member di --yes")
    month.edit("dev/returns.yaml", lambda said: said["members"].pop("di"))
    month.type("./mlz up org dev-returns", "^ok org", "^ok dev-returns", r"- .*UserProfile")
    assert ["cy"] == [each["UserProfileName"] for each in studio.list_user_profiles()["UserProfiles"]]
    month.commit("Di left")


def a_team_is_given_up(month):
    month.edit("dev/pricing.yaml", lambda said: said.pop("datasets"))
    month.edit("dev/returns.yaml", lambda said: said.pop("reads"))
    month.type("./mlz up --changed --yes", "^ok dev-pricing")
    month.type("./mlz retire dev-returns", "--yes")
    month.type("./mlz retire dev-returns --yes")
    assert not (month.clone / "accounts" / "dev" / "returns.yaml").exists()
    month.type("./mlz up org dev", "^ok org", "^ok dev ")
    month.commit("Returns is given up")
    month.type("./mlz up --changed --yes", "changed since they were deployed: none$")


def the_end(month):
    """Nothing goes unasked, and the organisation only by name."""
    month.type("./mlz destroy", code=2)
    month.type("./mlz destroy dev-pricing", "--yes does it", code=2)
    month.type("./mlz destroy --all --yes", "^ok dev-pricing", "^ok dev-claims", "org stays")
    month.type("./mlz destroy org --yes", "^ok org")
