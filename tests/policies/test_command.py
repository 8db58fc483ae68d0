"""`mlz policy`: three kinds of input, three formats, exit codes."""

import io
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from pulumi_policy import proxy

from cli import policy
from policies.decode import UNKNOWN_SENTINELS
from policies.evaluate import evaluate
from policies.read import read
from policies.rules import REGISTRY

NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance"
URN = f"urn:pulumi:dev-fraud::mlz::mlz:index:Studio${NOTEBOOK}::nb"
PROVIDER = "urn:pulumi:dev-fraud::mlz::pulumi:providers:aws::home"
PROPS = {"instanceType": "ml.p5.48xlarge", "directInternetAccess": "Disabled", "subnetId": "s", "tags": {"a": "b"}}
TAGS = dict.fromkeys(REGISTRY["required-tags"].settings["requiredTags"], "x")


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the verb on arguments and standard input."""

    def run(*arguments, text=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        code = policy.main(arguments)
        said = capsys.readouterr()
        return SimpleNamespace(exit_code=code, stdout=said.out, stderr=said.err)

    return run


def keys(result):
    return {finding["rule"] for finding in json.loads(result.stdout)["findings"]}


PLAIN = {"resources": [{"type": NOTEBOOK, "name": "nb", "props": PROPS}]}
STATE = {
    "version": 3,
    "deployment": {
        "resources": [
            {
                "urn": PROVIDER,
                "type": "pulumi:providers:aws",
                "inputs": {"region": "eu-west-1", "defaultTags": json.dumps({"tags": TAGS})},
            },
            {"urn": URN, "type": NOTEBOOK, "inputs": PROPS, "provider": f"{PROVIDER}::id", "dependencies": [PROVIDER]},
            {"urn": URN + "-old", "type": NOTEBOOK, "inputs": {}, "delete": True},
        ]
    },
}
PREVIEW = {
    "steps": [
        {"op": "create", "urn": URN, "newState": {"urn": URN, "type": NOTEBOOK, "inputs": PROPS}},
        {"op": "delete", "urn": URN + "-old", "oldState": {"urn": URN + "-old", "type": NOTEBOOK, "inputs": {}}},
    ]
}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (PLAIN, {"sm-notebook-instance-type", "required-tags"}),
        (PLAIN["resources"], {"sm-notebook-instance-type", "required-tags"}),
        (STATE, {"sm-notebook-instance-type"}),
        (PREVIEW, {"sm-notebook-instance-type", "required-tags"}),
    ],
)
def test_each_kind_of_input_is_judged(run, document, expected):
    result = run("-", "--format", "json", text=json.dumps(document))

    assert 1 == result.exit_code
    assert expected <= keys(result)
    assert {"sm-notebook-no-direct-internet", "sm-notebook-in-vpc"}.isdisjoint(keys(result))


def test_a_finding_has_the_published_keys(run):
    finding = json.loads(run("-", "--format", "json", text=json.dumps(PLAIN)).stdout)["findings"][0]

    assert {"rule", "level", "severity", "type", "name", "message", "remedy", "unknown"} == set(finding)


def test_nothing_mandatory_is_exit_code_0(run, tmp_path):
    config = tmp_path / "config.json"
    file = tmp_path / "resources.json"
    file.write_text(json.dumps(PLAIN))
    settings = {rule.key: "disabled" for rule in REGISTRY.values() if rule.reads(NOTEBOOK)}
    config.write_text(json.dumps(settings | {"sm-notebook-instance-type": "advisory"}))
    result = run(str(file), "--config", str(config), "--format", "json")

    assert 0 == result.exit_code
    assert {"sm-notebook-instance-type"} == keys(result)


@pytest.mark.parametrize("sentinel", sorted(UNKNOWN_SENTINELS))
def test_what_a_preview_does_not_know_is_undecided(run, sentinel):
    unknown = {"resources": [{"type": NOTEBOOK, "name": "nb", "props": PROPS | {"instanceType": sentinel}}]}
    result = run("-", "--format", "json", text=json.dumps(unknown))
    finding = next(f for f in json.loads(result.stdout)["findings"] if f["rule"] == "sm-notebook-instance-type")

    assert (True, "advisory") == (finding["unknown"], finding["level"])


@pytest.mark.parametrize(
    ("option", "rules"), [("protect", set()), ("retainOnDelete", set()), ("other", {"stateful-protect"})]
)
def test_a_resource_that_pulumi_retains_is_as_good_as_protected(run, option, rules):
    state = {"urn": "urn:pulumi:s::p::aws:kms/key:Key::k", "inputs": {}, option: True}
    plain = {"type": "aws:kms/key:Key", "name": "k", "props": {}, option: True}
    settings = {"stateful-protect": {"environment": "prod"}}
    lines = run("--lines", text=json.dumps({"id": "1", "config": settings, "resources": [plain]}))
    said = {f["rule"] for f in json.loads(lines.stdout)["findings"]} & {"stateful-protect"}
    (resource,) = read({"deployment": {"resources": [state]}}, "here").resources

    assert (rules, rules) == (said, {f["rule"] for f in evaluate([resource], settings)} & {"stateful-protect"})


def test_the_sentinels_are_those_of_the_sdk():
    assert {value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_")} == UNKNOWN_SENTINELS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "standard input:1:2: not JSON"),
        ("[" * 100_000, "standard input"),
        ("3", "holds no resources"),
        ('{"resources": 3}', "resources: a list is needed, got int"),
        ('{"resources": [3]}', "resources[0]: an object is needed, got 3"),
        ('{"resources": [{"name": "n"}]}', "resources[0].type: a string is needed, got null"),
        ('{"resources": [{"type": "t", "name": "n", "props": []}]}', "resources[0].props: an object is needed, got []"),
        ('{"deployment": {"resources": [{"type": "t"}]}}', "a resource state needs its URN, got null"),
        ('{"steps": {}}', "steps: a list is needed, got dict"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(run, text, expected):
    result = run("-", text=text)

    assert 2 == result.exit_code
    assert expected in result.stderr
    assert 1 == len(result.stderr.strip().splitlines())


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"sm-nothing": "advisory"}, "sm-nothing: no such rule"),
        ({"sm-notebook-volume-cap": "loud"}, "enforcementLevel: mandatory, advisory, disabled is needed"),
        (
            {"sm-notebook-volume-cap": {"max": 1}},
            "sm-notebook-volume-cap.max: no such setting; it takes enforcementLevel, maxVolumeSizeGb",
        ),
        ({"sm-notebook-volume-cap": {"maxVolumeSizeGb": "1"}}, 'maxVolumeSizeGb: a number is needed, got "1"'),
        (
            {"required-tags": {"allowedValues": {"a": "b"}}},
            "allowedValues: a map of string to list of strings is needed",
        ),
    ],
)
def test_a_wrong_setting_is_exit_code_2(run, tmp_path, config, expected):
    file = tmp_path / "config.json"
    file.write_text(json.dumps(config))
    result = run("-", "--config", str(file), text=json.dumps(PLAIN))

    assert 2 == result.exit_code
    assert f"{file}: " in result.stderr
    assert expected in result.stderr


def test_lines_answers_each_line_with_its_own_settings(run):
    cases = [
        {"id": "a", "config": {"sm-notebook-instance-type": {"allowedInstanceTypes": ["ml.p5.*"]}}, **PLAIN},
        {"id": 2, **PLAIN},
        {"id": "c", "resources": []},
    ]
    result = run("--lines", text="\n".join(map(json.dumps, cases)))
    answers = [json.loads(line) for line in result.stdout.splitlines()]

    assert 0 == result.exit_code
    assert ["a", 2, "c"] == [answer["id"] for answer in answers]
    assert [False, True, False] == [
        any(f["rule"] == "sm-notebook-instance-type" for f in answer["findings"]) for answer in answers
    ]


def test_lines_runs_disabled_rules_too(run):
    result = run("--lines", text=json.dumps({"id": 1, "resources": [{"type": NOTEBOOK, "name": "n", "props": PROPS}]}))

    assert "sm-required-tags" in {f["rule"] for f in json.loads(result.stdout)["findings"]}


def test_a_bad_line_is_said_and_the_others_are_answered(run):
    result = run("--lines", text="nonsense\n" + json.dumps({"id": 7, **PLAIN}))
    first, second = map(json.loads, result.stdout.splitlines())

    assert 2 == result.exit_code
    assert "standard input:1:1:1: not JSON" in first["error"]
    assert (7, True) == (second["id"], bool(second["findings"]))


def test_sarif_names_rules_and_resources(run):
    log = json.loads(run("-", "--format", "sarif", text=json.dumps(PLAIN)).stdout)
    results = log["runs"][0]["results"]
    declared = {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}

    assert "2.1.0" == log["version"]
    assert {"sm-notebook-instance-type", "required-tags"} <= {result["ruleId"] for result in results} <= declared
    assert {"error"} >= {r["level"] for r in results if r["ruleId"] == "sm-notebook-instance-type"}


def test_rules_are_listed_and_explained(run):
    listed = run("rules").stdout
    explained = run("rules", "sm-notebook-volume-cap").stdout

    assert all(key in listed for key in REGISTRY)
    assert "setting    maxVolumeSizeGb [number], default 100" in explained
    assert 2 == run("rules", "sm-nothing").exit_code
    assert set(REGISTRY) == {rule["key"] for rule in json.loads(run("rules", "--format", "json").stdout)}


def test_the_command_starts_without_typer_pydantic_and_pulumi(tmp_path):
    file = tmp_path / "resources.json"
    file.write_text(json.dumps(PLAIN))
    program = (
        "import sys; from cli.app import main; sys.argv = ['mlz', 'policy', sys.argv[1]]\n"
        "try: main()\n"
        "except SystemExit as left: print(left.code, [m for m in ('typer', 'pydantic', 'pulumi') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, check=True)

    assert "1 []" == done.stdout.splitlines()[-1]


def test_help_lists_the_verb_with_the_others():
    done = subprocess.run([sys.executable, "-m", "cli", "--help"], capture_output=True, text=True, check=True)

    assert policy.SUMMARY[:40] in done.stdout
