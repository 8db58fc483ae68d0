"""What the plan needs of AWS's quotas, and which increases it asks for."""

import shutil
from pathlib import Path

import pytest

from stacks.inputs import granted_of
from tests.new_accounts import without_quotas
from tests.zone.conftest import Folder
from zone.facts import facts
from zone.names import UNASSIGNED
from zone.plan.planner import read
from zone.plan.quotas import answers, needs
from zone.specs.problems import SpecErrors

PROFILES = "Maximum number of Studio user profiles allowed per account"
STORAGE = "Total EBS volume size in GB across all Studio Spaces"


def found(zone, applied=None):
    """Answers by stack and the quota's name."""
    return {(a.need.stack, a.need.quota.name): a for a in answers(needs(zone, granted_of(zone)), applied or {})}


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    """The examples' files before AWS has raised anything."""
    return without_quotas(tmp_path_factory.mktemp("zone") / "accounts")


@pytest.fixture(scope="module")
def examples(new):
    return found(read(new))


@pytest.fixture
def folder(tmp_path, new):
    """A copy to be changed."""
    return Folder(Path(shutil.copytree(new, tmp_path / "accounts")))


def test_the_examples_declare_all_that_they_need_beyond_the_defaults():
    assert [] == [name for name, answer in found(read()).items() if not answer.fits]


@pytest.mark.shows("L8", "S22")
@pytest.mark.parametrize(
    ("stack", "name", "need", "has"),
    [
        # Ten member accounts in accounts/*/, and the management account itself.
        ("org", "Maximum number of accounts", 11, 10),
        # ana, ben, chloe, dev; a private space each, and the shared space `investigation`, of 20 GB.
        ("dev-fraud", PROFILES, 4, 2),
        ("dev-fraud", "Maximum number of Studio spaces allowed per account", 5, 6),
        ("dev-fraud", STORAGE, 100, 500),
        # Three members without a shared space, 200 GB each by the profile gpu-batch.
        ("dev-vision", STORAGE, 600, 500),
        # max_instances_per_job of gpu-batch; a new account has no GPU.
        ("dev-vision", "ml.g5.12xlarge for training job usage", 8, 0),
        # 120 hours, which is all AWS allows unasked.
        ("prod-vision", "Longest run time for a training job", 432000, 432000),
        # A server for each of three teams.
        ("prod", "Small-sized MLflow Tracking Server usage", 3, 5),
        # The largest role of all, one below what AWS allows.
        ("prod-fraud", "Managed policies per role", 17, 20),
    ],
)
def test_the_examples_need_what_their_files_say(examples, stack, name, need, has):
    answer = examples[stack, name]

    assert (need, has, "default") == (answer.need.number, answer.has, answer.source)
    assert (need <= has) is answer.fits


def test_the_request_names_service_code_region_and_value(examples):
    assert (
        "aws service-quotas request-service-quota-increase --region eu-west-1 --service-code sagemaker "
        "--quota-code L-AC46C40F --desired-value 4"
    ) == examples["dev-fraud", PROFILES].command
    assert "--region us-east-1 --service-code organizations" in examples["org", "Maximum number of accounts"].command


def test_every_account_is_asked_in_the_region_where_the_quota_lives(examples):
    regions = {(a.need.quota.service, a.need.region) for a in examples.values()}

    assert {
        ("organizations", "us-east-1"),
        ("iam", "us-east-1"),
        ("s3", "us-east-1"),
        ("sagemaker", "eu-west-1"),
        ("vpc", "eu-west-1"),
        ("kms", "eu-west-1"),
    } == regions


