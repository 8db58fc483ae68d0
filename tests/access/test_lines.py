"""The JSON lines format and `mlz access simulate`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checks.access.lines import answer, answers
from cli.access import app
from tests.access.evaluator import OBJECT, OURS, ROLE, THEIRS, allow, deny, document

READ = document(allow("s3:GetObject", "arn:aws:s3:::data/*", Sid="Read"))


def case(**more):
    request = {"principal": ROLE, "action": "s3:GetObject", "resource": OBJECT, **more.pop("request", {})}
    return {"id": "1", "request": request, "identityPolicies": [{"name": "reader", "policy": READ}], **more}


def decide(**more):
    return answer(json.dumps(case(**more)))


@pytest.mark.shows("S1")
def test_an_answer_names_layer_policy_and_statement():
    assert {
        "id": "1",
        "decision": "Allowed",
        "decidedBy": {"layer": "identityPolicies", "policy": "reader", "statement": "Read"},
    } == decide()


def test_every_layer_is_read():
    stop = document(deny(Sid="Stop"))
    stop_all = document(deny(Principal="*", Sid="Stop"))
    everything = [{"name": "all", "policy": document(allow())}]
    given = {
        "permissionBoundaries": [{"name": "b", "policy": stop}],
        "sessionPolicy": stop,
        "serviceControlPolicies": [{"orgIdentifier": "r-1", "policies": [*everything, {"name": "s", "policy": stop}]}],
        "resourceControlPolicies": [{"orgIdentifier": "r-1", "policies": [{"name": "r", "policy": stop_all}]}],
        "resourcePolicy": stop_all,
        "endpointPolicies": [{"name": "e", "policy": stop_all}],
    }
    found = {field: decide(**{field: value}) for field, value in given.items()}

    assert set(given) == {answered["decidedBy"]["layer"] for answered in found.values()}
    assert {"ExplicitlyDenied"} == {answered["decision"] for answered in found.values()}


def test_the_documented_case_is_read():
    text = (Path(__file__).parents[2] / "docs" / "access.md").read_text()
    written = text.partition("```json\n")[2].partition("```")[0]

    assert "Allowed" == answer(json.dumps(json.loads(written)))["decision"]


def test_null_fields_are_absent_layers():
    assert "Allowed" == decide(permissionBoundaries=None, sessionPolicy=None, resourcePolicy=None)["decision"]


@pytest.mark.parametrize(
    "principal",
    [
        ROLE,
        {"AWS": ROLE},
        {"AWS": [ROLE]},
        OURS,
        {"Service": "sagemaker.amazonaws.com"},
        "sagemaker.amazonaws.com",
        "*",
    ],
)
def test_a_principal_may_be_written_in_every_form(principal):
    everyone = document(allow(Principal="*"))
    found = decide(request={"principal": principal, "resourceAccount": OURS}, resourcePolicy=everyone)

    assert "Allowed" == found["decision"]


@pytest.mark.parametrize(
    ("value", "wanted"), [("a", "a"), (["b", "a"], "a"), (True, "true"), ([False], "false"), (1, "1"), (1.5, "1.5")]
)
def test_a_context_value_may_be_text_number_truth_or_a_list(value, wanted):
    guarded = document(allow(Condition={"ForAnyValue:StringEquals": {"test:key": wanted}}))
    found = decide(request={"context": {"Test:Key": value}}, identityPolicies=[{"name": "p", "policy": guarded}])

    assert "Allowed" == found["decision"]


def test_policies_may_be_json_text_and_bare():
    assert "Allowed" == decide(identityPolicies=[{"name": "p", "policy": json.dumps(READ)}])["decision"]
    assert "Allowed" == decide(identityPolicies=[READ])["decision"]
    assert "Allowed" == decide(identityPolicies=READ)["decision"]


def test_the_resources_account_may_be_given_as_a_number():
    assert "ImplicitlyDenied" == decide(request={"resourceAccount": int(THEIRS)})["decision"]
    assert "resourcePolicy" == decide(request={"resourceAccount": int(THEIRS)})["decidedBy"]["layer"]


def test_what_policies_can_not_say_has_its_own_fields():
    stop = [{"orgIdentifier": "r", "policies": [{"name": "s", "policy": document(deny())}]}]
    public = document(allow(Principal="*"))

    assert "Allowed" == decide(serviceControlPolicies=stop, managementAccount=OURS)["decision"]
    closed = decide(request={"resourceAccount": THEIRS}, resourcePolicy=public, restrictPublicBuckets=True)
    assert "blockPublicAccess" == closed["decidedBy"]["layer"]


def test_an_answer_that_is_not_known_says_why():
    guarded = document(allow(Condition={"StringEquals": {"test:key": "a"}}, Sid="Guarded"))
    found = decide(request={"context": {"test:key": ["a", "b"]}}, identityPolicies=[{"name": "p", "policy": guarded}])

    assert "ImplicitlyDenied" == found["decision"]
    assert found["unsupported"].startswith("Guarded: StringEquals on test:key, which has 2 values")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("nonsense", "not JSON: Expecting value at column 1"),
        ("[]", 'write an object such as {"id": "1", "request": {...}}'),
        ('{"id": "1"}', "request: write an object with principal, action and resource"),
        ('{"id": "1", "request": {"principal": "*"}}', "request.action: write a text, got null"),
        ('{"id": "1", "requests": {}}', "unknown field requests"),
        (json.dumps(case(request={"colour": "red"})), "request: unknown field colour"),
        (json.dumps(case(request={"context": []})), "request.context: write an object of condition keys and values"),
        (json.dumps(case(serviceControlPolicies=[3])), "serviceControlPolicies: write a list of"),
        (
            json.dumps(case(identityPolicies=[{"name": "p", "policy": {}}])),
            "identityPolicies[0] p: Statement: write a list",
        ),
        ('{"id": "1", "request": ' + "[" * 100_000 + "}", "nested too deeply"),
        (json.dumps(case(managementAccount=[])), "managementAccount: write an account id of 12 digits, got []"),
    ],
)
def test_a_broken_line_gets_an_error_and_the_rest_an_answer(line, expected):
    broken, good = answers([line, "\n", json.dumps(case())])

    assert expected in broken["error"]
    assert "Allowed" == good["decision"]


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, ["simulate", *arguments], input=stdin)


def test_the_command_answers_lines_from_stdin():
    found = run("--lines", stdin=json.dumps(case()) + "\nnonsense\n")

    assert 2 == found.exit_code
    assert ["decision", "error"] == [[*json.loads(line)][1] for line in found.stdout.splitlines()]


@pytest.mark.shows("T20")
@pytest.mark.parametrize(
    "write", [json.dumps, lambda each: json.dumps([each]), lambda each: f"{json.dumps(each)}\n" * 2]
)
def test_the_command_explains_a_file_of_cases(tmp_path, write):
    file = tmp_path / "cases"
    file.write_text(write(case()))
    found = run(str(file))

    assert 0 == found.exit_code
    assert "Allowed" in found.stdout
    assert "decided by identityPolicies, reader, Read" in found.stdout


def test_the_explanation_says_what_keeps_each_statement_from_applying(monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "200")
    guarded = document(
        allow(["s3:*", "s3:GetObjekt"], "arn:aws:s3:::other/*", Condition={"StringEquals": {"aws:username": "Bob"}})
    )
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case(identityPolicies=[{"name": "p", "policy": guarded}])))
    found = run(str(file))

    assert 1 == found.exit_code
    assert "is about arn:aws:s3:::other/*" in found.stdout
    assert "note: p: Statement[0]: AWS has no action s3:GetObjekt" in found.stdout
    assert "asks StringEquals aws:username Bob; the request has no such key" in found.stdout


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", ":1:2: not JSON"),
        (json.dumps(case()) + "\nnonsense\n", ":2: not JSON: Expecting value at column 1"),
        (json.dumps([case(), 3]), ": case 2: write an object such as"),
        (json.dumps(case(request={"action": "x"})), ": case 1: action 'x' is no action"),
    ],
)
def test_bad_input_is_one_message_with_its_place_and_exit_code_2(tmp_path, content, expected):
    file = tmp_path / "cases.json"
    file.write_text(content)
    found = run(str(file))

    assert 2 == found.exit_code
    assert found.stderr.startswith(f"{file}{expected}")
    assert "Traceback" not in found.output


def test_a_missing_file_is_told(tmp_path):
    found = run(str(tmp_path / "absent.json"))

    assert 2 == found.exit_code
    assert "No such file" in found.stderr


def test_the_real_command_reads_stdin():
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "cli", "access", "simulate", "--lines"]
    found = subprocess.run(command, input=json.dumps(case()), capture_output=True, text=True, cwd=root, check=True)

    assert "Allowed" == json.loads(found.stdout)["decision"]


def test_a_binary_file_is_told(tmp_path):
    (tmp_path / "case").write_bytes(b"\xff\xfe\x00")
    found = run(str(tmp_path / "case"))

    assert 2 == found.exit_code
    assert "case: not text" in found.stderr


def test_what_a_request_forgot_is_named():
    regions = document(deny(Condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}))
    everything = {"name": "all", "policy": document(allow())}
    scp = [{"orgIdentifier": "r-1", "policies": [everything, {"name": "regions", "policy": regions}]}]
    found = run("-", stdin=json.dumps(case(serviceControlPolicies=scp)))

    assert 1 == found.exit_code
    assert "absent from the request: with aws:RequestedRegion = eu-west-1 it would be Allowed" in found.stdout
