import pytest

from policies.compliance import FILE, LEFT_OUT, table
from policies.rules import REGISTRY


@pytest.mark.shows("L9")
def test_the_compliance_table_is_what_the_registry_says():
    assert table() == FILE.read_text()


def test_a_rule_is_ours_or_left_out_but_not_both():
    assert set() == set(LEFT_OUT) & set(REGISTRY)


def test_the_rules_left_out_are_sorted_and_each_has_a_reason():
    assert sorted(LEFT_OUT) == list(LEFT_OUT)
    assert [] == [key for key, reason in LEFT_OUT.items() if not reason.endswith(".")]