def test_what_is_declared_raises_the_default_and_the_account_outdoes_its_environment(folder):
    folder.change("dev/environment.yaml", "key_deletion_days: 7", "quotas: {sagemaker/L-AC46C40F: 10}")
    folder.change("dev/fraud.yaml", "disposable: true", "disposable: true\nquotas: {sagemaker/L-AC46C40F: 3}")
    folder.change(
        "org/environment.yaml", "kind: organization", "kind: organization\nquotas: {organizations/L-E619E033: 20}"
    )
    answered = found(read(folder.path))

    def told(stack, name):
        return answered[stack, name].has, answered[stack, name].source, answered[stack, name].fits

    assert (10, "declared", True) == told("dev-churn", PROFILES)
    assert (3, "declared", False) == told("dev-fraud", PROFILES)
    assert (2, "default", False) == told("prod-fraud", PROFILES)
    assert (20, "declared", True) == told("org", "Maximum number of accounts")


def test_what_aws_says_counts_whatever_is_declared(folder):
    folder.change("dev/environment.yaml", "key_deletion_days: 7", "quotas: {sagemaker/L-AC46C40F: 10}")
    said = {
        ("100000000012", "eu-west-1", "sagemaker", "L-AC46C40F"): 3,
        ("100000000011", "eu-central-1", "sagemaker", "L-AC46C40F"): 1,  # another region
        ("", "eu-west-1", "sagemaker", STORAGE): 5000,  # everybody's, by its name
    }
    answered = found(read(folder.path), said)

    assert (3, "AWS") == (answered["dev-fraud", PROFILES].has, answered["dev-fraud", PROFILES].source)
    assert (10, "declared") == (answered["dev-churn", PROFILES].has, answered["dev-churn", PROFILES].source)
    assert answered["dev-vision", STORAGE].fits


def test_a_type_without_a_record_is_not_called_fitting_and_is_found_by_its_name(folder):
    folder.change("dev/churn.yaml", "endpoint: [ml.m5.large]", "endpoint: [ml.r5.large]")
    name = "ml.r5.large for endpoint usage"
    zone = read(folder.path)
    answer = found(zone)["dev-churn", name]

    assert (None, "unknown", False) == (answer.has, answer.source, answer.fits)
    assert "list-service-quotas --region eu-west-1 --service-code sagemaker" in answer.command
    assert f"QuotaName=='{name}'" in answer.command
    assert found(zone, {("100000000011", "eu-west-1", "sagemaker", name): 2})["dev-churn", name].fits


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "{L-AC46C40F: 10}",
            "quotas.L-AC46C40F: not allowed as a name; allowed: service code/quota code such as sagemaker/",
        ),
        (
            "{sagemaker/L-AC46C40F: -1}",
            "quotas.sagemaker/L-AC46C40F: too small, got -1; allowed: a whole number, 0 or more",
        ),
        (
            '{sagemaker/L-AC46C40F: "10"}',
            'quotas.sagemaker/L-AC46C40F: wrong kind of value, got "10"; allowed: a whole number',
        ),
    ],
)
@pytest.mark.parametrize("file", ["dev/fraud.yaml", "dev/environment.yaml", "org/environment.yaml"])
def test_a_raised_quota_that_means_nothing_is_refused_with_file_line_key_and_remedy(folder, file, written, said):
    text = (folder.path / file).read_text()
    folder.write(file, f"{text}quotas: {written}\n")

    with pytest.raises(SpecErrors) as refused:
        read(folder.path)

    assert str(refused.value).startswith(f"{file}:{len(text.splitlines()) + 1}: {said}")


def test_an_account_that_is_not_made_yet_needs_as_much(folder):
    folder.remove("ids.lock.yaml")

    need = found(read(folder.path))["dev-fraud", PROFILES].need

    assert (UNASSIGNED, 4) == (need.account_id, need.number)


def test_no_code_stands_for_two_quotas():
    instances = facts("limits")["instances"]
    codes = [record["code"] for record in facts("limits")["limits"] if record.get("code")]
    codes += [record["code"] for types in instances["by_use"].values() for record in types.values()]

    assert len(codes) == len(set(codes))
    assert set(instances["names"]) == set(instances["by_use"])
