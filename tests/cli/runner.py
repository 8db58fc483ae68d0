"""What a CI host does with our files, as far as it can be done here: takes a job's commands from the YAML, runs them.

What only the host has is stood in for: `uses:` steps by nothing, expressions by the values that a test gives for each
variable of the job's env, artifacts by files that the test puts in place, gh and curl by recorders.
"""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

from local.engine import AT_THE_END

ROOT = Path(__file__).parents[2]
CODE = ("cli", "zone", "components", "stacks", "policies", "checks", "local", "operations", "lock", "examples")
FILES = ("mlz", "__main__.py", "Pulumi.yaml", ".gitlab-ci.yml", ".gitignore")
_NO_CACHES = shutil.ignore_patterns("__pycache__")
_OF_HOST = re.compile(r"\$\{\{.*\}\}", re.DOTALL)


def load(file):
    return YAML(typ="safe", pure=True).load((ROOT / file).read_text())


def checkout(folder, accounts):
    """A user's repository with *accounts*, as a job finds it: main is committed and known as origin/main."""
    for name in CODE:
        shutil.copytree(ROOT / name, folder / name, ignore=_NO_CACHES)
    for name in (".github", ".gitlab"):
        shutil.copytree(ROOT / name, folder / name)
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(accounts, folder / "accounts")
    for name in ("org", "dev", "prod"):
        (folder / f"Pulumi.{name}.yaml").write_text("config: {}\n")
    (folder / ".venv").symlink_to(sys.prefix)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "main")
    bare = folder.with_name(f"{folder.name}.git")
    git(folder, "clone", "--quiet", "--bare", ".", str(bare))
    git(folder, "remote", "add", "origin", str(bare))
    git(folder, "fetch", "--quiet", "origin")
    return folder


def git(folder, *arguments):
    own = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder, message):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def environment(folder, **given):
    """A runner's environment: nothing of this process's own choices, and the recorders before all else on PATH."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLZ_", "PULUMI_", "AWS_"))}
    for name in ("MLZ_ENGINE_DIR", "MLZ_OFFLINE"):
        if name in os.environ:
            kept[name] = os.environ[name]
    return {**kept, **AT_THE_END, "PATH": f"{folder.parent / 'bin'}{os.pathsep}{kept['PATH']}", **given}


def recorder(folder, name, program):
    """Put a stand-in for the host's command *name* where a job finds it."""
    place = folder.parent / "bin" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"#!{sys.executable}\n{program}")
    place.chmod(place.stat().st_mode | stat.S_IXUSR)


def github_job(folder, file, job, env):
    """Run the commands of a job's steps; return the last exit code. A step after a failure runs if it says so."""
    spec = load(f".github/workflows/{file}.yaml")["jobs"][job]
    needed = {name for name, value in spec.get("env", {}).items() if _OF_HOST.search(str(value))}
    assert needed <= set(env), f"the host gives {needed - set(env)} too: the test must"
    steps = [step for step in spec["steps"] if "run" in step]
    assert not [step for step in steps if _OF_HOST.search(step["run"])], "an expression in a command is an injection"
    code = 0
    for step in steps:
        if code == 0 or step.get("if") == "always()":
            done = bash(folder, step["run"], env, "-e")
            code = code or done
    return code


def gitlab_job(folder, jobs, name, env):
    """Run the lines of a GitLab job, its before_script first, in one shell as a runner does."""
    spec = extended(jobs, jobs[name])
    lines = [*spec.get("before_script", ()), *spec["script"]]
    own = {key: str(value) for key, value in spec.get("variables", {}).items()}
    env = {**env, **{key: _expanded(value, env) for key, value in own.items()}}
    return bash(folder, "\n".join(lines), env, "-eo", "pipefail")


def extended(jobs, spec):
    """A job with what it extends: mappings are merged, all else is replaced."""
    base = extended(jobs, jobs[spec["extends"]]) if "extends" in spec else {}
    merged = dict(base)
    for key, value in spec.items():
        merged[key] = {**base[key], **value} if isinstance(value, dict) and key in base else value
    return merged


def bash(folder, script, env, *flags):
    command = ["bash", *flags, "-c", script]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    with (folder.parent / "log").open("a") as log:
        log.write(f"$ {script}\n{done.stdout}{done.stderr}\n")
    return done.returncode


def _expanded(value, env):
    return re.sub(r"\$\{?(\w+)\}?", lambda found: env.get(found[1], ""), value)
