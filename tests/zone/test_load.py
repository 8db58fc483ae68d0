"""The accounts folder: which files are read, how a profile lies under an account, what is missing."""

import random

import pytest

from zone.plan.planner import chosen, read
from zone.specs.account import InstanceTypes, TeamAccount
from zone.specs.load import load
from zone.specs.problems import SpecErrors


def says(path) -> list[str]:
    with pytest.raises(SpecErrors) as refused:
        load(path)
    return [str(problem) for problem in refused.value.problems]


def team(folder, key: str) -> TeamAccount:
    spec = load(folder.path).accounts[key]
    assert isinstance(spec, TeamAccount)
    return spec


def test_every_account_has_the_key_of_its_folder_and_file(folder):
    expected = {f"{env}-{stem}" for env in ("dev", "prod") for stem in ("platform", "fraud", "churn", "vision")}

    assert expected | {"org-logs", "org-security"} == set(load(folder.path).accounts)


def test_mappings_of_the_profile_merge_with_the_accounts(folder):
    folder.change("profiles/tabular.yaml", "idle_minutes: 60", "idle_minutes: 77")
    studio = team(folder, "dev-fraud").studio

    assert 77 == studio.idle_minutes  # the profile's
    assert {"investigation": "ana-silva"} == studio.shared_spaces  # the account's


def test_lists_and_scalars_of_the_account_replace_the_profiles(folder):
    assert ("ml.m5.large",) == team(folder, "dev-churn").instance_types.endpoint
    assert 24 == team(folder, "dev-churn").network.prefix
    assert 22 == team(folder, "dev-fraud").network.prefix


def test_a_profile_gives_what_the_account_leaves_out(folder):
    expected = InstanceTypes(
        notebook=("ml.t3.medium", "ml.g5.xlarge"),
        processing=("ml.m5.4xlarge", "ml.g5.2xlarge"),
        training=("ml.g5.2xlarge", "ml.g5.12xlarge"),
        transform=("ml.g5.2xlarge",),
    )

    assert expected == team(folder, "dev-vision").instance_types


def test_an_account_needs_no_profile(folder):
    folder.change("dev/vision.yaml", "profile: gpu-batch", "instance_types: {training: [ml.m5.large]}")
    folder.remove("ids.lock.yaml")

    assert ("ml.m5.large",) == team(folder, "dev-vision").instance_types.training


def test_the_order_in_which_files_are_found_is_no_matter(folder, monkeypatch):
    expected = repr(read(folder.path))  # as text, because == is blind to the order of keys
    original = type(folder.path).glob

    def shuffled(path, pattern):
        found = list(original(path, pattern))
        random.Random(7).shuffle(found)
        return found

    monkeypatch.setattr(type(folder.path), "glob", shuffled)

    assert expected == repr(read(folder.path))


def test_an_empty_folder_is_a_mistake_and_no_order_to_remove_everything(tmp_path):
    expected = "no <environment>/*.yaml in this folder: choose another one with MLZ_ACCOUNTS, or restore the files"

    assert [f"{tmp_path}:1: {expected}"] == says(tmp_path)


def test_a_folder_that_does_not_exist_is_said_so(tmp_path):
    expected = "no such folder: choose another one with MLZ_ACCOUNTS, or restore the files"

    assert [f"{tmp_path / 'nowhere'}:1: {expected}"] == says(tmp_path / "nowhere")


@pytest.mark.parametrize("place", ["org", "dev"])
def test_a_folder_without_environment_file_is_refused(folder, place):
    folder.remove(f"{place}/environment.yaml")

    assert [f"{place}/environment.yaml:1: the file is missing: every folder needs one"] == says(folder.path)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("dev/other.yml", "rename the file to other.yaml: only .yaml is read"),
        (
            "dev/Other.yaml",
            (
                "the file's name becomes the account's: 'Other' is not allowed, "
                "use 2 to 21 small letters and digits, single hyphens between, a letter first"
            ),
        ),
        (
            "dev/a-name-of-more-than-21.yaml",
            (
                "the file's name becomes the account's: 'a-name-of-more-than-21' is not allowed, "
                "use 2 to 21 small letters and digits, single hyphens between, a letter first"
            ),
        ),
        (
            "dev-two/environment.yaml",
            "the folder 'dev-two' is no environment: use 2 to 21 small letters and digits, a letter first",
        ),
    ],
)
def test_names_that_can_be_no_part_of_a_name_in_aws_are_refused(folder, file, expected):
    folder.write(file, "kind: team\n")

    assert [f"{file}:1: {expected}"] == says(folder.path)


def test_a_file_that_cannot_be_read_is_said_so(folder):
    (folder.path / "dev" / "odd.yaml").mkdir()

    assert ["dev/odd.yaml:1: cannot be read: Is a directory"] == says(folder.path)


def test_a_profile_that_is_no_yaml_is_said_once_and_its_accounts_wait(folder):
    folder.write("profiles/gpu-batch.yaml", "a: \x00")

    assert [
        folder.expected("dev/vision.yaml:<profile:>: profile: the profile 'gpu-batch' has problems of its own"),
        folder.expected("prod/vision.yaml:<profile:>: profile: the profile 'gpu-batch' has problems of its own"),
        "profiles/gpu-batch.yaml:1: not YAML: control characters are not allowed",
    ] == says(folder.path)


def test_other_files_are_not_specs(folder):
    folder.write("dev/notes.txt", "no spec")
    folder.write("README.md", "no spec")

    assert 10 == len(load(folder.path).accounts)


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("pricing.yaml", "dev/pricing.yaml or prod/pricing.yaml"),
        ("pricing.yml", "dev/pricing.yaml or prod/pricing.yaml"),
        ("dev/teams/pricing.yaml", "dev/pricing.yaml"),
        ("prod/a/b/pricing.yml", "prod/pricing.yaml"),
        ("stage/teams/pricing.yaml", "dev/pricing.yaml or prod/pricing.yaml"),
    ],
)
def test_a_file_that_nobody_would_read_is_named_with_its_place(folder, file, place):
    (folder.path / file).parent.mkdir(parents=True, exist_ok=True)
    folder.write(file, "kind: team\n")

    said = f"not read here: an account's file stands in its environment's folder; move it to {place}, or remove it"
    assert [f"{file}:1: {said}"] == says(folder.path)


def test_the_folder_and_lock_file_in_use_come_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("MLZ_ACCOUNTS", str(tmp_path))
    assert (tmp_path, tmp_path / "ids.lock.yaml") == chosen()

    monkeypatch.setenv("MLZ_IDS_LOCK", str(tmp_path / "other.yaml"))
    assert (tmp_path, tmp_path / "other.yaml") == chosen()
    assert (tmp_path / "mine", tmp_path / "my.yaml") == chosen(tmp_path / "mine", tmp_path / "my.yaml")
