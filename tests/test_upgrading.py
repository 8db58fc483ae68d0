"""docs/upgrading.md, run as it stands: a new version never touches the user's files."""

import re
import subprocess
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "upgrading.md"
PERSON = {"GIT_AUTHOR_NAME": "ada", "GIT_AUTHOR_EMAIL": "a@example.com"}
ENV = {"PATH": "/usr/bin:/bin", **PERSON, **{key.replace("AUTHOR", "COMMITTER"): of for key, of in PERSON.items()}}


def git(folder, command, *, may_conflict=False):
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=ENV, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or may_conflict, f"{command}: {done.stderr}"
    return done.stdout


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink() if text is None else path.write_text(text)
    git(folder, "git add -A && git commit -qm change")


def contents(folder, names):
    return {name: (folder / name).read_text() if (folder / name).exists() else None for name in names}


def steps():
    """The commands of the page's second block of code."""
    blocks = re.findall(r"```\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return blocks[1].replace("VERSION", "v2").splitlines()


def test_a_new_version_is_merged_and_the_users_files_stay_as_they_are(tmp_path):
    ours, theirs = tmp_path / "mlz", tmp_path / "clone"
    ours.mkdir()
    git(ours, "git init -q -b main")
    examples = {f"accounts/dev/{name}.yaml": f"{name} 1\n" for name in ("kept", "changed", "deleted", "both", "moved")}
    schemas = {"accounts/schema.json": "schema 1\n", "accounts/profiles/schema.json": "profiles 1\n"}
    write(ours, {**examples, **schemas, "zone/code.py": "code 1\n", "Pulumi.dev.yaml": "how 1\n"})
    git(tmp_path, "git clone -q mlz clone")
    own = {
        "accounts/dev/changed.yaml": "mine\n",
        "accounts/dev/deleted.yaml": None,
        "accounts/dev/both.yaml": "mine too\n",
        "accounts/dev/pricing.yaml": "my team\n",
        "accounts/ids.lock.yaml": "my ids\n",
        "Pulumi.dev.yaml": "how 1\nencryptedkey: mine\n",
        "Pulumi.staging.yaml": "my environment\n",
    }
    write(theirs, own)
    new = {
        "accounts/dev/deleted.yaml": "deleted 2\n",
        "accounts/dev/both.yaml": "both 2\n",
        "accounts/dev/moved.yaml": None,
        "accounts/dev/example.yaml": "a new example\n",
        "accounts/schema.json": "schema 2\n",
        "accounts/profiles/schema.json": "profiles 2\n",
        "accounts/ids.lock.yaml": "our ids\n",
        "Pulumi.dev.yaml": "how 2\n",
        "zone/code.py": "code 2\n",
    }
    write(ours, new)
    git(ours, "git tag v2")
    git(theirs, "git remote add mlz ../mlz")

    for step in steps():
        git(theirs, step, may_conflict=step.startswith("git merge"))

    assert own == contents(theirs, own)
    assert "moved 1\n" == (theirs / "accounts/dev/moved.yaml").read_text()
    assert not (theirs / "accounts/dev/example.yaml").exists()
    taken = ("zone/code.py", "accounts/schema.json", "accounts/profiles/schema.json")
    assert {name: new[name] for name in taken} == contents(theirs, taken)
    assert "" == git(theirs, "git status --porcelain")
    assert "2\n" == git(theirs, "git log -1 --format=%P | wc -w").lstrip()
