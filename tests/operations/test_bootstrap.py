"""`./mlz bootstrap` on the emulated AWS: what it makes, that it makes nothing twice, and what it leaves alone."""

import json

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from cli.app import command_line
from local.cloud import UNSET, private_cloud
from local.deployment import identities
from operations.bootstrap.units import ForeignError, units
from operations.session import SignInError
from tests.operations.bootstrapping import ACCOUNT, BUCKET, GITHUB, REGION, Home, job, take, token
from zone import names
from zone.specs.problems import SpecErrors

DONE = {"make": "made", "change": "changed"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user's files, and this process signed in as an administrator of the management account."""
    home = Home(tmp_path, GITHUB)
    with private_cloud(tmp_path / "cloud", identities(home.zone)) as cloud:
        for name in UNSET:
            monkeypatch.delenv(name, raising=False)
        for name, value in cloud.env(REGION).items():
            monkeypatch.setenv(name, value)
        yield home


def organize():
    """What `up org` makes of units, by hand."""
    client = boto3.client("organizations")
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    workloads = client.create_organizational_unit(ParentId=root, Name="Workloads")["OrganizationalUnit"]["Id"]
    for parent, name in ((root, "Security"), (workloads, "Dev"), (workloads, "Prod")):
        client.create_organizational_unit(ParentId=parent, Name=name)


@pytest.mark.shows("H26")
def test_without_yes_it_tells_all_it_would_do_and_does_nothing(home):
    files = {path.name: path.read_text() for path in home.folder.glob("Pulumi*")}

    told = home.run()

    assert {"make", "change", "later"} == {fate for fate, _ in told.values()}
    assert files == {path.name: path.read_text() for path in home.folder.glob("Pulumi*")}
    assert [] == boto3.client("s3").list_buckets()["Buckets"]
    assert [] == boto3.client("iam").list_roles()["Roles"]
    assert [] == boto3.client("kms").list_keys()["Keys"]
    done = home.run(yes=True)
    assert {name: (DONE.get(fate, fate), note) for name, (fate, note) in told.items()} == done


@pytest.mark.shows("H26")
def test_a_second_run_has_nothing_to_do_but_what_waits_for_the_organisation(home):
    home.run(yes=True)

    assert {"Security, Workloads/Dev, Workloads/Prod": "later"} == {
        name: fate for name, (fate, _) in home.run(yes=True).items()
    }

    organize()
    assert {"mlz-deploy-org", "mlz-deploy-dev", "mlz-deploy-prod"} == home.run(yes=True).keys()
    assert {} == home.run(yes=True)


def test_the_bucket_is_closed_versioned_and_encrypted_by_its_own_key(home):
    home.run(yes=True)
    s3 = boto3.client("s3")

    rule = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"][0]
    key = boto3.client("kms").describe_key(KeyId=names.STATE_BUCKET_KEY)["KeyMetadata"]["Arn"]
    assert {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key} == rule["ApplyServerSideEncryptionByDefault"]
    assert "Enabled" == s3.get_bucket_versioning(Bucket=BUCKET)["Status"]
    closed = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert {True} == set(closed.values())
    policy = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    assert ["OnlyByTls", "OnlyOrg", "OnlyDev", "OnlyProd"] == [each["Sid"] for each in policy["Statement"]]


@pytest.mark.parametrize(
    "operation",
    ["CreateKey", "CreateAlias", "CreateBucket", "PutBucketPolicy", "Encrypt", "CreateRole", "PutRolePolicy"],
)
def test_a_run_that_is_killed_anywhere_goes_on_with_the_same_command(home, monkeypatch, operation):
    """The call is made, and its answer reaches nobody: the process was killed."""
    called = BaseClient._make_api_call

    def dying(self, name, given):
        answer = called(self, name, given)
        if name == operation:
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(BaseClient, "_make_api_call", dying)
    with pytest.raises(KeyboardInterrupt):
        home.run(yes=True)
    monkeypatch.setattr(BaseClient, "_make_api_call", called)
    home.run(yes=True)

    assert {"later"} == {fate for fate, _ in home.run(yes=True).values()}
    kms = boto3.client("kms")
    assert 4 == len(kms.list_keys()["Keys"])
    assert {f"alias/mlz-state-{each}" for each in ("org", "dev", "prod")} | {names.STATE_BUCKET_KEY} == {
        each["AliasName"] for each in kms.list_aliases()["Aliases"] if "/aws/" not in each["AliasName"]
    }


def test_what_was_changed_by_hand_is_named_and_mended(home):
    home.run(yes=True)
    s3, iam = boto3.client("s3"), boto3.client("iam")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="mlz-deploy-dev", PolicyName="mlz-bootstrap", PolicyDocument=json.dumps(everything))
    trust = iam.get_role(RoleName="mlz-deploy-org")["Role"]["AssumeRolePolicyDocument"]
    trust["Statement"][0]["Condition"] = {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:*"}}
    iam.update_assume_role_policy(RoleName="mlz-deploy-org", PolicyDocument=json.dumps(trust))
    boto3.client("kms").disable_key_rotation(
        KeyId=boto3.client("kms").describe_key(KeyId="alias/mlz-state-dev")["KeyMetadata"]["Arn"]
    )

    found = home.run()

    assert {
        "alias/mlz-state-dev": ("change", "rotation"),
        BUCKET: ("change", "versions"),
        "mlz-deploy-dev": ("change", "what it may do"),
        "mlz-deploy-org": ("change", "whom it trusts"),
    } == {name: what for name, what in found.items() if what[0] == "change"}
    home.run(yes=True)
    assert {"later"} == {fate for fate, _ in home.run().values()}


def test_what_somebody_else_made_is_used_or_refused_and_never_changed(home):
    boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    kms, iam = boto3.client("kms"), boto3.client("iam")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/mlz-state-dev", TargetKeyId=key)
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}]}
    iam.create_role(RoleName="mlz-deploy-dev", AssumeRolePolicyDocument=json.dumps(trust))
    iam.create_open_id_connect_provider(
        Url="https://token.actions.githubusercontent.com", ClientIDList=["sigstore"], ThumbprintList=[]
    )
    policy = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]

    done = home.run(yes=True)

    refused = {name for name, (fate, _) in done.items() if fate == "refused"}
    assert {"mlz-deploy-dev", "token.actions.githubusercontent.com"} == refused
    assert "add-client-id-to-open-id-connect-provider" in done["token.actions.githubusercontent.com"][1]
    assert policy == kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    assert "Status" not in boto3.client("s3").get_bucket_versioning(Bucket=BUCKET)
    assert trust == iam.get_role(RoleName="mlz-deploy-dev")["Role"]["AssumeRolePolicyDocument"]


