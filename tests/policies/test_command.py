"""`mlz policy`: three kinds of input, three formats, exit codes."""

import json
import subprocess
import sys

import pytest
from pulumi_policy import proxy

from cli import policy
from policies.decode import UNKNOWN_SENTINELS
from policies.evaluate import evaluate
from policies.read import read
from policies.report import to_sarif
from policies.rules import REGISTRY, Resource

NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance"
URN = f"urn:pulumi:dev-fraud::mlz::mlz:index:Studio${NOTEBOOK}::nb"
PROVIDER = "urn:pulumi:dev-fraud::mlz::pulumi:providers:aws::home"
PROPS = {"instanceType": "ml.p5.48xlarge", "directInternetAccess": "Disabled", "subnetId": "s", "tags": {"a": "b"}}
TAGS = dict.fromkeys(REGISTRY["required-tags"].settings["requiredTags"], "x")


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


@pytest.mark.shows("K6")
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


BUCKET = "aws:s3/bucket:Bucket"
NOTHING_SAME = {"changeSummary": {"update": 1}}
IN_PART = {
    "steps": [{"op": "update", "urn": URN, "newState": {"urn": f"urn:pulumi:s::p::{BUCKET}::b", "inputs": {}}}],
    "changeSummary": {"same": 2, "update": 1},
}


def test_a_preview_without_its_unchanged_resources_lets_no_stack_rule_refuse(run):
    part, whole = (run("-", "--format", "json", text=json.dumps(each)) for each in (IN_PART, IN_PART | NOTHING_SAME))
    level = {f["rule"]: (f["level"], f["unknown"]) for f in json.loads(part.stdout)["findings"]}
    at_whole = {f["rule"]: (f["level"], f["unknown"]) for f in json.loads(whole.stdout)["findings"]}

    assert ("advisory", True) == level["s3-public-access-block-present"]
    assert "leaves out 2 unchanged resources" in part.stderr
    assert "pulumi preview --json --show-sames" in part.stderr
    assert ("mandatory", False) == at_whole["s3-public-access-block-present"]
    assert not whole.stderr


VPC, FLOW_LOG = "aws:ec2/vpc:Vpc", "aws:ec2/flowLog:FlowLog"


def network(op, logged):
    """Preview a network that stays: the engine's new states bear no ids."""
    states = {
        VPC: {"inputs": {"cidrBlock": "10.0.0.0/24"}, "id": "vpc-1", "outputs": {"id": "vpc-1"}},
        FLOW_LOG: {"inputs": {"vpcId": logged, "trafficType": "ALL"}, "id": "fl-1", "outputs": {"id": "fl-1"}},
    }
    olds = [{"urn": f"urn:pulumi:s::p::{type_}::n", **state} for type_, state in states.items()]
    steps = [{"op": op, "oldState": old, "newState": {"urn": old["urn"], "inputs": old["inputs"]}} for old in olds]
    return json.dumps({"steps": steps, "changeSummary": {op: 2}})


@pytest.mark.parametrize("op", ["same", "update"])
@pytest.mark.parametrize(("logged", "refused"), [("vpc-1", []), ("vpc-2", ["n"])])
def test_what_stays_in_place_keeps_the_id_that_aws_gave(run, op, logged, refused):
    found = json.loads(run("-", "--format", "json", text=network(op, logged)).stdout)["findings"]

    assert refused == [each["name"] for each in found if each["rule"] == "vpc-flow-logs" and not each["unknown"]]


def test_what_a_stack_only_reads_is_not_judged(run):
    states = [
        {"urn": f"urn:pulumi:s::p::{BUCKET}::b", "inputs": {}, "external": external} for external in (True, False)
    ]
    read, made = (run("-", text=json.dumps({"deployment": {"resources": [state]}})) for state in states)

    assert (0, 1) == (read.exit_code, made.exit_code)


def test_a_provider_that_a_preview_leaves_out_is_unknown(run):
    state = {"urn": f"urn:pulumi:s::p::{BUCKET}::b", "inputs": {}, "provider": f"{PROVIDER}::id"}
    result = run("-", "--format", "json", text=json.dumps({"steps": [{"op": "update", "newState": state}]}))

    assert {f["rule"]: f["unknown"] for f in json.loads(result.stdout)["findings"]}["required-tags"]


def test_a_preview_that_failed_is_bad_input_unless_something_is_refused(run):
    failed = {"diagnostics": [{"severity": "error", "message": "error: Program failed:\nTraceback"}]}
    nothing, refused = run("-", text=json.dumps({"steps": []} | failed)), run("-", text=json.dumps(PREVIEW | failed))

    assert 2 == nothing.exit_code
    assert "standard input: the preview failed (Program failed), so it lists a part" in nothing.stderr
    assert 1 == refused.exit_code


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


def test_sarif_names_rules_and_resources(run):
    log = json.loads(run("-", "--format", "sarif", text=json.dumps(PLAIN)).stdout)
    results = log["runs"][0]["results"]
    declared = {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}

    assert "2.1.0" == log["version"]
    assert {"sm-notebook-instance-type", "required-tags"} <= {result["ruleId"] for result in results} <= declared
    assert {"error"} >= {r["level"] for r in results if r["ruleId"] == "sm-notebook-instance-type"}


@pytest.mark.parametrize(
    ("file", "uri"),
    [("my state.json", "my%20state.json"), ("/tmp/a b.json", "file:///tmp/a%20b.json"), ("in/b.json", "in/b.json")],
)
def test_sarif_is_what_github_shows_one_by_one(file, uri):
    finding = evaluate([Resource(type=NOTEBOOK, name="nb", props=PROPS)], {})[0]
    run = json.loads(to_sarif([finding, {**finding, "name": "other \ud800"}, finding], file, "1.2"))["runs"][0]
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    (described,) = run["tool"]["driver"]["rules"]

    assert "1.2" == run["tool"]["driver"]["version"]
    assert prints[0] == prints[2] != prints[1]
    assert [{"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}] * 3 == places
    assert "security" in described["properties"]["tags"]
    assert finding["severity"] == described["properties"]["severity"]
    assert 0 < float(described["properties"]["security-severity"]) <= 10


def test_rules_are_listed_and_explained(run):
    listed = run("rules").stdout
    explained = run("rules", "sm-notebook-volume-cap").stdout

    assert all(key in listed for key in REGISTRY)
    assert "setting    maxVolumeSizeGb [number], default 100" in explained
    assert "exceptions" not in explained
    assert "exceptions none" in run("rules", "iam-no-users").stdout
    assert "(did you mean 'sm-notebook-volume-cap'?)" in run("rules", "sm-notebook-volum-cap").stderr
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
