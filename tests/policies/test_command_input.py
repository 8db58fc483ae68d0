"""`mlz policy`: what people give it, and what is wrong with that."""

import json
import subprocess
import sys

import pytest

from tests.policies.asking import BUCKET, NOTEBOOK
from tests.policies.test_command import PLAIN, PROPS


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
        ({"sm-notebook-volum-cap": "advisory"}, "no such rule (did you mean 'sm-notebook-volume-cap'?)"),
        ({"sm-notebook-volume-cap": "loud"}, "enforcementLevel: mandatory, advisory, disabled, remediate is needed"),
        ({"all": "loud"}, "all.enforcementLevel: mandatory, advisory"),
        ({"all": {"max": 1}}, "all.max: no such setting; it takes enforcementLevel"),
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


def test_all_sets_the_level_of_every_rule_that_is_not_named(run, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"sm-notebook-instance-type": "remediate", "all": "advisory"}))
    result = run("-", "--config", str(config), "--format", "json", text=json.dumps(PLAIN))
    levels = {finding["rule"]: finding["level"] for finding in json.loads(result.stdout)["findings"]}

    assert 1 == result.exit_code
    assert "mandatory" == levels.pop("sm-notebook-instance-type")  # nothing mends it here
    assert {"advisory"} == set(levels.values())


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


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("a.json", "b.json"), "b.json: one FILE at a time"),
        (("--lines", "a.json"), "--lines reads standard input"),
        (("--lines", "--config", "c.json"), "--lines reads standard input"),
        (("rules", "--format", "sarif"), "rules are no findings"),
    ],
)
def test_what_would_be_ignored_is_refused(run, arguments, expected):
    result = run(*arguments)

    assert 2 == result.exit_code
    assert expected in result.stderr


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_files_as_shells_and_editors_write_them_are_read(run, tmp_path, encoding):
    file = tmp_path / "resources.json"
    file.write_text(json.dumps(PLAIN), encoding=encoding)

    assert 1 == run(str(file)).exit_code


def test_what_cannot_be_read_is_one_message(run, tmp_path):
    (tmp_path / "b.json").write_bytes(b'{"a": "\xff"}')

    assert f"mlz: {tmp_path}: cannot be read (Is a directory)" in run(str(tmp_path)).stderr
    assert "b.json: not text" in run(str(tmp_path / "b.json")).stderr
    (tmp_path / "empty.json").write_text("")
    assert "give settings as" in run("-", "--config", str(tmp_path / "empty.json"), text=json.dumps(PLAIN)).stderr


def test_a_wrong_line_of_any_kind_stops_no_other():
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": "{"}
    odd = {"4dabf18193072939515e22adb298388d": {"a": 1}, "value": "x"}
    deep = json.loads('{"a":' * 600 + "1" + "}" * 600)
    lines = [
        json.dumps({"id": number, "resources": [{"type": BUCKET, "name": "\ud800", "props": props}]}).encode()
        for number, props in enumerate([{"tags": secret}, {"tags": odd}, deep])
    ]
    wrong = [b'{"id": 4, "config": [], "resources": []}', b'{"id": 5, "resources": [{"type": "a", "name": "\xff"}]}']
    done = subprocess.run(
        [sys.executable, "-m", "cli", "policy", "--lines"],
        input=b"\n".join([*lines, *wrong, json.dumps({"id": 6, **PLAIN}).encode()]),
        capture_output=True,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]

    assert (2, b"") == (done.returncode, done.stderr)
    assert [0, 1, 2, 4, None, 6] == [answer["id"] for answer in answers]
    assert [False, False, True, True, True, False] == ["error" in answer for answer in answers]
    assert {f["rule"]: f["unknown"] for f in answers[0]["findings"]}["required-tags"]


def test_lines_runs_disabled_rules_too(run):
    result = run("--lines", text=json.dumps({"id": 1, "resources": [{"type": NOTEBOOK, "name": "n", "props": PROPS}]}))

    assert "sm-required-tags" in {f["rule"] for f in json.loads(result.stdout)["findings"]}


def test_a_bad_line_is_said_and_the_others_are_answered(run):
    result = run("--lines", text="nonsense\n" + json.dumps({"id": 7, **PLAIN}))
    first, second = map(json.loads, result.stdout.splitlines())

    assert 2 == result.exit_code
    assert "standard input:1:1:1: not JSON" in first["error"]
    assert (7, True) == (second["id"], bool(second["findings"]))
