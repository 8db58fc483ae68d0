"""Each field of the YAML changed on what is deployed: refused with the way round, or changed in place."""

from functools import cache

import pytest

from checks.record import record
from stacks.build import build
from tests.changes.cases import IN_PLACE, REFUSED, REFUSED_BY_BLOCK
from tests.changes.replaced import deleted, loses, replaced
from zone.plan import changing, changing_page, lock
from zone.plan.planner import read
from zone.specs.problems import SpecErrors


def shown(case):
    return f"{case.field}: {case.new.strip()[:30]}"


@cache
def before(stack):
    zone = read()
    return record(lambda: build(zone, stack), stack=stack)


def change(folder, case):
    folder.change(case.file, case.old, case.new)
    if case.field == "studio_auth":  # an SSO domain is opened in the portal, by no other way
        folder.change(case.file, "sign_in:", "# sign_in:")


def after(folder, case):
    zone = read(folder.path)
    return record(lambda: build(zone, case.stack), stack=case.stack)


@pytest.mark.shows("S18")
@pytest.mark.parametrize("case", REFUSED, ids=shown)
def test_what_would_replace_data_is_refused_with_the_loss_and_the_way_round(folder, case):
    change(folder, case)
    with pytest.raises(SpecErrors) as refused:
        read(folder.path)

    row = changing.REFUSED[case.field]
    said = [str(problem) for problem in refused.value.problems if row.what in str(problem)]
    assert [case.file] == sorted({line.split(":")[0] for line in said})
    assert all(row.way in line and "in ids.lock.yaml" in line for line in said)


@pytest.mark.parametrize("case", REFUSED, ids=shown)
def test_the_guard_is_needed_without_it_the_change_would_cost_data_or_change_nothing(folder, case, monkeypatch):
    change(folder, case)
    monkeypatch.setattr("zone.plan.planner.fixed_problems", lambda *_: ())
    now = after(folder, case)

    lost = [*loses(replaced(before(case.stack), now)), *deleted(before(case.stack), now)]
    ignored = {"studio.keep_home", "feature_groups.*.features (removed)", "feature_groups.*.features (type)"}
    elsewhere = {"management_account_id", "home_region"}
    assert bool(lost) != (case.field in ignored | elsewhere)


@pytest.mark.shows("S18")
@pytest.mark.parametrize("case", REFUSED_BY_BLOCK, ids=shown)
def test_a_recorded_block_stays_where_it_is(folder, case):
    change(folder, case)

    with pytest.raises(SpecErrors, match="recorded"):
        read(folder.path)


@pytest.mark.shows("S18", "T4")
@pytest.mark.parametrize("case", IN_PLACE, ids=shown)
def test_what_is_said_to_change_in_place_replaces_and_deletes_nothing_that_holds_data(folder, case):
    change(folder, case)
    now = after(folder, case)

    assert ({}, []) == (loses(replaced(before(case.stack), now)), deleted(before(case.stack), now))


def test_every_row_of_the_page_is_tried():
    rows = {each.field for each in (*changing.REFUSED.values(), *changing.REFUSED_BY_BLOCK, *changing.IN_PLACE)}
    tried = {case.field for case in (*REFUSED, *REFUSED_BY_BLOCK, *IN_PLACE)}

    # Tried in tests/zone and tests/stacks: an account whose file is gone; further regions and MLflow on Fargate, which
    # these examples have none of.
    elsewhere = {"the name of a file or folder", "regions (removed)", "regions (new)", "mlflow.flavour"}
    elsewhere |= {"mlflow.tasks, mlflow.database", "mlflow.domain_name, mlflow.certificate"}
    assert elsewhere == rows ^ tried


def test_the_page_is_what_the_table_says():
    assert changing_page.page() == changing_page.FILE.read_text(), "run `python -m zone.plan.changing_page`"


def test_nothing_is_refused_before_the_account_is_made(folder):
    folder.change("ids.lock.yaml", 'id: "100000000011", ', "")
    folder.change("dev/churn.yaml", "logins_7d: Integral", "logins_7d: String")
    folder.change("dev/churn.yaml", "emma-larsen:", "emma:")

    assert "emma" in read(folder.path).teams["dev-churn"].members


def test_a_lock_file_without_the_facts_refuses_nothing(folder):
    text = (folder.path / "ids.lock.yaml").read_text()
    (folder.path / "ids.lock.yaml").write_text(text[: text.index("fixed:")])
    folder.change("dev/environment.yaml", "zones: [a, b]", "zones: [b, a]")

    assert ["b", "a"] == list(read(folder.path).teams["dev-churn"].network.subnets)


def test_who_leaves_and_comes_back_under_another_name_is_taken_in_two_steps(folder):
    line = "  emma-larsen: {email: emma.larsen@example.com, persona: data_scientist}\n"
    folder.change("dev/churn.yaml", line, "")
    gone = read(folder.path)
    lock.write(folder.path / "ids.lock.yaml", fixed=gone.fixed)
    folder.change("dev/churn.yaml", "members:\n", "members:\n" + line.replace("emma-larsen", "emma"))

    assert "emma" in read(folder.path).teams["dev-churn"].members
