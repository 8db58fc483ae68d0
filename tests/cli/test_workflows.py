"""The files for CI hosts: they are well formed, and each of their commands does what it is there for.

schemas/ holds SchemaStore's github-workflow.json and gitlab-ci.json, as check-jsonschema 0.39.0 carries them.
"""

import json
import re
import shutil
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from tests.cli.runner import ROOT, checkout, commit, environment, extended, git, github_job, gitlab_job, load, recorder
from zone.plan.pipelines import STAGES
from zone.plan.planner import EXAMPLES

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yaml"))
GH = """
import json, pathlib, re, sys
state = pathlib.Path(__file__).parent / "gh.json"
calls = json.loads(state.read_text()) if state.exists() else []
arguments = sys.argv[1:]
calls.append(arguments)
state.write_text(json.dumps(calls))
comments = "repos/acme/landing/issues/7/comments"
body = ["--field", "body=@comment.md", "--silent"]
match arguments:
    case ["api", "--paginate", where, "--jq", query] if where == comments and "github-actions[bot]" in query:
        print("41" if any("POST" in call for call in calls) else "", end="")
    case ["api", "--method", "POST", where, *rest] if where == comments and rest == body:
        assert pathlib.Path("comment.md").read_text().startswith("<!-- mlz -->")
    case ["api", "--method", "PATCH", "repos/acme/landing/issues/comments/41", *rest] if rest == body:
        pass
    case ["pr", "list", "--head", "mlz-ids", "--state", "open", "--json", "number", "--jq", ".[].number"]:
        print("9" if any("create" in call for call in calls) else "")
    case ["pr", "create", "--head", "mlz-ids", "--base", "main", "--title", _, "--body", _]:
        pass
    case _:
        sys.exit(f"gh: unknown arguments {arguments}")
"""
CURL = """
import json, pathlib, sys
state = pathlib.Path(__file__).parent / "curl.json"
calls = json.loads(state.read_text()) if state.exists() else []
arguments = sys.argv[1:]
calls.append(arguments)
state.write_text(json.dumps(calls))
notes = "https://gitlab.example.com/api/v4/projects/5/merge_requests/7/notes"
quiet = ["--fail", "--silent", "--show-error", "--header", "PRIVATE-TOKEN:token"]
match arguments[5:] if arguments[:5] == quiet else None:
    case [where] if where == notes + "?per_page=100":
        posted = any("POST" in call for call in calls)
        print(json.dumps([{"id": 1, "body": "hello"}, *([{"id": 41, "body": "<!-- mlz --> x"}] if posted else [])]))
    case ["--output", "/dev/null", "--request", method, "--data-urlencode", "body@comment.md", where]:
        assert (method, where) in {("POST", notes), ("PUT", notes + "/41")}
    case _:
        sys.exit(f"curl: unknown arguments {arguments}")
"""
GITLAB = {
    "CI_API_V4_URL": "https://gitlab.example.com/api/v4",
    "CI_MERGE_REQUEST_PROJECT_ID": "5",
    "CI_MERGE_REQUEST_IID": "7",
    "MLZ_GITLAB_TOKEN": "token",
    "CI_DEFAULT_BRANCH": "main",
    "CI_SERVER_HOST": "gitlab.example.com",
    "CI_PROJECT_PATH": "acme/landing",
}


@pytest.fixture
def repository(tmp_path):
    """A branch that gives a team another instance type."""
    folder = checkout(tmp_path / "work", EXAMPLES)
    git(folder, "checkout", "--quiet", "-b", "change")
    file = folder / "accounts" / "dev" / "churn.yaml"
    file.write_text(file.read_text().replace("endpoint: [ml.m5.large]", "endpoint: [ml.c5.large]"))
    commit(folder, "another type")
    return folder


def preview_of(*stacks):
    return json.dumps([{"stack": stack, "code": 0, "changes": {"update": 1}, "changed": []} for stack in stacks])


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_is_as_github_wants_it(file):
    valid("github-workflow", file.read_text())


@pytest.mark.parametrize("child", ["gitlab-previews", "gitlab-deployment"])
def test_the_pipelines_are_as_gitlab_wants_them(child):
    from zone.plan import pipelines  # noqa: PLC0415
    from zone.plan.planner import read  # noqa: PLC0415

    jobs = getattr(pipelines, child.replace("-", "_"))(read(EXAMPLES), ["org", "dev", "dev-churn", "prod"])
    valid("gitlab-ci", (ROOT / ".gitlab-ci.yml").read_text())
    valid("gitlab-ci", (ROOT / ".gitlab" / "jobs.yml").read_text() + jobs)