def test_another_account_is_refused_before_anything_is_made(home):
    home.declare(management_account_id="999999999999")

    with pytest.raises(SignInError, match=f"of account {ACCOUNT}; sign in to the management account 999999999999"):
        home.run(yes=True)


def test_a_member_account_is_no_management_account():
    class Member:
        def describe_organization(self):
            return {"Organization": {"Id": "o-exampleorg1", "MasterAccountId": "999999999999"}}

    with pytest.raises(ForeignError, match=r"111122223333 is a member of o-exampleorg1, managed by 999999999999"):
        units(Member(), ACCOUNT, [])


@pytest.mark.parametrize(
    ("ci", "good", "bad"),
    [
        (
            {"by": "github", "owner": "acme", "repository": "ml"},
            token("repo:acme/ml:environment:dev"),
            [
                token("repo:acme/ml:environment:prod"),
                token("repo:acme/ml:ref:refs/heads/main"),
                token("repo:acme@1/ml@2:environment:dev"),
            ],
        ),
        (
            GITHUB,
            job("dev"),
            [
                job("prod"),
                token("repo:acme/ml-platform:environment:dev"),
                token("repo:acme@1234567/other@1:environment:dev"),
                token("repo:acme@1234567/ml-platform@7654321:environment:dev", audience="sigstore"),
                token("repo:acme@1234567/ml-platform@7654321:environment:dev", issuer="https://example.com"),
            ],
        ),
        (
            {"by": "gitlab", "project": "acme/ml"},
            token(
                "project_path:acme/ml:ref_type:branch:ref:main",
                issuer="https://gitlab.com",
                audience="https://gitlab.com",
            ),
            [
                token(f"project_path:{ref}", issuer="https://gitlab.com", audience="https://gitlab.com")
                for ref in (
                    "acme/ml:ref_type:branch:ref:feature",
                    "acme/ml:ref_type:tag:ref:main",
                    "x/ml:ref_type:branch",
                )
            ],
        ),
        (
            {"by": "issuer", "issuer": "https://ci.example.com/oidc", "audience": "aws", "subject": "ml/{environment}"},
            token("ml/dev", issuer="https://ci.example.com/oidc", audience="aws"),
            [token("ml/org", issuer="https://ci.example.com/oidc", audience="aws")],
        ),
    ],
    ids=["github", "github with ids", "gitlab", "another"],
)
def test_a_role_is_taken_by_its_own_jobs_tokens_and_by_no_other(home, ci, good, bad):
    home.declare(continuous_integration=ci)
    home.run(yes=True)

    assert take("mlz-deploy-dev", good)
    for each in bad:
        with pytest.raises(ClientError, match=r"AccessDenied|InvalidIdentityToken"):
            take("mlz-deploy-dev", each)


