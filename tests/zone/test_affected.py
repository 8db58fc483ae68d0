"""Which stacks a change of YAML touches, and what is said of each."""

import re

import pytest

from zone.plan import lock
from zone.plan.affected import affected, digest, parts
from zone.plan.lots import LEAST, MOST, by_environment, lots
from zone.plan.pipelines import PipelineError, github
from zone.plan.planner import read
from zone.specs.problems import SpecErrors

TEAM = """\
kind: team
profile: tabular
owner: ada@example.com
cost_centre: CC-1
email: aws+dev-pricing@example.com
data_class: internal
budget_usd_per_month: 100
members: {ada: {email: ada@example.com, persona: data_scientist}}
"""


@pytest.fixture
def touched(folder):
    """Make a change; return the stacks it touches with what is said of each."""

    def touched(*changes):
        before = read(folder.path)
        for file, old, new in changes:
            folder.change(file, old, new)
        return {each.stack: each.why for each in affected(before, read(folder.path))}

    return touched


@pytest.mark.shows("S8")
@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param(
            "dev/churn.yaml",
            "endpoint: [ml.m5.large]",
            "endpoint: [ml.m5.large, ml.g5.2xlarge]",
            {
                "org": ("policies ~ scp-instance-types-dev-churn, ~ scp-instance-types-prod-churn",),
                "dev-churn": ("instance types ~ endpoint",),
            },
            id="an-instance-type-needs-the-guardrail-that-denies-it",
        ),
        pytest.param(
            "dev/churn.yaml",
            "reads: [fraud/chargebacks]",
            "reads: []",
            {
                "dev-churn": ("shares in - chargebacks (dataset, dev-fraud → dev-churn)",),
                "dev-fraud": ("shares out - chargebacks (dataset, dev-fraud → dev-churn)",),
            },
            id="a-share-has-two-sides",
        ),
        pytest.param(
            "dev/churn.yaml",
            "budget_usd_per_month: 1500",
            "budget_usd_per_month: 1600",
            {"org": ("budget usd per month 42500 → 42600",), "dev-churn": ("budget usd per month 1500 → 1600",)},
            id="a-budget-is-in-the-organisations-sum",
        ),
        pytest.param(
            "dev/environment.yaml",
            "size: Small",
            "size: Medium",
            {"dev": ("mlflow ~ size",)},
            id="the-size-of-mlflow-is-the-platforms",
        ),
        pytest.param(
            "dev/churn.yaml",
            "grace-kim: {email: grace.kim@example.com, persona: reviewer}",
            "grace-kim: {email: grace.kim@example.com, persona: data_scientist}",
            {"org": ("portal ~ assignments",), "dev-churn": ("members ~ grace-kim",)},
            id="a-persona-is-assigned-in-the-portal",
        ),
        pytest.param("dev/churn.yaml", "# The worked example", "# The example", {}, id="a-comment-touches-nothing"),
        pytest.param("dev/environment.yaml", "sagemaker/L-AC46C40F: 10", "sagemaker/L-AC46C40F: 11", {}, id="a-quota"),
    ],
)
def test_a_change_names_the_stacks_it_needs(touched, file, old, new, expected):
    found = touched((file, old, new))

    assert list(expected) == list(found), "not the stacks, or not in the order of deployment"
    assert expected == found


@pytest.mark.shows("M1")
def test_a_new_team_needs_the_organisation_its_platform_and_itself(folder):
    before = read(folder.path)
    folder.write("dev/pricing.yaml", TEAM)
    found = affected(before, read(folder.path))

    assert ["org", "dev", "dev-pricing"] == [each.stack for each in found]
    assert ("new",) == found[2].why
    assert "accounts + dev-pricing" in found[0].why
    assert ("teams + pricing",) == found[1].why


def test_a_team_that_is_gone_is_destroyed_and_not_deployed(folder):
    after = read(folder.path)
    folder.write("dev/pricing.yaml", TEAM)

    assert [("org", False), ("dev", False), ("dev-pricing", True)] == [
        (each.stack, each.gone) for each in affected(read(folder.path), after)
    ]


def test_ids_that_the_org_stack_found_out_are_no_change_of_its_own(folder):
    text = (folder.path / "ids.lock.yaml").read_text()
    (folder.path / "ids.lock.yaml").write_text(
        re.sub(r'^  dev-churn: \{id: "\d+", ', "  dev-churn: {", text, flags=re.MULTILINE).replace(
            "{id: o-exampleorg1}", "{}"
        )
    )
    before = read(folder.path)
    lock.write(folder.path / "ids.lock.yaml", organization_id="o-exampleorg1", ids={"dev-churn": "100000000011"})
    after = read(folder.path)

    assert "org" not in {each.stack for each in affected(before, after)}
    assert {"dev", "dev-churn", "dev-fraud"} <= {each.stack for each in affected(before, after)}
    assert digest(before, "org", "code") == digest(after, "org", "code")


def test_a_digest_stands_for_the_plan_and_the_code(folder):
    before = read(folder.path)
    folder.change("dev/churn.yaml", "budget_usd_per_month: 1500", "budget_usd_per_month: 1600")
    after = read(folder.path)
    same = [stack for stack in parts(before) if digest(before, stack, "code") == digest(after, stack, "code")]

    assert set(parts(before)) - {"org", "dev-churn"} == set(same)
    assert digest(before, "dev-fraud", "code") != digest(before, "dev-fraud", "other code")


@pytest.mark.parametrize("count", [0, 1, 4, 5, 79, 80, 81, 403, 2001])
def test_lots_hold_each_stack_once_and_are_never_too_many(count):
    stacks = [f"dev-{number}" for number in range(count)]
    cut = lots(stacks)

    assert stacks == [stack for lot in cut for stack in lot]
    assert len(cut) <= MOST
    assert all(LEAST // 2 <= len(lot) or count < LEAST for lot in cut)
    assert 1 >= max(map(len, cut), default=0) - min(map(len, cut), default=0)


def test_environments_are_deployed_in_the_order_that_is_declared(folder):
    assert ["dev", "prod"] == list(by_environment(read(folder.path), []))
    folder.change("org/environment.yaml", "home_region:", "promotion: [prod, dev]\nhome_region:")
    found = by_environment(read(folder.path), ["org", "dev", "dev-churn", "prod-fraud"])

    assert {"prod": ["prod-fraud"], "dev": ["dev", "dev-churn"]} == found
    assert ["prod", "dev"] == list(found)


@pytest.mark.parametrize("said", ["[dev]", "[dev, prod, test]"])
def test_an_order_that_forgets_or_invents_an_environment_is_refused(folder, said):
    folder.change("org/environment.yaml", "home_region:", f"promotion: {said}\nhome_region:")

    with pytest.raises(SpecErrors, match="allowed: every environment once, in the order of deployment: dev, prod"):
        read(folder.path)


def test_more_environments_than_the_workflow_has_stages_are_refused(folder, monkeypatch):
    zone = read(folder.path)
    monkeypatch.setattr("zone.plan.pipelines.STAGES", 1)

    with pytest.raises(PipelineError, match=r"deploy\.yaml has 1 stages, got 2 environments"):
        github(zone, list(parts(zone)))
