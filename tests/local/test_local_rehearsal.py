"""Order, progress and mending, without an engine."""

import json
import sys
import threading

import pytest

from local.events import EventLog, Failure, Progress, Violation
from local.ids import find_id
from local.pending import adopt, unread
from local.rehearsal import run
from local.settings import own_settings, read_salt, write_rehearsal
from local.stack import last_words
from local.world import World

NEEDS = {"dev": {"org"}, "dev-fraud": {"dev"}, "dev-vision": {"dev"}}
URN = "urn:pulumi:dev::mlz::"


@pytest.fixture
def world(tmp_path):
    """A world whose `pulumi` notes when each stack starts and ends, and fails where a file says so."""
    engine = tmp_path / "pulumi"
    engine.write_text(
        f"""#!{sys.executable}
import sys, json, os, pathlib, time
here = pathlib.Path({str(tmp_path)!r})
if "export" in sys.argv:
    sys.exit(print(json.dumps({{"deployment": {{}}}})))
stack = sys.argv[sys.argv.index("--stack") + 1]
if sys.argv[1] == "preview":
    sys.exit(7 if (here / f"fail-{{stack}}").exists() else 0)
with (here / "calls").open("a") as calls:
    calls.write(f"start {{stack}}\\n")
meet = here / "meet"
if meet.exists():
    (meet / stack).touch()
    while len(list(meet.iterdir())) < 2:
        time.sleep(0.01)
with (here / "calls").open("a") as calls:
    calls.write(f"end {{stack}}\\n")
sys.exit(7 if (here / f"fail-{{stack}}").exists() else 0)
"""
    )
    engine.chmod(0o755)
    for environment in ("org", "dev"):
        (tmp_path / f"Pulumi.{environment}.yaml").touch()
    return World(engine, tmp_path, {"PATH": "/usr/bin:/bin"}, tmp_path)


def calls(world):
    path = world.project / "calls"
    return path.read_text().splitlines() if path.exists() else []


def test_needed_stacks_come_first(world):
    outcomes = run(world, "up", ["dev-fraud", "dev", "org"], needs=NEEDS)

    assert ["org", "dev", "dev-fraud"] == [outcome.stack for outcome in outcomes]
    assert ["start org", "end org", "start dev", "end dev", "start dev-fraud", "end dev-fraud"] == calls(world)


def test_destroy_goes_the_other_way(world):
    outcomes = run(world, "destroy", ["org", "dev-fraud", "dev"], needs=NEEDS)

    assert ["dev-fraud", "dev", "org"] == [outcome.stack for outcome in outcomes]


def test_the_order_holds_across_a_stack_that_was_not_asked_for(world):
    outcomes = run(world, "up", ["dev-fraud", "org"], needs=NEEDS)

    assert ["org", "dev-fraud"] == [outcome.stack for outcome in outcomes]


@pytest.mark.shows("T9")
def test_independent_stacks_run_side_by_side(world):
    (world.project / "meet").mkdir()  # each waits there for the other

    outcomes = run(world, "up", ["dev-fraud", "dev-vision"], needs=NEEDS, workers=2)

    assert [0, 0] == [outcome.code for outcome in outcomes]


def test_what_needs_a_failed_stack_is_not_run_and_says_why(world):
    (world.project / "fail-dev").touch()

    outcomes = {one.stack: one for one in run(world, "up", ["org", "dev", "dev-fraud"], needs=NEEDS)}

    assert (0, 7, 1) == tuple(outcomes[stack].code for stack in ("org", "dev", "dev-fraud"))
    assert "not run: dev failed" == outcomes["dev-fraud"].note
    assert "start dev-fraud" not in calls(world)


def test_a_preview_waits_for_nothing(world):
    (world.project / "fail-dev").touch()

    outcomes = {one.stack: one.code for one in run(world, "preview", ["dev", "dev-fraud"], needs=NEEDS)}

    assert {"dev": 7, "dev-fraud": 0} == outcomes


def test_workers_are_not_left_behind(world):
    before = threading.active_count()

    run(world, "up", ["org", "dev"], needs=NEEDS)

    assert before == threading.active_count()