def valid(schema, text):
    rules = json.loads((Path(__file__).parent / "schemas" / f"{schema}.json").read_text())
    validator = jsonschema.validators.validator_for(rules)(rules)
    assert [] == [error.message for error in validator.iter_errors(YAML(typ="safe", pure=True).load(text))]


def test_a_job_reads_only_outputs_of_jobs_that_it_waits_for():
    for file in WORKFLOWS:
        jobs = load(file.relative_to(ROOT))["jobs"]
        for name, job in jobs.items():
            needs = job.get("needs", [])
            for other, output in re.findall(r"needs\.(\w+)\.outputs\.(\w+)", json.dumps(job)):
                assert other in ([needs] if isinstance(needs, str) else needs), f"{file.name}: {name}"
                assert output in jobs[other]["outputs"], f"{file.name}: {name}"


def test_the_deployment_has_as_many_stages_as_the_plan_may_fill():
    jobs = load(".github/workflows/deploy.yaml")["jobs"]

    assert [f"stage{number}" for number in range(1, STAGES + 1)] == [name for name in jobs if name.startswith("stage")]
    for number in range(2, STAGES + 1):
        assert ["org", f"stage{number - 1}"] == jobs[f"stage{number}"]["needs"], "prod must wait for dev"


def test_only_the_jobs_that_need_it_get_a_role_or_may_write():
    rights = {
        (file.stem, name): {right for right, kind in (job.get("permissions") or {}).items() if kind == "write"}
        for file in WORKFLOWS
        for name, job in load(file.relative_to(ROOT))["jobs"].items()
    }
    assert {
        ("pull-request", "preview"): {"id-token"},
        ("pull-request", "comment"): {"pull-requests"},
        ("deploy", "org"): {"id-token"},
        ("deploy", "record"): {"contents", "pull-requests"},
        **{("deploy", f"stage{number}"): {"id-token"} for number in range(1, STAGES + 1)},
    } == {job: granted for job, granted in rights.items() if granted}
    fork = "github.event.pull_request.head.repo.full_name == github.repository"
    jobs = load(".github/workflows/pull-request.yaml")["jobs"]
    assert all(fork in jobs[name]["if"] for name in ("preview", "comment"))


@pytest.mark.shows("N1", "N2")
def test_githubs_pull_request_is_planned_cut_and_commented_once(repository):
    output = repository.parent / "output"
    env = environment(repository, GITHUB_BASE_REF="main", GITHUB_OUTPUT=str(output))
    assert 0 == github_job(repository, "pull-request", "plan", env), log(repository)
    assert ["org dev-churn"] == json.loads(dict(line.split("=", 1) for line in output.read_text().splitlines())["lots"])

    recorder(repository, "gh", GH)
    for name, content in (("change", (repository / "change.json").read_text()), ("preview-0", preview_of("org"))):
        (repository / "results" / name).mkdir(parents=True)
        (repository / "results" / name / f"{name}.json").write_text(content)
    env |= {"GH_TOKEN": "token", "NUMBER": "7", "GITHUB_REPOSITORY": "acme/landing"}
    assert 0 == github_job(repository, "pull-request", "comment", env), log(repository)
    assert 0 == github_job(repository, "pull-request", "comment", env), log(repository)

    said = (repository / "comment.md").read_text()
    assert "| `org` | changed | `~1` | `policies ~ scp-instance-types" in said
    assert "| `dev-churn` | without preview |" in said
    calls = json.loads((repository.parent / "bin" / "gh.json").read_text())
    assert ["POST", "PATCH"] == [word for call in calls for word in call if word in {"POST", "PATCH"}]


@pytest.mark.shows("M1")
def test_an_address_that_is_not_recorded_stops_the_pull_request_with_the_remedy(repository):
    file = repository / "accounts" / "dev" / "pricing.yaml"
    text = (repository / "accounts" / "dev" / "churn.yaml").read_text()
    file.write_text(text.replace("dev-churn@", "dev-pricing@").replace("[fraud/chargebacks]", "[]"))
    env = environment(repository, GITHUB_BASE_REF="main", GITHUB_OUTPUT=str(repository.parent / "output"))

    assert 2 == github_job(repository, "pull-request", "plan", env)
    assert "run ./mlz plan and commit the file" in log(repository)


