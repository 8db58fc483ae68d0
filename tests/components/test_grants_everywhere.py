"""One grant in several regions: what becomes one statement, what stays two, and that nothing is let through besides."""

import pytest

from components.access.grants.place import Place
from components.access.grants.regions import abroad, everywhere
from components.access.grants.roles import GRANTS, statements
from components.access.grants.statement import Statement
from stacks.inputs import team_of
from zone.plan import planner

ZONE = planner.read(planner.EXAMPLES)
TEAM = team_of(ZONE.teams["prod-fraud"])
HOME, THERE = Place.stand_in(TEAM), Place.stand_in(abroad(TEAM, "eu-central-1"), further=True)

pytestmark = pytest.mark.shows("O1")


def given(home, there):
    """A grant that is *home* at home and *there* in the further region."""
    return lambda place: (there if place.further else home,)


def statement(**fields):
    return Statement(**({"sid": "Use", "actions": ("s3:GetObject",), "resources": ("arn:aws:s3:::a/*",)} | fields))


@pytest.mark.parametrize("grant", sorted(GRANTS))
def test_without_a_further_region_a_grant_is_what_it_is(grant):
    assert GRANTS[grant](HOME) == statements(grant, HOME)


@pytest.mark.parametrize("grant", sorted(GRANTS))
def test_each_statement_of_a_region_is_in_the_policy_with_all_it_names(grant):
    both = statements(grant, HOME, [THERE])
    theirs = GRANTS[grant](THERE) if both != GRANTS[grant](HOME) else ()

    for one in (*GRANTS[grant](HOME), *theirs):
        (found,) = [
            e for e in both if e.actions == one.actions and {*one.resources} <= {*e.resources} and holds(one, e)
        ]
        assert found.effect == one.effect
    assert len({each.sid for each in both}) == len(both)


def holds(one, other):
    """Whether the condition of *other* asks for the same keys, and takes what *one* takes."""
    return {(o, k) for o, keys in one.conditions.items() for k in keys} == {
        (o, k) for o, keys in other.conditions.items() for k in keys
    } and all(
        {*listed(value)} <= {*listed(other.conditions[operator][key])}
        for operator, keys in one.conditions.items()
        for key, value in keys.items()
    )


def listed(value):
    return value if isinstance(value, list | tuple) else [value]


def test_names_become_one_list():
    (one,) = everywhere(
        given(
            statement(conditions={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}),
            statement(
                resources=("arn:aws:s3:::b/*",),
                conditions={"StringEquals": {"kms:ViaService": ["s3.eu-central-1.amazonaws.com"]}},
            ),
        ),
        HOME,
        [THERE],
    )

    assert ("arn:aws:s3:::a/*", "arn:aws:s3:::b/*") == one.resources
    assert ["s3.eu-west-1.amazonaws.com", "s3.eu-central-1.amazonaws.com"] == one.conditions["StringEquals"][
        "kms:ViaService"
    ]


@pytest.mark.parametrize(
    "there",
    [
        statement(conditions={"Bool": {"sagemaker:NetworkIsolation": "true"}}),  # a condition more
        statement(conditions={"StringEquals": {"aws:ResourceAccount": "1"}, "Null": {"x": "false"}}),
        statement(actions=("s3:PutObject",)),
        statement(effect="Deny"),
    ],
)
def test_what_differs_in_more_than_names_stays_two_statements(there):
    home = statement(conditions={"StringEquals": {"aws:ResourceAccount": "1"}})
    both = everywhere(given(home, there), HOME, [THERE])

    assert (home, "UseInEuCentral1") == (both[0], both[1].sid)


def test_limits_and_truths_are_no_alternatives():
    for operator, one, other in (
        ("Bool", "true", "false"),
        ("NumericLessThanEquals", "1", "2"),
        ("StringNotEquals", "a", "b"),
    ):
        home, there = (statement(conditions={operator: {"key": value}}) for value in (one, other))
        assert 2 == len(everywhere(given(home, there), HOME, [THERE]))
