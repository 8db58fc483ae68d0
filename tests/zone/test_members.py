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
        zone.organization.portal.users["asilva"] == zone.organization.portal.assignments["dev-fraud-ana-silva"].user_id
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
    folder.change("dev/fraud.yaml", "  ben-okoye:", f"  {longest}:")

    assert (63, True) == (len(longest), longest in read(folder.path).teams["dev-fraud"].members)
    folder.change("dev/fraud.yaml", f"  {longest}:", f"  {longest}x:")
    with pytest.raises(SpecErrors, match="2 to 63 characters"):
        read(folder.path)


def test_two_members_of_one_user_name_are_refused(folder):
    folder.change("dev/fraud.yaml", ANA, ANA.replace("}", ", user: Ben.Okoye@example.com}"))

    with pytest.raises(SpecErrors, match="one member a person"):
        read(folder.path)
