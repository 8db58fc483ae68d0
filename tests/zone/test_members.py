"""Members: how they are called at sign-in, who has left, and how long a name may be."""

import pytest

from zone.plan.planner import read
from zone.specs.problems import SpecErrors

ANA = "ana-silva: {email: ana.silva@example.com, persona: data_scientist}"


@pytest.mark.shows("D8")
def test_a_user_name_may_differ_from_the_e_mail(folder):
    folder.change("dev/fraud.yaml", ANA, ANA.replace("}", ", user: asilva}"))
    folder.change("ids.lock.yaml", "    ana.silva@example.com:", "    asilva:")
    folder.remove("prod/fraud.yaml")
    folder.change("ids.lock.yaml", "  prod-fraud: {", "  prod-fraud: {retired: 2026-11-30, ")
    folder.change("prod/churn.yaml", "reads: [fraud/chargebacks]", "")
    zone = read(folder.path)

    assert "asilva" == zone.teams["dev-fraud"].members["ana-silva"].sign_in
    assert (
        zone.organization.portal.users["asilva"]
        == zone.organization.portal.assignments["dev-fraud-ana-silva"].principal_id
    )
    assert () == zone.organization.portal.unrecorded


def test_who_has_left_is_assigned_nothing_and_keeps_the_profile(folder):
    before = read(folder.path).organization.portal.assignments
    folder.change("dev/fraud.yaml", ANA, ANA.replace("}", ", left: true}"))
    zone = read(folder.path)

    assert {"dev-fraud-ana-silva"} == set(before) - set(zone.organization.portal.assignments)
    assert "ana-silva" in zone.teams["dev-fraud"].members


def test_a_long_name_is_taken_and_one_longer_than_aws_takes_is_refused(folder):
    longest = "maximilian-" + "schwarzenberger-" * 3 + "junr"
    max_ = f"  {longest}: {{email: max@example.com, persona: operator}}\n"
    folder.change("dev/fraud.yaml", "members:\n", f"members:\n{max_}")

    assert (63, True) == (len(longest), longest in read(folder.path).teams["dev-fraud"].members)
    folder.change("dev/fraud.yaml", f"  {longest}:", f"  {longest}x:")
    with pytest.raises(SpecErrors, match="2 to 63 characters"):
        read(folder.path)


def test_two_members_of_one_user_name_are_refused(folder):
    folder.change("dev/fraud.yaml", ANA, ANA.replace("}", ", user: Ben.Okoye@example.com}"))

    with pytest.raises(SpecErrors, match="one member a person"):
        read(folder.path)


@pytest.mark.shows("D8")
def test_a_group_comes_in_as_a_persona_and_its_members_get_no_way_of_their_own(folder):
    before = read(folder.path).organization.portal
    folder.change("dev/fraud.yaml", "members:", "groups: {fraud scientists: data_scientist}\nmembers:")
    group = "93670c2d99-5c0ee8a2-3d1f-4a06-9a1b-000000000099"
    assert ("fraud scientists",) == read(folder.path).organization.portal.unrecorded
    folder.change("ids.lock.yaml", "  users:", f'  groups: {{fraud scientists: "{group}"}}\n  users:')
    portal = read(folder.path).organization.portal

    made = portal.assignments["dev-fraud-group-fraud scientists"]
    assert ("GROUP", group, "data-scientist") == (made.principal_type, made.principal_id, made.persona)
    assert {"dev-fraud-ana-silva"} == set(before.assignments) - set(portal.assignments)
    assert {"ana-silva"} <= set(read(folder.path).teams["dev-fraud"].members), "profiles are made for members"


@pytest.mark.parametrize(
    ("file", "groups", "said"),
    [
        ("prod/fraud.yaml", "{scientists: data_scientist}", "assigned by hand"),
        ("dev/vision.yaml", "{watchers: operator}", "nobody in the group finds a profile"),
    ],
)
def test_a_group_that_opens_nothing_is_refused(folder, file, groups, said):
    folder.change(file, "members:", f"groups: {groups}\nmembers:")

    with pytest.raises(SpecErrors, match=said):
        read(folder.path)
