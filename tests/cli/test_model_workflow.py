"""The CI of a model's repository: well formed, with no more rights than it needs, and its commands do what they say.

What its other commands do is shown elsewhere: tests/workloads/test_churn.py installs the lock and tests the model,
test_model_command.py runs `./mlz model run`.
"""

import json
import re
import shlex

import pytest
import typer

from cli.model import app
from tests.cli.runner import ROOT, bash, environment, load, recorder
from tests.cli.test_workflows import valid

FILE = "workloads/churn/.github/workflows/model.yml"
AWS = """
import json, pathlib, sys
here = pathlib.Path(__file__).parent
calls = json.loads((here / "aws.json").read_text()) if (here / "aws.json").exists() else []
arguments = sys.argv[1:]
calls.append(arguments)
(here / "aws.json").write_text(json.dumps(calls))
zip_ = "work-bucket/builds/churn-c0ffee.zip"
named = ["--environment-variables-override", "name=REPOSITORY,value=churn/churn", "name=TAG,value=c0ffee"]
said = json.loads((here / "said.json").read_text())
match arguments:
    case ["ecr", "describe-images", "--repository-name", "churn/churn", "--image-ids", "imageTag=c0ffee", *_]:
        if not said["there"] and not any("start-build" in call for call in calls):
            sys.exit("ImageNotFoundException")
        print("111111111111\\tsha256:5eed")
    case ["ssm", "get-parameter", "--name", name, "--query", "Parameter.Value", "--output", "text"]:
        print({"/mlz/v1/buckets/studio": "work-bucket", "/mlz/v1/builds/project": "mlz-images"}[name])
    case ["s3", "cp", "--only-show-errors", file, where] if where == f"s3://{zip_}":
        assert pathlib.Path(file).read_bytes().startswith(b"PK")
    case ["codebuild", "start-build", "--project-name", "mlz-images", "--source-location-override", where, *rest]:
        assert where == zip_ and rest[: len(named)] == named
        print("mlz-images:1")
    case ["codebuild", "batch-get-builds", "--ids", "mlz-images:1", *_]:
        print("IN_PROGRESS" if sum("batch-get-builds" in call for call in calls) < 3 else said["end"])
    case _:
        sys.exit(f"aws: unknown arguments {arguments}")
"""


@pytest.fixture
def register():
    return load(FILE)["jobs"]["register"]


@pytest.fixture
def repository(tmp_path):
    """A committed repository of a model, and stand-ins for `aws` and `sleep`."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "Containerfile").write_text("FROM scratch\n")
    recorder(folder, "aws", AWS)
    recorder(folder, "sleep", "")
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]
    given = {
        "GITHUB_SHA": "c0ffee",
        "AWS_REGION": "eu-west-1",
        "REPOSITORY": "churn/churn",
        "RUNNER_TEMP": str(tmp_path),
    }
    env = environment(folder, **given, GITHUB_OUTPUT=str(tmp_path / "output"))
    words = f"git init --quiet && git add . && {shlex.join(git)} commit --quiet --message model"
    assert 0 == bash(folder, words, env, "-e")
    return folder, env


def built(repository, register, *, there, end="SUCCEEDED"):
    """Run the step that makes the image; return its exit code, and the calls of `aws`."""
    folder, env = repository
    (folder.parent / "bin" / "said.json").write_text(json.dumps({"there": there, "end": end}))
    (step,) = [step for step in register["steps"] if step.get("id") == "image"]
    code = bash(folder, step["run"], env, "-e", "-o", "pipefail")
    return code, [call[1] for call in json.loads((folder.parent / "bin" / "aws.json").read_text())]


def test_it_is_as_github_wants_it_and_no_command_holds_an_expression():
    valid("github-workflow", (ROOT / FILE).read_text())
    commands = [step["run"] for job in load(FILE)["jobs"].values() for step in job["steps"] if "run" in step]

    assert [] == [command for command in commands if "${{" in command]


def test_only_what_main_registers_gets_a_role_and_nothing_may_write():
    said = load(FILE)

    assert {"contents": "read"} == said["permissions"]
    assert [] == [name for name in ("test", "score") if "permissions" in said["jobs"][name]]
    assert "github.event_name == 'pull_request'" in said["jobs"]["score"]["if"]
    assert {"contents": "read", "id-token": "write"} == said["jobs"]["register"]["permissions"]
    assert "github.event_name == 'push'" == said["jobs"]["register"]["if"]
    asked = ["opened", "synchronize", "reopened", "labeled"]
    assert {"pull_request": {"types": asked}, "push": {"branches": ["main"]}} == said["on"]
    assert "secrets." not in (ROOT / FILE).read_text()


def test_each_action_is_pinned_to_a_commit_and_leaves_no_token_behind():
    used = re.findall(r"uses: (.*)", (ROOT / FILE).read_text())
    steps = [step for job in load(FILE)["jobs"].values() for step in job["steps"]]

    assert used
    assert [] == [each for each in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)]
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert [False] * 4 == [step["with"]["persist-credentials"] for step in checkouts]


@pytest.mark.shows("H2")
def test_a_commit_becomes_an_image_once_and_is_named_by_its_digest(repository, register):
    first, _ = built(repository, register, there=False)
    again, calls = built(repository, register, there=True)

    assert (0, 0, 1) == (first, again, calls.count("start-build")), log(repository)
    lines = (repository[0].parent / "output").read_text().splitlines()
    assert ["uri=111111111111.dkr.ecr.eu-west-1.amazonaws.com/churn/churn@sha256:5eed"] * 2 == lines


def test_a_build_that_fails_ends_the_job_and_says_where_to_look(repository, register):
    code, _ = built(repository, register, there=False, end="FAILED")

    assert 1 == code
    assert "the build mlz-images:1 ended as FAILED: see its log in CloudWatch" in log(repository)


def test_the_model_command_takes_what_the_job_gives_it(register):
    (last,) = [step for step in register["steps"] if step.get("run", "").startswith("./mlz")]
    words = shlex.split(last["run"])
    options = {name for each in typer.main.get_command(app).commands["run"].params for name in each.opts}

    assert ["./mlz", "model", "run", "../model"] == words[:4]
    assert {"--image", "--env", "--team"} == {word for word in words if word.startswith("--")} <= options
    assert "model" == register["steps"][0]["with"]["path"]
    assert last["working-directory"] == register["steps"][1]["with"]["path"]


def log(repository):
    return (repository[0].parent / "log").read_text()