def test_a_merge_requests_jobs_take_the_role_that_only_reads_and_no_other(home):
    home.declare(continuous_integration={"by": "gitlab", "project": "acme/ml"})
    home.run(yes=True)
    branch = "project_path:acme/ml:ref_type:branch:ref:feature"
    said = token(branch, issuer="https://gitlab.com", audience="https://gitlab.com")

    assert take("mlz-pull-request", said)
    with pytest.raises(ClientError, match="AccessDenied"):
        take("mlz-deploy-org", said)


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("Pulumi.prod.yaml", None, "awskms://alias/mlz-state-prod?region=eu-west-1"),
        ("Pulumi.prod.yaml", "secretsprovider: awskms://alias/mlz-state-prod?region=us-east-1\n", "eu-west-1"),
        ("Pulumi.prod.yaml", "secretsprovider: awskms://alias/corporate?region=us-east-1\n", "alias/corporate"),
        ("Pulumi.prod.yaml", "config: {}\n", None),
    ],
    ids=["missing", "of another region", "a key of one's own", "a passphrase"],
)
def test_pulumis_files_name_key_and_backend_and_what_somebody_chose_stays(home, file, before, after):
    path = home.folder / file
    path.unlink()
    if before:
        path.write_text(before)

    home.run(yes=True)

    settings = home.settings("prod")
    assert (after or "") in settings.get("secretsprovider", "")
    assert ("encryptedkey" in settings) == ("mlz-state-prod" in settings.get("secretsprovider", ""))
    assert f"backend:\n  url: s3://{BUCKET}?region={REGION}\n" in (home.folder / "Pulumi.yaml").read_text()
    assert home.settings("dev")["encryptedkey"] != home.settings("org")["encryptedkey"]


def test_without_ci_there_is_a_place_for_the_state_and_no_role(home):
    home.declare(continuous_integration=None)
    home.run(yes=True)

    assert [] == boto3.client("iam").list_roles()["Roles"]
    assert {"LocationConstraint": REGION}.items() <= boto3.client("s3").get_bucket_location(Bucket=BUCKET).items()


def test_ids_are_declared_together(home):
    home.declare(continuous_integration={**GITHUB, "repository_id": None})
    with pytest.raises(SpecErrors, match=r"continuous_integration.owner_id: GitHub's tokens name both ids or none"):
        _ = home.zone


def test_the_command_says_what_to_commit_and_what_to_tell_the_ci(home, monkeypatch):
    monkeypatch.setattr("cli.bootstrap.PROJECT", home.folder)
    run = lambda *flags: CliRunner().invoke(  # noqa: E731
        command_line(["bootstrap"]), ["bootstrap", "--accounts", str(home.accounts), *flags]
    )

    shown, done, again = run(), run("--yes"), run()

    assert [0, 0, 0] == [each.exit_code for each in (shown, done, again)], done.output
    assert shown.stdout.endswith("Nothing was changed; --yes does it.\n")
    assert "Commit Pulumi.dev.yaml Pulumi.org.yaml Pulumi.prod.yaml Pulumi.yaml." in done.stdout
    assert f"--env dev --body arn:aws:iam::{ACCOUNT}:role/mlz-deploy-dev" in done.stdout
    assert "\nNothing to do.\n" in again.stdout
    rows = json.loads(run("--format", "json").stdout)
    assert {"fate", "kind", "name", "note"} == rows[0].keys()


def test_without_credentials_it_says_so(home, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")

    done = CliRunner().invoke(command_line(["bootstrap"]), ["bootstrap", "--accounts", str(home.accounts)])

    assert 2 == done.exit_code
    assert "mlz: Unable to locate credentials" in done.stderr


def test_where_others_accounts_stand_in_the_unit_the_role_enters_by_id(home):
    organize()
    home.run(yes=True)
    assert {"ForAnyValue:StringEquals"} == entry("mlz-deploy-dev").keys()
    client = boto3.client("organizations")
    made = client.create_account(Email="somebody@example.com", AccountName="somebody")["CreateAccountStatus"]["Id"]
    stranger = client.describe_create_account_status(CreateAccountRequestId=made)["CreateAccountStatus"]["AccountId"]
    root = client.list_roots()["Roots"][0]["Id"]
    workloads = client.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"][0]["Id"]
    dev = client.list_organizational_units_for_parent(ParentId=workloads)["OrganizationalUnits"][0]["Id"]
    client.move_account(AccountId=stranger, SourceParentId=root, DestinationParentId=dev)
    (home.accounts / "ids.lock.yaml").write_text('accounts: {dev-platform: {id: "222222222222"}}\n')

    home.run(yes=True)

    assert {"StringEquals": {"aws:ResourceAccount": ["222222222222"]}} == entry("mlz-deploy-dev")
    assert {"ForAnyValue:StringEquals"} == entry("mlz-deploy-prod").keys()


def entry(role):
    """Where a role may take provisioning roles."""
    held = boto3.client("iam").get_role_policy(RoleName=role, PolicyName="mlz-bootstrap")["PolicyDocument"]
    return next(each["Condition"] for each in held["Statement"] if each["Sid"] == "OwnAccounts")