def test_new_ids_are_pushed_and_asked_for_once(repository):
    git(repository, "checkout", "--quiet", "main")
    recorder(repository, "gh", GH)
    env = environment(repository, GH_TOKEN="token", GITHUB_REF_NAME="main")
    assert 0 == github_job(repository, "deploy", "record", env), log(repository)
    assert not (repository.parent / "bin" / "gh.json").exists(), "nothing is new, nobody is asked"

    lock = repository / "accounts" / "ids.lock.yaml"
    for account in ("100000000091", "100000000092"):
        lock.write_text(re.sub(r'dev-churn: \{id: "\d+"', f'dev-churn: {{id: "{account}"', lock.read_text()))
        assert 0 == github_job(repository, "deploy", "record", env), log(repository)
        git(repository, "fetch", "--quiet", "origin")
        assert account in git(repository, "show", "origin/mlz-ids:accounts/ids.lock.yaml")
        git(repository, "checkout", "--quiet", "main")
    calls = json.loads((repository.parent / "bin" / "gh.json").read_text())
    assert 1 == len([call for call in calls if "create" in call])


@pytest.mark.shows("N2")
def test_gitlabs_merge_request_is_planned_cut_and_commented_once(repository):
    jobs = load(".gitlab-ci.yml")
    env = environment(repository, **GITLAB, CI_MERGE_REQUEST_DIFF_BASE_SHA=git(repository, "rev-parse", "main").strip())
    assert 0 == gitlab_job(repository, jobs, "plan", env), log(repository)

    child = YAML(typ="safe", pure=True).load((repository / "previews.yml").read_text())
    assert "org dev-churn" == extended(child, child["preview 1"])["variables"]["LOT"]
    assert [{"pipeline": "$PARENT", "job": "plan"}, {"job": "preview 1"}] == child["note"]["needs"]
    recorder(repository, "curl", CURL)
    (repository / "previews").mkdir()
    (repository / "previews" / "1.json").write_text(preview_of("org", "dev-churn"))
    for _ in range(2):
        assert 0 == gitlab_job(repository, child, "note", env), log(repository)
    calls = json.loads((repository.parent / "bin" / "curl.json").read_text())
    assert ["POST", "PUT"] == [word for call in calls for word in call if word in {"POST", "PUT"}]


def test_gitlab_deploys_one_environment_after_the_other(repository):
    shutil.copy(repository / ".gitlab" / "jobs.yml", repository / "deploy.yml")
    (line,) = [line for line in load(".gitlab-ci.yml")["org"]["script"] if "gitlab-deployment" in line]
    assert 0 == gitlab_job(repository, {"cut": {"script": [line]}}, "cut", environment(repository)), log(repository)
    child = YAML(typ="safe", pure=True).load((repository / "deploy.yml").read_text())

    assert {"name": "prod"} == child["prod 1"]["environment"]
    assert {"job": "dev 1"} in child["prod 1"]["needs"]
    assert "dev dev-churn dev-fraud dev-vision" == child["dev 1"]["variables"]["LOT"]


def test_gitlab_gets_new_ids_as_a_merge_request(repository):
    git(repository, "checkout", "--quiet", "main")
    bare = repository.with_name("work.git")
    git(bare, "config", "receive.advertisePushOptions", "true")
    hook = bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nenv | grep ^GIT_PUSH_OPTION > options\n")
    hook.chmod(0o755)
    instead = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{bare}.insteadOf"}
    env = environment(
        repository, **GITLAB, **instead, GIT_CONFIG_VALUE_0="https://oauth2:token@gitlab.example.com/acme/landing.git"
    )
    jobs = load(".gitlab-ci.yml")
    assert 0 == gitlab_job(repository, jobs, "record", env), log(repository)
    assert "mlz-ids" not in git(bare, "branch"), "nothing is new, nobody is asked"

    lock = repository / "accounts" / "ids.lock.yaml"
    lock.write_text(lock.read_text().replace("100000000011", "100000000091"))
    assert 0 == gitlab_job(repository, jobs, "record", env), log(repository)
    assert "100000000091" in git(bare, "show", "mlz-ids:accounts/ids.lock.yaml")
    assert "merge_request.create" in (bare / "options").read_text()
    assert "merge_request.target=main" in (bare / "options").read_text()


def log(repository):
    return (repository.parent / "log").read_text()
