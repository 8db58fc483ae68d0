"""Pulumi.<environment>.yaml: one file and one key for all stacks of an environment."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from local.engine import Engine
from local.rehearsal import run
from local.settings import SettingsError, keep_encryption, own_settings, secrets_provider
from local.world import real_world
from zone.plan.planner import EXAMPLES

ROOT = Path(__file__).parents[2]
REAL = "# how dev is deployed\nsecretsprovider: awskms://alias/mlz-state-dev?region=eu-west-1\n"


@pytest.mark.parametrize(
    ("stack", "file"),
    [("dev", "dev"), ("dev-fraud", "dev"), ("prod-a-b", "prod"), ("org", "org"), ("org-logs", "org")],
)
def test_the_stacks_of_an_environment_share_a_file(stack, file):
    assert ROOT / f"Pulumi.{file}.yaml" == own_settings(ROOT, stack)


def test_the_project_says_how_each_environment_is_deployed_and_nothing_else():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "Pulumi*"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    environments = {path.parent.name for path in EXAMPLES.glob("*/environment.yaml")}

    assert {"Pulumi.yaml", *(f"Pulumi.{name}.yaml" for name in environments)} == set(listed.stdout.split())
    for name in environments:
        settings = yaml.safe_load((ROOT / f"Pulumi.{name}.yaml").read_text())
        assert {"secretsprovider", "encryptedkey", "encryptionsalt", "config"} >= settings.keys()


def test_an_environment_without_a_file_is_told_what_to_write(tmp_path):
    with pytest.raises(SettingsError, match=r"Pulumi\.staging\.yaml is missing: .* copy Pulumi\.dev\.yaml"):
        secrets_provider(own_settings(tmp_path, "staging-fraud"))


def test_the_first_key_stays_whatever_is_made_later_and_comments_do_too(tmp_path):
    settings = tmp_path / "Pulumi.dev.yaml"
    settings.write_text(REAL.rstrip())
    made = [tmp_path / f"made-{number}.yaml" for number in range(8)]
    for number, path in enumerate(made):
        path.write_text(f"secretsprovider: x\nencryptedkey: key-{number}\n")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda path: keep_encryption(settings, path), made))

    first, second, key = settings.read_text().splitlines()
    assert REAL.splitlines() == [first, second]
    assert key in {f"encryptedkey: key-{number}" for number in range(8)}


@pytest.mark.engine
def test_real_stacks_share_one_wrapped_key_and_leave_no_file_of_their_own(rehearse, aws, tmp_path):
    """Against the emulated KMS, with the user's own backend: nothing here knows of a rehearsal."""
    emulated = rehearse("import pulumi\npulumi.export('password', pulumi.Output.secret('in-the-state'))\n")
    kms = aws(SimpleNamespace(endpoint=emulated.env["AWS_ENDPOINT_URL"]), "kms")
    kms.create_alias(AliasName="alias/mlz-state-dev", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    settings = emulated.project / "Pulumi.dev.yaml"
    settings.write_text(REAL)
    backend = tmp_path / "backend"
    backend.mkdir()
    env = {key: value for key, value in emulated.env.items() if key != "PULUMI_CONFIG_PASSPHRASE"}
    env["PULUMI_BACKEND_URL"] = f"file://{backend}"
    world = real_world(Engine(emulated.engine, env, "a test"), emulated.project, tmp_path / "logs")

    outcomes = [run(world, "up", ["dev", "dev-fraud"], needs={}, workers=2, flags=["--skip-preview"]) for _ in range(2)]

    assert [0] * 4 == [outcome.code for run_ in outcomes for outcome in run_], [o.note for o in outcomes[0]]
    assert {"Pulumi.yaml", "Pulumi.dev.yaml"} == {path.name for path in emulated.project.glob("Pulumi*")}
    assert settings.read_text().startswith(REAL)
    assert 1 == settings.read_text().count("encryptedkey: ")
    states = [path.read_text() for path in backend.rglob("stacks/tiny/*.json")]
    assert 2 == len(states)
    assert all("awskms://alias/mlz-state-dev" in state and "in-the-state" not in state for state in states)


@pytest.mark.engine
def test_a_stack_of_an_unknown_environment_is_refused_before_pulumi_runs(rehearse, tmp_path):
    emulated = rehearse("import pulumi\n")
    world = replace(emulated, state=None, logs=tmp_path)

    (outcome,) = run(world, "preview", ["staging"], needs={})

    assert 1 == outcome.code
    assert outcome.note.startswith("Pulumi.staging.yaml is missing")
