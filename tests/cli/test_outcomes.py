"""What a run prints: a line a change, advice folded, what refuses in full, the result last."""

import json

import pytest
import typer

from cli.outcomes import RunFormat, show, value_lines
from cli.run import Asked, Run
from local.changes import Change, Value
from local.events import Failure, Violation
from local.outcome import Outcome, rehearsed
from local.remedies import remedies
from local.replacements import HOLDS_DATA, refusal

BUCKET = "aws:s3/bucket:Bucket"


def changed(op, name, type_=BUCKET, **more):
    return Change(op, type_, name, f"urn:pulumi:dev::mlz::{type_}::{name}", "part", **more)


REPLACED = changed("replace", "data", properties=("bucket", "tags"), replaces=("bucket",))


@pytest.fixture
def printed(capsys):
    def printed(outcome, **options):
        show([outcome], RunFormat.TEXT, **options)
        return capsys.readouterr().out.splitlines()

    return printed


def test_each_change_is_a_line_and_the_result_is_the_last(printed):
    lines = printed(
        Outcome(
            "dev",
            0,
            changes={"create": 1, "replace": 1, "delete": 1},
            changed=[
                changed("create", "new"),
                REPLACED,
                changed("delete", "old", "aws:ssm/parameter:Parameter"),
                changed("import", "own", "aws:organizations/account:Account"),
                changed("update", "half", "aws:iam/role:Role", properties=("description",), done=False),
            ],
            violations=[Violation("s3-logging", "mlz", "advisory", "urn::a", "no log")],
        )
    )

    assert [
        "dev",
        "  + new  Bucket",
        " +- data  Bucket  bucket!, tags  (lost: its objects)",
        "  - old  Parameter",
        "  = own  Account",
        "  ~ half  Role  description  (not finished)",
        "   1 advised (1 s3-logging): -v shows",
        "ok dev 1 create, 1 delete, 1 replace (0 s)",
    ] == lines


def test_many_creations_are_counted_by_type_until_all_are_asked_for(printed):
    made = [changed("create", f"b{number}") for number in range(30)]

    assert "  + 30 resources: 30 Bucket (-v lists them)" == printed(Outcome("dev", 0, changed=made))[1]
    assert "  + b29  Bucket" in printed(Outcome("dev", 0, changed=made), verbose=True)


def test_what_holds_data_is_named_however_much_goes_with_it(printed):
    gone = [changed("delete", f"p{number}", "aws:ssm/parameter:Parameter") for number in range(30)]

    lines = printed(Outcome("dev", 0, changed=[*gone, changed("delete", "data")]))

    assert "  - 30 resources: 30 Parameter (-v lists them)" in lines
    assert "  - data  Bucket  (lost: its objects)" in lines


def test_a_finding_that_refuses_is_told_in_full_and_advice_on_demand(printed):
    outcome = Outcome(
        "dev",
        1,
        violations=[
            Violation("a", "mlz", "mandatory", "urn::x", "too large. Remedy: smaller."),
            Violation("b", "mlz", "advisory", "urn::y", "could be better"),
        ],
    )

    assert "   mandatory mlz/a on x" in printed(outcome)
    assert "     too large. Remedy: smaller." in printed(outcome)
    assert "   advisory mlz/b on y" not in printed(outcome)
    assert "     could be better" in printed(outcome, verbose=True)


def test_values_are_shown_on_demand_and_documents_by_the_lines_that_differ(printed):
    old, new = ({"Statement": [{"Action": action}, {"Effect": "Allow"}]} for action in ("a", "b"))
    outcome = Outcome("dev", 0, changed=[changed("update", "x", values=(Value("retention", 5, 7),))])

    assert "      retention: 5 -> 7" in printed(outcome, diff=True)
    assert not [line for line in printed(outcome) if "->" in line]
    lines = value_lines(Value("policy", json.dumps(old), json.dumps(new)))
    assert ['  -      "Action": "a"', '  +      "Action": "b"'] == [line for line in lines if line[2] in "+-"]
    assert ["tags.a: (none) -> 1"] == value_lines(Value("tags.a", None, "1"))


def test_json_has_each_change(capsys):
    show([Outcome("dev", 0, changed=[REPLACED])], RunFormat.JSON)

    (outcome,) = json.loads(capsys.readouterr().out)
    assert ("replace", ["bucket"]) == (outcome["changed"][0]["op"], outcome["changed"][0]["replaces"])


def test_a_replacement_of_what_holds_data_is_refused_until_it_is_named():
    role = changed("replace", "role", "aws:iam/role:Role")
    gone = changed("delete", "old")

    assert "" == refusal([role, gone], (), "dev")
    assert "--replace data" in refusal([role, REPLACED], (), "dev")
    assert "" == refusal([REPLACED], ["data"], "dev")
    assert {"aws:sagemaker/domain:Domain", "aws:sagemaker/featureGroup:FeatureGroup", BUCKET} <= HOLDS_DATA.keys()


def test_remedies_of_a_rehearsal_stay_in_the_rehearsal():
    outcome = Outcome(
        "dev-pricing",
        1,
        failures=[Failure("", "deploy org first: `./mlz up org` makes them")],
        note="in the way: ./mlz teardown dev-pricing; ./mlz up dev --replace x",
    )

    told = rehearsed(outcome, ["org", "dev", "dev-pricing"])

    assert "deploy org first: `./mlz up org --local` makes them" == told.failures[0].message
    assert "in the way: ./mlz teardown dev-pricing --local; ./mlz up dev --local --replace x" == told.note


def test_a_stack_that_failed_is_never_exit_code_0(monkeypatch, capsys):
    run = object.__new__(Run)
    run.asked = Asked("up", None, False, None, 1, None, RunFormat.TEXT, False, False)
    monkeypatch.setattr(run, "deploy", lambda **_: [Outcome("dev", -9, note="killed"), Outcome("org", 0)])

    with pytest.raises(typer.Exit) as ended:
        run.do()

    assert 1 == ended.value.exit_code
    assert "failed dev killed (0 s)" in capsys.readouterr().out


def test_a_version_that_the_registry_does_not_have_has_a_remedy():
    arn = "arn:aws:sagemaker:eu-west-1:200000000011:model-package/churn-churn/1"
    (said,) = remedies([f"api error ValidationException: Model package {arn} does not exist."] * 2)

    assert said.startswith("version 1 of churn-churn is not registered there")
    assert "./mlz model run" in said
