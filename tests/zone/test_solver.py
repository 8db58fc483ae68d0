"""The choice of central endpoints is the cheapest there is, proves it, and is the same every time."""

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zone.plan.closure import best
from zone.plan.solver import Prices, Question, cheapest, everything_central, everywhere_local, takes

SERVICES = "abcde"
EU_WEST_1 = Prices(endpoint=8_030_000, zone=500_000, attachment=36_500_000, gb=20_000)

some = st.frozensets(st.sampled_from(SERVICES))
questions = st.builds(
    Question,
    needs=st.dictionaries(st.sampled_from(["churn", "fraud", "vision"]), some, min_size=1),
    movable=some,
    zones=st.integers(1, 3),
    gb=st.sampled_from([0, 1, 10, 1000]),
    prices=st.builds(
        Prices,
        endpoint=st.integers(1, 12),
        zone=st.integers(0, 3),
        attachment=st.integers(0, 30),
        gb=st.integers(0, 1),
    ),
    attached=st.booleans(),
    kept=st.just(frozenset()),
)


def subsets(things):
    return map(frozenset, chain.from_iterable(combinations(sorted(things), size) for size in range(len(things) + 1)))


def cost(asked, central, attached):
    """What a choice costs, counted anew from what AWS bills."""
    prices, own = asked.prices, asked.prices.endpoint * asked.zones
    total = len(central) * (own + prices.zone)
    if asked.attached or central:
        total += prices.attachment * (1 + len(attached))
    for team, needed in asked.needs.items():
        for service in needed:
            through = prices.gb * asked.gb
            total += through if service in central and team in attached and through < own else own
    return total


@pytest.mark.shows("S10")
@settings(max_examples=150, deadline=None)
@given(questions)
def test_no_other_choice_is_cheaper_and_the_bound_says_so(asked):
    found = cheapest(asked)
    teams = [frozenset(asked.needs)] if asked.attached else subsets(asked.needs)

    assert found.cost == cost(asked, found.central, found.attached)
    assert found.cost == min(cost(asked, c, t) for t in teams for c in subsets(asked.movable))
    assert found.cost == found.bound


@given(questions)
def test_both_extremes_cost_what_is_counted_and_are_never_cheaper(asked):
    for extreme in (everywhere_local(asked), everything_central(asked)):
        assert extreme.cost == cost(asked, extreme.central, extreme.attached)
        assert cheapest(asked).cost <= extreme.cost


@given(questions)
def test_the_order_of_teams_changes_nothing(asked):
    turned = Question(**{**vars(asked), "needs": dict(reversed(asked.needs.items()))})

    assert cheapest(asked) == cheapest(turned)


@given(questions, st.sampled_from(SERVICES))
def test_what_is_central_stays_central(asked, service):
    asked = Question(**{**vars(asked), "kept": frozenset({service}), "movable": asked.movable | {service}})

    assert service in cheapest(asked).central
    assert cheapest(asked).cost == cheapest(asked).bound


@given(questions)
def test_a_team_takes_what_is_central_only_where_it_is_attached_and_needs_it(asked):
    found = cheapest(asked)
    for team in asked.needs:
        taken = takes(asked, found, team)
        assert taken <= asked.needs[team] & found.central
        assert not taken or team in found.attached


@pytest.mark.parametrize(("teams", "central"), [(1, 0), (2, 0), (3, 5), (200, 5)])
def test_with_the_prices_of_ireland_three_teams_are_worth_a_hub_for_five_services(teams, central):
    needs = {f"team-{place}": frozenset("abcdefghij") for place in range(teams)}
    asked = Question(needs=needs, movable=frozenset("abcde"), zones=2, gb=10, prices=EU_WEST_1, attached=False)
    # A team saves 5 x (16.06 - 0.20) and pays 36.50; the hub costs 5 x 16.56 + 36.50: 119.30 for 42.80 a team.
    assert central == len(cheapest(asked).central)


def test_of_equal_selections_the_smallest_is_taken():
    assert frozenset() == best({"a": 3, "b": -3}, {"a": frozenset({"b"})}).taken
    assert frozenset({"a", "b"}) == best({"a": 4, "b": -3}, {"a": frozenset({"b"})}).taken
