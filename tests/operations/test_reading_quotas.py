"""Quotas read from files and from an AWS: the emulated one, asked with boto3."""

import json
import shlex
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from local.cloud import UNSET, private_cloud
from local.deployment import identities
from operations.quotas import QuotasError, of_aws, of_files
from stacks.inputs import granted_of
from tests.new_accounts import without_quotas
from zone.names import UNASSIGNED
from zone.plan.planner import read
from zone.plan.quotas import answers, needs

PROFILES = {
    "ServiceCode": "sagemaker",
    "QuotaArn": "arn:aws:servicequotas:eu-west-1:100000000012:sagemaker/L-AC46C40F",
    "QuotaCode": "L-AC46C40F",
    "QuotaName": "Maximum number of Studio user profiles allowed per account",
    "Value": 20.0,
    "Adjustable": True,
}
BY_CODE = ("100000000012", "eu-west-1", "sagemaker", "L-AC46C40F")


@pytest.fixture(scope="module")
def zone(tmp_path_factory):
    folder = without_quotas(tmp_path_factory.mktemp("new") / "accounts")
    return read(folder, folder / "ids.lock.yaml")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory, zone):
    with private_cloud(tmp_path_factory.mktemp("cloud"), identities(zone)) as running:
        yield running


@pytest.fixture
def aws(cloud, monkeypatch):
    """This process signs in to the management account of the emulated AWS."""
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    for name, value in cloud.env("eu-west-1").items():
        monkeypatch.setenv(name, value)


def of_stacks(zone, *stacks):
    return [need for need in needs(zone, granted_of(zone)) if need.stack in stacks]


def silent(_whose):
    """Report to nobody."""


def written(tmp_path, said) -> Path:
    path = tmp_path / "quotas.json"
    path.write_text(said if isinstance(said, str) else json.dumps(said))
    return path


@pytest.mark.parametrize("wrap", [lambda said: said, lambda said: [said]], ids=["one answer", "a list of answers"])
def test_a_file_says_whose_quota_it_is_by_its_arn(tmp_path, wrap):
    found = of_files([written(tmp_path, wrap({"Quotas": [PROFILES]}))])

    assert {BY_CODE: 20, (*BY_CODE[:3], PROFILES["QuotaName"]): 20} == found


def test_a_quota_that_aws_could_not_tell_is_passed_over(tmp_path):
    untold = {key: value for key, value in PROFILES.items() if key != "Value"}
    file = written(tmp_path, {"Quotas": [{**untold, "ErrorReason": {"ErrorCode": "DEPENDENCY_THROTTLING_ERROR"}}]})

    assert {} == of_files([file])


def test_a_default_is_everybodys(tmp_path):
    default = {**PROFILES, "QuotaArn": "arn:aws:servicequotas:eu-west-1::sagemaker/L-AC46C40F"}

    assert 20 == of_files([written(tmp_path, {"Quotas": [default]})])["", *BY_CODE[1:]]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("no json", "not JSON"),
        ({"quotas": []}, "answer 1 has no list Quotas"),
        ([{"Quotas": []}, 5], "answer 2 has no list Quotas"),
        ({"Quotas": [{"QuotaCode": "L-AC46C40F"}]}, "a quota of answer 1 is incomplete"),
        ({"Quotas": [{**PROFILES, "Value": "many"}]}, "a quota of answer 1 is incomplete"),
        ({"Quotas": [{**PROFILES, "Value": float("inf")}]}, "a quota of answer 1 is incomplete"),
        ({"Quotas": [{**PROFILES, "QuotaArn": 5}]}, "a quota of answer 1 is incomplete"),
        ({"Quotas": [{**PROFILES, "QuotaArn": "sagemaker/L-AC46C40F"}]}, "a quota of answer 1 is incomplete"),
        ({"Quotas": ["L-AC46C40F"]}, "a quota of answer 1 is incomplete"),
    ],
)
def test_a_file_of_another_form_is_refused_with_the_command_that_prints_one(tmp_path, said, why):
    path = written(tmp_path, said)

    with pytest.raises(QuotasError) as refused:
        of_files([path])

    assert str(refused.value).startswith(f"{path}: {why}")
    assert "aws service-quotas list-service-quotas --service-code sagemaker > FILE" in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(QuotasError, match=r"none\.json: cannot be read"):
        of_files([tmp_path / "none.json"])


@pytest.mark.shows("S22", "L8")
@pytest.mark.usefixtures("aws")
def test_what_the_request_list_asks_for_is_enough(zone):
    wanted = of_stacks(zone, "org", "dev", "dev-fraud")
    before = answers(wanted, of_aws(wanted, silent))

    assert {"AWS"} == {answer.source for answer in before} - {"default"}
    assert {("management", 10), ("dev-fraud", 2)} <= {(a.need.account, a.has) for a in before if not a.fits}
    for answer in before:
        if not answer.fits:
            ask(answer)
    after = answers(wanted, of_aws(wanted, silent))

    assert all(answer.fits for answer in after)
    assert 20 == of_aws(wanted, silent)["100000000012", "us-east-1", "iam", "Managed policies per role"]
    # Another account has what a new one has.
    assert 2 == of_aws(of_stacks(zone, "dev-churn"), silent)["100000000011", *BY_CODE[1:]]


def ask(answer):
    """Run the command that the answer names, as the AWS command line would."""
    words = shlex.split(answer.command)
    given = dict(zip(words[3::2], words[4::2], strict=True))
    session = boto3.Session()
    if answer.need.role:
        arn = f"arn:aws:iam::{answer.need.account_id}:role/{answer.need.role}"
        keys = session.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    assert ["aws", "service-quotas", "request-service-quota-increase"] == words[:3]
    session.client("service-quotas", region_name=given["--region"]).request_service_quota_increase(
        ServiceCode=given["--service-code"],
        QuotaCode=given["--quota-code"],
        DesiredValue=float(given["--desired-value"]),
    )


@pytest.mark.usefixtures("aws")
def test_an_account_that_is_not_made_yet_is_not_asked(zone):
    unmade = [replace(need, account_id=UNASSIGNED) for need in of_stacks(zone, "dev-fraud")]

    assert {} == of_aws(unmade, silent)


@pytest.mark.usefixtures("aws")
def test_credentials_of_another_account_are_refused_for_the_organisation(zone):
    foreign = [replace(need, account_id="999999999999") for need in of_stacks(zone, "org")]

    with pytest.raises(QuotasError, match="of account 111122223333; sign in to the management account 999999999999"):
        of_aws(foreign, silent)


@pytest.mark.usefixtures("aws")
def test_a_refusal_of_aws_names_account_and_right(zone):
    unknown = [replace(need, quota=replace(need.quota, service="nosuch")) for need in of_stacks(zone, "dev-fraud")]

    with pytest.raises(QuotasError) as refused:
        of_aws(unknown, silent)

    assert "dev-fraud (100000000012): An error occurred (NoSuchResourceException)" in str(refused.value)
    assert "sts:AssumeRole on OrganizationAccountAccessRole" in str(refused.value)


@pytest.mark.usefixtures("aws")
def test_without_credentials_it_says_how_to_sign_in(zone, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(QuotasError, match="no AWS credentials; sign in to the management account"):
        of_aws(of_stacks(zone, "dev-fraud"), silent)
