"""A user's clone, and a shell in it that reaches a second emulated AWS by AWS_* alone: the way of a real deployment."""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from local.cloud import UNSET, private_cloud
from local.deployment import identities
from local.engine import AT_THE_END
from tests.operations.bootstrapping import REGION
from zone.plan.planner import EXAMPLES, read

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "deployment.md"
PEOPLE = {
    f"{name}@example.com": f"93670c2d01-5c0ee8a2-3d1f-4a06-9a1b-{number:012d}"
    for number, name in enumerate(("ada", "bo", "cy", "di"))
}
"""Who is in Identity Center's directory."""


@pytest.fixture
def clone(tmp_path):
    """A clone as a user has it, what the page says of the organisation written into it."""
    folder = tmp_path / "clone"
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in listed:
        if (ROOT / name).is_file() and not name.startswith("accounts/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
    shutil.copytree(EXAMPLES, folder / "accounts")
    file = folder / "accounts" / "org" / "environment.yaml"
    said = yaml.safe_load(re.search(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)[1])
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), **said}))
    for arguments in (
        "init -q -b main",
        "config user.name ada",
        "config user.email a@b.c",
        "add .",
        "commit -qm clone",
    ):
        subprocess.run(["git", *arguments.split()], cwd=folder, check=True)
    return folder


@pytest.fixture
def shell(clone, engine, tmp_path, monkeypatch):
    """Run a command in the clone, signed in to the management account by AWS's own variables and nothing else."""
    known = identities(read(clone / "accounts", clone / "accounts" / "none.yaml"))
    with private_cloud(tmp_path / "aws", replace(known, accounts={}, users=PEOPLE)) as aws:
        for name in (*UNSET, "MLZ_ACCOUNTS", "MLZ_IDS_LOCK", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"):
            monkeypatch.delenv(name, raising=False)
        own = {"MLZ_OFFLINE": "1", "NO_COLOR": "1"}
        if "PULUMI_HOME" not in engine.env:
            own["PULUMI_HOME"] = str(tmp_path / "pulumi")
        for name, value in (aws.env(REGION) | own | AT_THE_END).items():
            monkeypatch.setenv(name, value)

        def run(command, **more):
            return subprocess.run(
                ["bash", "-c", command],
                cwd=clone,
                env={**os.environ, **more},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )

        run.asked = lambda: aws.ask("authority")
        yield run
