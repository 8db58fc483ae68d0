"""A pull request's comment: what reviewers must see is seen, whatever the previews said, and however much."""

import json
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from checks.comment import LIMIT, MARK, Results, comment
from local.changes import Change
from local.events import Failure, Violation
from local.outcome import Outcome
from local.replacements import HOLDS_DATA

ROOT = Path(__file__).parents[2]
BUCKET = "aws:s3/bucket:Bucket"
CHANGE = {
    "base": "0" * 40,
    "everywhere": [],
    "stacks": [
        {"stack": "org", "why": ["accounts + dev-pricing"], "gone": False},
        {"stack": "dev-pricing", "why": ["new"], "gone": False},
        {"stack": "dev-old", "why": ["no longer planned"], "gone": True},
    ],
}
PRICING = {
    "stack": "dev-pricing",
    "owner": "ada@example.com",
    "network": {"cidr": "10.64.32.0/24"},
    "endpoints": [1, 2],
    "members": {"ada": "data_scientist"},
    "instanceTypes": {"training": ["ml.m5.large"]},
    "budgetUsdPerMonth": 100,
}


def changing(op, name="data", kind=BUCKET, **more):
    return Change(op=op, type=kind, name=name, urn=f"urn::{name}", parent="", **more)


def outcome(stack, code=0, **more):
    """A stack's outcome as `preview --format json` writes it."""
    return json.loads(json.dumps(asdict(Outcome(stack, code, **more)), default=str))


def written(*said):
    results = Results()
    for number, each in enumerate(said):
        assert results.add(f"{number}.json", each)
    return comment(results, HOLDS_DATA)


@pytest.mark.shows("N2")
def test_each_changed_resource_is_a_line_with_its_sign_and_its_properties():
    changes = [
        changing("create", "made"),
        changing("update", "kept", properties=("tags", "policy")),
        changing("replace", "role", "aws:iam/role:Role", properties=("name",), replaces=("name",)),
        changing("delete", "gone", "aws:iam/role:Role"),
    ]
    text = written(
        [outcome("dev-fraud", changes={"create": 1, "update": 1, "replace": 1, "delete": 1}, changed=changes)]
    )

    assert text.startswith(f"{MARK}\n### mlz: 1 stack touched: 1 changed\n")
    for line in ("+ Bucket made", "~ Bucket kept (tags, policy)", "-/+ Role role (name!)", "- Role gone"):
        assert f"\n{line}\n" in text
    assert "| `dev-fraud` | changed | `+1 ~1 -/+1 -1` |" in text
    assert "CAUTION" not in text


def test_data_that_would_be_deleted_is_said_first_with_what_is_lost():
    text = written([outcome("dev-fraud", changes={"replace": 1}, changed=[changing("replace", replaces=("bucket",))])])

    assert "> [!CAUTION]\n> Data would be deleted:\n\n- `dev-fraud`: `-/+ Bucket data`: " + HOLDS_DATA[BUCKET] in text
    assert text.index("CAUTION") < text.index("| stack |")
    assert "\n-/+ Bucket data ⚠\n" in text


@pytest.mark.shows("S25")
def test_a_new_team_is_shown_with_addresses_people_and_budget():
    note = "skipped: not yet made: dev-pricing; `./mlz up org` makes what is missing"
    text = written(
        {"change": CHANGE, "stacks": [PRICING]},
        [outcome("org", changes={"create": 1}), outcome("dev-pricing", note=note)],
    )

    assert "3 stacks touched: 1 changed, 1 to destroy, 1 skipped" in text
    assert (
        "| `dev-pricing` | `ada@example.com` | `10.64.32.0/24` | `2` | `ada (data_scientist)` | `ml.m5.large` | "
        "`100 USD a month` |" in text
    )
    assert "| `org` | changed | `+1` | `accounts + dev-pricing` |" in text
    assert "not yet made: dev-pricing" in text


def test_what_refuses_and_what_fails_is_told_open_and_in_full():
    broken = Violation("no-public", "mlz-together", "mandatory", "urn:x::bucket", "Remedy: close it.")
    advice = Violation("s3-logging", "mlz-together", "advisory", "urn:x::bucket", "add a log bucket")
    text = written(
        [
            outcome("dev-a", 1, violations=[broken, advice, advice], changes={"create": 1}),
            outcome("dev-b", 255, failures=[Failure("", "AccessDenied: not\nauthorised ```")]),
        ]
    )

    assert "2 stacks touched: 1 failed, 1 refused" in text
    assert "| `dev-a` | ❌ refused |" in text
    assert "<details open><summary>dev-a</summary>" in text
    assert "! mlz-together/no-public on bucket: Remedy: close it." in text
    assert "2 advised: ./mlz preview dev-a shows them" in text
    assert "AccessDenied: not\nauthorised '''" in text
    assert "add a log bucket" not in text


def test_nothing_changes_is_one_line():
    text = written([outcome("dev-a", changes={"same": 40}), outcome("dev-b", changes={"same": 1})])

    assert f"{MARK}\n### mlz: nothing changes\n\nNothing changes in `dev-a`, `dev-b`.\n" == text


def test_a_provider_under_the_role_that_reads_is_no_change():
    provider = changing("update", "dev-a-aws", "pulumi:providers:aws", properties=("assumeRoles",))
    text = written(
        [
            outcome("dev-a", changes={"same": 40, "update": 1}, changed=[provider]),
            outcome("dev-b", changes={"update": 2}, changed=[provider, changing("update")]),
        ]
    )

    assert "1 changed" in text
    assert "| `dev-b` | changed | `~1` |" in text
    assert "Nothing changes in `dev-a`." in text
    assert "assumeRoles" not in text


def test_a_stack_without_result_and_a_file_without_content_are_named():
    text = written({"change": CHANGE, "stacks": []}, None)

    assert "1 to destroy, 2 without preview" in text
    assert "⚠ `1.json` holds no result: its job's log says why" in text


def test_words_of_a_pull_request_cannot_leave_their_cell():
    change = {**CHANGE, "stacks": [{"stack": "org", "why": ["a | b `c` @everybody <script>\nd"], "gone": False}]}
    text = written({"change": change, "stacks": []})

    assert "| `a ¦ b 'c' @everybody <script> d` |" in text


@pytest.mark.parametrize(("stacks", "resources"), [(400, 1), (400, 300), (3, 5000), (2000, 1)])
def test_the_comment_stays_under_the_hosts_limit_and_says_what_it_left_out(stacks, resources):
    changed = [changing("create", f"name-of-{number}", properties=("tags",)) for number in range(resources)]
    one = outcome("x", changes={"create": resources}, changed=changed)
    text = written([{**one, "stack": f"dev-team{number}"} for number in range(stacks)])

    assert len(text) <= LIMIT + 1
    assert f"| `dev-team{min(stacks, 500) - 1}` | changed |" in text
    assert text.count("<details") == text.count("</details>") == text.count("```diff") == text.count("```") / 2
    if stacks == 400 and resources == 300:
        assert re.search(r"No room for .*dev-team\d+.*: their jobs' summaries have it all", text)


@pytest.mark.parametrize(("content", "words"), [("{}", "neither what"), ("{", "Expecting"), (None, "No such file")])
def test_a_file_that_is_none_of_ours_is_one_message(tmp_path, content, words):
    file = tmp_path / "odd.json"
    if content:
        file.write_text(content)
    done = subprocess.run(
        [sys.executable, "-m", "cli", "comment", str(file)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert 2 == done.returncode
    assert done.stderr.startswith(f"mlz: {file}: ")
    assert words in done.stderr
    assert 1 == len(done.stderr.splitlines())