def test_events_become_progress_findings_and_failures(tmp_path):
    log = EventLog(tmp_path / "events.json", "dev", "up", total=9)
    finding = {
        "policyName": "instance-types",
        "policyPackName": "guardrails",
        "enforcementLevel": "mandatory",
        "resourceUrn": f"{URN}a",
        "message": "too large\n",
    }

    def made(name):
        return {"resOutputsEvent": {"metadata": {"urn": f"{URN}{name}", "op": "create", "type": "t"}}}

    def write(*events):
        with log.path.open("a") as file:
            file.writelines(json.dumps(event) + "\n" for event in events)

    write({"preludeEvent": {}}, made("a"), made("b"), {"policyEvent": finding}, {"policyEvent": finding})
    assert [Progress("dev", "up", 2, 9)] == list(log.read())
    assert [] == list(log.read())
    write(
        {"diagnosticEvent": {"severity": "error", "urn": f"{URN}b", "message": "no\n"}},
        {"diagnosticEvent": {"severity": "warning", "message": "hm"}},
        {"summaryEvent": {"resourceChanges": {"create": 1}}},
    )
    assert [] == list(log.read())
    assert [Violation("instance-types", "guardrails", "mandatory", f"{URN}a", "too large")] == log.violations
    assert [Failure(f"{URN}b", "no")] == log.failures
    assert {"create": 1} == log.changes


def test_an_unfinished_line_is_read_once_it_is_whole(tmp_path):
    log = EventLog(tmp_path / "events.json", "dev", "up")
    line = json.dumps({"resOutputsEvent": {"metadata": {"urn": f"{URN}a", "op": "same"}}})
    log.path.write_text(line[:20])
    assert [] == list(log.read())

    log.path.write_text(line + "\n")

    assert [Progress("dev", "up", 1, 0)] == list(log.read())


def test_the_settings_of_a_rehearsal_leave_out_what_the_real_backend_protects(tmp_path):
    (tmp_path / "settings").mkdir()
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "secretsprovider: awskms://x\nconfig:\n  mlz:a: b\n  mlz:key:\n    secure: abc\n"
    )
    target = tmp_path / "settings" / "Pulumi.dev-fraud.yaml"

    write_rehearsal(own_settings(tmp_path, "dev-fraud"), target, "v1:salt")

    assert "v1:salt" == read_salt(target)
    written = target.read_text()
    assert "mlz:a: b" in written
    assert "secure" not in written
    assert "awskms" not in written


class Account:
    """An account of which a test knows all."""

    account = "222222222222"
    region = "eu-west-1"


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        ("aws:iam/role:Role", {"name": "r"}, "r"),
        ("aws:iam/policy:Policy", {"name": "p", "path": "/mlz/"}, "arn:aws:iam::222222222222:policy/mlz/p"),
        ("aws:iam/policy:Policy", {"name": "p"}, "arn:aws:iam::222222222222:policy/p"),
        (
            "aws:sagemaker/userProfile:UserProfile",
            {"domainId": "d-1", "userProfileName": "alice", "region": "eu-central-1"},
            "arn:aws:sagemaker:eu-central-1:222222222222:user-profile/d-1/alice",
        ),
    ],
)
def test_a_computable_id_is_computed(kind, inputs, expected):
    assert expected == find_id(kind, inputs, Account(), set())


def test_an_unknown_type_is_not_guessed():
    with pytest.raises(LookupError):
        find_id("aws:new/thing:Thing", {}, Account(), set())


def test_only_unfinished_creations_of_aws_resources_are_adopted():
    provider = {
        "urn": f"{URN}pulumi:providers:aws::p",
        "id": "1",
        "type": "pulumi:providers:aws",
        "inputs": {},
    }
    role = {"urn": f"{URN}r", "type": "aws:iam/role:Role", "custom": True, "inputs": {"name": "r"}}
    thing = {**role, "urn": f"{URN}t", "type": "aws:new/thing:Thing"}
    known = {**role, "urn": f"{URN}k", "id": "k", "outputs": {"name": "k"}}
    reference = f"{URN}pulumi:providers:aws::p::1"
    deployment = {
        "resources": [provider, known],
        "pending_operations": [
            {"type": "creating", "resource": {**role, "provider": reference}},
            {"type": "creating", "resource": {**thing, "provider": reference}},
            {"type": "updating", "resource": {**known, "provider": reference}},
            {"type": "creating", "resource": {**known, "provider": reference}},
            {"type": "creating", "resource": {"urn": f"{URN}c", "type": "mlz:index:Keys"}},
        ],
    }
    # Its name is all it takes: no call leaves this process, but an account must be known.
    env = {"AWS_ACCESS_KEY_ID": "A", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("local.pending.Access.account", "222222222222")
        unknown = adopt(deployment, env)

    assert [f"{URN}t", f"{URN}k"] == unknown
    assert [f"{URN}r"] == unread(deployment)
    assert [f"{URN}r"] == [one["urn"] for one in deployment["resources"][2:]]
    assert "pending_operations" not in deployment


def test_where_the_engine_ended_before_its_first_event_its_last_words_are_the_failure():
    begun = "Previewing update (dev):\n"

    assert [Failure("", "configuring policy pack: x\nand y")] == last_words(
        f"{begun}no error: here\nerror: configuring policy pack: x\nand y\n"
    )
    assert [Failure("", "panic: oh")] == last_words("panic: oh\n")
    assert [] == last_words("")
